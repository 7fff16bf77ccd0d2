import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.small_collections import NEWS_QUESTIONS
from wherefrom.eval.studies.news import follow_ups
from wherefrom.eval.studies.news.follow_ups import (
    PAIRS,
    JudgedText,
    Pair,
    PairResult,
    ask_stories,
    ask_unrelated,
    load_pairs,
    rows,
    stored,
    unrelated_rows,
)
from wherefrom.index.library import Library

STORIES = {
    "berg": ["Nils Berg sold the ferry of Northport on Monday.", "Nine thousand crowns were paid for the old ship."],
    "otter": ["Ann Otter sold the mill of Southport on Friday.", "Two thousand crowns were paid for the old wheel."],
}
PAIR = Pair(
    article="otter",
    half="development",
    question="Who sold the mill of Southport?",
    follow_up="and what was paid for it?",
    written_out="What was paid for the wheel of Southport?",
    answer="Two thousand crowns",
)


@pytest.fixture
def library() -> Iterator[Library]:
    with stored(STORIES, WordEmbedder()) as opened:
        yield opened


def test_the_sixty_pairs_are_thirty_to_a_half_and_share_no_story() -> None:
    pairs = load_pairs(PAIRS)
    assert Counter(pair.half for pair in pairs) == {"development": 30, "held_out": 30}
    development, held_out = ({p.article for p in pairs if p.half == half} for half in ("development", "held_out"))
    assert not development & held_out
    assert len({pair.follow_up for pair in pairs}) == 60


def test_the_answers_of_the_pairs_are_those_of_the_news_questions() -> None:
    lines = NEWS_QUESTIONS.read_text(encoding="utf-8").splitlines()
    known = {(row["article"], row["answer"]) for row in map(json.loads, lines)}
    assert all((pair.article, pair.answer) in known for pair in load_pairs(PAIRS))


def test_a_pair_is_asked_in_context_alone_and_written_out() -> None:
    (result,) = ask_stories([PAIR], STORIES, WordEmbedder(), "fast")
    assert result.recognised
    assert list(result.hits) == ["in context", "alone", "written out"]
    assert result.hits["in context"]
    assert list(ask_stories([PAIR], {"berg": STORIES["berg"]}, WordEmbedder(), "fast")) == []


def test_the_table_has_a_share_of_the_questions_written_out() -> None:
    def result(half: str, *, in_context: bool) -> PairResult:
        hits = {"in context": in_context, "alone": False, "written out": True}
        return PairResult(half=half, hits=hits, recognised=in_context)

    table = rows([result("development", in_context=True), result("held_out", in_context=False)])
    assert table[1] == ["all", "2", "0.500", "0.000", "1.000", "0.50", "0.500"]
    assert [row[0] for row in table[1:]] == ["all", "development", "held_out"]


def test_questions_of_their_own_are_compared_with_themselves_in_an_unrelated_context(library: Library) -> None:
    questions = [
        JudgedText(text="Who sold the ferry of Northport?", is_hit=lambda answer: bool(answer.passages)),
        JudgedText(text="Who sold the mill of Southport?", is_hit=lambda answer: not answer.passages),
    ]
    results = {"stories": list(ask_unrelated(questions, library, "fast"))}
    assert unrelated_rows(results)[1] == ["stories", "2", "1", "1", "0", "0"]


def test_the_questions_of_the_seeds_are_judged_by_their_golds() -> None:
    questions = follow_ups._seed_questions()
    assert len(questions) == 160


def test_the_study_runs_on_a_folder_of_stories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stories = [{"id": id_, "body": "\n".join(texts)} for id_, texts in STORIES.items()]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(story) + "\n" for story in stories), encoding="utf-8")
    monkeypatch.setattr(follow_ups, "load_embedder", WordEmbedder)
    monkeypatch.setattr(follow_ups, "load_pairs", lambda _: [PAIR])
    follow_ups.main(tmp_path)
    output = capsys.readouterr().out
    assert "follow-ups, one collection of all stories, fast" in output
    assert "in an unrelated context" in output

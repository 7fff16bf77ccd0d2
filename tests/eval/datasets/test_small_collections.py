from pathlib import Path

import pytest

from tests.support.eval_samples import write_jsonl
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.datasets.small_collections import NEWS_QUESTIONS, news_collections, squad_collections

TEXT = "Cats sleep all day. They hunt mice at night. Dogs bark. Birds sing in the morning, and so on."


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    corpus = [
        {"id": "a1", "title": "Animals", "text": TEXT},
        {"id": "a2", "title": "Animals", "text": "Mice eat cheese. Nobody knows why they do."},
        {"id": "b1", "title": "Bread", "text": "Bread is made of flour, water and salt."},
    ]
    queries: list[dict[str, object]] = [
        {"id": "q1", "text": "what do cats hunt", "answerable": True, "answers": ["mice"]},
        {"id": "q2", "text": "who made the cats", "answerable": False, "answers": []},
        {"id": "q3", "text": "what is cut in two", "answerable": True, "answers": ["day. They"]},
    ]
    write_jsonl(tmp_path / "corpus.jsonl", corpus)
    write_jsonl(tmp_path / "queries.jsonl", queries)
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta1\t1\nq2\ta1\t0\nq3\ta1\t1\n")
    return tmp_path


def test_an_answer_counts_only_in_the_paragraph_of_its_question(squad: Path) -> None:
    animals, bread = squad_collections(squad)
    hunted, unanswerable = animals.questions[:2]
    (gold,) = hunted.golds
    assert "hunt mice" in animals.stories[gold.document_id][gold.paragraph - 1]
    assert unanswerable.golds == frozenset()
    assert bread.questions == ()


def test_a_question_whose_answer_was_cut_in_two_is_left_out(squad: Path) -> None:
    animals, _ = squad_collections(squad)
    assert [each.text for each in animals.questions if "cut" in each.text and not each.golds] == []


def test_folds_share_no_article(squad: Path) -> None:
    folds = [[each.name for each in squad_collections(squad, fold)] for fold in range(5)]
    assert sorted(name for fold in folds for name in fold) == ["Animals", "Bread"]


def test_news_stories_are_five_a_collection(tmp_path: Path) -> None:
    stories = [{"id": f"s{number}", "body": f"Story {number} begins.\n\nIt ends here."} for number in range(7)]
    write_jsonl(tmp_path / "articles.jsonl", stories)
    question = {"article": "s6", "question": "what ends?", "answerable": True, "answer": "it ends"}
    questions = write_jsonl(tmp_path / "questions.jsonl", [question])
    first, second = news_collections(tmp_path, questions)
    assert (len(first.stories), len(second.stories)) == (5, 2)
    assert [each.golds for each in second.questions] == [frozenset({ParagraphRef(document_id="s6", paragraph=2)})]


def test_the_news_questions_contain_no_story() -> None:
    assert max(len(line) for line in NEWS_QUESTIONS.read_text(encoding="utf-8").splitlines()) < 600

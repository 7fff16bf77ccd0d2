"""Operators and recency in answers: what is searched for, what comes first, and what is told about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.library import Library
from wherefrom.index.ranking.question_syntax import NOTE_NOT_FOUND, NOTE_QUESTION
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Answer, Explanation, Filters

FERRY = "The ferry of Eastport sank on Friday, the captain said, and nobody was hurt."

ENDINGS = (
    "Divers searched the wreck for days, with lamps from a mine.",
    "Tourists had boarded near noon, most from two large buses.",
    "A crane will lift steel, engine and cargo before winter.",
    "Smoke rose over seven empty warehouses beside it.",
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path / "data") as opened:
        yield opened


def put(library: Library, document_id: str, text: str, published: date | None = None) -> None:
    article = {"text": text, "published": published and published.isoformat()}
    library.put(document_id, extract(parse_article(article, source=document_id)))


def steady(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0, question="", explanation=None)


def documents(answer: Answer) -> list[str]:
    return [passage.citation.document_id for passage in answer.passages]


@pytest.mark.parametrize("quoted", [f'"{QUESTION}"', f"“{QUESTION}”", f"« {QUESTION} »"])
def test_a_question_pasted_with_quotation_marks_is_answered_as_without(library: Library, quoted: str) -> None:
    plain, answer = library.ask(QUESTION, explain=True), library.ask(quoted, explain=True)
    assert steady(answer) == steady(plain)
    assert plain.explanation is None
    assert answer.explanation == Explanation(text=QUESTION, notes=(NOTE_QUESTION,))


@pytest.mark.parametrize(
    ("written", "set_aside"),
    [
        (f"'{QUESTION}'", ("'",)),
        (f"<b>{QUESTION}</b>", ("<b>", "</b>")),
        (f"**{QUESTION}**", ("**",)),
        (
            f"Hi! I am a reporter on deadline. Could you please tell me {QUESTION} Thanks a lot!",
            ("Hi!", "I am a reporter on deadline.", "Could you please tell me", "Thanks a lot!"),
        ),
        (f"Good morning, I would like to know {QUESTION} Kind regards, Ann Lee", None),
    ],
)
def test_a_polite_or_marked_up_question_is_answered_as_the_plain_one(
    library: Library, written: str, set_aside: tuple[str, ...] | None
) -> None:
    plain, answer = library.ask(QUESTION, explain=True), library.ask(written, explain=True)
    assert steady(answer) == steady(plain)
    assert answer.question == written
    assert answer.explanation is not None
    assert answer.explanation.text == QUESTION
    assert set_aside is None or answer.explanation.set_aside == set_aside


def test_what_is_set_aside_and_the_operators_of_the_rest_are_both_told(library: Library) -> None:
    answer = library.ask(f'Hello! "{QUESTION}" Thanks!', explain=True)
    assert answer.explanation == Explanation(text=QUESTION, notes=(NOTE_QUESTION,), set_aside=("Hello!", "Thanks!"))


def test_months_numbers_and_initials_are_found_in_any_spelling_and_phrases_too(library: Library) -> None:
    put(
        library,
        "test",
        "The U.S. saw a nuclear test on Jan. 6, 2016, 17,000 people of the army were near, a paper wrote.",
    )
    put(
        library,
        "other",
        "They told us of a nuclear test on May 6, 2010, which 17 people of the navy saw, a paper wrote.",
    )

    def lexical(question: str) -> dict[str, float]:
        return {hit.document_id: hit.scores.lexical for hit in library.rank(question, top_k=99, order="lexical")}

    for question in ("January 6", "January 6th", "6 January", "6th of Jan.", "17000 people", "US army", "USA army"):
        scores = lexical(question)
        assert max(scores, key=scores.__getitem__) == "test", question
    assert lexical("us of a US")["other"] == lexical("a")["other"] == 0
    for phrase in ("january 6, 2016", "Jan. 6th", "17000 people", "the US saw", "told us of"):
        answer = library.ask(f'test "{phrase}"', explain=True)
        assert ("other" if phrase == "told us of" else "test") in documents(answer), phrase
        assert ("test" if phrase == "told us of" else "other") not in documents(answer), phrase


def test_a_hyphenated_word_is_found_as_one_word_and_as_two(library: Library) -> None:
    put(
        library,
        "two",
        "The re-election of the mayor was sure, a paper of the town by the sea wrote on a Monday in spring.",
    )
    put(
        library,
        "one",
        "Nobody doubts the reelection of Mr. Lee, whom farmers and fishermen of the islands have always liked.",
    )
    for question in ("re-election", "reelection"):
        found = {hit.document_id for hit in library.rank(question, top_k=99, order="lexical") if hit.scores.lexical > 0}
        assert {"one", "two"} <= found


def test_ligatures_match_and_are_cited_as_they_are_written(library: Library) -> None:
    text = (
        "The o\ufb03ce of the \ufb01nance minister was \ufb02ooded on Monday, and its \ufb01les were lost in the water."
    )
    put(library, "scan", text)
    for question in ("finance office flooded files", "o\ufb03ce \ufb01nance \ufb01les \ufb02ooded"):
        passage = library.ask(question, top_k=1, explain=True).passages[0]
        assert passage.citation.document_id == "scan"
        assert "o\ufb03ce of the \ufb01nance" in passage.citation.cited_text
        assert passage.scores is not None
        assert passage.scores.lexical > 0
    plain = "The office of the finance minister was flooded on Monday, and its files were lost in the water."
    scores = library.ask(plain, top_k=1, explain=True).passages[0].scores
    assert scores is not None
    assert scores.dense == pytest.approx(1)
    assert library.verify_document("scan").mismatches == ()


def test_a_phrase_that_is_the_whole_question_and_occurs_nowhere_is_plain_text(library: Library) -> None:
    answer = library.ask('"Russia objects to the radar"', explain=True)
    assert steady(answer) == steady(library.ask("Russia objects to the radar", explain=True))
    assert answer.explanation == Explanation(text="Russia objects to the radar", notes=(NOTE_NOT_FOUND,))


def test_a_phrase_that_is_the_whole_question_and_occurs_is_a_phrase(library: Library) -> None:
    answer = library.ask('"x-band radar"', top_k=50, explain=True)
    assert answer.explanation == Explanation(text="x-band radar", phrases=("x-band radar",))
    assert answer.passages
    assert all("X-band radar" in passage.text for passage in answer.passages)


def test_a_phrase_beside_other_words_that_occurs_nowhere_leaves_nothing(library: Library) -> None:
    answer = library.ask('radar "no such phrase"')
    assert (answer.no_answer_reason, answer.passages) == ("filters_matched_nothing", ())
    assert answer.warnings == ('no paragraph that passes the filters holds "no such phrase" word for word',)


def test_operators_are_no_part_of_what_is_encoded(library: Library) -> None:
    with_operators = library.ask(f'{QUESTION} -ambassador "X-band radar"', top_k=1, explain=True)
    without = library.ask(f"{QUESTION} X-band radar", top_k=1, explain=True)
    assert with_operators.passages[0].scores is not None
    assert without.passages[0].scores is not None
    assert with_operators.passages[0].scores.dense == without.passages[0].scores.dense
    assert with_operators.explanation == Explanation(
        text=f"{QUESTION} X-band radar", phrases=("X-band radar",), excluded=("ambassador",)
    )
    assert with_operators.question == f'{QUESTION} -ambassador "X-band radar"'


def test_a_measured_ranking_takes_texts_as_they_are(library: Library) -> None:
    assert len(library.rank('"no such phrase" -radar', top_k=5)) == 5


def test_the_newest_of_equally_good_passages_comes_first(library: Library) -> None:
    days = [date(2020, 1, 1), date(2024, 1, 1), date(2022, 1, 1), None]
    for number, day in enumerate(days):
        put(library, f"ferry-{number}", f"{FERRY} {ENDINGS[number]}", day)
    question = "what did the captain say about the ferry of Eastport?"
    newest = library.ask(question, top_k=4, prefer="newest", half_life_days=365, explain=True)
    assert documents(newest) == ["ferry-1", "ferry-2", "ferry-0", "ferry-3"]
    recencies = [passage.scores.recency for passage in newest.passages if passage.scores]
    assert recencies[0] == 1
    assert recencies[1] == pytest.approx(0.5 ** (730 / 365))
    assert recencies[3] == 0
    assert newest.explanation == Explanation(
        text=question, prefer="newest", half_life_days=365, newest=date(2024, 1, 1)
    )


def test_on_the_next_day_a_question_for_the_newest_is_answered_anew(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [date(2024, 1, 1), date(2024, 1, 2)]
    for day, ending in zip(days, ENDINGS, strict=False):
        put(library, f"ferry-{day}", f"{FERRY} {ending}", day)
    found = []
    for day in days:
        monkeypatch.setattr("wherefrom.index.answering.searcher._today", day.toordinal)
        answer = library.ask("what did the captain say about the ferry of Eastport?", prefer="newest", explain=True)
        found.append(answer.explanation and answer.explanation.newest)
    assert found == days


def test_a_much_better_passage_comes_before_a_newer_one(library: Library) -> None:
    put(library, "new", "The bakery of Westport sold its last loaf on Friday, its baker said.", date(2025, 1, 1))
    answer = library.ask(QUESTION, prefer="newest")
    assert answer.passages[0].citation.document_id == FIRST
    assert answer.confidence == library.ask(QUESTION).confidence


def test_of_equal_texts_the_newest_is_cited_and_the_others_beside_it(library: Library) -> None:
    put(library, "a", FERRY, date(2020, 1, 1))
    put(library, "b", FERRY, date(2024, 1, 1))
    put(library, "c", FERRY)
    question = "who sank the ferry of Eastport?"
    usual, newest = library.ask(question), library.ask(question, prefer="newest")
    assert (usual.passages[0].citation.document_id, newest.passages[0].citation.document_id) == ("a", "b")
    assert [copy.document_id for copy in newest.passages[0].also_in] == ["a", "c"]


def test_ages_count_from_the_newest_document_that_passes_the_filters_and_not_from_the_future(library: Library) -> None:
    put(library, "future", FERRY, datetime.now(UTC).date() + timedelta(days=400))

    def newest(**filters: date) -> date | None:
        explanation = library.ask(QUESTION, prefer="newest", explain=True, filters=Filters(**filters)).explanation  # type: ignore[arg-type]
        assert explanation is not None
        return explanation.newest

    assert newest() == date(2016, 2, 2)
    assert newest(published_to=date(2015, 12, 31)) == date(2015, 3, 24)


def test_without_the_preference_nothing_changes(library: Library) -> None:
    before = library.ask(QUESTION, top_k=30, explain=True)
    assert all(passage.scores and passage.scores.recency is None for passage in before.passages)
    assert steady(library.ask(QUESTION, top_k=30, explain=True, half_life_days=1)) == steady(before)


@pytest.mark.parametrize("days", [0, -1, 36_501, float("nan"), float("inf")])
def test_a_half_life_out_of_bounds_is_refused(library: Library, days: float) -> None:
    with pytest.raises(InvalidQuestion, match="half_life_days"):
        library.ask(QUESTION, half_life_days=days)


def test_an_answer_that_is_cached_is_of_the_same_options(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0, cached_answers=10) as library:
        put(library, "a", FERRY, date(2020, 1, 1))
        put(library, "b", FERRY, date(2024, 1, 1))
        for _ in range(2):
            assert documents(library.ask("ferry of Eastport")) == ["a"]
            assert documents(library.ask("ferry of Eastport", prefer="newest")) == ["b"]

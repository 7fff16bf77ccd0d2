"""How every engine ranks, filters and folds."""

from collections.abc import Mapping
from datetime import date

import pytest

from tests.index.conformance.conftest import Collection, plain
from tests.support.documents import articles
from tests.support.library_samples import FIRST, QUESTION
from tests.support.paths import SEEDS
from wherefrom.index.answering.absent_terms import SMALL_COLLECTION
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.field_conditions import FieldCondition, FieldValue
from wherefrom.index.ingest import ingest
from wherefrom.index.types import Filters, Given

TEXTS: Mapping[str, tuple[str, Given]] = {
    "boats": (
        "Fishing boats from Eastport caught nine tonnes of lobster in a single night.",
        Given(
            title="Record lobster catch",
            publisher="Eastport Star",
            authors=("Ann Otter", "Bo Reed"),
            published=date(2019, 5, 1),
            language="en",
            extra={"pages": 3, "topic": ("sea", "food"), "front": True, "score": 0.5},
        ),
    ),
    "ferry": (
        "The ferry from Eastport carried lobster and forty people across the strait.",
        Given(
            title="Ferry crosses",
            publisher="Harbour Weekly",
            authors=("Ann Otter",),
            published=date(2020, 5, 1),
            language="en-GB",
            extra={"pages": 12, "topic": "sea", "front": False, "score": 7},
        ),
    ),
    "market": (
        "At the market the price of lobster fell by half within a week.",
        Given(title="Prices fall", extra={"pages": "3", "big": 2**60 + 1}),
    ),
}


@pytest.fixture
def filtered(collection: Collection) -> Collection:
    """Return the collection with the three texts above."""
    collection.library.put_batch([(name, plain(name, *parts)) for name, parts in TEXTS.items()])
    collection.library.refresh()
    return collection


def extra(name: str, value: FieldValue | None = None, **bounds: float) -> Filters:
    """Return a filter by an extra field."""
    values = () if value is None else (value,)
    return Filters(extra=(FieldCondition(name=name, values=values, **bounds),))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(publisher=("Eastport Star",)), {"boats"}),
        (Filters(publisher=("Eastport Star", "Harbour Weekly")), {"boats", "ferry"}),
        (Filters(author=("Ann Otter",)), {"boats", "ferry"}),
        (Filters(author=("Bo Reed",), publisher=("Eastport Star",)), {"boats"}),
        (Filters(author=("Bo Reed",), publisher=("Harbour Weekly",)), set()),
        (Filters(title=("ferry",)), {"ferry"}),
        (Filters(title=("lobster catch", "prices")), {"boats", "market"}),
        (Filters(language=("en",)), {"boats", "ferry"}),
        (Filters(language=("en-GB",)), {"ferry"}),
        (Filters(published_from=date(2019, 5, 2)), {"ferry"}),
        (Filters(published_to=date(2019, 5, 1)), {"boats"}),
        (Filters(published_from=date(2019, 5, 1), published_to=date(2020, 5, 1)), {"boats", "ferry"}),
        (Filters(document_id=("market", "boats")), {"boats", "market"}),
        (extra("pages", FieldValue.of(3)), {"boats"}),
        (extra("pages", FieldValue.of(3.0)), {"boats"}),
        (extra("pages", FieldValue.of("3")), {"market"}),
        (extra("pages", FieldValue(kind="text", value="3")), {"boats", "market"}),
        (extra("topic", FieldValue.of("sea")), {"boats", "ferry"}),
        (extra("topic", FieldValue.of("food")), {"boats"}),
        (extra("front", FieldValue.of(value=True)), {"boats"}),
        (extra("pages", minimum=3, maximum=11), {"boats"}),
        (extra("pages", minimum=3), {"boats", "ferry"}),
        (extra("score", maximum=0.5), {"boats"}),
        (extra("big", FieldValue.of(2**60 + 1)), {"market"}),
    ],
    ids=str,
)
def test_a_filter_is_applied_before_the_search(filtered: Collection, filters: Filters, expected: set[str]) -> None:
    answer = filtered.ask("lobster", {"filters": filters, "top_k": 5})
    assert {passage.citation.document_id for passage in answer.passages} == expected
    if not expected:
        assert answer.no_answer_reason == "filters_matched_nothing"
    assert {each.document_id for each in filtered.library.documents_matching(filters)} == expected


@pytest.mark.parametrize(
    ("filters", "field", "close"),
    [
        (Filters(publisher=("Eastport Sta",)), "filters.publisher", ("Eastport Star",)),
        (Filters(author=("Ann Oter",)), "filters.author", ("Ann Otter",)),
        (Filters(title=("ferri",)), "filters.title", ("ferry",)),
        (Filters(language=("de",)), "filters.language", None),
        (Filters(document_id=("boat",)), "filters.document_id", ("boats",)),
        (extra("page", FieldValue.of(3)), "filters.extra", ("pages",)),
        (extra("topic", FieldValue.of("se")), "filters.extra.topic", ("sea",)),
        (extra("pages", FieldValue.of(4)), "filters.extra.pages", None),
    ],
    ids=str,
)
def test_a_value_that_no_document_has_is_named(
    filtered: Collection, filters: Filters, field: str, close: tuple[str, ...] | None
) -> None:
    for call in (
        lambda: filtered.ask("lobster", {"filters": filters}),
        lambda: filtered.library.documents_matching(filters),
    ):
        with pytest.raises(UnknownFilterValue) as raised:
            call()
        assert raised.value.field == field
        if close is not None:
            assert raised.value.close[: len(close)] == close


@pytest.mark.parametrize(
    "filters",
    [
        Filters(published_from=date(2020, 1, 2), published_to=date(2020, 1, 1)),
        Filters(title=("?!",)),
        extra("pages", minimum=5, maximum=4),
        extra("topic", minimum=5),
    ],
    ids=str,
)
def test_a_filter_that_no_document_can_pass_is_invalid(filtered: Collection, filters: Filters) -> None:
    with pytest.raises(InvalidQuestion):
        filtered.ask("lobster", {"filters": filters})


def test_warnings_tell_what_a_filter_left_out(filtered: Collection) -> None:
    dated = filtered.ask("lobster", {"filters": Filters(published_from=date(2000, 1, 1))})
    assert dated.warnings == ("1 document without a publication date left out of the date range",)
    assert filtered.ask("lobster", {"filters": Filters(language=("en",))}).warnings == (
        "1 document without a language left out",
    )


def test_phrases_and_excluded_words_restrict_what_answers(filtered: Collection) -> None:
    assert filtered.found('"price of lobster" market') == ["market"]
    assert set(filtered.found("lobster -ferry")) == {"boats", "market"}
    assert set(filtered.found('lobster -"forty people"')) == {"boats", "market"}
    assert filtered.found('lobster "Eastport carried"') == ["ferry"]
    answer = filtered.ask('lobster "in the moonlight"')
    assert (answer.passages, answer.warnings) == (
        (),
        ('no paragraph that passes the filters holds "in the moonlight" word for word',),
    )
    assert filtered.found('"of lobster" catch', {"filters": Filters(publisher=("Eastport Star",))}) == ["boats"]


def test_later_dates_rank_higher_if_the_newest_are_preferred(collection: Collection) -> None:
    text = "The council voted on the bridge at its session."
    for name, published in (("old", date(2001, 1, 1)), ("new", date(2021, 1, 1)), ("undated", None)):
        collection.put(name, f"{text} It is the {name} one.", Given(published=published))
    assert collection.found("the vote on the bridge", {"prefer": "newest"})[0] == "new"
    scores = [each.scores for each in collection.ask("the bridge", {"prefer": "newest", "explain": True}).passages]
    assert all(each is not None and each.recency is not None for each in scores)


def test_a_text_that_occurs_more_than_once_takes_one_place(collection: Collection) -> None:
    text = "The treaty on the northern fisheries was signed in Oslo by nine ministers."
    for name, published in (("b", date(2020, 1, 1)), ("a", date(2019, 1, 1)), ("c", date(2021, 1, 1))):
        collection.put(name, text if name != "c" else text.upper(), Given(published=published))
    collection.put("other", "Nine ministers travelled to Oslo in winter.")
    answer = collection.ask("who signed the treaty on fisheries?")
    assert [each.citation.document_id for each in answer.passages] == ["a", "other"]
    assert [each.document_id for each in answer.passages[0].also_in] == ["b", "c"]
    newest = collection.ask("who signed the treaty on fisheries?", {"prefer": "newest"})
    assert newest.passages[0].citation.document_id == "c"
    only = collection.ask("who signed the treaty?", {"filters": Filters(document_id=("b", "c"))})
    assert [each.citation.document_id for each in only.passages] == ["b"]
    assert [each.document_id for each in only.passages[0].also_in] == ["c"]


def test_near_duplicates_of_other_documents_are_folded(collection: Collection) -> None:
    text = "The storm closed the harbour for three days, and the mayor asked for help from the capital in vain."
    collection.put("first", text)
    collection.put("second", text.replace("in vain", "at once"))
    collection.put("other", "A farmer painted the orchard wall in March.")
    answer = collection.ask("why did the mayor ask the capital for help after the storm?")
    assert len([each for each in answer.passages if "storm" in each.text]) == 1
    assert len(answer.passages[0].also_in) == 1


def test_a_misspelled_word_is_guessed(collection: Collection) -> None:
    collection.put("observatory", "The observatory on the hill has a telescope of two metres.")
    collection.put("orchard", "The orchard on the hill has apples in autumn.")
    answer = collection.ask("observatroy", {"explain": True})
    assert answer.explanation is not None
    assert any('"observatory" is searched for' in note for note in answer.explanation.notes)
    assert answer.passages[0].citation.document_id == "observatory"


def test_a_word_without_accents_is_the_word_with_them(collection: Collection) -> None:
    collection.put("palace", "Mr Erdoğan opened a palace in the capital on Monday.")
    collection.put("orchard", "The orchard on the hill has apples in autumn.")
    with_accents, without = (collection.ask(f"who is Mr {name}?", {"explain": True}) for name in ("Erdoğan", "Erdogan"))
    lexical = [
        [(each.citation.document_id, each.scores and each.scores.lexical) for each in answer.passages]
        for answer in (with_accents, without)
    ]
    assert lexical[0] == lexical[1]
    assert lexical[0][0][0] == "palace"
    assert without.explanation is not None
    assert any('so "erdoğan" is searched for' in note for note in without.explanation.notes)


def test_an_acronym_answers_for_its_long_form(collection: Collection) -> None:
    collection.put(
        "agency",
        "The European Space Agency (ESA) opened a station.\n\nThe head of ESA praised the engineers on Friday.",
    )
    collection.put("farm", "A space between the trees is good for apples, an agency said.")
    assert collection.found("European Space Agency head", {"top_k": 1}) == ["agency"]


def test_a_language_other_than_english_is_stemmed_in_its_own_way(collection: Collection) -> None:
    collection.put(
        "hafen",
        "Der Hafen wurde nach dem Sturm wieder geöffnet, und die Fischer kehrten mit ihren Booten zurück. "
        "Die Stadt hatte die Häfen drei Tage lang geschlossen, weil die Wellen zu hoch waren.",
    )
    collection.put("harbour", "The harbour reopened after the storm, and the fishermen came back with their boats.")
    assert collection.found("Warum waren die Häfen geschlossen?")[0] == "hafen"
    assert collection.found("why did the harbour reopen?")[0] == "harbour"


def test_passages_of_one_document_are_limited(collection: Collection) -> None:
    collection.library.put_batch(list(articles(12)))
    collection.library.refresh()
    found = collection.found("the ministry announced the bridge", {"top_k": 12, "max_per_document": 1})
    assert len(found) == len(set(found)) == 12


def absences(collection: Collection, question: str) -> dict[str, tuple[float, float]]:
    """Return by document the absent shares of all terms and of names, among the first fifty passages."""
    passages = collection.library.score_passages(question, top_k=50)
    return {
        each.paragraph.stored.source.document_id: (each.features.absent, each.features.absent_names)
        for each in passages
    }


def test_what_a_document_does_not_contain_counts_against_it_in_a_large_collection(collection: Collection) -> None:
    question = "When was the harbour of Oslo reopened?"
    collection.put("oslo", "The harbour reopened on Tuesday.\n\nThe boats from Oslo came back to the harbour at noon.")
    collection.put("ferry", "The ferry left the harbour on Tuesday.\n\nIt reopened its bar.")
    assert all(sum(shares) == 0 for shares in absences(collection, question).values())
    collection.library.put_batch(list(articles(60)))
    collection.library.refresh()
    assert collection.library.info().passages > SMALL_COLLECTION
    found = absences(collection, question)
    of_terms, of_names = found["ferry"]
    assert sum(found["oslo"]) == 0
    assert of_terms == of_names > 0
    collection.put("ferry", "The ferry to Oslo left the harbour on Tuesday.\n\nIt reopened its bar.")
    assert sum(absences(collection, question)["ferry"]) == 0


def test_the_seeds_answer_as_they_do_everywhere(collection: Collection) -> None:
    assert all(result.error is None for result in ingest(collection.library, [SEEDS]))
    collection.library.refresh()
    answer = collection.ask(QUESTION, {"top_k": 40, "explain": True})
    assert answer.passages[0].citation.document_id == FIRST
    assert answer.answer is not None
    hits = collection.library.rank(QUESTION, top_k=40)
    assert [hit.scores for hit in hits] == [passage.scores for passage in answer.passages]
    assert sorted(hit.scores.fused for hit in hits) == sorted(hit.scores.fused for hit in hits)


def test_a_cached_answer_is_that_of_the_state_it_was_given_in(collection: Collection) -> None:
    collection.put("harbour", "The harbour reopened on Tuesday.")
    assert collection.found("when did the harbour reopen?") == ["harbour"]
    assert collection.found("when did the harbour reopen?") == ["harbour"]
    collection.put("again", "The harbour did reopen on Tuesday when the storm was over.")
    assert sorted(collection.found("when did the harbour reopen?")) == ["again", "harbour"]


def test_more_paragraphs_than_a_search_returns_are_ranked(collection: Collection) -> None:
    collection.library.put_batch(list(articles(60)))
    collection.library.refresh()
    answer = collection.ask("an engineer repaired the telescope in the valley", {"top_k": 20, "explain": True})
    assert len(answer.passages) == 20
    scores = [each.scores.fused for each in answer.passages if each.scores is not None]
    assert scores == sorted(scores, reverse=True)

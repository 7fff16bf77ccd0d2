"""Filters by metadata, phrases and excluded words choose the same in a base, in delta segments and after a merge."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import InvalidQuestion, UnknownFilterValue
from wherefrom.index.field_conditions import FieldCondition, FieldValue, field_conditions
from wherefrom.index.library import Library
from wherefrom.index.segments.segment_set import MAX_SEGMENTS
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Filters

QUESTION = "what was sold in the harbour?"
ARTICLES: dict[str, dict[str, Any]] = {
    "harbour": {
        "text": "The old harbour of Northport was sold on Monday, its owner said to the paper. (AP)",
        "title": "Old harbour sold",
        "authors": ["Ann Otter", "Ben Stoat"],
        "language": "en-GB",
        "extra": {"section": "world", "year": 2016, "opinion": False, "tags": ["ports", "money"], "words": 120.5},
    },
    "mill": {
        "text": "The mill and the harbour of Southport were bought on Tuesday, an owner of missiles said. (Reuters)",
        "title": "Mill bought, harbour too",
        "authors": ["Ben Stoat"],
        "language": "en",
        "extra": {"section": "local", "year": "2016", "opinion": True, "words": -3, "id": 2**60 + 1},
    },
    "hafen": {
        "text": "Der alte Hafen von Nordhafen wurde am Montag verkauft, sagte sein Besitzer der Zeitung.",
        "title": "Hafen verkauft",
        "language": "de",
        "extra": {"section": "world", "words": 0},
    },
    "plain": {"text": "The lighthouse of Westport went dark on Sunday, its keeper told the harbour master."},
}
Put = tuple[str, dict[str, Any]]


def put(library: Library, document_id: str, article: dict[str, Any]) -> None:
    library.put(document_id, extract(parse_article(article, source=document_id)))


def changed(library: Library) -> None:
    """Replace and remove documents, so that values of dead documents stay in the segments, until they are merged."""
    for number in range(MAX_SEGMENTS + 2):
        stale = {"title": f"Stale{number}", "authors": [f"Stale {number}"], "extra": {f"stale{number}": number}}
        put(library, "gone", {"text": f"The ferry of Eastport sank on day {number}, its captain said later.", **stale})
        library.ask(QUESTION)
    library.remove("gone")


@pytest.fixture(params=["base", "deltas", "merged"])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as opened:
        for document_id, article in ARTICLES.items():
            put(opened, document_id, article)
            if request.param == "deltas":
                opened.ask(QUESTION)
        if request.param == "merged":
            changed(opened)
        if request.param == "base":
            opened.refresh()
            with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as again:
                yield again
        else:
            yield opened


def found(library: Library, question: str = QUESTION, **filters: Any) -> set[str]:  # noqa: ANN401
    passages = library.ask(question, top_k=50, filters=Filters(**filters)).passages
    return {passage.citation.document_id for passage in passages}


def text(value: str) -> FieldValue:
    return FieldValue(kind="text", value=value)


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        ({"agency": ("AP",)}, {"harbour"}),
        ({"agency": ("AP", "Reuters")}, {"harbour", "mill"}),
        ({"author": ("Ben Stoat",)}, {"harbour", "mill"}),
        ({"author": ("Ann Otter",), "agency": ("Reuters",)}, set()),
        ({"title": ("HARBOUR",)}, {"harbour", "mill"}),
        ({"title": ("harbour sold",)}, {"harbour"}),
        ({"title": ("sold mill",)}, set()),
        ({"title": ("sold", "verkauft")}, {"harbour", "hafen"}),
        ({"language": ("en",)}, {"harbour", "mill"}),
        ({"language": ("EN_gb",)}, {"harbour"}),
        ({"language": ("de", "en-GB")}, {"harbour", "hafen"}),
        ({"extra": field_conditions({"section": "world"})}, {"harbour", "hafen"}),
        ({"extra": field_conditions({"section": ["world", "local"], "words": 0})}, {"hafen"}),
        ({"extra": field_conditions({"year": 2016.0})}, {"harbour"}),
        ({"extra": field_conditions({"year": "2016"})}, {"mill"}),
        ({"extra": (FieldCondition(name="year", values=(text("2016"),)),)}, {"harbour", "mill"}),
        ({"extra": field_conditions({"opinion": True})}, {"mill"}),
        ({"extra": (FieldCondition(name="opinion", values=(text("false"),)),)}, {"harbour"}),
        ({"extra": field_conditions({"tags": "money"})}, {"harbour"}),
        ({"extra": (FieldCondition(name="words", minimum=0),)}, {"harbour", "hafen"}),
        ({"extra": (FieldCondition(name="words", minimum=-3, maximum=0),)}, {"mill", "hafen"}),
        ({"extra": (FieldCondition(name="words", maximum=-4),)}, set()),
        ({"extra": field_conditions({"id": 2**60 + 1})}, {"mill"}),
    ],
)
def test_documents_pass_by_their_metadata(library: Library, filters: dict[str, Any], documents: set[str]) -> None:
    assert found(library, **filters) == documents


@pytest.mark.parametrize(
    ("filters", "field", "close"),
    [
        ({"agency": ("Reuter",)}, "filters.agency", ("Reuters",)),
        ({"author": ("Ann Oter",)}, "filters.author", ("Ann Otter",)),
        ({"author": ("Stale 7",)}, "filters.author", ()),
        ({"title": ("harbor",)}, "filters.title", ("harbour",)),
        ({"title": ("stale7",)}, "filters.title", None),
        ({"language": ("dk",)}, "filters.language", ("de",)),
        ({"extra": field_conditions({"sectoin": "world"})}, "filters.extra", ("section", "opinion")),
        ({"extra": field_conditions({"stale7": 7})}, "filters.extra", None),
        ({"extra": field_conditions({"section": "wrld"})}, "filters.extra.section", ("world",)),
        ({"extra": field_conditions({"words": 120})}, "filters.extra.words", ("120.5", "0")),
        ({"extra": field_conditions({"opinion": "true"})}, "filters.extra.opinion", ("true",)),
        ({"extra": field_conditions({"id": 2**60})}, "filters.extra.id", (str(2**60 + 1),)),
    ],
)
def test_an_unknown_value_is_refused_with_close_ones(
    library: Library, filters: dict[str, Any], field: str, close: tuple[str, ...] | None
) -> None:
    with pytest.raises(UnknownFilterValue) as refused:
        found(library, **filters)
    assert refused.value.field == field
    assert close is None or refused.value.close == close
    assert not any(value.startswith("stale") for value in refused.value.close)


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"title": (" ... ",)}, "filters.title: ' ... ' holds no word"),
        ({"extra": (FieldCondition(name="section", minimum=1),)}, "no document has a number in this field"),
        ({"extra": (FieldCondition(name="words", minimum=2, maximum=1),)}, "2 is above the upper bound, 1"),
    ],
)
def test_a_filter_that_no_document_can_pass_is_refused(library: Library, filters: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        found(library, **filters)
    assert reason in str(refused.value)


def test_documents_without_a_language_are_left_out_with_a_warning(library: Library) -> None:
    answer = library.ask(QUESTION, filters=Filters(language=("de",)))
    assert answer.warnings == ("1 document without a language left out",)
    assert library.ask(QUESTION, filters=Filters(language=("de",), agency=("AP",))).warnings == ()


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ('who sold it? "of Northport"', {"harbour"}),
        ('who sold it? "OF NORTHPORT"', {"harbour"}),
        ('"harbour of" owner', {"harbour", "mill"}),
        ('"on" harbour', {"harbour", "mill", "plain"}),
        ('"owner of missiles" harbour', {"mill"}),
        ('"owner of missile" harbour', set()),
        ('"harbour Northport" harbour', set()),
        ('"harbour of" "the paper" owner', {"harbour"}),
        ("harbour -missiles", {"harbour", "hafen", "plain"}),
        ("harbour -missile", {"harbour", "mill", "hafen", "plain"}),
        ('harbour -"old harbour" -the', {"hafen"}),
        ("harbour -harbour -Hafen", set()),
        ('"harbour of" -Southport', {"harbour"}),
    ],
)
def test_paragraphs_pass_by_their_words(library: Library, question: str, documents: set[str]) -> None:
    assert found(library, question) == documents


def test_words_and_metadata_restrict_together(library: Library) -> None:
    assert found(library, '"harbour of" owner', extra=field_conditions({"section": "local"})) == {"mill"}
    assert found(library, '"of Northport" owner', extra=field_conditions({"section": "local"})) == set()

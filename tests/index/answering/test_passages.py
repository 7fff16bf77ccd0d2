"""Passages: what a ranking becomes before it is an answer."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder
from wherefrom.index.answering.passages import MAX_COPIES
from wherefrom.index.library import Library
from wherefrom.index.scoring.calibration import MAX_LEAD
from wherefrom.index.types import Filters

WIRE = "The ministry said on Tuesday that 27,000 troops would stay in the country until the talks are over."
OTHER = "A farmer measured the orchard outside Nairobi on Friday, and nobody knew what he would do with it."
QUESTION = "how many troops would stay in the country"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0)


def put(library: Library, **stories: str) -> None:
    for id_, text in stories.items():
        raw = f"A story\n\n{text}\n\n{OTHER} It was story {id_}.\n".encode()
        library.put(id_, document(raw, f"{id_}.txt"))


def test_a_touched_up_copy_takes_no_place_of_its_own(library: Library) -> None:
    put(library, first=WIRE, second=WIRE.replace("The ministry", "The defence ministry"), third=WIRE)
    answer = library.ask(QUESTION, top_k=3)
    top, *others = answer.passages
    assert "27,000" in top.text
    assert not any("27,000" in passage.text for passage in others)
    cited = [top.citation.document_id, *(citation.document_id for citation in top.also_in)]
    assert sorted(cited) == ["first", "second", "third"]


def test_other_numbers_are_another_passage(library: Library) -> None:
    put(library, first=WIRE, second=WIRE.replace("27,000", "28,500"))
    answer = library.ask(QUESTION, top_k=2)
    assert ["27,000" in passage.text or "28,500" in passage.text for passage in answer.passages] == [True, True]
    assert [passage.also_in for passage in answer.passages] == [(), ()]


def test_a_filter_holds_for_copies_too(library: Library) -> None:
    put(library, first=WIRE, second=WIRE.replace("on Tuesday ", ""), third=WIRE)
    answer = library.ask(QUESTION, top_k=1, filters=Filters(document_id=("second",)))
    assert answer.passages[0].citation.document_id == "second"
    assert answer.passages[0].also_in == ()


def test_a_measured_ranking_names_the_copies(library: Library) -> None:
    put(library, first=WIRE, second=WIRE.replace("on Tuesday ", ""))
    hit = library.rank(QUESTION, top_k=1)[0]
    assert {hit.document_id, *(id_ for id_, _ in hit.copies)} == {"first", "second"}


def test_of_a_passage_with_many_copies_some_are_cited_and_the_rest_are_counted(library: Library) -> None:
    story = f"A story\n\n{WIRE}\n\n{OTHER}\n".encode()
    library.put_batch([(f"copy-{n:03}", document(story, f"{n}.txt")) for n in range(MAX_COPIES + 21)])
    answer = library.ask(QUESTION, top_k=1)
    assert len(answer.passages[0].also_in) == MAX_COPIES
    assert answer.warnings == (f"passage 1: also_in names {MAX_COPIES} of its {MAX_COPIES + 20} copies",)


def test_only_the_first_passage_has_a_lead(library: Library) -> None:
    put(library, first=WIRE, second="Some troops left the country.", third="The harbour is closed.")
    first, *others = library.score_passages(QUESTION, top_k=4)
    assert 0 < first.features.lead <= MAX_LEAD
    assert [passage.features.lead for passage in others] == [0] * 3


def test_the_lead_is_over_another_passage_even_if_that_is_not_returned(library: Library) -> None:
    put(library, first="A strike closed the port of Haifa.", second="Engineers repaired one port near Jaffa in March.")
    (alone,), (first, second) = (library.score_passages("which port", top_k=count) for count in (1, 2))
    assert alone.features == first.features
    assert 0 < alone.features.lead == pytest.approx(first.scores.fused - second.scores.fused)


def test_a_passage_that_reports_the_same_is_no_rival(library: Library) -> None:
    put(library, first=WIRE, second=WIRE.replace("27,000", "28,500"))
    first, second = library.score_passages(QUESTION, top_k=2)
    assert first.features.lead > first.scores.fused - second.scores.fused


def test_a_passage_without_a_rival_has_the_greatest_lead(library: Library) -> None:
    library.put("only", document(WIRE.encode(), "only.txt"))
    (passage,) = library.score_passages(QUESTION, top_k=3)
    assert passage.features.lead == MAX_LEAD


def test_without_a_passage_there_is_no_lead(library: Library) -> None:
    assert library.score_passages(QUESTION) == ()
    put(library, first=WIRE)
    assert library.score_passages(QUESTION, filters=Filters(published_from=date(2030, 1, 1))) == ()


def test_a_guessed_spelling_chooses_the_sentence_too(library: Library) -> None:
    put(
        library,
        first="Nobody knew who the owner of the port was. The ambassador spoke to two hundred people on Monday.",
    )
    answer = library.ask("who was the ambasador", top_k=1).answer
    assert answer is not None
    assert answer.text.startswith("The ambassador")

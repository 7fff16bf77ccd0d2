from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.support.documents import prose, read
from tests.support.library_samples import FIRST, HeldEmbedder, WordEmbedder, seeds_library
from tests.support.paths import SEEDS
from wherefrom.index import rebuild
from wherefrom.index.collection.corrections import BY_HAND, Corrections, corrected, merged
from wherefrom.index.errors import DocumentNotFound, PreconditionFailed
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library, if_match
from wherefrom.index.storage.backup import backup, restore
from wherefrom.index.types import Filters, Given, Metadata, Span

VALUES: Corrections = {
    "title": "A better title",
    "publisher": "The Post",
    "authors": ("Ann Otter", "Ben Seal"),
    "published": date(2020, 2, 29),
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path / "var") as opened:
        yield opened


def test_a_corrected_value_is_marked_and_has_no_evidence() -> None:
    metadata = Metadata(
        title="x",
        publisher="y",
        origins={"title": "text", "publisher": "text"},
        evidence={"title": (Span(start=0, end=1),), "publisher": (Span(start=2, end=3),)},
    )
    result = corrected(metadata, {"title": None})
    assert (result.title, result.publisher) == (None, "y")
    assert result.origins == {"title": BY_HAND, "publisher": "text"}
    assert list(result.evidence) == ["publisher"]


def test_later_corrections_replace_earlier_ones_and_a_restored_field_has_none() -> None:
    assert merged({"title": "a", "publisher": "b"}, {"title": "c"}, ["publisher"]) == {"title": "c"}
    assert list(merged({"published": None}, {"title": "c"}, [])) == ["title", "published"]


def test_a_corrected_value_is_one_line() -> None:
    assert merged({}, {"title": "The\nlamp \t is out", "authors": ("Ann\r\nOtter",)}, []) == {
        "title": "The lamp is out",
        "authors": ("Ann Otter",),
    }


def test_a_correction_is_shown_cited_and_filtered_at_once(library: Library) -> None:
    assert library.correct(FIRST, VALUES) == "updated"
    document = library.document(FIRST)
    assert (document.title, document.publisher, document.authors, document.published) == tuple(VALUES.values())
    assert {document.origins[name] for name in VALUES} == {BY_HAND}
    answer = library.ask("why does Russia object to the X-band radar?", filters=Filters(publisher=("The Post",)))
    assert answer.passages[0].citation.formatted.startswith("Ann Otter, Ben Seal. A better title. The Post, 2020-02-29")
    assert (library.verify().mismatches, library.verify().damaged) == ((), ())


def test_a_correction_changes_the_etag_and_the_same_one_again_nothing(library: Library) -> None:
    before = library.document(FIRST).etag
    library.correct(FIRST, VALUES)
    after, version = library.document(FIRST).etag, library.version()
    assert before != after
    assert library.correct(FIRST, {"title": "A better title"}) == "unchanged"
    assert library.version() == version
    library.correct(FIRST, {}, restored=tuple(VALUES))
    assert library.document(FIRST).etag == before


def test_a_correction_survives_indexing_putting_and_rebuilding(library: Library) -> None:
    library.correct(FIRST, VALUES)
    assert {result.change for result in ingest(library, [SEEDS])} == {"unchanged"}
    assert library.put(FIRST, read(prose(3), source="other", given=Given(title="Given title"))) == "updated"
    document = library.document(FIRST)
    assert (document.title, document.origins["title"]) == ("A better title", BY_HAND)
    library.correct(FIRST, {}, restored=["title"])
    assert library.document(FIRST).title == "Given title"
    library.close()
    rebuild.rebuild(library.data, WordEmbedder())
    with Library.open(library.data, embedder=WordEmbedder()) as again:
        assert (again.document(FIRST).title, again.document(FIRST).publisher) == ("Given title", "The Post")
        again.correct(FIRST, {}, restored=["publisher"])
        assert again.document(FIRST).publisher is None
        assert again.verify().mismatches == ()


def test_a_correction_goes_with_its_document(library: Library) -> None:
    library.correct(FIRST, VALUES)
    library.remove(FIRST)
    ingest(library, [SEEDS])
    assert library.document(FIRST).publisher == "CHINA TOPIX"


def test_a_correction_is_refused_for_no_document_and_for_another_state(library: Library) -> None:
    with pytest.raises(DocumentNotFound):
        library.correct("nowhere", VALUES)
    with pytest.raises(PreconditionFailed):
        library.correct(FIRST, VALUES, precondition=if_match(FIRST, "another"))
    assert library.document(FIRST).publisher == "CHINA TOPIX"


def test_a_correction_embeds_nothing(tmp_path: Path) -> None:
    embedder = HeldEmbedder()
    with Library.open(tmp_path, embedder=embedder) as library:
        document = read(prose(1), source="a")
        library.put("a", document)
        embedder.go.clear()
        library.correct("a", VALUES)
        assert library.put("a", document) == "unchanged"


def test_a_backup_has_the_corrections(library: Library, tmp_path: Path) -> None:
    library.correct(FIRST, VALUES)
    backup(library.data, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "again")
    with Library.open(tmp_path / "again", embedder=WordEmbedder()) as again:
        assert again.document(FIRST).title == "A better title"
        again.correct(FIRST, {}, restored=["title"])
        assert again.document(FIRST).title == "China, Russia Forge Common Stance on THAAD Deployment in South Korea"

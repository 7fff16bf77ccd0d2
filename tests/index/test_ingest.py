"""Files and folders are indexed; a file or line that is refused is named, and the others are indexed."""

import gzip
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import WordEmbedder
from tests.support.paths import SEEDS
from wherefrom.index.arrays import Matrix
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.engine import Change, Item
from wherefrom.index.ingest import PORTION_CHARACTERS, FileResult, ingest
from wherefrom.index.library import Library
from wherefrom.index.sources.document_ids import url_safe_id
from wherefrom.index.sources.file_formats import READABLE_SUFFIXES
from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.write_lock import WriteLock
from wherefrom.index.syncing.gone_documents import GoneDocument
from wherefrom.index.types import Document, RawSource


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library.open(tmp_path / "data", embedder=WordEmbedder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.txt", "deep/b.txt", "deep/er/c.TXT"):
        path = tmp_path / "stories" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(prose(len(name)))
    return tmp_path / "stories"


def ids(library: Library) -> list[str]:
    return [summary.document_id for summary in library.documents()]


def test_the_seeds_are_indexed_and_their_readme_is_not(library: Library) -> None:
    results = ingest(library, [SEEDS])
    assert [result.change for result in results] == ["added"] * 5
    assert ids(library) == sorted(path.name for path in SEEDS.glob("*.txt"))


def test_folders_are_walked_and_ids_are_paths_below_the_folder(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    assert ids(library) == sorted(url_safe_id(name) for name in ("a.txt", "deep/b.txt", "deep/er/c.TXT"))


def test_ids_stay_the_same_when_a_folder_is_moved(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    before = ids(library)
    moved = Path(shutil.move(folder, folder.with_name("moved")))
    assert {result.change for result in ingest(library, [moved])} == {"updated"}
    assert ids(library) == before
    assert library.verify().mismatches == ()


def test_files_of_the_same_name_in_two_places_are_two_documents(library: Library, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "a.txt"
    other.parent.mkdir()
    other.write_bytes(prose(99))
    ingest(library, [folder / "a.txt", other])
    assert len(ids(library)) == 2
    assert {result.change for result in ingest(library, [other, folder / "a.txt"])} == {"unchanged"}


def test_hidden_files_and_other_kinds_are_skipped_in_folders(library: Library, folder: Path) -> None:
    (folder / ".hidden.txt").write_bytes(prose(7))
    (folder / ".git").mkdir()
    (folder / ".git" / "note.txt").write_bytes(prose(8))
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert len(ingest(library, [folder])) == 3


LONG = "The bridge was closed on Monday after a crack was found in it, the mayor of the town said."


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_a_json_lines_file_has_an_article_a_line_with_given_metadata(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_bytes(
        lines(
            {"id": "one", "text": f"{LONG} One.", "title": "The bridge", "published": "2016-02-02"},
            {"text": f"{LONG} Two.", "url": "https://example.org/two"},
            {"html": f"<p>{LONG} Three &amp; four.</p>"},
        )
    )
    results = ingest(library, [file])
    assert [(result.source, result.change) for result in results] == [(f"{file}:{n}", "added") for n in (1, 2, 3)]
    first = library.document("one")
    assert (first.title, str(first.published)) == ("The bridge", "2016-02-02")
    assert library.raw("one") == f"{LONG} One.".encode()
    assert {summary.media_type for summary in library.documents()} == {"text/plain", "text/html"}
    assert library.verify().mismatches == ()
    assert {result.change for result in ingest(library, [])} == {"unchanged"}


def test_invalid_lines_are_refused_by_number_and_the_others_are_indexed(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    good = lines({"id": "a", "text": f"{LONG} One."}), lines({"id": "b", "text": f"{LONG} Two."})
    bad = [
        b"{",
        b"[]",
        b'{"text": 7}',
        b'{"text": "\xff"}',
        lines({"id": "a", "text": f"{LONG} Three."}).strip(),
        b'{"text": ""}',
    ]
    file.write_bytes(b"\n".join([good[0].strip(), b"", *bad, good[1]]))
    refused = [str(result.error) for result in ingest(library, [file]) if result.error]
    assert [error.split(": ")[0] for error in refused] == [f"{file}:{n}" for n in range(3, 9)]
    for error, reason in zip(
        refused, ["not JSON", "JSON object", "text: it must", "not UTF-8", "same id", "empty"], strict=True
    ):
        assert reason in error
    assert ids(library) == ["a", "b"]


def test_ids_of_lines_stay_the_same_when_lines_move(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    rows = [{"text": f"{LONG} {n}.", **({"url": f"https://example.org/{n}"} if n else {})} for n in range(3)]
    file.write_bytes(lines(*rows))
    ingest(library, [file])
    before = ids(library)
    file.write_bytes(lines(*reversed(rows)))
    assert library.verify().mismatches == ()
    ingest(library, [file])
    assert ids(library) == before


def test_a_line_that_was_removed_is_a_mismatch(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_bytes(lines({"id": "a", "text": LONG}, {"id": "b", "text": f"{LONG} Two."}))
    ingest(library, [file])
    file.write_bytes(lines({"id": "a", "text": LONG}))
    (mismatch,) = library.verify().mismatches
    assert mismatch.document_id == "b"


def test_compressed_files_and_pages_are_indexed_under_their_names(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(prose(1)))
    (tmp_path / "b.HTML").write_text(f"<p>{LONG}</p>")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(lines({"id": "c", "text": LONG})))
    ingest(library, [tmp_path])
    assert ids(library) == ["a.txt.gz", "b.HTML", "c"]
    assert library.raw("a.txt.gz") == prose(1)
    assert library.verify().mismatches == ()


def test_standard_input_is_one_text_or_json_lines(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (prose(5), lines({"id": "x", "text": LONG}), gzip.compress(prose(6))):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        (result,) = ingest(library, [Path("-")])
        assert result.change == "added"
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert [result.change for result in ingest(library, [Path("-")])] == ["unchanged"]
    assert "x" in ids(library)
    assert library.verify().mismatches == ()


def test_without_paths_the_indexed_files_are_read_again(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    (folder / "a.txt").write_bytes(prose(55))
    (folder / "deep" / "b.txt").unlink()
    gone: list[GoneDocument] = []
    results = {Path(result.source).name: result.change for result in ingest(library, [], on_gone=gone.append)}
    assert results == {"a.txt": "updated", "c.TXT": "unchanged"}
    assert [(Path(each.source).name, each.what) for each in gone] == [("b.txt", "file")]
    assert len(ids(library)) == 3


MENU = "\n".join(f"  • {word}" for word in ("Home", "News", "Sport", "Contact", "About us", "Login", "Search")) + "\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", ""),
        (b"\x00\x01\x02\x03" * 100, "binary"),
        (b"%PDF-1.7\n" + b"\xe2\xe3" * 300, ""),
        (MENU.encode(), ""),
    ],
    ids=["empty", "blank", "binary", "pdf", "only menus"],
)
def test_a_file_without_an_article_is_refused_by_name_and_the_others_are_indexed(
    library: Library, folder: Path, content: bytes, reason: str
) -> None:
    bad = folder / "bad.txt"
    bad.write_bytes(content)
    results = ingest(library, [folder])
    (refused,) = [result for result in results if result.error]
    assert refused == FileResult(source=str(bad), change=None, error=refused.error)
    assert str(refused.error).startswith(f"{bad}: ")
    assert reason in str(refused.error)
    assert len(ids(library)) == 3


def test_a_file_that_becomes_invalid_keeps_its_last_valid_document(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    before = library.paragraphs("a.txt")
    (folder / "a.txt").write_bytes(b"\x00" * 64)
    assert [result.error is None for result in ingest(library, [folder / "a.txt"])] == [False]
    assert library.paragraphs("a.txt") == before


def test_a_path_that_does_not_exist_is_refused_by_name(library: Library, tmp_path: Path) -> None:
    (result,) = ingest(library, [tmp_path / "nowhere.txt"])
    assert str(result.error) == f"{tmp_path / 'nowhere.txt'}: cannot be read: No such file or directory"


def test_a_file_that_cannot_be_read_is_refused_by_name(library: Library, tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    (result,) = ingest(library, [loop])
    assert str(result.error).startswith(f"{loop}: cannot be read: ")


@pytest.mark.parametrize("name", ["story.txt", "2016-02-02_Story.txt", "a.b-c_d"])
def test_a_safe_name_is_its_own_id(name: str) -> None:
    assert url_safe_id(name) == name


def test_other_names_get_distinct_safe_ids() -> None:
    names = ["a b.txt", "a-b/.txt", "a/b.txt", "é.txt", "..", "…", "x" * 300, "日本.txt"]
    ids_of_names = [url_safe_id(name) for name in names]
    assert len(set(ids_of_names)) == len(names)
    assert all(url_safe_id(document_id) == document_id for document_id in ids_of_names)


def test_an_indexed_file_keeps_its_id_however_its_path_is_given(library: Library, folder: Path) -> None:
    ingest(library, [folder])
    before = ids(library)
    assert {result.change for result in ingest(library, [folder / "deep", folder / "deep" / "b.txt"])} == {"unchanged"}
    assert ids(library) == before


def test_a_file_and_a_link_to_it_are_one_document_which_stays_unchanged(library: Library, folder: Path) -> None:
    (folder / "a-link.txt").symlink_to(next(iter(folder.glob("*.txt"))))
    first, second = ingest(library, [folder]), ingest(library, [folder, folder])
    assert {result.change for result in first} == {"added"}
    assert {result.change for result in second} == {"unchanged"}
    assert len(first) == len(second) == len(library.documents())
    assert not library.has("a-link.txt")


def test_a_file_never_replaces_a_document_that_is_not_a_file(library: Library, folder: Path) -> None:
    raw = prose(70)
    library.put("a.txt", document(raw))
    ingest(library, [folder / "a.txt"])
    assert library.raw("a.txt") == raw
    assert len(ids(library)) == 2


def test_a_folder_without_text_files_is_refused_by_name(library: Library, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    kinds = ", ".join(READABLE_SUFFIXES)
    assert kinds.startswith(".txt, .text, .html, .htm, .xhtml, .jsonl, .ndjson, .json, .rss, .atom")
    (result,) = ingest(library, [tmp_path / "photos"])
    assert str(result.error) == f"{tmp_path / 'photos'}: holds no file that ends in {kinds} or one of these and .gz"


def test_a_name_that_is_not_unicode_is_refused_and_the_others_are_indexed(library: Library, folder: Path) -> None:
    (folder / "caf\udce9.txt").write_bytes(prose(71))
    results = ingest(library, [folder])
    assert ["not Unicode" in str(result.error) for result in results if result.error] == [True]
    assert len(ids(library)) == 3


def test_a_name_that_is_too_long_is_refused(library: Library, tmp_path: Path) -> None:
    (result,) = ingest(library, [tmp_path / ("x" * 300 + ".txt")])
    assert "cannot be read" in str(result.error)


PAGE_THAT_FAILS = f"<html><body><article><p>{prose(8).decode()}</p><p>{prose(9).decode()}&#{'1' * 5_000};</p>"


def test_a_page_whose_reading_fails_is_refused_and_the_others_are_indexed(library: Library, folder: Path) -> None:
    (folder / "b.html").write_text(PAGE_THAT_FAILS)
    lines = [{"id": "one", "text": prose(5).decode()}, {"id": "two", "html": PAGE_THAT_FAILS}]
    lines.append({"id": "three", "text": prose(6).decode()})
    (folder / "c.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    results = ingest(library, [folder])
    refused = [result.source for result in results if result.error is not None]
    assert refused == [str(folder / "b.html"), f"{folder / 'c.jsonl'}:2"]
    assert {"a.txt", "one", "three"} <= set(ids(library))


def test_what_a_folder_leaves_out_is_told_and_is_no_result(library: Library, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(prose(7))
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "photo.jpg").touch()
    told: list[LeftOut] = []
    results = ingest(library, [folder], on_left_out=told.append)
    assert [result.error for result in results] == [None] * 3
    assert [(entry.path.name, entry.kind) for entry in told] == [("link.txt", "link out"), ("photo.jpg", "other file")]
    assert "link.txt" not in ids(library)
    ingest(library, [folder], follow_links=True)
    assert "link.txt" in ids(library)


class CountingExtract:
    """Extracts, and counts the sources."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, source: RawSource) -> Document:
        self.count += 1
        return extract(source)


def test_an_unchanged_source_is_not_cleaned_again(library: Library, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_bytes(lines({"id": "one", "text": f"{LONG} One.", "title": "Bridge"}, {"html": f"<p>{LONG} Two.</p>"}))
    (folder / "page.html").write_bytes(f"<p>{LONG} Three.</p>".encode())
    ingest(library, [folder, file])
    counting = CountingExtract()
    for paths in ([folder, file], []):
        results = ingest(library, paths, extract=counting)
        assert [result.change for result in results] == ["unchanged"] * 6
    assert counting.count == 0
    (folder / "a.txt").write_bytes(prose(99))
    assert [result.change for result in ingest(library, [folder], extract=counting)].count("updated") == 1
    assert counting.count == 1


@pytest.mark.parametrize(
    "line", [{"title": "Tunnel"}, {"publisher": "The Daily"}, {"published": "2016-02-03"}, {"html": f"{LONG} One."}]
)
def test_other_metadata_or_another_kind_of_the_same_text_is_a_change(
    library: Library, tmp_path: Path, line: dict[str, str]
) -> None:
    file = tmp_path / "stories.jsonl"
    given = {"id": "one", "text": f"{LONG} One.", "title": "Bridge"}
    file.write_bytes(lines(given))
    ingest(library, [file])
    changed = given | line
    if "html" in line:
        del changed["text"]
    file.write_bytes(lines(changed))
    assert [result.change for result in ingest(library, [file])] == ["updated"]
    assert library.verify().mismatches == ()


def test_a_text_that_another_file_holds_now_is_a_change(library: Library, folder: Path, tmp_path: Path) -> None:
    ingest(library, [folder])
    (tmp_path / "other").mkdir()
    moved = shutil.move(folder, tmp_path / "other" / "stories")
    assert {result.change for result in ingest(library, [Path(moved)])} == {"updated"}


def test_a_line_with_the_id_of_an_earlier_one_is_refused_however_often_it_is_read(
    library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "stories.jsonl"
    file.write_bytes(lines({"id": "one", "text": f"{LONG} One."}, {"id": "one", "text": f"{LONG} Two."}))
    for change in ("added", "unchanged"):
        assert [result.change for result in ingest(library, [file])] == [change, None]


class WritingEmbedder(WordEmbedder):
    """Takes the write lock of a folder whenever it embeds, as another process would."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.count = 0

    def encode(self, texts: Sequence[str]) -> Matrix:
        if texts and (self._data / CATALOG).exists():
            with WriteLock(self._data, 0).held():
                self.count += 1
        return super().encode(texts)


def test_others_may_write_whenever_something_is_embedded(folder: Path, tmp_path: Path) -> None:
    rows = [{"id": str(number), "text": prose(number, 8).decode()} for number in range(100)]
    (folder / "more.jsonl").write_bytes(lines(*rows))
    shutil.copytree(folder, tmp_path / "copies")
    embedder = WritingEmbedder(tmp_path / "data")
    with Library.open(tmp_path / "data", embedder=embedder) as library:
        results = ingest(library, [folder, tmp_path / "copies"])
    assert {result.error for result in results} == {None}
    assert embedder.count > 10


def test_a_portion_that_is_committed_has_a_limit(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    file.write_bytes(lines(*({"id": str(number), "text": prose(number, 20).decode()} for number in range(100))))
    portions: list[int] = []

    def put_batch(items: Sequence[Item], *, path: Path | None = None) -> tuple[Change, ...]:
        portions.append(sum(len(paragraph.text) for _, document in items for paragraph in document.paragraphs))
        return Library.put_batch(library, items, path=path)

    library.put_batch = put_batch  # type: ignore[method-assign, assignment]
    ingest(library, [file])
    longest = max(len(row) for row in file.read_bytes().splitlines())
    assert len(portions) > 1
    assert max(portions) <= PORTION_CHARACTERS + longest


def test_the_articles_of_a_file_are_counted_before_they_are_read(library: Library, folder: Path) -> None:
    (folder / "more.jsonl").write_bytes(lines(*({"id": str(n), "text": prose(n).decode()} for n in range(5))))
    totals: list[int] = []
    results = ingest(library, [folder], on_total=totals.append)
    assert totals == [len(results)] * 4 == [8] * 4

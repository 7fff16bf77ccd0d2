"""Whatever happened to a folder: after `--prune`, and under `watch`, the index is the one that a fresh run makes."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import Document, RawSource
from wherefrom.index.watch import FolderWatch, WatchReports

HISTORIES = 200
TEXTS = ("a.txt", "b.txt", "c.html", "deep/a.txt", "deep/d e.txt")
LINES = ("x.jsonl", "deep/y.jsonl")
FILES = (*TEXTS, *LINES)
names, texts, tables = st.sampled_from(FILES), st.sampled_from(TEXTS), st.sampled_from(LINES)
seeds = st.integers(0, 7)
Operation = tuple[str, ...] | tuple[str, str, int] | tuple[str, int]
operations: st.SearchStrategy[tuple[str, object, object]] = st.one_of(
    st.tuples(st.just("write"), texts, seeds),
    st.tuples(st.just("delete"), names, st.none()),
    st.tuples(st.just("restore"), names, st.none()),
    st.one_of(st.tuples(st.just("rename"), texts, texts), st.tuples(st.just("rename"), tables, tables)),
    st.tuples(st.just("copy"), texts, texts),
    st.tuples(st.just("add line"), tables, seeds),
    st.tuples(st.just("add line without id"), tables, seeds),
    st.tuples(st.just("change line"), tables, seeds),
    st.tuples(st.just("remove line"), tables, seeds),
    st.tuples(st.just("restore line"), tables, seeds),
)
Step = Sequence[tuple[str, str, object]]
histories = st.lists(st.lists(operations, min_size=1, max_size=4), min_size=1, max_size=5)
extracted: dict[tuple[object, ...], Document] = {}


def cached_extract(source: RawSource) -> Document:
    key = (source.raw, source.media_type, repr(source.given))
    if key not in extracted:
        extracted[key] = extract(source)
    return replace(extracted[key], source=source.name)


@dataclass
class Folder:
    """A folder whose files are written, deleted, restored, renamed and copied, and lines in them likewise."""

    root: Path
    removed: dict[str, bytes] = field(default_factory=dict)
    removed_lines: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """New names by old ones, since the folder was last indexed."""

    def apply(self, operation: str, name: str, argument: object) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        steps: Mapping[str, Callable[[Path, str, int], None]] = {
            "add line": lambda f, _, n: self._append(f, _line(n, 0, has_id=True)),
            "add line without id": lambda f, _, n: self._append(f, _line(n, 0, has_id=False)),
            "change line": self._change_line,
            "remove line": self._remove_line,
            "restore line": self._restore_line,
            "write": lambda f, _, n: self._write(f, n),
        }
        if operation in ("rename", "copy"):
            self._move(name, str(argument), is_copy=operation == "copy")
        elif operation == "delete":
            if file.exists():
                self.removed[name] = file.read_bytes()
                file.unlink()
        elif operation == "restore":
            if name in self.removed and not file.exists():
                file.write_bytes(self.removed[name])
        else:
            assert isinstance(argument, int)
            steps[operation](file, name, argument)

    def _write(self, file: Path, seed: int) -> None:
        text = prose(seed, 2).decode()
        page = "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line)
        file.write_text(f"<title>Page</title><article>{page}</article>" if file.suffix == ".html" else text)

    def _move(self, name: str, target: str, *, is_copy: bool) -> None:
        old, new = self.root / name, self.root / target
        if not old.exists() or new.exists() or old.suffix != new.suffix:
            return
        new.parent.mkdir(parents=True, exist_ok=True)
        if is_copy:
            shutil.copyfile(old, new)
        else:
            old.rename(new)
            self.renamed[name] = target

    def _lines(self, file: Path) -> list[str]:
        return file.read_text().splitlines() if file.exists() else []

    def _set_lines(self, file: Path, lines: list[str]) -> None:
        if lines:
            file.write_text("".join(f"{line}\n" for line in lines))
        else:
            file.unlink(missing_ok=True)

    def _append(self, file: Path, line: str) -> None:
        lines = self._lines(file)
        if json.loads(line).get("id") not in [json.loads(each).get("id", "") for each in lines]:
            self._set_lines(file, [*lines, line])

    def _change_line(self, file: Path, _: str, seed: int) -> None:
        lines = self._lines(file)
        if lines:
            row = json.loads(lines[seed % len(lines)])
            row["text"] = prose(100 + seed, 2).decode()
            lines[seed % len(lines)] = json.dumps(row)
            self._set_lines(file, lines)

    def _remove_line(self, file: Path, _: str, seed: int) -> None:
        lines = self._lines(file)
        if lines:
            self.removed_lines.append(lines.pop(seed % len(lines)))
            self._set_lines(file, lines)

    def _restore_line(self, file: Path, _: str, seed: int) -> None:
        if self.removed_lines:
            self._append(file, self.removed_lines[seed % len(self.removed_lines)])


def _line(number: int, variant: int, *, has_id: bool) -> str:
    row = {"text": prose(50 + number + 10 * variant, 2).decode(), "title": f"Line {number}"}
    return json.dumps(row | ({"id": f"line-{number}"} if has_id else {}))


def contents(library: Library) -> Counter[str]:
    """Return what an index holds, without the ids of files: they tell what the files were once named."""
    held: list[str] = []
    for source in library.sources():
        is_line = ".jsonl:" in source.source
        cited = [
            (p.text, p.segments, p.sentences, p.line_start, p.line_end) for p in library.paragraphs(source.document_id)
        ]
        identity = replace(source, document_id=source.document_id if is_line else "")
        held.append(repr((identity, cited, library.headings(source.document_id), library.raw(source.document_id))))
    return Counter(held)


def files_of(library: Library, folder: Folder) -> dict[str, tuple[str, str]]:
    """Return the id and the hash of each file that is a document, by its path below the folder."""
    return {
        str(source.path.relative_to(folder.root)): (source.document_id, source.source_sha256)
        for source in library.sources()
        if source.path is not None and source.path.suffix != ".jsonl"
    }


def check_names(library: Library, folder: Folder, before: Mapping[str, tuple[str, str]]) -> None:
    """A file that was renamed, and is the only one with its text, has the id that it had before."""
    hashes = Counter(sha256 for _, sha256 in before.values())
    for old, new in folder.renamed.items():
        if old in before and not (folder.root / old).exists() and (folder.root / new).exists():
            document_id, sha256 = before[old]
            now = library.id_of(folder.root / new)
            if (
                now is not None
                and library.source(now).source_sha256 == sha256
                and hashes[sha256] == 1
                and new not in before
            ):
                assert now == document_id


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_after_pruning_the_index_is_that_of_a_fresh_run(history: list[list[tuple[str, str, object]]]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary).resolve()
        folder = Folder(home / "stories")
        folder.root.mkdir()
        with Library.open(home / "data", embedder=WordEmbedder()) as library:
            for step in history:
                before = files_of(library, folder)
                for operation, name, argument in step:
                    folder.apply(operation, name, argument)
                ingest(library, [folder.root], prune=True, extract=cached_extract)
                check_names(library, folder, before)
                folder.renamed.clear()
            with Library.open(home / "fresh", embedder=WordEmbedder()) as fresh:
                ingest(fresh, [folder.root], extract=cached_extract)
                assert contents(library) == contents(fresh)
            assert library.verify().mismatches == ()
            changes = {result.change for result in ingest(library, [folder.root], extract=cached_extract)}
            assert changes <= {"unchanged", "updated", None}


class SteppedWatch(FolderWatch):
    """A watch that is told of changes by a history: each step is applied when the round of the one before is over."""

    def __init__(self, library: Library, folder: Folder, steps: Sequence[Step]) -> None:
        self.problems: list[str] = []
        reports = WatchReports(
            on_result=lambda _: None,
            on_removed=lambda _: None,
            on_left_out=lambda _: None,
            on_note=lambda _: None,
            on_problem=self.problems.append,
            on_ready=lambda: None,
        )
        super().__init__(library, [folder.root], reports, extract=cached_extract)
        self._watched = library
        self._folder = folder
        self._steps = steps

    def _changes(self) -> Iterator[bool]:
        yield False  # the folder as it was found
        for step in self._steps:
            before = files_of(self._watched, self._folder)
            self._folder.renamed.clear()
            for operation, name, argument in step:
                self._folder.apply(operation, name, argument)
            yield True
            check_names(self._watched, self._folder, before)
        self.stop()


@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_under_watch_the_index_is_that_of_a_fresh_run(history: list[list[tuple[str, str, object]]]) -> None:
    first, *steps = history
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary).resolve()
        folder = Folder(home / "stories")
        folder.root.mkdir()
        for operation, name, argument in first:
            folder.apply(operation, name, argument)
        with Library.open(home / "data", embedder=WordEmbedder()) as library:
            watch = SteppedWatch(library, folder, steps)
            watch.run()
            assert watch.problems == []
            with Library.open(home / "fresh", embedder=WordEmbedder()) as fresh:
                ingest(fresh, [folder.root], extract=cached_extract)
                assert contents(library) == contents(fresh)
            assert library.verify().mismatches == ()

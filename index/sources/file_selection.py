"""Selects the files of a path: the file itself, a folder's files, a pattern's matches, or standard input.

Only regular files are selected. A link inside a folder is read if it leads to a file below the same folder; one that
leads out of it, or to a folder, is followed only with `follow_links`. The folder that a browser saves beside a page is
not read. Entries that are left out are reported.
"""

import glob
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import READABLE_SUFFIXES, is_readable, special_file_kind

STANDARD_INPUT = Path("-")
HIDDEN_STARTS = (".", "~$")
"""Beginnings of the names of hidden files. Word and Excel keep a file `~$NAME` beside a document that is open."""

PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
PARTS_ENDINGS = (
    *("_files", ".files", "-dateien", "_fichiers", "_archivos", "_arquivos", "_ficheiros", "_bestanden", "-filer"),
    *("_file", "_tiedostot", "_pliki", "_soubory", "_dosyalar"),
)
"""Endings of folders with the pictures, scripts and frames of a page saved beside them, in languages of browsers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedFile:
    """A file to read; `name` is its path below the selected folder, with "/" between folders.

    `real` is its path without links, and `is_link` whether the path leads there over a link in the selected folder.
    `document_id` is its id in the index, `None` if unknown.
    """

    path: Path
    source: str
    name: str
    real: Path
    is_link: bool = False
    document_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An entry of a folder that is not read, and the reason; this is information, not a refusal.

    `kind` is the reason; `detail` is the file's suffix, the kind of special file, the error, or the path of the same
    file that is read.
    """

    path: Path
    kind: Literal[
        "other file",
        "hidden",
        "link out",
        "link to a folder",
        "broken link",
        "unreadable",
        "same file",
        "parts of a page",
    ]
    detail: str = ""


Selection = SelectedFile | SourceRejected | LeftOut


def select_files(path: Path, *, follow_links: bool = False) -> Iterator[Selection]:
    """Yield the selected files of a path and the entries that are left out, or a SourceRejected if none is selected.

    A path that is itself a link is followed, since the user named it.
    """
    try:
        if path == STANDARD_INPUT or path.is_file():
            yield _named(path)
        elif path.is_dir():
            yield from _files_in(path, follow_links=follow_links)
        elif not path.exists() and glob.has_magic(str(path)):
            yield from _matching_files(path, follow_links=follow_links)
        else:
            yield _named(path)  # reading it will report the problem
    except OSError as error:
        yield SourceRejected(str(path), f"cannot be read: {error.strerror}")


def read_once(selected: Iterable[Selection]) -> Iterator[Selection]:
    """Yield each file once, and others that are the same file as left out; a file precedes the links to it.

    A file that is selected again under the same name, as by a folder and by itself, is not even left out.
    """
    entries = list(dict.fromkeys(selected))
    files = [entry for entry in entries if isinstance(entry, SelectedFile)]
    read: dict[Path, SelectedFile] = {}
    for file in sorted(files, key=lambda file: file.is_link):  # a stable sort
        read.setdefault(file.real, file)
    for entry in entries:
        if not isinstance(entry, SelectedFile) or entry is read[entry.real]:
            yield entry
        elif entry.source != read[entry.real].source:
            yield LeftOut(path=entry.path, kind="same file", detail=read[entry.real].source)


def is_hidden(name: str) -> bool:
    """Return whether a file or folder is left out by its name."""
    return name.startswith(HIDDEN_STARTS)


def _may_have_parts(name: str, pages: Collection[str]) -> bool:
    """Return whether a folder has the name of the parts of one of some pages, given without suffix in lower case."""
    lower = name.lower()
    return any(lower.endswith(ending) and lower.removesuffix(ending) in pages for ending in PARTS_ENDINGS)


def _named(path: Path) -> SelectedFile:
    """Return the file that the user named."""
    real = path if path == STANDARD_INPUT else Path(os.path.realpath(path))
    return SelectedFile(path=path, source=str(path), name=path.name, real=real, is_link=path.is_symlink())


def _files_in(folder: Path, *, follow_links: bool) -> Iterator[Selection]:
    """Yield the entries left out below a folder, then its readable files, in order. May raise OSError."""
    found = sorted(_Walk(folder, follow_links=follow_links).entries(), key=lambda entry: entry.path)
    left_out = [entry for entry in found if isinstance(entry, LeftOut)]
    files = [entry for entry in found if isinstance(entry, SelectedFile)]
    if not files:
        suffixes = ", ".join(READABLE_SUFFIXES)
        yield SourceRejected(str(folder), f"holds no file that ends in {suffixes} or one of these and .gz")
    yield from left_out
    yield from files


class _Walk:
    """One walk through a folder, without recursion, so that the depth of folders is not limited."""

    def __init__(self, folder: Path, *, follow_links: bool) -> None:
        self._folder = folder
        self._root = folder.resolve()
        self._follow_links = follow_links
        self._folders = [(folder, self._root, False)]
        self._seen: set[Path] = set()  # folders outside the root that a link led to

    def entries(self) -> Iterator[SelectedFile | LeftOut]:
        while self._folders:
            folder, real, is_linked = self._folders.pop()
            try:
                names = sorted(os.listdir(folder))  # noqa: PTH208 - names are wanted, not paths
            except OSError as error:
                if folder == self._folder:
                    raise
                yield LeftOut(path=folder, kind="unreadable", detail=error.strerror or str(error))
                continue
            pages = {name.lower().rpartition(".")[0] for name in names if name.lower().endswith(PAGE_SUFFIXES)}
            for name in names:
                if _may_have_parts(name, pages) and (folder / name).is_dir():
                    yield LeftOut(path=folder / name, kind="parts of a page")
                else:
                    yield from self._entry(folder / name, real / name, is_linked=is_linked)

    def _entry(self, path: Path, real: Path, *, is_linked: bool) -> Iterator[SelectedFile | LeftOut]:
        """Yield a file, or the reason why it is left out; a folder is added to the walk.

        `real` is the path without the links on the way, which `is_linked` says there are.
        """
        if is_hidden(path.name):
            yield LeftOut(path=path, kind="hidden")
            return
        try:
            is_link = path.is_symlink()
            mode = path.stat().st_mode
        except OSError as error:
            is_broken = path.is_symlink()
            yield LeftOut(
                path=path, kind="broken link" if is_broken else "unreadable", detail=error.strerror or str(error)
            )
            return
        real = path.resolve() if is_link else real
        if stat.S_ISDIR(mode):
            if not is_link or self._follows_folder(real):
                self._folders.append((path, real, is_link or is_linked))
            else:
                yield LeftOut(path=path, kind="link to a folder")
        elif not is_readable(path) or not stat.S_ISREG(mode):
            yield LeftOut(path=path, kind="other file", detail=special_file_kind(mode) or path.suffix.lower())
        elif is_link and not self._follow_links and not real.is_relative_to(self._root):
            yield LeftOut(path=path, kind="link out")
        else:
            name = path.relative_to(self._folder).as_posix()
            yield SelectedFile(path=path, source=str(path), name=name, real=real, is_link=is_link or is_linked)

    def _follows_folder(self, target: Path) -> bool:
        """Return whether a link to a folder is followed: once per folder, and only if that is not walked anyway."""
        if not self._follow_links or target.is_relative_to(self._root) or self._root.is_relative_to(target):
            return False
        if any(target.is_relative_to(other) for other in self._seen):
            return False
        self._seen.add(target)
        return True


def _matching_files(pattern: Path, *, follow_links: bool) -> Iterator[Selection]:
    """Yield the files that match a pattern, named by their path below its deepest folder without a wildcard."""
    root = next(parent for parent in pattern.parents if not glob.has_magic(str(parent)))
    paths = [Path(match) for match in sorted(glob.glob(str(pattern), recursive=True))]  # noqa: PTH207 - "**" finds files
    files = [path for path in paths if path.is_file()]
    if not files:
        yield SourceRejected(str(pattern), "matches no file")
    resolved_root = root.resolve()
    for file in files:
        real = file.resolve()
        if is_hidden(file.name) and not is_hidden(pattern.name):
            yield LeftOut(path=file, kind="hidden")
        elif follow_links or real.is_relative_to(resolved_root):
            name = file.relative_to(root).as_posix()
            yield SelectedFile(path=file, source=str(file), name=name, real=real, is_link=file.is_symlink())
        else:
            yield LeftOut(path=file, kind="link out")

"""Documents whose file is gone, or whose article is no longer in its file."""

import glob
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Literal

from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.library import Library
from wherefrom.index.sources.file_selection import STANDARD_INPUT

REMOVED_TOGETHER = 32
"""Number of documents that are removed under one hold of the write lock; other changes wait meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneDocument:
    """A document whose file is gone (`what` is "file"), or whose article is no longer in its file ("article")."""

    document_id: str
    source: str
    path: Path
    what: Literal["file", "article"]


class Scope:
    """The files that paths select, existing or not; without paths, every file."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._is_everything = not paths
        self._roots: list[Path] = []
        self._patterns: list[tuple[str, ...]] = []
        for path in paths:
            if path == STANDARD_INPUT:
                continue
            if glob.has_magic(str(path)) and not path.exists():
                root = next(parent for parent in path.parents if not glob.has_magic(str(parent)))
                self._patterns.append((Path(os.path.realpath(root)) / path.relative_to(root)).parts)
            else:
                self._roots.append(Path(os.path.realpath(path)))

    def covers(self, path: Path) -> bool:
        """Return whether a resolved path is one of the paths, below one of them, or matches a pattern."""
        if self._is_everything or any(path == root or path.is_relative_to(root) for root in self._roots):
            return True
        return any(_matches(path.parts, pattern) for pattern in self._patterns)


class GoneDocuments:
    """Finds gone documents of a library and removes them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._unseen: dict[str, Path] = {}

    def read_whole(self, path: Path, seen: Collection[str], refused: Collection[str]) -> None:
        """Record that a file was read to its end, with the ids of its articles and the names of refused ones.

        The earlier document of an article that is now refused is not gone.
        """
        unseen = [document_id for document_id in self._library.ids_from(path) if document_id not in seen]
        if refused:
            unseen = [each for each in unseen if self._library.source(each).source not in refused]
        self._unseen.update(dict.fromkeys(unseen, path))

    def has_left(self, document_id: str, path: Path) -> bool:
        """Return whether a file was read to its end without the article of a document."""
        return self._unseen.get(document_id) == path

    def in_scope(self, scope: Scope) -> Iterator[GoneDocument]:
        """Yield the gone documents: those of missing files in scope, and articles no longer in their file."""
        for path in self._library.paths():
            if scope.covers(path) and is_missing(path):
                for document_id in self._library.ids_from(path):
                    yield from self._checked(document_id, path, "file")
        for document_id, path in self._unseen.items():
            if not is_missing(path):
                yield from self._checked(document_id, path, "article")

    def remove(self, gone: Sequence[GoneDocument]) -> Iterator[GoneDocument]:
        """Remove the documents that are still gone, and yield each; other changes can run in between."""
        remaining = iter(gone)
        while portion := list(islice(remaining, REMOVED_TOGETHER)):
            removed: list[GoneDocument] = []
            with self._library.writing():
                for each in portion:
                    if each.what == "file" and not is_missing(each.path):
                        continue
                    for document in self._checked(each.document_id, each.path, each.what):
                        self._library.remove(document.document_id)
                        removed.append(document)
            yield from removed

    def _checked(self, document_id: str, path: Path, what: Literal["file", "article"]) -> Iterator[GoneDocument]:
        """Yield a document if it still exists and comes from this file."""
        try:
            source = self._library.source(document_id)
        except DocumentNotFound:
            return
        if source.path == path:
            yield GoneDocument(document_id=document_id, source=source.source, path=path, what=what)


def is_missing(path: Path) -> bool:
    """Return whether there is no file at a path; a file whose status cannot be read is not missing."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether the parts of a path match those of a pattern, in which "**" matches any number of parts."""
    if not pattern:
        return not parts
    first, *rest = pattern
    if first == "**":
        return any(_matches(parts[start:], rest) for start in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], first) and _matches(parts[1:], rest)

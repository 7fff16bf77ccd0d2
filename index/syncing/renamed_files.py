"""Detects renamed files: finds a document whose file is no longer in its place by the hash of its source."""

import os
from pathlib import Path

from wherefrom.index.library import Library
from wherefrom.index.sources.file_formats import file_of
from wherefrom.index.syncing.gone_documents import is_missing


class RenamedFiles:
    """The documents of files that have left their place, by the hash of their source; collected at the first new file.

    A file that still exists was copied, not renamed, and its documents are not included, unless a link is in its place
    or in that of its folder. Neither are the articles of a file with several, whose ids do not depend on the file.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._missing: dict[str, list[str]] | None = None
        self._real: dict[Path, bool] = {}  # of a folder, whether its path has no link

    def id_of(self, source_sha256: str) -> str | None:
        """Return the id of a document with this source whose file is missing, `None` if there is none."""
        if self._missing is None:
            self._missing = self._find()
        waiting = self._missing.get(source_sha256, [])
        while waiting:
            document_id = waiting[0]
            if self._library.has(document_id):
                source = self._library.source(document_id)
                if source.source_sha256 == source_sha256 and source.path is not None and self._has_left(source.path):
                    return document_id
            waiting.pop(0)  # an earlier file has taken this document
        return None

    def _find(self) -> dict[str, list[str]]:
        missing: dict[str, list[str]] = {}
        for path in self._library.paths():
            if self._has_left(path):
                ids = self._library.ids_from(path)
                if len(ids) == 1:
                    source = self._library.source(ids[0])
                    if file_of(source.source, path) == source.source:
                        missing.setdefault(source.source_sha256, []).append(ids[0])
        return missing

    def _has_left(self, path: Path) -> bool:
        """Return whether a file is not at a path that had no links when it was read."""
        if path.parent not in self._real:
            self._real[path.parent] = Path(os.path.realpath(path.parent)) == path.parent
        return not self._real[path.parent] or os.path.islink(path) or is_missing(path)  # noqa: PTH114 - raises nothing

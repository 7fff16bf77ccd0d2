"""The files that an index was made of, as files to read again."""

from collections.abc import Iterator
from pathlib import Path

from wherefrom.index.library import Library
from wherefrom.index.sources.file_selection import SelectedFile
from wherefrom.index.syncing.gone_documents import is_missing


def indexed_files(library: Library) -> Iterator[SelectedFile]:
    """Yield every file that documents were read from and that still exists, ordered by path."""
    for path in library.paths():
        if not is_missing(path):
            name_of_one = library.source(library.ids_from(path)[0]).source
            yield SelectedFile(path=path, source=_source_of_file(name_of_one, path), name=path.name)


def _source_of_file(source: str, path: Path) -> str:
    """Return the name under which a file was indexed, from that of one of its documents, such as `news.jsonl:7`."""
    end = source.rfind(path.name)
    return str(path) if end < 0 else source[: end + len(path.name)]

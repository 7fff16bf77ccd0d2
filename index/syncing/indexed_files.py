"""The files that an index was built from, as files to read again."""

from collections.abc import Iterator

from wherefrom.index.library import Library
from wherefrom.index.sources.file_formats import file_of
from wherefrom.index.sources.file_selection import SelectedFile
from wherefrom.index.syncing.gone_documents import is_missing


def indexed_files(library: Library) -> Iterator[SelectedFile]:
    """Yield every existing file that documents were read from, ordered by path."""
    for path in library.paths():
        if not is_missing(path):
            name_of_one = library.source(library.ids_from(path)[0]).source
            yield SelectedFile(path=path, source=file_of(name_of_one, path), name=path.name, real=path)

"""Lines with the ids of the documents that `wherefrom index` has added or updated."""

from collections.abc import Iterator, Sequence

from wherefrom.index.ingest import FileResult

MAX_NAMED = 20
"""Maximum number of documents that are named; the rest are counted."""


def changed_lines(first: Sequence[FileResult], count: int) -> Iterator[str]:
    """Yield a line with the id of each of the first changes, and a line with the number of the others of `count`."""
    for result in first[:MAX_NAMED]:
        yield f"{result.change} {result.document_id}"
    if count > MAX_NAMED:
        yield f"and {count - MAX_NAMED:,} more; `wherefrom list` names every document"

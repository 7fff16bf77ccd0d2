"""The ids of the documents that `wherefrom index` has added or updated, as lines."""

from collections.abc import Iterator, Sequence

from wherefrom.index.ingest import FileResult
from wherefrom.index.library import Library

MAX_NAMED = 20
"""Maximum number of documents that are named; the rest are counted."""


def changed_lines(results: Sequence[FileResult], library: Library) -> Iterator[str]:
    """Yield a line with the id of each document that was added or updated; none if nothing was."""
    changed = [result for result in results if result.change in ("added", "updated")]
    if not changed:
        return
    ids = {source.source: source.document_id for source in library.sources()}
    for result in changed[:MAX_NAMED]:
        yield f"{result.change} {ids.get(result.source, result.source)}"
    if len(changed) > MAX_NAMED:
        yield f"and {len(changed) - MAX_NAMED:,} more; `wherefrom list` names every document"

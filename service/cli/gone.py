"""What `wherefrom index` found gone from where it was indexed, as lines."""

from collections.abc import Iterator, Sequence

from wherefrom.index.syncing.gone_documents import GoneDocument

MAX_NAMED = 10
"""Maximum number of documents that are named while they are kept; those that are removed are named all."""


def gone_lines(gone: Sequence[GoneDocument]) -> Iterator[str]:
    """Yield the lines that tell which documents are gone, and how to remove them; none if none is."""
    for document in gone[:MAX_NAMED]:
        yield f"gone {document.source}: {_reason(document)}; {document.document_id} still answers"
    if len(gone) > MAX_NAMED:
        yield f"gone {len(gone) - MAX_NAMED:,} more"
    if gone:
        yield f"{'it is' if len(gone) == 1 else 'they are'} removed if you run the same command with --prune"


def removed_line(document: GoneDocument) -> str:
    """Return the line that tells that a document was removed, and why."""
    return f"removed {document.document_id}: {_reason(document)} ({document.source})"


def _reason(document: GoneDocument) -> str:
    return "its file is gone" if document.what == "file" else "it is no longer in its file"

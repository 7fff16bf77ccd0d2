"""Lines about the documents whose file, or whose article in a file, `wherefrom index` found gone."""

from collections.abc import Iterator, Sequence

from wherefrom.index.syncing.gone_documents import GoneDocument

MAX_NAMED = 10
"""Maximum number of kept documents that are named; removed documents are all named."""


def gone_lines(gone: Sequence[GoneDocument]) -> Iterator[str]:
    """Yield the lines that name the documents that are gone, and how to remove them; nothing without any."""
    for document in gone[:MAX_NAMED]:
        yield f"gone {document.source}: {_reason(document)}; {document.document_id} still answers"
    if len(gone) > MAX_NAMED:
        yield f"gone {len(gone) - MAX_NAMED:,} more"
    if gone:
        yield f"{'it is' if len(gone) == 1 else 'they are'} removed if you run the same command with --prune"


def removed_line(document: GoneDocument) -> str:
    """Return the line for a removed document, with the reason."""
    return f"removed {document.document_id}: {_reason(document)} ({document.source})"


def _reason(document: GoneDocument) -> str:
    return "its file is gone" if document.what == "file" else "it is no longer in its file"

"""Lines about what a run over files and folders has not indexed, and about documents whose file or article is gone."""

from collections import Counter
from collections.abc import Iterator, Sequence

from wherefrom.index.sources.file_selection import LeftOut
from wherefrom.index.syncing.gone_documents import GoneDocument

MAX_NAMED = 10
"""Maximum number of paths that are named for one reason, and of kept documents; the rest are counted."""
REASONS = {
    "unreadable": "it cannot be read",
    "link out": "it is a link that leads out of the folder; `wherefrom index --follow-links` reads it",
    "link to a folder": "it is a link to a folder; `wherefrom index --follow-links` reads it if that folder is outside",
    "broken link": "it is a link that leads nowhere",
    "parts of a page": "it has the pictures and scripts of the page that is saved beside it",
    "same file": "it is the same file as another that is read",
}
WITH_THE_SAME_COMMAND = "if you run the same command with --prune"


def left_out_lines(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """Yield the lines about files that were left out; nothing without any."""
    for kind, reason in REASONS.items():
        entries = [entry for entry in left_out if entry.kind == kind]
        for entry in entries[:MAX_NAMED]:
            yield f"left out {entry.path}: {reason}" + (f" ({entry.detail})" if entry.detail else "")
        if len(entries) > MAX_NAMED:
            yield f"left out {len(entries) - MAX_NAMED:,} more: {reason}"
    kinds = Counter(entry.detail or "without a suffix" for entry in left_out if entry.kind == "other file")
    if kinds:
        counts = ", ".join(
            f"{count:,} {kind}" for kind, count in sorted(kinds.items(), key=lambda kind: (-kind[1], kind))
        )
        yield f"left out {kinds.total():,} of other kinds: {counts}"
    hidden = sum(1 for entry in left_out if entry.kind == "hidden")
    if hidden:
        yield f"left out {hidden:,} hidden"


def gone_lines(gone: Sequence[GoneDocument], *, how: str = WITH_THE_SAME_COMMAND) -> Iterator[str]:
    """Yield the lines that name the documents that are gone, and how to remove them; nothing without any."""
    for document in gone[:MAX_NAMED]:
        yield f"gone {document.source}: {_reason(document)}; {document.document_id} still answers"
    if len(gone) > MAX_NAMED:
        yield f"gone {len(gone) - MAX_NAMED:,} more"
    if gone:
        yield f"{'it is' if len(gone) == 1 else 'they are'} removed {how}"


def removed_line(document: GoneDocument) -> str:
    """Return the line for a removed document, with the reason."""
    return f"removed {document.document_id}: {_reason(document)} ({document.source})"


def _reason(document: GoneDocument) -> str:
    return "its file is gone" if document.what == "file" else "it is no longer in its file"

"""Lines about the files that `wherefrom index` left out: links and unreadable folders by name, other files by kind."""

from collections import Counter
from collections.abc import Iterator, Sequence

from wherefrom.index.sources.file_selection import LeftOut

MAX_NAMED = 10
"""Maximum number of paths that are named for one reason; the rest are counted."""
REASONS = {
    "unreadable": "it cannot be read",
    "link out": "it is a link that leads out of the folder; --follow-links reads it",
    "link to a folder": "it is a link to a folder; --follow-links reads it if that folder is outside",
    "broken link": "it is a link that leads nowhere",
}


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

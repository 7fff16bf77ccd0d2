"""Pieces inside a kept block that are not the paragraph's: a list mark at its start, a caption glued to its end."""

import re

from index.cleaning.shape import bullet_size

# A sentence ends, and with no space another text begins: the page's own line break was lost there.
GLUED = re.compile(r"[^\W\d_]{4,}[.!?][\"'”’)\]]{0,2}(?=[^\W\d_]{2})")  # noqa: RUF001
MOST_TAIL_WORDS = 10
LEAST_TAIL_WORDS = 2


def glued_tail(text: str) -> int | None:
    """Where a caption begins that is glued to the last sentence of `text`, or None.

    A caption here starts with a capital, has two to ten words, and does not end as a sentence does.
    """
    window = max(0, len(text) - 200)
    cuts = [match.end() for match in GLUED.finditer(text, window)]
    if not cuts:
        return None
    tail = text[cuts[-1] :]
    if not tail[0].isupper() or not tail[-1].isalnum():
        return None
    return cuts[-1] if LEAST_TAIL_WORDS <= len(tail.split()) <= MOST_TAIL_WORDS else None


def list_mark(text: str) -> int:
    """How many characters of a list mark and white space `text` starts with."""
    return bullet_size(text)

"""A caption that is glued to the end of a paragraph, because the page's own line break was lost there."""

import re

# A sentence ends, and with no space another text begins.
GLUED = re.compile(r"[^\W\d_]{4,}[.!?][\"'”’)\]]{0,2}(?=[^\W\d_]{2})")  # noqa: RUF001
MOST_TAIL = 200
MOST_TAIL_WORDS = 10
LEAST_TAIL_WORDS = 2


def glued_tail(text: str) -> int | None:
    """Where a caption begins that is glued to the last sentence of `text`, or None.

    A caption here starts with a capital, has two to ten words, and does not end as a sentence does.
    """
    cuts = [match.end() for match in GLUED.finditer(text, max(0, len(text) - MOST_TAIL))]
    if not cuts:
        return None
    tail = text[cuts[-1] :]
    if not tail[0].isupper() or not tail[-1].isalnum():
        return None
    return cuts[-1] if LEAST_TAIL_WORDS <= len(tail.split()) <= MOST_TAIL_WORDS else None

"""Detection of a caption glued to the end of a paragraph after the line break between the two was lost."""

import re

# The end of a sentence, directly followed by the beginning of another text.
GLUED = re.compile(r"[^\W\d_]{4,}[.!?][\"'”’)\]]{0,2}(?=[^\W\d_]{2})")  # noqa: RUF001
MAX_CAPTION_CHARACTERS = 200
MAX_CAPTION_WORDS = 10
MIN_CAPTION_WORDS = 2


def glued_caption_start(text: str) -> int | None:
    """Return the start of a caption that is glued to the last sentence of `text`, or `None`.

    Such a caption begins with a capital, has two to ten words, and has no punctuation at its end.
    """
    starts = [match.end() for match in GLUED.finditer(text, max(0, len(text) - MAX_CAPTION_CHARACTERS))]
    if not starts:
        return None
    caption = text[starts[-1] :]
    if not caption[0].isupper() or not caption[-1].isalnum():
        return None
    return starts[-1] if MIN_CAPTION_WORDS <= len(caption.split()) <= MAX_CAPTION_WORDS else None

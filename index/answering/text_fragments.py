"""Links that open a web page at a passage: text directives of URL fragments.

The syntax is specified at wicg.github.io/scroll-to-text-fragment.
"""

from urllib.parse import quote

MAX_WHOLE_LENGTH = 200
"""Maximum length of a text that is given whole; a longer one is given by its two ends, as `start,end`."""
END_LENGTH = 60
"""Characters of each end."""


def text_fragment_url(url: str, text: str) -> str | None:
    """Return the URL with a text directive for a passage without line breaks; `None` if it is no HTTP URL."""
    if not url.startswith(("http://", "https://")):
        return None
    page, _, fragment = url.partition("#")
    anchor = fragment.partition(":~:")[0]
    parts = [text] if len(text) <= MAX_WHOLE_LENGTH else [_head(text), _tail(text)]
    return f"{page}#{anchor}:~:text={','.join(map(_encode, parts))}"


def _head(text: str) -> str:
    cut = text[: END_LENGTH + 1]
    return cut.rpartition(" ")[0] or cut


def _tail(text: str) -> str:
    cut = text[-END_LENGTH - 1 :]
    return cut.partition(" ")[2] or cut


def _encode(text: str) -> str:
    """Percent-encode a text and its hyphens, which have a meaning in a text directive."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")

"""Links that open a page at a passage: the text directive of URL fragments (wicg.github.io/scroll-to-text-fragment)."""

from urllib.parse import quote

# Browsers look for the whole of a short text and for the two ends of a long one.
LONGEST_WHOLE = 200
END_SIZE = 60


def text_fragment_url(url: str, text: str) -> str | None:
    """The URL with a text directive for `text`, a passage without line breaks; null where it is not of the web."""
    if not url.startswith(("http://", "https://")):
        return None
    page, _, fragment = url.partition("#")
    anchor = fragment.partition(":~:")[0]
    parts = [text] if len(text) <= LONGEST_WHOLE else [_head(text), _tail(text)]
    return f"{page}#{anchor}:~:text={','.join(map(_encode, parts))}"


def _head(text: str) -> str:
    cut = text[: END_SIZE + 1]
    return cut.rpartition(" ")[0] or cut


def _tail(text: str) -> str:
    cut = text[-END_SIZE - 1 :]
    return cut.partition(" ")[2] or cut


def _encode(text: str) -> str:
    """Percent-encode, a hyphen too, since the directive gives it a meaning."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")

"""Character references of HTML, such as "&eacute;" and "&#233;", to the characters that they stand for."""

import html
import re

ESCAPED_AGAIN = re.compile(
    r"&(?:amp|quot|apos|lt|gt|nbsp|#\d{1,7}|#x[0-9a-f]{1,6}|[lr][sd]quo|[nm]dash|hellip);", re.IGNORECASE
)
MAX_ESCAPES = 3


class UnreadableReference(ValueError):
    """A numeric character reference has more digits than Python turns into a number."""


def resolve_references(text: str) -> str:
    """Return `html.unescape(text)`. Raise UnreadableReference if it cannot be computed.

    A reference with thousands of digits is not replaced by another character here, since whoever checks a citation with
    `html.unescape` would meet the same error.
    """
    try:
        return html.unescape(text)
    except ValueError as error:
        raise UnreadableReference("it has a numeric character reference with thousands of digits") from error


def resolve_all_references(text: str) -> str:
    """Return a text with its references resolved, and those that were escaped once more or twice ("&amp;quot;").

    Raise UnreadableReference as `resolve_references` does.
    """
    resolved = resolve_references(text)
    for _ in range(MAX_ESCAPES - 1):
        if not ESCAPED_AGAIN.search(resolved):
            break
        resolved = resolve_references(resolved)
    return resolved

"""Resolves character references of HTML, such as "&eacute;" and "&#233;"."""

import html
import re

ESCAPED_AGAIN = re.compile(
    r"&(?:amp|quot|apos|lt|gt|nbsp|#\d{1,7}|#x[0-9a-f]{1,6}|[lr][sd]quo|[nm]dash|hellip);", re.IGNORECASE
)
MAX_ESCAPES = 3


class UnreadableReference(ValueError):
    """A numeric character reference has more digits than Python converts to a number."""


def resolve_references(text: str) -> str:
    """Return `html.unescape(text)`. Raise UnreadableReference if it cannot be computed.

    A reference with thousands of digits is not replaced here, since a check of the citation with `html.unescape` would
    raise the same error.
    """
    try:
        return html.unescape(text)
    except ValueError as error:
        raise UnreadableReference("it has a numeric character reference with thousands of digits") from error


def resolve_all_references(text: str) -> str:
    """Return a text with its references resolved, also those that were escaped two or three times ("&amp;quot;").

    Raise UnreadableReference as `resolve_references` does.
    """
    resolved = resolve_references(text)
    for _ in range(MAX_ESCAPES - 1):
        if not ESCAPED_AGAIN.search(resolved):
            break
        resolved = resolve_references(resolved)
    return resolved

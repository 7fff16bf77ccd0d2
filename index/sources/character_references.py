"""Character references of HTML, such as "&eacute;" and "&#233;", to the characters that they stand for."""

import html


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

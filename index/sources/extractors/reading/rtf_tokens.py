r"""Splits RTF into control words, characters and groups, in time linear in its length.

The kinds of tokens are "open" and "close" of a group, "word" with the name and the number of a control word such as
`\par` or `\u8212`, "symbol" with the character after a backslash, and "bytes" with text in the declared encoding of the
file.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

TOKEN = re.compile(
    rb"(?P<bytes>[^\\{}\r\n\x00]+)|(?P<brace>[{}])"
    rb"|\\(?:(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|'(?P<hex>[0-9a-fA-F]{2})|(?P<symbol>[^a-zA-Z]))"
    rb"|(?P<other>[\r\n\x00]+|\\.?)",
    re.DOTALL,
)
BINARY = "bin"


class RtfToken(NamedTuple):
    """A token; `number` is that of a control word, `None` if it has none."""

    kind: Literal["open", "close", "word", "symbol", "bytes"]
    name: str = ""
    number: int | None = None
    data: bytes = b""


OPEN, CLOSE = RtfToken("open"), RtfToken("close")


def rtf_tokens(raw: bytes) -> Iterator[RtfToken]:
    """Yield the tokens of a file; line ends and binary data are left out."""
    at = 0
    while match := TOKEN.match(raw, at):
        at = match.end()
        group = match.lastgroup
        if group == "bytes":
            yield RtfToken("bytes", data=match["bytes"])
        elif group == "brace":
            yield OPEN if match["brace"] == b"{" else CLOSE
        elif group in ("word", "number"):
            name = match["word"].decode("ascii").lower()
            number = None if match["number"] is None else int(match["number"])
            if name == BINARY:
                at += max(number or 0, 0)
            else:
                yield RtfToken("word", name, number)
        elif group == "hex":
            yield RtfToken("bytes", data=bytes((int(match["hex"], 16),)))
        elif group == "symbol":
            yield RtfToken("symbol", match["symbol"].decode("latin-1"))

"""HTML to its tokens, each with its place in the decoded source; nothing is decoded, repaired or moved.

It follows the tokenizer of the HTML standard where pages depend on it: quoted attributes, comments, elements whose
content is not markup. Its time grows with the length of the source only, whatever is left open in it.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wherefrom.index.types import Span

# Elements whose content is text up to their own end tag, whatever stands in it.
RAW_ELEMENTS = frozenset(("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"))
# The elements whose attributes say something of the page; of the others only these attributes are kept.
DESCRIBED = frozenset(("html", "link", "meta", "script", "time"))
DESCRIBING = frozenset(("content", "itemprop"))
NAME = re.compile(r"/?[a-zA-Z][^\s/>]*")
GAP = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*)(?:\s*=\s*)?")
UNQUOTED = re.compile(r"[^\s>]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stretch of markup or of text; `name` is the element's for tags, and for the content of a raw element."""

    kind: Literal["text", "open", "close", "raw", "other"]
    start: int
    end: int
    name: str = ""
    attributes: tuple[tuple[str, Span], ...] = ()

    def span(self, name: str) -> Span | None:
        """Where the value of an attribute stands; null if the tag has no such attribute."""
        return next((span for key, span in self.attributes if key == name), None)

    def value(self, text: str, name: str) -> str | None:
        """The value of an attribute with its character references resolved, white space collapsed."""
        span = self.span(name)
        return None if span is None else " ".join(html.unescape(text[span.start : span.end]).split())


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a page in order; every character is in exactly one."""
    return _Scanner(text).tokens()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._missing: set[str] = set()  # what was looked for and does not come any more

    def tokens(self) -> Iterator[Token]:
        text_start = at = 0
        while (at := self._text.find("<", at)) != -1:
            token = self._markup(at)
            if token is None:
                at += 1
                continue
            if text_start < at:
                yield Token(kind="text", start=text_start, end=at)
            yield token
            at = token.end
            if token.kind == "open" and token.name in RAW_ELEMENTS:
                end = self._raw_end(token.name, at)
                if at < end:
                    yield Token(kind="raw", start=at, end=end, name=token.name)
                at = end
            text_start = at
        if text_start < len(self._text):
            yield Token(kind="text", start=text_start, end=len(self._text))

    def _markup(self, at: int) -> Token | None:
        """The tag or comment that begins at a "<", or None where it is only a character."""
        named = NAME.match(self._text, at + 1)
        if named:
            return self._tag(at, named)
        if self._text.startswith("<!--", at):
            if self._text.startswith((">", "->"), at + 4):
                return Token(kind="other", start=at, end=self._after(">", at))
            return Token(kind="other", start=at, end=self._after("-->", at + 4))
        if self._text.startswith(("<!", "<?", "</"), at):
            return Token(kind="other", start=at, end=self._after(">", at))
        return None

    def _tag(self, start: int, named: re.Match[str]) -> Token:
        name = named[0].lower()
        attributes: list[tuple[str, Span]] = []
        at = self._skip(named.end())
        while at < len(self._text) and self._text[at] != ">":
            found = ATTRIBUTE.match(self._text, at)
            if found is None:  # cannot be: `_skip` has left a character that begins a name
                break
            at = found.end()
            span = Span(start=at, end=at)
            if "=" in self._text[found.end(1) : at]:
                span, at = self._value(at)
            key = found[1].lower()
            if name in DESCRIBED or key in DESCRIBING:
                attributes.append((key, span))
            at = self._skip(at)
        kind: Literal["open", "close"] = "close" if name.startswith("/") else "open"
        end = min(at + 1, len(self._text))
        return Token(kind=kind, start=start, end=end, name=name.lstrip("/"), attributes=tuple(attributes))

    def _value(self, at: int) -> tuple[Span, int]:
        quote = self._text[at : at + 1]
        if quote in {'"', "'"}:
            end = self._find(quote, at + 1)
            if end != -1:
                return Span(start=at + 1, end=end), end + 1
        found = UNQUOTED.match(self._text, at)
        end = found.end() if found else at
        return Span(start=at, end=end), end

    def _skip(self, at: int) -> int:
        found = GAP.match(self._text, at)
        return found.end() if found else at

    def _raw_end(self, name: str, at: int) -> int:
        found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._text, at)
        return found.start() if found else len(self._text)

    def _after(self, wanted: str, at: int) -> int:
        found = self._find(wanted, at)
        return len(self._text) if found == -1 else found + len(wanted)

    def _find(self, wanted: str, at: int) -> int:
        if wanted in self._missing:
            return -1
        found = self._text.find(wanted, at)
        if found == -1:
            self._missing.add(wanted)
        return found

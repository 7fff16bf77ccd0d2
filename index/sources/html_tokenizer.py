"""Splits HTML into tokens, each with its position in the decoded source; nothing is decoded, repaired or moved.

The tokenizer follows the HTML standard where pages depend on it: quoted attributes, comments, and elements whose
content is not markup. Its running time is linear in the length of the source, also for unclosed markup.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wherefrom.index.sources.character_references import resolve_references
from wherefrom.index.types import Span

# Elements whose content is text up to their own end tag, even if it looks like markup.
RAW_ELEMENTS = frozenset(("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"))
# Elements whose attributes can describe the page. Of other elements only KEPT_ATTRIBUTES are kept, which describe a
# value, the purpose of the element, and a link.
METADATA_ELEMENTS = frozenset(("html", "link", "meta", "script", "time"))
KEPT_ATTRIBUTES = frozenset(("content", "itemprop", "class", "id", "role", "href", "rel", "datetime"))
# Elements without content and end tag.
VOID_ELEMENTS = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
TAG_NAME = re.compile(r"/?[a-zA-Z][^\s/>]*")
ATTRIBUTE_GAP = re.compile(r"[\s/]*")
ATTRIBUTE = re.compile(r"([^\s/>][^\s/>=]*)(?:\s*=\s*)?")
UNQUOTED_VALUE = re.compile(r"[^\s>]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of markup or text; `name` is the element's name for tags and for the content of a raw element."""

    kind: Literal["text", "open", "close", "raw", "other"]
    start: int
    end: int
    name: str = ""
    attributes: tuple[tuple[str, Span], ...] = ()

    def span(self, name: str) -> Span | None:
        """Return the span of an attribute's value, or `None` if the tag has no such attribute."""
        return next((span for key, span in self.attributes if key == name), None)

    def value(self, text: str, name: str) -> str | None:
        """Return an attribute's value with character references resolved and white space collapsed, or `None`."""
        span = self.span(name)
        return None if span is None else " ".join(resolve_references(text[span.start : span.end]).split())


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a page in order; every character is in exactly one."""
    return _Tokenizer(text).tokens()


def end_tag(tokens: Sequence[Token], start: int, max_tokens: int) -> int | None:
    """Return the index of the end tag of the element whose start tag is at `start`.

    Returns `None` if it is not among the `max_tokens` tokens after the start tag.
    """
    name, depth = tokens[start].name, 0
    for index in range(start, min(start + max_tokens + 1, len(tokens))):
        token = tokens[index]
        if token.name == name and token.kind in {"open", "close"}:
            depth += 1 if token.kind == "open" else -1
            if depth == 0:
                return index
    return None


class _Tokenizer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._missing: set[str] = set()  # strings that do not occur after the current position

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
        """Return the tag or comment that begins at a "<", or `None` if the "<" is plain text."""
        tag_name = TAG_NAME.match(self._text, at + 1)
        if tag_name:
            return self._tag(at, tag_name)
        if self._text.startswith("<!--", at):
            if self._text.startswith((">", "->"), at + 4):
                return Token(kind="other", start=at, end=self._end_of(">", at))
            return Token(kind="other", start=at, end=self._end_of("-->", at + 4))
        if self._text.startswith(("<!", "<?", "</"), at):
            return Token(kind="other", start=at, end=self._end_of(">", at))
        return None

    def _tag(self, start: int, tag_name: re.Match[str]) -> Token:
        name = tag_name[0].lower()
        attributes: list[tuple[str, Span]] = []
        at = self._skip_gap(tag_name.end())
        while at < len(self._text) and self._text[at] != ">":
            attribute = ATTRIBUTE.match(self._text, at)
            if attribute is None:  # impossible: `_skip_gap` stops at the first character of an attribute name
                break
            at = attribute.end()
            span = Span(start=at, end=at)
            if "=" in self._text[attribute.end(1) : at]:
                span, at = self._value(at)
            key = attribute[1].lower()
            if name in METADATA_ELEMENTS or key in KEPT_ATTRIBUTES:
                attributes.append((key, span))
            at = self._skip_gap(at)
        kind: Literal["open", "close"] = "close" if name.startswith("/") else "open"
        end = min(at + 1, len(self._text))
        return Token(kind=kind, start=start, end=end, name=name.lstrip("/"), attributes=tuple(attributes))

    def _value(self, at: int) -> tuple[Span, int]:
        """Return the span of the attribute value that begins at `at`, and the position after it."""
        quote = self._text[at : at + 1]
        if quote in {'"', "'"}:
            end = self._find(quote, at + 1)
            if end != -1:
                return Span(start=at + 1, end=end), end + 1
        unquoted = UNQUOTED_VALUE.match(self._text, at)
        end = unquoted.end() if unquoted else at
        return Span(start=at, end=end), end

    def _skip_gap(self, at: int) -> int:
        gap = ATTRIBUTE_GAP.match(self._text, at)
        return gap.end() if gap else at

    def _raw_end(self, name: str, at: int) -> int:
        """Return the end of the content of a raw element: its end tag, or the end of the source."""
        end_tag = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._text, at)
        return end_tag.start() if end_tag else len(self._text)

    def _end_of(self, terminator: str, at: int) -> int:
        """Return the position after the next terminator, or the end of the source if there is none."""
        position = self._find(terminator, at)
        return len(self._text) if position == -1 else position + len(terminator)

    def _find(self, substring: str, at: int) -> int:
        """Return the next position of a substring, or -1; failed searches are not repeated, for linear time."""
        if substring in self._missing:
            return -1
        position = self._text.find(substring, at)
        if position == -1:
            self._missing.add(substring)
        return position

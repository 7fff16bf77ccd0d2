"""The `time` elements of a page, and the elements that are marked as the date of a change.

Pages label a date before the `time` element ("Updated <time>"), inside it, or with a class or property.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wherefrom.index.cleaning.metadata.date_labels import is_publication_label, names_other_date
from wherefrom.index.cleaning.metadata.markup.json_ld import DeclaredValue
from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.sources.html_tokenizer import VOID_ELEMENTS, Token, end_tag
from wherefrom.index.text.dates import find_dates, parse_declared_date
from wherefrom.index.types import Span

NAMES = ("class", "itemprop", "id", "property")
CHANGED = re.compile(r"updat|modif|edited|changed", re.IGNORECASE)
# WordPress marks the date of a post that was never changed as "published updated".
PUBLISHED = re.compile(r"publish", re.IGNORECASE)
# A class, id or property of an element other than `time` that is a date of change; "news-updates" is none.
CHANGE_NAME = re.compile(
    r"(?:[a-z\d]+[-_]+)*(?:date|time|last)?(?:(?:updated|modified|changed)(?:[-_]*(?:date|time|on|at))?|lastmod)",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
MAX_NAME_CHARACTERS = 60
MAX_CONTENT_TOKENS, MAX_CONTENT_CHARACTERS = 11, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTime:
    """A `time` element with a date: its value, and whether it is marked as the publication date or a date of change.

    `label` is the text inside the element that labels the date.
    """

    declared: DeclaredValue
    day: date
    label: str
    is_change: bool

    @property
    def is_publication(self) -> bool:
        """Whether the text inside the element labels the date as the publication date."""
        return not self.is_change and is_publication_label(self.label)


def marked_time(text: str, markup: Sequence[Token], index: int) -> MarkedTime | None:
    """Return the `time` element whose start tag is at `index`, or `None` if it declares no date."""
    token = markup[index]
    span, value = token.span("datetime"), token.value(text, "datetime")
    day = parse_declared_date(value) if value else None
    if span is None or value is None or day is None:
        return None
    content = OffsetMap.build(text, tuple(_content(markup, index)), "text/html").text
    label = _label(content, day)
    is_change = _is_marked_as_change(text, token) or (names_other_date(label) and not is_publication_label(label))
    return MarkedTime(declared=DeclaredValue(value=value, span=span), day=day, label=label, is_change=is_change)


def change_spans(text: str, markup: Sequence[Token]) -> Iterator[Span]:
    """Yield the content of the short elements that are marked as the date of a change, by a name or by their text."""
    for index, token in enumerate(markup):
        if token.kind != "open" or token.name in VOID_ELEMENTS:
            continue
        marked = marked_time(text, markup, index) if token.name == "time" else None
        if marked.is_change if marked else _is_marked_as_change(text, token):
            content = _content(markup, index)
            if content and content[-1].end - content[0].start <= MAX_CONTENT_CHARACTERS:
                yield Span(start=content[0].start, end=content[-1].end)


def _is_marked_as_change(text: str, token: Token) -> bool:
    names = " ".join(token.value(text, name) or "" for name in NAMES)
    if PUBLISHED.search(names):
        return False
    if token.name == "time":
        return bool(CHANGED.search(names))
    return any(len(name) <= MAX_NAME_CHARACTERS and CHANGE_NAME.fullmatch(name) for name in names.split())


def _content(markup: Sequence[Token], index: int) -> list[Span]:
    """Return the spans of the text inside an element, empty for an element of more than MAX_CONTENT_TOKENS."""
    inside = markup[index : end_tag(markup, index, MAX_CONTENT_TOKENS) or index]
    return [Span(start=token.start, end=token.end) for token in inside if token.kind == "text"]


def _label(content: str, day: date) -> str:
    """Return the text before the date `day` in the content of an element, and after the last date if it has no digit.

    Without that date, it is the whole content.
    """
    before = 0
    matches = list(find_dates(content))
    for match in matches:
        if match.day == day:
            after = content[match.end :] if match is matches[-1] else ""
            return content[before : match.start] + ("" if DIGIT.search(after) else after)
        before = match.end
    return content

"""The declarations around the headline of a page: the date in a `time` element, and the names in a byline.

Only the markup from just above the headline to the second paragraph or lead is searched; below are the dates and
authors of other stories and of comments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from wherefrom.index.cleaning.metadata.date_labels import is_publication_label, names_other_date
from wherefrom.index.cleaning.metadata.markup.json_ld import DeclaredValue
from wherefrom.index.cleaning.metadata.markup.marked_times import change_spans, marked_time
from wherefrom.index.cleaning.metadata.person_names import person_names
from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.sources.html_text_runs import trim_spans
from wherefrom.index.sources.html_tokenizer import VOID_ELEMENTS, Token, end_tag
from wherefrom.index.text.dates import parse_declared_date
from wherefrom.index.types import Span

HEADLINE_ELEMENTS = frozenset(("h1", "h2", "h3"))
MIN_HEADLINE_WORDS = 3
MIN_OVERLAP = 0.3
WORD = re.compile(r"\w+")
MAX_TOKENS_ABOVE = 40
MAX_TOKENS_BELOW = 400
# Smallest length of a paragraph or a lead; no byline or date of the article is below the second of these.
MIN_PARAGRAPH_CHARACTERS = 120
MAX_PARAGRAPHS = 2
MAX_LABEL_CHARACTERS = 40
MAX_BYLINE_CHARACTERS = 200
MAX_BYLINE_TOKENS = 59
BYLINE_CLASS = re.compile(
    r"(?:^|[-_])(?:by-?line|author|writer|contributor)s?(?:[-_]{1,2}(?:name|link|text|title))?s?$", re.IGNORECASE
)
# Elements that end the scope of a label.
LABEL_ENDS = HEADLINE_ELEMENTS | {"time", "p", "li", "figure", "figcaption", "nav", "header", "title"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedHeading:
    """A heading of a page: its element, the index of its tag among the tokens, and its text."""

    element: str
    index: int
    declared: DeclaredValue


def page_headings(text: str, markup: Sequence[Token]) -> list[MarkedHeading]:
    """Return the headings of the first three ranks with text."""
    headings: list[MarkedHeading] = []
    opened: int | None = None
    spans: list[Span] = []
    for index, token in enumerate(markup):
        if token.name in HEADLINE_ELEMENTS and token.kind == "open":
            opened, spans = index, []
        elif token.name in HEADLINE_ELEMENTS and token.kind == "close" and opened is not None:
            value = text_value(text, trim_spans(text, spans))
            if value.value and markup[opened].name == token.name:
                headings.append(MarkedHeading(element=token.name, index=opened, declared=value))
            opened = None
        elif token.kind == "text" and opened is not None:
            spans.append(Span(start=token.start, end=token.end))
    return headings


def find_headline(headings: Sequence[MarkedHeading], title: str | None) -> MarkedHeading | None:
    """Return the headline of a page: the longest heading that its title repeats, or else its only first-rank heading.

    A first-rank heading that shares too few words with the title is the name of a section or of the site.
    """
    first_rank = [heading for heading in headings if heading.element == "h1"]
    only = first_rank[0] if len(first_rank) == 1 else None
    if title is None:
        return only
    words = _words(title)
    repeated = [heading for heading in headings if f" {_words(heading.declared.value)} " in f" {words} "]
    best = max(repeated, key=lambda heading: len(heading.declared.value.split()), default=None)
    if best is not None and (best.element == "h1" or len(best.declared.value.split()) >= MIN_HEADLINE_WORDS):
        return best
    return only if only and _overlap(_words(only.declared.value), words) >= MIN_OVERLAP else None


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _overlap(words: str, others: str) -> float:
    """Return the number of common words as a share of the distinct words of the shorter text."""
    first, second = set(words.split()), set(others.split())
    return len(first & second) / max(min(len(first), len(second)), 1)


def text_value(text: str, spans: tuple[Span, ...]) -> DeclaredValue:
    """Return the text of the spans of a page as a declared value."""
    collapsed = OffsetMap.build(text, spans, "text/html").text
    whole = Span(start=spans[0].start, end=spans[-1].end) if spans else Span(start=0, end=0)
    return DeclaredValue(value=collapsed, span=whole)


def headline_range(text: str, markup: Sequence[Token], headline: int) -> range:
    """Return the indices of the tokens from above the headline, whose tag is at `headline`, to the second paragraph."""
    paragraphs = 0
    end = headline
    for end in range(headline, min(headline + MAX_TOKENS_BELOW, len(markup))):
        token = markup[end]
        if token.kind == "text" and len(text[token.start : token.end].strip()) >= MIN_PARAGRAPH_CHARACTERS:
            paragraphs += 1
            if paragraphs == MAX_PARAGRAPHS:
                break
    return range(max(headline - MAX_TOKENS_ABOVE, 0), end)


def headline_times(text: str, markup: Sequence[Token], nearby: range) -> Iterator[DeclaredValue]:
    """Yield the publication date in a `time` element near the headline, unless there are several days.

    Dates that are labelled as the publication date, before or inside the element, have precedence; dates of changes are
    ignored.
    """
    found: list[tuple[bool, DeclaredValue]] = []
    changes = list(change_spans(text, markup[nearby.start : nearby.stop]))
    label = ""
    for index in nearby:
        token = markup[index]
        if token.kind == "text":
            label = f"{label} {text[token.start : token.end]}"[-MAX_LABEL_CHARACTERS:]
        elif token.kind == "open" and token.name == "time":
            marked = marked_time(text, markup, index)
            inside = any(change.start <= token.end < change.end for change in changes)
            if marked and not marked.is_change and not inside and not names_other_date(label):
                found.append((is_publication_label(label) or marked.is_publication, marked.declared))
        elif token.kind == "close" and token.name in LABEL_ENDS:
            label = ""
    labelled = [declared for is_labelled, declared in found if is_labelled]
    candidates = labelled or [declared for _, declared in found]
    if len({parse_declared_date(declared.value) for declared in candidates}) == 1:
        yield candidates[0]


def headline_bylines(text: str, markup: Sequence[Token], nearby: range) -> Iterator[DeclaredValue]:
    """Yield the text of the first element near the headline that is marked as a byline and names a person."""
    yield from islice(marked_bylines(text, markup, nearby), 1)


def marked_bylines(text: str, markup: Sequence[Token], indices: range) -> Iterator[DeclaredValue]:
    """Yield the texts of the elements in a range of the tokens that are marked as a byline and name a person."""
    for index in indices:
        token = markup[index]
        if token.kind == "open" and token.name not in VOID_ELEMENTS and _is_byline(text, token):
            declared = _content(text, markup, index)
            if declared and any(len(name.split()) > 1 for name in person_names(declared.value)):
                yield declared


def _is_byline(text: str, token: Token) -> bool:
    if "author" in (token.value(text, "rel") or "").lower().split():
        return True
    if "author" in (token.value(text, "itemprop") or "").lower().split():
        return True
    return any(BYLINE_CLASS.search(name) for name in (token.value(text, "class") or "").split())


def _content(text: str, markup: Sequence[Token], index: int) -> DeclaredValue | None:
    """Return the text of an element, or `None` if it is empty or longer than MAX_BYLINE_CHARACTERS."""
    inside = markup[index : end_tag(markup, index, MAX_BYLINE_TOKENS) or index + MAX_BYLINE_TOKENS + 1]
    spans = [Span(start=token.start, end=token.end) for token in inside if token.kind == "text"]
    declared = text_value(text, trim_spans(text, spans))
    return declared if 0 < len(declared.value) <= MAX_BYLINE_CHARACTERS else None

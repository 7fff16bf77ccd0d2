"""Text of a page that is in no paragraph: deleted text, note marks, and numbers that would become other numbers.

A paragraph is a concatenation of pieces of the source, so an exponent cannot be written as one: "10<sup>9</sup>" would
be cited as "109". The whole number is left out. Raised digits after any other number or name are a note mark.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.sources.character_references import resolve_references
from wherefrom.index.sources.html_elements import BLOCK_ELEMENTS
from wherefrom.index.sources.html_text_runs import DELETED, NOTE_MARK, RAISED_NUMBER
from wherefrom.index.sources.html_tokenizer import Token, end_tag
from wherefrom.index.types import Span

DELETING_ELEMENTS = frozenset(("del", "s", "strike"))
# An element with more of the text of a page is misused or not closed.
MAX_DELETED_SHARE = 0.5
# One mark, and several of them in one element. A number of a page or of a note has up to three digits.
BRACKETED_MARK = r"[\[({]\s*(?:(?:notes?|nb|n|fn|ref)\.?\s*)?(?:\d{1,3}|[a-z]|[ivxlc]{1,6})\s*[\])}]"
MARK = rf"(?:{BRACKETED_MARK}|\d{{1,3}}|[ivx]{{1,5}}|[a-z]|[*†‡§¶]{{1,3}})"
MARKS = re.compile(rf"{MARK}(?:[\s,;\u2013-]+{MARK}|{BRACKETED_MARK})*", re.IGNORECASE)
NUMBERS = re.compile(r"\d{1,3}(?:[\s,;\u2013-]+\d{1,3})*")
BRACKETED = re.compile(r"(?:\[[^\[\]]{1,40}\]\s*)+")
BACK_LINK = re.compile(r"[\^\u2191\u21a9\u21b5\u21b0\u23ce\u2934\ufe0e\ufe0f\s]{1,4}")
# Fragments, classes and ids of notes and of the marks that refer to them.
NOTE_NAME = re.compile(
    r"(?:^|[-_.:\s])(?:(?:sd)?(?:foot|end)-?notes?|note-?ref|(?:fn|ftn|edn)(?:ref)?|notes?|n|nb|cite|refs?|references?)"
    r"(?=$|[-_.:\s\d])",
    re.IGNORECASE,
)
NOTE_ROLES = frozenset(("doc-noteref", "doc-backlink"))
# A raised number after one of these is no exponent; after a digit and a full stop it may be cents.
SENTENCE_END = re.compile(r"(?:[^\d\s][.,]|[!?;:\u2026\"\u201d\u2019\u00bb])$")
MAX_ELEMENT_TOKENS, MAX_MARK_CHARACTERS, MAX_MARK_SOURCE_CHARACTERS = 12, 60, 600
MAX_REFERENCE_CHARACTERS = 12
# The number or the word before a raised or lowered digit, with a factor, and what belongs to it after it.
SPACE = r"(?:\s|&(?:nbsp|thinsp);)*"
BASE = re.compile(
    rf"(?:\d[\d.,]*{SPACE}(?:[\u00d7x\u00b7\u22c5*]|&(?:times|middot|sdot);){SPACE})?"
    r"[-\u2212+\u00b1~]?[$\u20ac\u00a3\u00a5]?[0-9A-Za-z\u00c0-\u024f.,/'\u2019_-]*\d$"
)
REST = re.compile(r"[-\u2212\u2013+]?\d+(?:[.,]\d+)*(?:[/\u2044\u2013-]\d+)?(?:-?[A-Za-z\u00c0-\u024f]+)*")
BASE_OF_POWER = re.compile(r"(?:^|[^\w.,])(?:2|10)$|[\u00d7\u22c5*]|&(?:times|middot|sdot);")
"""The end of a text before an exponent: texts give powers of ten and of two. Other raised digits are a note mark."""
PRICE = re.compile(r"[$\u20ac\u00a3\u00a5]\d+")
SLASHES = ("/", "\u2044")
SIGNED = re.compile(r"[-\u2212\u2013+]?\d")
MAX_BASE_CHARACTERS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A text token, and whether it is raised ("sup"), lowered ("sub") or neither ("")."""

    span: Span
    level: str


def leave_out(text: str, markup: Sequence[Token]) -> list[Token]:
    """Return the tokens of a page, with those of text that is left out as hidden ("raw") ones named by their rule."""
    marked = [*_deleted(markup), *_note_marks(text, markup)]
    ranges = _outermost([*marked, *_raised_numbers(text, _with_ranges(markup, _outermost(marked)))])
    return list(_with_ranges(markup, ranges)) if ranges else list(markup)


Range = tuple[int, int, str]
"""The start and the end of text that is left out, and its rule."""


def _outermost(ranges: Iterable[Range]) -> list[Range]:
    """Return the ranges in order without those inside another."""
    found: list[Range] = []
    for start, end, rule in sorted(ranges, key=lambda each: (each[0], -each[1])):
        edge = found[-1][1] if found else 0
        if max(start, edge) < end:
            found.append((max(start, edge), end, rule))
    return found


def _with_ranges(markup: Iterable[Token], ranges: Sequence[Range]) -> Iterator[Token]:
    """Yield the tokens, with text tokens divided at the ranges; their parts inside ranges are of the kind "raw"."""
    position = 0
    for token in markup:
        while position < len(ranges) and ranges[position][1] <= token.start:
            position += 1
        if token.kind != "text":
            yield token
            continue
        at, following = token.start, position
        while following < len(ranges) and ranges[following][0] < token.end:
            start, end, rule = ranges[following]
            start, end = max(start, at), min(end, token.end)
            if at < start:
                yield replace(token, start=at, end=start)
            yield replace(token, kind="raw", name=rule, start=start, end=end)
            at = end
            following += 1
        if at < token.end:
            yield replace(token, start=at)


def _deleted(markup: Sequence[Token]) -> Iterator[Range]:
    """Yield the content of the elements of deleted text that have an end tag."""
    total = sum(token.end - token.start for token in markup if token.kind == "text")
    opened: dict[str, list[int]] = {name: [] for name in DELETING_ELEMENTS}
    seen = 0
    texts_before: dict[int, int] = {}
    for token in markup:
        if token.kind == "text":
            seen += token.end - token.start
        elif token.name in DELETING_ELEMENTS and token.kind == "open":
            opened[token.name].append(token.end)
            texts_before[token.end] = seen
        elif token.name in DELETING_ELEMENTS and token.kind == "close" and opened[token.name]:
            start = opened[token.name].pop()
            if seen - texts_before[start] <= MAX_DELETED_SHARE * total:
                yield start, token.start, DELETED


def _note_marks(text: str, markup: Sequence[Token]) -> Iterator[Range]:
    """Yield the content of the links to notes and back, and of raised marks."""
    raised = 0
    before = ""
    for index, token in enumerate(markup):
        if token.kind == "text":
            before = text[max(token.end - MAX_REFERENCE_CHARACTERS, token.start) : token.end]
        elif token.name in BLOCK_ELEMENTS or token.name == "br":
            raised, before = 0, ""
        elif token.name == "sup":
            raised = max(raised + (1 if token.kind == "open" else -1), 0)
        if token.kind == "open" and token.name in {"a", "sup"}:
            inner = _inner(markup, index)
            spans = tuple(Span(start=each.start, end=each.end) for each in inner if each.kind == "text")
            if not spans or spans[-1].end - spans[0].start > MAX_MARK_SOURCE_CHARACTERS:
                continue
            mark = OffsetMap.build(text, spans, "text/html").text
            has_sup = raised > 0 or any(each.name == "sup" for each in inner)
            if token.name == "a":
                is_mark = _is_note_link(text, token, mark, raised=has_sup)
            else:
                links = [each for each in inner if each.name == "a" and each.kind == "open"]
                is_mark = _is_raised_mark(text, token, mark, resolve_references(before), links)
            if is_mark:
                yield token.end, inner[-1].end, NOTE_MARK


def _inner(markup: Sequence[Token], index: int) -> Sequence[Token]:
    """Return the tokens inside a short element, empty for one of more than MAX_ELEMENT_TOKENS."""
    return markup[index + 1 : end_tag(markup, index, MAX_ELEMENT_TOKENS) or 0]


def _is_note_link(text: str, link: Token, mark: str, *, raised: bool) -> bool:
    """Return whether a link leads to a note, or from a note back to its mark."""
    address = link.value(text, "href") or ""
    page, hash_mark, fragment = address.partition("#")
    if not hash_mark or len(mark) > MAX_MARK_CHARACTERS:
        return False
    if not page and BACK_LINK.fullmatch(mark):
        return True
    named = NOTE_NAME.search(f"{fragment} {link.value(text, 'class') or ''}") or link.value(text, "role") in NOTE_ROLES
    return bool(MARKS.fullmatch(mark)) and bool(named or (not page and (raised or BRACKETED.fullmatch(mark))))


def _is_raised_mark(text: str, token: Token, mark: str, before: str, links: Sequence[Token]) -> bool:
    """Return whether a raised text is a note mark: by its links or its name, or as a number after a sentence.

    A mark in brackets without either is kept: it makes no other number, and texts copied from pages have it too.
    """
    if len(mark) > MAX_MARK_CHARACTERS:
        return False
    if links and BRACKETED.fullmatch(mark):
        return True
    named = NOTE_NAME.search(f"{token.value(text, 'class') or ''} {token.value(text, 'id') or ''}")
    leads = any(_is_note_link(text, each, "1", raised=True) for each in links)
    if MARKS.fullmatch(mark) and (leads or named or token.value(text, "role") in NOTE_ROLES):
        return True
    return bool(NUMBERS.fullmatch(mark) and SENTENCE_END.search(before))


def _raised_numbers(text: str, markup: Iterable[Token]) -> Iterator[Range]:
    """Yield the numbers in which raised or lowered digits directly follow others, or others follow them."""
    pieces: list[_Piece] = []
    level = ""
    for token in markup:
        if token.kind == "text":
            pieces.append(_Piece(span=Span(start=token.start, end=token.end), level=level))
        elif token.name in {"sup", "sub"}:
            level = token.name if token.kind == "open" else ""
        elif token.name in BLOCK_ELEMENTS or token.name == "br":
            yield from _raised_numbers_in_line(text, pieces)
            pieces, level = [], ""
    yield from _raised_numbers_in_line(text, pieces)


def _raised_numbers_in_line(text: str, pieces: Sequence[_Piece]) -> Iterator[Range]:
    if not any(piece.level for piece in pieces):
        return
    joined = "".join(text[piece.span.start : piece.span.end] for piece in pieces)
    edges: list[int] = [0]
    for piece in pieces:
        edges.append(edges[-1] + piece.span.end - piece.span.start)
    done = 0
    for number in range(1, len(pieces)):
        edge = edges[number]
        entering = pieces[number].level
        if edge < done or pieces[number - 1].level == entering or not joined[edge - 1].isdigit():
            continue
        if not (SIGNED.match(joined, edge) if entering else joined[edge].isdigit()):
            continue
        base = BASE.search(joined, max(edge - MAX_BASE_CHARACTERS, 0), edge)
        rest = REST.match(joined, edge, min(edge + MAX_BASE_CHARACTERS, len(joined)))
        if not base or not rest:
            continue
        after = edges[number + 1]
        is_mark = (
            entering == "sup" and NUMBERS.fullmatch(joined, edge, after) and joined[after : after + 1] not in SLASHES
        )
        if is_mark and not BASE_OF_POWER.search(base[0]) and not PRICE.fullmatch(base[0]):
            yield from _in_source(pieces, edges, edge, after, NOTE_MARK)
            done = after
        else:
            yield from _in_source(pieces, edges, base.start(), rest.end(), RAISED_NUMBER)
            done = rest.end()


def _in_source(pieces: Sequence[_Piece], edges: Sequence[int], start: int, end: int, rule: str) -> Iterator[Range]:
    """Yield the ranges of the source of the joined text from `start` to `end`."""
    for number in range(bisect_right(edges, start) - 1, bisect_left(edges, end)):
        span, edge = pieces[number].span, edges[number]
        first, last = max(start - edge, 0), min(end - edge, span.end - span.start)
        if first < last:
            yield span.start + first, span.start + last, rule

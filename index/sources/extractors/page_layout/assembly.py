"""Assembles the characters of pages into a text: paragraphs in reading order, then furniture, with a box per line."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wherefrom.index.extraction import Box, ExtractedPage
from wherefrom.index.sources.extractors.page_layout.furniture import furniture_lines
from wherefrom.index.sources.extractors.page_layout.line_ends import WORD, LineEnds
from wherefrom.index.sources.extractors.page_layout.line_numbers import line_numbers
from wherefrom.index.sources.extractors.page_layout.paragraphs import (
    PageParagraph,
    PageShape,
    continues_elsewhere,
    fit_columns,
    is_heading,
    page_shape,
    paragraphs_of,
)
from wherefrom.index.sources.extractors.page_layout.reading_order import Line, lines_in_order
from wherefrom.index.sources.extractors.page_layout.runs import Character, Run, runs_of
from wherefrom.index.text.analyzer import STOP_WORDS
from wherefrom.index.types import Dropped

PARAGRAPH_BREAK = "\n\n"
DECIMALS = 2
ROTATED_RULE, LINE_NUMBER_RULE = "rotated-text", "line-number"
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
"""Ligatures and their letters."""
MOSTLY_WORDS = frozenset("ai\u00e0")
"""Letters that begin an article as a word of their own about as often as with the rest of a word."""
WORD_START = re.compile(
    r"(?:[bcdfghjklmnpqrstvwxz]|[bcfgkp]l|[bcdfgkptw]r|[cgpstw]h|s[ckmnptwq]|s[cpt]r|t?hr|tw|dw|kn|gn|qu)[aeiouy\u00c0-\u017f]"
)
"""The start of a word after the article "a": consonants that words begin with, and a vowel."""


@dataclass(slots=True)
class PageCharacters:
    """A page: its size in points, its upright characters in drawing order, and its rotated characters.

    `None` among the characters is a break between lines. If most characters are turned by one to three quarter turns,
    `turn` is their number, clockwise, and positions count as if the page was turned back. For text from right to left,
    `mirrored` is true and positions count from the right edge.
    """

    width: float
    height: float
    characters: Sequence[Character | None]
    rotated: Sequence[Character | None] = ()
    turn: int = 0
    mirrored: bool = False

    @property
    def reading_width(self) -> float:
        """The width of the page as it is read, in points."""
        return self.height if self.turn % 2 else self.width

    @property
    def reading_height(self) -> float:
        """The height of the page as it is read, in points."""
        return self.width if self.turn % 2 else self.height

    def shown(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom on the page as it is shown, from those on the page as it is read."""
        if self.mirrored:
            left, right = self.reading_width - right, self.reading_width - left
        if self.turn == 1:
            return self.width - bottom, left, self.width - top, right
        if self.turn == 2:  # noqa: PLR2004 - upside down
            return self.width - right, self.height - bottom, self.width - left, self.height - top
        if self.turn == 3:  # noqa: PLR2004 - read upwards
            return top, self.height - right, bottom, self.height - left
        return left, top, right, bottom


@dataclass(slots=True)
class AssembledText:
    """The text of all pages, and the details of its parts; see `ExtractedText`."""

    text: str = ""
    pages: list[ExtractedPage] = field(default_factory=list)
    furniture: list[Dropped] = field(default_factory=list)
    continuations: set[int] = field(default_factory=set)
    headings: set[int] = field(default_factory=set)
    pages_without_text: list[int] = field(default_factory=list)
    """The numbers of the pages without text, or with furniture only."""


@dataclass(slots=True)
class _PageParts:
    """The text paragraphs of a page, and its furniture paragraphs with their rules."""

    paragraphs: list[PageParagraph]
    furniture: list[tuple[str, PageParagraph]]


def assemble(pages: Sequence[PageCharacters]) -> AssembledText:
    """Return the text of all pages, with its parts."""
    runs = [list(runs_of(page.characters)) for page in pages]
    numbers = [line_numbers(of_page) for of_page in runs]
    lines = [list(map(_cleaned, lines_in_order(_without(*each)))) for each in zip(runs, numbers, strict=True)]
    _join_drop_caps([line for page_lines in lines for line in page_lines])
    shape = page_shape([line for page_lines in lines for line in page_lines])
    rules = furniture_lines([(page.reading_height, of_page) for page, of_page in zip(pages, lines, strict=True)], shape)
    parts = []
    for page, page_lines, page_rules, page_numbers in zip(pages, lines, rules, numbers, strict=True):
        body = [line for index, line in enumerate(page_lines) if index not in page_rules]
        fit_columns(body, shape)
        furniture = list(_furniture(page_lines, page_rules, shape))
        furniture += [(LINE_NUMBER_RULE, PageParagraph([Line([run])])) for run in page_numbers]
        furniture += [(ROTATED_RULE, PageParagraph([Line([run])])) for run in _rotated_runs(page)]
        parts.append(_PageParts(paragraphs_of(body, shape), furniture))
    return _Writer(LineEnds(line.text for of_page in lines for line in of_page), shape).write(pages, parts)


def _without(runs: Sequence[Run], left_out: Sequence[Run]) -> list[Run]:
    left_out_ids = set(map(id, left_out))
    return [run for run in runs if id(run) not in left_out_ids]


def _join_drop_caps(lines: Sequence[Line]) -> None:
    """Join each drop cap that may be a word, such as A, with the text beside it if that is the rest of its word."""
    capped = [line for line in lines if line.has_drop_cap and line.text[1:2] == " "]
    if capped:
        counts = Counter(word for line in lines for word in WORD.findall(line.text.casefold()))
        for line in capped:
            cap, following, *_ = [*WORD.findall(line.text.casefold()), "", ""]
            if following and _is_rest_of_word(cap, following, counts):
                line.text = line.text[0] + line.text[2:]


def _is_rest_of_word(cap: str, following: str, counts: Mapping[str, int]) -> bool:
    """Return whether a capital and the letters beside it are one word, which other words of the text or English tell.

    Without such words, letters that could begin a word are one: "A fisherman", but "Although" and "Australia".
    """
    joined = cap + following
    if counts.get(joined) or joined in STOP_WORDS:
        return True
    if following in STOP_WORDS or counts.get(following, 0) > 1:
        return False
    return cap not in MOSTLY_WORDS or WORD_START.match(following) is None


def _furniture(lines: Sequence[Line], rules: dict[int, str], shape: PageShape) -> Iterator[tuple[str, PageParagraph]]:
    for rule in dict.fromkeys(rules.values()):
        of_rule = [lines[index] for index in sorted(rules) if rules[index] == rule]
        grouped = paragraphs_of(of_rule, shape) if rule == "footnote" else [PageParagraph([line]) for line in of_rule]
        yield from ((rule, paragraph) for paragraph in grouped)


def _rotated_runs(page: PageCharacters) -> Iterator[Run]:
    """Yield the rotated text as runs of the characters between two breaks, regardless of their positions."""
    word: list[Character] = []
    text = ""
    for character in (*page.rotated, None):
        if character is not None:
            text += character.text
            word += [character] if character.text.strip() else []
        elif word:
            edges = [(each.left, each.top, each.right, each.bottom) for each in word]
            left, top, right, bottom = (min(e[0] for e in edges), min(e[1] for e in edges), 0.0, 0.0)
            right, bottom = max(e[2] for e in edges), max(e[3] for e in edges)
            joined = " ".join(text.split())
            yield Run(text=joined, left=left, top=top, right=right, bottom=bottom, size=word[0].size)
            word, text = [], ""


def _cleaned(line: Line) -> Line:
    line.text = unicodedata.normalize("NFC", line.text.translate(LIGATURES))
    return line


class _Writer:
    def __init__(self, line_ends: LineEnds, shape: PageShape) -> None:
        self._line_ends = line_ends
        self._shape = shape
        self._pieces: list[str] = []
        self._offset = 0

    def write(self, pages: Sequence[PageCharacters], parts: Sequence[_PageParts]) -> AssembledText:
        result = AssembledText()
        last: PageParagraph | None = None
        for number, (page, part) in enumerate(zip(pages, parts, strict=True), 1):
            start = self._offset + (len(PARAGRAPH_BREAK) if self._offset else 0)
            if not part.paragraphs:
                result.pages_without_text.append(number)
            boxes: list[Box] = []
            for position, paragraph in enumerate(part.paragraphs):
                self._break()
                if position == 0 and last is not None and continues_elsewhere(last, paragraph):
                    result.continuations.add(self._offset)
                elif is_heading(paragraph, self._following(part, position), self._shape):
                    result.headings.add(self._offset)
                boxes += self._write(paragraph, page)
                last = paragraph
            for rule, paragraph in part.furniture:
                self._break()
                begun = self._offset
                boxes += self._write(paragraph, page)
                result.furniture.append(Dropped(start=begun, end=self._offset, rule=rule))
            width, height = round(page.width, DECIMALS), round(page.height, DECIMALS)
            start = min(start, self._offset)
            result.pages.append(
                ExtractedPage(
                    number=number, width=width, height=height, start=start, end=self._offset, boxes=tuple(boxes)
                )
            )
        result.text = "".join(self._pieces)
        return result

    def _following(self, part: _PageParts, position: int) -> PageParagraph | None:
        return part.paragraphs[position + 1] if position + 1 < len(part.paragraphs) else None

    def _break(self) -> None:
        if self._offset:
            self._add(PARAGRAPH_BREAK)

    def _add(self, piece: str) -> None:
        self._pieces.append(piece)
        self._offset += len(piece)

    def _write(self, paragraph: PageParagraph, page: PageCharacters) -> Iterator[Box]:
        """Write the lines of a paragraph and return a box for each."""
        boxes = []
        for line, following in pairwise((*paragraph.lines, None)):
            assert line is not None  # noqa: S101 - only the last is none
            text, space = line.text, ""
            if following is not None:
                if self._line_ends.is_broken(text, following.text):
                    text = text[:-1]
                elif not self._line_ends.is_compound(text, following.text):
                    space = " "
            start = self._offset
            self._add(text)
            boxes.append(_box(line, start, self._offset, page))
            self._add(space)
        return iter(boxes)


def _box(line: Line, start: int, end: int, page: PageCharacters) -> Box:
    left, top, right, bottom = page.shown(line.left, line.top, line.right, line.bottom)
    return Box(
        start=start,
        end=end,
        left=round(left, DECIMALS),
        top=round(top, DECIMALS),
        right=round(right, DECIMALS),
        bottom=round(bottom, DECIMALS),
    )

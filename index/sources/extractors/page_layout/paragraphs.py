"""Groups lines in reading order into paragraphs, by their distance, indent and font, and by ends of sentences."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wherefrom.index.sources.extractors.page_layout.reading_order import Line

# A paragraph begins where the distance to the preceding line is larger than this multiple of the usual one.
MAX_PITCH = 1.3
# Range of possible distances between lines of one text, in font sizes.
MIN_DISTANCE, MAX_DISTANCE = 0.5, 3
# A paragraph begins where a line is indented by this many font sizes.
MIN_INDENT = 0.8
# A line whose end is farther than this share of the column's width from the edge is the last of a paragraph if a
# sentence ends there.
MIN_SHORT_SHARE = 0.12
# A line that fills less of its column is not wrapped: it ends a paragraph unless the next line begins in lower case.
MIN_WRAPPED_SHARE = 0.6
MAX_SIZE_CHANGE = 0.12
# Minimum number of lines, and minimum width of the median one as a share of the widest, of text that fills a column.
MIN_TEXT_LINES, MIN_TEXT_SHARE = 4, 0.75
MAX_HEADING_LINES = 4
# Minimum font size of a bold heading, as a share of the text's.
MIN_LIKE_TEXT = 0.85
LIST_MARK = re.compile(r"(?:[•·▪◦‣●■○►\u2013\u2014*-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s")
TERMINALS = tuple(".!?:;…\u3002\uff01\uff1f\u0964\u061f")
CLOSERS = "\"'\u201d\u2019\u00bb)]"


@dataclass(slots=True)
class PageParagraph:
    """The lines of a paragraph on one page."""

    lines: list[Line] = field(default_factory=list)

    @property
    def size(self) -> float:
        """The font size of the first line, in points."""
        return self.lines[0].size

    @property
    def text(self) -> str:
        """The lines, joined by spaces."""
        return " ".join(line.text for line in self.lines)

    @property
    def is_bold(self) -> bool:
        """Whether all lines are bold."""
        return all(line.bold for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageShape:
    """The usual measures of a document: the font size of its text in points, and the line distance in font sizes."""

    size: float
    pitch: float


def page_shape(lines: Sequence[Line]) -> PageShape:
    """Return the font size of most of the text, and the median distance of its lines in font sizes."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = max(sizes, key=lambda each: (sizes[each], each), default=10.0)
    pitches = sorted(_pitches(lines, size))
    return PageShape(size=size, pitch=pitches[len(pitches) // 2] if pitches else 1.2)


def _pitches(lines: Sequence[Line], size: float) -> Iterator[float]:
    for before, line in pairwise(lines):
        distance = (line.bottom - before.bottom) / size
        is_text = abs(line.size - size) < MAX_SIZE_CHANGE * size and abs(before.size - size) < MAX_SIZE_CHANGE * size
        if is_text and before.column == line.column and MIN_DISTANCE < distance < MAX_DISTANCE:
            yield distance


def fit_columns(lines: Sequence[Line], shape: PageShape) -> None:
    """Set the edges of each column to those of its text, if something else on the page is wider than the text.

    A page printed from a browser has a head and a foot as wide as the paper, above and below a narrow column of text.
    `lines` are those of a page without furniture.
    """
    columns: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.is_row and abs(line.size - shape.size) < MAX_SIZE_CHANGE * shape.size:
            columns[line.column].append(line)
    for of_column in columns.values():
        left, right = min(line.left for line in of_column), max(line.right for line in of_column)
        widths = sorted(line.right - line.left for line in of_column)
        if len(of_column) >= MIN_TEXT_LINES and widths[len(widths) // 2] >= MIN_TEXT_SHARE * widths[-1]:
            for line in of_column:
                line.column_left, line.column_right = left, right


def paragraphs_of(lines: Sequence[Line], shape: PageShape) -> list[PageParagraph]:
    """Return the paragraphs of a page's lines, in order."""
    paragraphs: list[PageParagraph] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if paragraphs and _goes_on(paragraphs[-1], line, following, shape):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(PageParagraph([line]))
    return paragraphs


def ends_sentence(text: str) -> bool:
    """Return whether a text ends like a sentence."""
    return text.rstrip().rstrip(CLOSERS).endswith(TERMINALS)


def continues_elsewhere(before: PageParagraph, after: PageParagraph) -> bool:
    """Return whether a paragraph continues with one at the top of another column or page."""
    first, last = after.lines[0], before.lines[-1]
    if last.is_row or first.is_row or abs(first.size - last.size) > MAX_SIZE_CHANGE * last.size:
        return False
    if first.bold != last.bold or ends_sentence(last.text) or LIST_MARK.match(first.text):
        return False
    if first.text[:1].islower():
        return True
    return _is_full(last) and not _is_indented(first) and len(before.lines) > 1 and len(after.lines) > 1


def _goes_on(paragraph: PageParagraph, line: Line, following: Line | None, shape: PageShape) -> bool:
    """Return whether a line belongs to the paragraph before it."""
    last = paragraph.lines[-1]
    if line.column != last.column:
        return continues_elsewhere(paragraph, PageParagraph([line, *([following] if following else [])]))
    if _is_of_other_kind(paragraph, line, following) or _is_apart(paragraph, line, shape):
        return False
    if _begins_item(paragraph, line) or _begins_by_indent(paragraph, line):
        return False
    if line.text[:1].islower():
        return True
    return not (_is_short(last) and ends_sentence(last.text)) and not _is_very_short(last)


def _is_of_other_kind(paragraph: PageParagraph, line: Line, following: Line | None) -> bool:
    """Return whether a line or the last one is a table row, or its size or weight differs from the paragraph's."""
    last = paragraph.lines[-1]
    if line.is_row or last.is_row or abs(line.size - last.size) > MAX_SIZE_CHANGE * max(last.size, line.size):
        return True
    if line.bold == last.bold:
        return False
    return paragraph.is_bold or (line.bold and following is not None and not following.bold)


def _is_apart(paragraph: PageParagraph, line: Line, shape: PageShape) -> bool:
    pitch = (line.bottom - paragraph.lines[-1].bottom) / line.size
    return not 0 <= pitch <= MAX_PITCH * _usual_pitch(paragraph, shape)


def _begins_item(paragraph: PageParagraph, line: Line) -> bool:
    last = paragraph.lines[-1]
    is_item = LIST_MARK.match(line.text) is not None
    return is_item and (_is_list(paragraph) or not _is_full(last) or ends_sentence(last.text))


def _begins_by_indent(paragraph: PageParagraph, line: Line) -> bool:
    is_indented = _is_indented(line) and not _is_indented(paragraph.lines[-1]) and not _hangs(paragraph, line)
    return is_indented or _outdents(paragraph, line)


def _usual_pitch(paragraph: PageParagraph, shape: PageShape) -> float:
    """Return the distance of the paragraph's last two lines, or the usual one of the document, in font sizes."""
    if len(paragraph.lines) > 1:
        before, last = paragraph.lines[-2:]
        own = (last.bottom - before.bottom) / last.size
        if MIN_DISTANCE < own < MAX_DISTANCE:
            return own
    return max(shape.pitch, 1.1)


def _is_list(paragraph: PageParagraph) -> bool:
    return LIST_MARK.match(paragraph.lines[0].text) is not None


def _is_full(line: Line) -> bool:
    width = max(line.column_right - line.column_left, 1.0)
    return line.column_right - line.right <= MIN_SHORT_SHARE * width


def _is_short(line: Line) -> bool:
    return not _is_full(line)


def _is_very_short(line: Line) -> bool:
    """Return whether a line is so short that it is not wrapped."""
    return line.right - line.column_left < MIN_WRAPPED_SHARE * (line.column_right - line.column_left)


def _is_indented(line: Line) -> bool:
    return line.left - line.column_left >= MIN_INDENT * line.size


def _hangs(paragraph: PageParagraph, line: Line) -> bool:
    """Return whether a line is the indented second line of a list item or of an entry with a hanging indent."""
    first = paragraph.lines[0]
    if len(paragraph.lines) > 1:
        return abs(line.left - paragraph.lines[-1].left) < MIN_INDENT * line.size
    return _is_list(paragraph) or (_is_full(first) and not ends_sentence(first.text))


def _outdents(paragraph: PageParagraph, line: Line) -> bool:
    """Return whether a line is outdented to the first line of a hanging indent: the next entry begins there."""
    if len(paragraph.lines) == 1 or _is_indented(line) or paragraph.lines[0].has_drop_cap:
        return False
    first, second = paragraph.lines[:2]
    return second.left - first.left >= MIN_INDENT * line.size and abs(line.left - first.left) < MIN_INDENT * line.size


def is_heading(paragraph: PageParagraph, following: PageParagraph | None, shape: PageShape) -> bool:
    """Return whether a paragraph is a heading of the following one: larger than the text, or bold."""
    if following is None or len(paragraph.lines) > MAX_HEADING_LINES or any(line.is_row for line in paragraph.lines):
        return False
    is_larger = paragraph.size > (1 + MAX_SIZE_CHANGE) * shape.size and paragraph.size >= following.size
    is_in_bold = paragraph.is_bold and not following.lines[0].bold and paragraph.size >= MIN_LIKE_TEXT * shape.size
    return (is_larger or is_in_bold) and not ends_sentence(paragraph.text)

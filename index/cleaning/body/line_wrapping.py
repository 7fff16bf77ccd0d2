"""Hard-wrapped text: detection of the column at which its lines were broken, and joining of the lines of a paragraph.

Wrapping is detected from the text: lines break within sentences, and only where the next word would not have fitted.
Where letters have no case, or all are capitals, the latter is the only evidence. Width is counted in columns; a Chinese
or Japanese character takes two.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from wherefrom.index.cleaning.block_features import UNSPACED, bullet_size, ends_sentence
from wherefrom.index.cleaning.boilerplate_phrases import BYLINE
from wherefrom.index.sources.lines import Line

# Wrapped prose is rarely narrower than a quotation in a mail or wider than a terminal line.
MIN_WRAP_WIDTH = 40
MAX_WRAP_WIDTH = 120
# Lines of Chinese and Japanese may be as narrow as the column of a newspaper.
MIN_WIDE_WRAP_WIDTH = 24
MAX_OVERLONG_SHARE = 0.05
MIN_BROKEN_SHARE = 0.3
# Where letter case is no evidence, more lines must be full than are by chance in a list.
MIN_FULL_PAIRS, MIN_FULL_SHARE = 2, 0.7
MIN_PARAGRAPH_INDENT = 2
WIDE = re.compile("[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]")
# Number of columns by which a line may be short: some characters may not begin or end a line, and some programs count
# characters.
WIDE_SLACK = 4
UNSPACED_MARK = re.compile("[\u3000-\u303f\uff01-\uff5e]")
# Marks that Chinese shares with languages that separate words; the characters next to them decide.
SHARED_MARKS = "\u2018\u2019\u201a\u201b\u201c\u201d\u2026"
# Quotation marks before the first word of a line; the French ones may have a space after them.
OPENING_QUOTES = re.compile("(?:[\"'\u2018-\u201f\u00bb\u203a]|[\u00ab\u2039]\\s?)*")
# The first word of a line with the marks around it, which French sets apart by no-break spaces.
FIRST_UNBROKEN = re.compile(rf"{OPENING_QUOTES.pattern}\S*(?:[\u00a0\u202f][^\w\s]\S*)?")
COLUMN_GAP = re.compile(r" {3,}|\t+| \| ")
NUMBERED = re.compile(r"\(?\d{1,3}[.)]\s|\[\d{1,3}\]\s")
# Characters that end a line within a word; a soft hyphen is visible only there.
HYPHENS = "-\u2010\u00ad\u00ac"
BROKEN_WORD = re.compile(rf"([^\W\d_]+)([{HYPHENS}])$")
FIRST_WORD = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# In text with broken words, about one line in ten ends in a hyphen; in text with broken compounds only, one in a
# hundred.
MIN_HYPHEN_SHARE, MIN_HYPHENS = 0.04, 2
MAX_PART_LETTERS = 24
MAX_QUOTES = 4
Join = Literal["space", "nothing", "without-hyphen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The column at which lines were broken; `wide_columns` is 1 if the program counted characters."""

    width: int
    wide_columns: Literal[1, 2] = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """The wrapping of a text: its margin and its hyphenation.

    `words` are the words of the text in lower case without the parts of words at broken line ends; `breaks_words` says
    whether the text hyphenates words at line ends.
    """

    margin: Margin
    words: AbstractSet[str]
    breaks_words: bool


def detect_wrapping(text: str, lines: Sequence[Line]) -> Wrapping | None:
    """Return the wrapping of the text of these lines, none of them blank; `None` if each line is a paragraph."""
    flowing = [line for line in lines if not _has_columns(text, line)]
    margin = _margin(text, flowing)
    if margin is None:
        return None
    hyphens = [line for line in flowing if _broken_word(text, line)]
    if not hyphens:
        return Wrapping(margin=margin, words=frozenset(), breaks_words=False)
    breaks_words = len(hyphens) >= MIN_HYPHENS and len(hyphens) >= MIN_HYPHEN_SHARE * len(flowing)
    return Wrapping(margin=margin, words=_whole_words(text, lines), breaks_words=breaks_words)


def continues(text: str, first: Line, second: Line, wrapping: Wrapping) -> bool:
    """Return whether the second of two adjacent lines continues the paragraph of the first."""
    if _columns(text, first) < _min_width(text, first) // 2 or _has_columns(text, first) or _has_columns(text, second):
        return False
    if _begins_item(text, second):
        return False
    if breaks_sentence(text, first, second) or (_broken_word(text, first) and text[second.start].isalpha()):
        return True
    if second.indent >= first.indent + MIN_PARAGRAPH_INDENT and not _begins_item(text, first):
        return False
    return _is_full(text, first, second, wrapping.margin)


def continues_after_page(text: str, first: Line, second: Line, wrapping: Wrapping) -> bool:
    """Return whether the first line of a page continues the last paragraph of the page before."""
    if _has_columns(text, first) or _has_columns(text, second) or _columns(text, first) < MIN_WRAP_WIDTH // 2:
        return False
    if breaks_sentence(text, first, second):
        return True
    is_cut = _is_caseless(text, first, second) and not ends_sentence(text[first.start : first.end])
    return is_cut and _is_full(text, first, second, wrapping.margin)


def breaks_sentence(text: str, first: Line, second: Line) -> bool:
    """Return whether a line ends within a sentence.

    It does if it has no full stop and the next line begins in lower case, alone or after a quotation mark.
    """
    return begins_in_lower_case(text, second.start, second.end) and not ends_sentence(text[first.start : first.end])


def begins_in_lower_case(text: str, start: int, end: int) -> bool:
    """Return whether the first letter of a line is in lower case, alone or after opening quotation marks."""
    quotes = OPENING_QUOTES.match(text, start, min(end, start + MAX_QUOTES))
    first = quotes.end() if quotes else start
    return text[first : min(first + 1, end)].islower()


def join_of(text: str, first: Line, second: Line, wrapping: Wrapping) -> Join:
    """Return how two lines of a paragraph are joined.

    "nothing" joins text without spaces and the parts of a compound; "without-hyphen" joins the parts of a word.
    """
    if _is_break_of_unspaced(text, first, second):
        return "nothing"
    broken = _broken_word(text, first)
    rest = FIRST_WORD.match(text, second.start, min(second.end, second.start + MAX_PART_LETTERS))
    if not broken or not rest:
        return "space"
    return _join_of_parts(broken[1], broken[2], rest[0], wrapping)


def _join_of_parts(head: str, hyphen: str, tail: str, wrapping: Wrapping) -> Join:
    """Return "without-hyphen" if two parts form a word, "nothing" if they form a compound.

    The other words of the text decide, or else whether the text breaks words at all.
    """
    if hyphen not in "-\u2010":
        return "without-hyphen"
    head_word, tail_word = head.lower(), tail.lower()
    if head_word + tail_word in wrapping.words:
        return "without-hyphen"
    is_compound = f"{head_word}-{tail_word}" in wrapping.words or {head_word, tail_word} <= wrapping.words
    if is_compound or not wrapping.breaks_words or (tail[0].isupper() and not head.isupper()):
        return "nothing"
    return "without-hyphen"


def _whole_words(text: str, lines: Sequence[Line]) -> frozenset[str]:
    """Return the words and compounds of the lines in lower case, without the parts of broken words."""
    words: set[str] = set()
    follows_hyphen = False
    for line in lines:
        found = WORD.findall(text[line.start : line.end].lower().replace("\u2010", "-"))
        is_broken = _broken_word(text, line) is not None
        words.update(found[int(follows_hyphen) : len(found) - is_broken])
        follows_hyphen = is_broken
    return frozenset(words)


def _margin(text: str, lines: Sequence[Line]) -> Margin | None:
    """Return the column at which the text was wrapped, or `None` if each line is a paragraph."""
    long = [line for line in lines if _columns(text, line) >= _min_width(text, line)]
    if not long:
        return None
    margin = Margin(width=_usual_width([_columns(text, line) for line in long]))
    if margin.width > MAX_WRAP_WIDTH:
        return None
    pairs = [
        (first, second)
        for first, second in pairwise(lines)
        if second.position == first.position + 1 and _columns(text, first) >= _min_width(text, first)
    ]
    broken = [(first, second) for first, second in pairs if breaks_sentence(text, first, second)]
    if broken and len(broken) >= MIN_BROKEN_SHARE * len(pairs):
        return _fitting_margin(text, long, pairs, margin)
    caseless = [(first, second) for first, second in pairs if _is_caseless(text, first, second)]
    full = sum(1 for first, second in caseless if _is_full(text, first, second, margin))
    cut = sum(1 for first, _ in caseless if not ends_sentence(text[first.start : first.end]))
    # A text of two lines is a wrapped sentence if it ends as one; a headline above a byline does not.
    is_sentence = len(lines) == MIN_FULL_PAIRS and ends_sentence(text[lines[-1].start : lines[-1].end])
    if (
        full >= (1 if is_sentence else MIN_FULL_PAIRS)
        and full >= MIN_FULL_SHARE * len(pairs)
        and cut >= MIN_BROKEN_SHARE * len(pairs)
    ):
        return margin
    return None


def _usual_width(sizes: Sequence[int]) -> int:
    """Return the size of the longest lines, except the share MAX_OVERLONG_SHARE of too long ones."""
    return sorted(sizes)[round((len(sizes) - 1) * (1 - MAX_OVERLONG_SHARE))]


def _fitting_margin(text: str, lines: Sequence[Line], pairs: Sequence[tuple[Line, Line]], by_columns: Margin) -> Margin:
    """Return the margin, in characters if they explain more of the line breaks than columns do."""
    if not any(WIDE.search(text, line.start, line.end) for line in lines):
        return by_columns
    sizes = [_columns(text, line, wide_columns=1) for line in lines]
    by_characters = Margin(width=_usual_width(sizes), wide_columns=1)
    return max(
        (by_columns, by_characters),
        key=lambda margin: sum(1 for first, second in pairs if _is_full(text, first, second, margin)),
    )


def _is_caseless(text: str, first: Line, second: Line) -> bool:
    """Return whether letter case cannot show where a sentence begins: the first line has no lower-case letter."""
    return not any(map(str.islower, text[first.start : first.end])) and not text[second.start].islower()


def _is_full(text: str, first: Line, second: Line, margin: Margin) -> bool:
    """Return whether the first word of the second line would not have fitted on the first line."""
    if BYLINE.match(text[second.start : min(second.end, second.start + MIN_WRAP_WIDTH)]):
        return False
    columns, width = _columns(text, first, margin.wide_columns), margin.width
    if _is_unspaced(_first_own_mark(text, second)):
        return columns + 2 + WIDE_SLACK > width
    unbroken = FIRST_UNBROKEN.match(text, second.start, min(second.end, second.start + width))
    next_word = unbroken[0] if unbroken else ""
    wide = 0 if next_word.isascii() or margin.wide_columns == 1 else len(WIDE.findall(next_word))
    return columns + 1 + len(next_word) + wide + (WIDE_SLACK if wide else 0) > width


def _broken_word(text: str, line: Line) -> re.Match[str] | None:
    return BROKEN_WORD.search(text, max(line.start, line.end - MAX_PART_LETTERS), line.end)


def _columns(text: str, line: Line, wide_columns: int = 2) -> int:
    """Return the width of a line with its indent in columns, only approximately if it is far too wide."""
    size = line.end - line.start
    if size > 2 * MAX_WRAP_WIDTH:
        return size
    content = text[line.start : line.end]
    wide = 0 if wide_columns == 1 or content.isascii() else len(WIDE.findall(content))
    return line.indent + size + wide


def _min_width(text: str, line: Line) -> int:
    return MIN_WIDE_WRAP_WIDTH if WIDE.match(text, line.start) else MIN_WRAP_WIDTH


def count_columns(text: str, line: Line) -> int:
    """Return the number of columns of a line, such as a running header or the row of a table."""
    return 1 + sum(1 for _ in COLUMN_GAP.finditer(text, line.start, line.end))


def _has_columns(text: str, line: Line) -> bool:
    return COLUMN_GAP.search(text, line.start, line.end) is not None


def _begins_item(text: str, line: Line) -> bool:
    return bullet_size(text[line.start : line.start + MIN_WRAP_WIDTH]) > 0 or bool(NUMBERED.match(text, line.start))


def _is_break_of_unspaced(text: str, first: Line, second: Line) -> bool:
    """Return whether two lines were broken between characters of a script without spaces, or their punctuation."""
    before, after = text[first.end - 1], text[second.start]
    if not all(_is_unspaced(each) or each in SHARED_MARKS for each in (before, after)):
        return False
    last = text[max(first.start, first.end - MAX_QUOTES) : first.end].rstrip(SHARED_MARKS)[-1:]
    return any(map(_is_unspaced, (before, after, last, _first_own_mark(text, second))))


def _first_own_mark(text: str, line: Line) -> str:
    """Return the first character of a line that is not in SHARED_MARKS; empty if it begins with MAX_QUOTES of them."""
    return text[line.start : min(line.end, line.start + MAX_QUOTES)].lstrip(SHARED_MARKS)[:1]


def _is_unspaced(character: str) -> bool:
    return UNSPACED.match(character) is not None or UNSPACED_MARK.match(character) is not None

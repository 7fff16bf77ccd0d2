"""Sequences of stories in one text, each under a headline with a byline and a date; and digests of short stories.

A byline and a date may be one line. In Markdown, the marks of a heading and of emphasis are no part of these lines.

Stories without bylines and dates, separated only by marks, cannot be distinguished from the parts of one article: such
a text is one document, a digest. Its title is that of the whole, not that of its first story.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise

from wherefrom.index.sources.containers import field_values
from wherefrom.index.sources.containers.press.text_slice import TextLine, TextSlice, lines_of, trimmed
from wherefrom.index.types import Given, RawSource

BY = frozenset(("by", "von", "par", "por", "di", "door"))
BYLINE_START = re.compile(r"^[ \t*_]*(?:by|von|par|por|di|door)\s", re.MULTILINE | re.IGNORECASE)
AND = frozenset(("and", "und", "et", "y", "e", "en", "&", "de", "der", "van", "von", "la", "le"))
MAX_BYLINE_WORDS = 10
MIN_STORIES = 2
MIN_HEADLINE_WORDS, MAX_HEADLINE_WORDS = 2, 25
MAX_DATE_WORDS = 8
MIN_STORY_WORDS = 15
"""Minimum number of words of a story below its headline, byline and date."""
MAX_SHORT_STORY_WORDS, MIN_WORDS_BESIDE_LONG_STORIES = 150, 60
"""Beside a story of more words, a short one may be a teaser of another article, with the rest of the story below it."""
BYLINE_SEPARATOR = re.compile(r"\s*[,|(\u00b7\u2022\u2013\u2014-]\s*")
HEADING_MARK, EMPHASIS = re.compile(r"^#{1,6}\s+"), "*_ "
MAX_WORDS_ABOVE = 30
"""Maximum number of words above the first headline, such as the name of the newspaper."""
MARK = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:=[ \t]*){3,}|(?:_[ \t]*){3,}|(?:~[ \t]*){3,}|(?:#[ \t]*){3,}")
MIN_MARKS = 2
ENDS = tuple(".!?:;,\u2026\u3002")
MAX_TITLE_CHARACTERS = 200


def find_articles(text: str) -> Sequence[TextSlice]:
    """Return the stories of a text in order, none unless each of two or more has its byline and its date."""
    if len(list(islice(BYLINE_START.finditer(text), MIN_STORIES))) < MIN_STORIES:
        return []
    lines = [_without_marks(line) for line in lines_of(text) if line.text]
    found = [index for index in range(len(lines)) if _is_headline(lines, index)]
    heads = [head for head, stop in pairwise([*found, len(lines)]) if _has_story(lines[head + 1 : stop])]
    sizes = [_words(lines[head:stop]) for head, stop in pairwise([*heads, len(lines)])]
    if max(sizes, default=0) > MAX_SHORT_STORY_WORDS and min(sizes) < MIN_WORDS_BESIDE_LONG_STORIES:
        return []
    if len(heads) < MIN_STORIES or _words(lines[: heads[0]]) > MAX_WORDS_ABOVE:
        return []
    starts = [0, *(lines[head].start for head in heads[1:])]
    ranges = [trimmed(text, start, stop) for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [TextSlice(start=start, end=stop) for start, stop in ranges]


def digest_title(text: str) -> str | None:
    """Return the title of a digest: its first line, above stories with headlines that are separated by marks.

    Return `None` if the text is not a digest or has no title of its own.
    """
    if not any(mark in text for mark in ("***", "* * *", "---", "- - -", "===", "___", "~~~", "###")):
        return None
    lines = [line for line in lines_of(text) if line.text]
    marks = [index for index, line in enumerate(lines) if MARK.fullmatch(line.text)]
    if len(marks) < MIN_MARKS or not all(_opens_story(lines, index + 1) for index in marks[:-1]):
        return None
    first = next((index for index in range(min(4, marks[0])) if _opens_story(lines, index) and index), None)
    if first is None or not any(_is_dated(line) for line in lines[:first]):
        return None
    return lines[0].text if len(lines[0].text) <= MAX_TITLE_CHARACTERS and not _is_dated(lines[0]) else None


def digest(raw: bytes, source: str, title: str) -> RawSource:
    """Return a digest as one document with its own title and a warning."""
    warning = "this is a digest of several articles without bylines and dates, read as one; divide it to cite each"
    return RawSource(name=source, raw=raw, given=Given(title=title), warnings=(warning,))


def _without_marks(line: TextLine) -> TextLine:
    """Return a line without the marks of a heading or of emphasis in Markdown."""
    return replace(line, text=HEADING_MARK.sub("", line.text, count=1).strip(EMPHASIS))


def _is_headline(lines: Sequence[TextLine], index: int) -> bool:
    """Return whether a line is a headline with a byline and a date in the two lines below it."""
    line, below = lines[index], lines[index + 1 : index + 3]
    if not any(map(_has_byline, below)) or not _could_be_headline(line) or _has_byline(line):
        return False
    return (any(map(_is_dated, below)) or any(map(_is_dated_byline, below))) and not _is_dated(line)


def _has_story(lines: Sequence[TextLine]) -> bool:
    """Return whether there is enough text below a byline and a date."""
    return _words([line for line in lines if not (_has_byline(line) or _is_dated(line))]) >= MIN_STORY_WORDS


def _opens_story(lines: Sequence[TextLine], index: int) -> bool:
    """Return whether a line is a headline above a line of prose."""
    if index + 1 >= len(lines):
        return False
    return _could_be_headline(lines[index]) and lines[index + 1].text.endswith((".", "!", "?", '"', "\u201d"))


def _could_be_headline(line: TextLine) -> bool:
    words = len(line.text[: MAX_TITLE_CHARACTERS * 2].split())
    return MIN_HEADLINE_WORDS <= words <= MAX_HEADLINE_WORDS and not line.text.endswith(ENDS)


def _has_byline(line: TextLine) -> bool:
    return _is_byline(line.text) or _is_dated_byline(line)


def _is_dated_byline(line: TextLine) -> bool:
    """Return whether a line is a byline and a date: "By Mara Lind, 4 March 2024"."""
    text = line.text
    return len(text) <= MAX_TITLE_CHARACTERS and any(
        _is_byline(text[: each.start()]) and _is_date(text[each.end() :]) for each in BYLINE_SEPARATOR.finditer(text)
    )


def _is_byline(text: str) -> bool:
    """Return whether a text consists of the word "by", in one of several languages, and names."""
    words = text[:MAX_TITLE_CHARACTERS].split()
    return (
        1 < len(words) <= MAX_BYLINE_WORDS
        and words[0].casefold() in BY
        and all(word[0].isupper() or word.casefold() in AND for word in words[1:])
        and not any(char.isdigit() for char in text)
    )


def _is_dated(line: TextLine) -> bool:
    return _is_date(line.text)


def _is_date(text: str) -> bool:
    words = text[:MAX_TITLE_CHARACTERS].strip(" )").split()
    return len(words) <= MAX_DATE_WORDS and field_values.day(" ".join(words)) is not None


def _words(lines: Sequence[TextLine]) -> int:
    return sum(len(line.text.split()) for line in lines)

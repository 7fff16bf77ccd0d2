"""Finds the marks inside a block of Markdown, and the notes of a file.

Code has no marks inside. A pair of marks is at most a thousand characters apart, so that the time is linear.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from wherefrom.index.sources.extractors.reading.raised_text import SENTENCE_END

CODE = re.compile(r"(?<!`)(`{1,10})(?!`)(.{1,1000}?)(?<!`)\1(?!`)", re.DOTALL)
ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\\$", re.MULTILINE)
COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]{0,1000})?/?>")
AUTOLINK = re.compile(r"(<)(?:https?://|mailto:)[^\s<>]{1,500}(>)")
TARGET = r"\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}\)"
IMAGE = re.compile(rf"(?<!\\)!\[[^\[\]]{{0,500}}\](?:{TARGET}|\[[^\[\]]{{0,200}}\])|!\[\[[^\[\]\n]{{1,500}}\]\]")
LINK = re.compile(rf"(?<![!\\])(\[)[^\[\]]{{1,1000}}(\]{TARGET})")
REFERENCE = re.compile(r"(?<![!\\\]])(\[)[^\[\]]{1,500}(\]\[[^\[\]]{0,200}\])")
WIKI_LINK = re.compile(r"(?<!!)(\[\[(?:[^\[\]|\n]{1,300}\|)?)[^\[\]|\n]{1,300}(\]\])")
NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,100})\]")
PAIRS = (
    re.compile(r"(?<![*\\])(\*{1,3})(?=[^\s*]).{1,1000}?(?<=[^\s*\\])(\1)(?!\*)", re.DOTALL),
    re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_]).{1,1000}?(?<=[^\s_\\])(\1)(?!\w)", re.DOTALL),
)
# Struck text, which its author deleted, and deleted text in tags.
STRUCK = re.compile(r"(?<![~\\])~~(?=[^\s~]).{1,1000}?(?<=[^\s~\\])~~(?!~)", re.DOTALL)
DELETED = re.compile(r"<(del|s|strike)(?:\s[^<>]{0,1000})?>.{0,1000}?</\1\s*>", re.DOTALL | re.IGNORECASE)
# A number in tags of raised text, with the number before it: as its digits, they would make another number.
RAISED = re.compile(r"(\d[\d.,]{0,40})?<sup>\s*[-+\u2212]?\d{1,3}\s*</sup>", re.IGNORECASE)
BASE_OF_POWER = re.compile(r"(?:2|10)\Z")
MAX_BEFORE_CHARACTERS = 4
NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*")
FENCE = re.compile(r" {0,3}(`{3}|~{3})")
NOTE_INDENTS = ("    ", "\t")
MASK = "x"
Range = tuple[int, int]


def marks(text: str, notes: AbstractSet[str]) -> list[Range]:
    """Return the ranges of a block's marks, link targets, tags, and references to `notes`, in order.

    Each kind is searched outside the matches of the kinds before it: a star in code or in a URL is no mark.
    """
    found: list[Range] = []
    if "`" in text:
        code = list(CODE.finditer(text))
        for match in code:
            found += (match.span(1), (match.end(2), match.end()))
        text = _masked(text, [match.span() for match in code])
    links = list(_links_and_tags(text, notes))
    found += links
    escaped = [(match.start(), match.end() + 1) for match in ESCAPE.finditer(text)]
    text = _masked(text, [*links, *escaped, *(match.span() for match in AUTOLINK.finditer(text))])
    found += (match.span() for match in STRUCK.finditer(text))
    for pattern in PAIRS:
        found += _paired(pattern, text, 0, len(text))
    return sorted(found)


def _masked(text: str, ranges: Iterable[Range]) -> str:
    """Return a text with these ranges replaced by letters."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(ranges):
        if at < end <= len(text):
            pieces += (text[at : max(start, at)], MASK * (end - max(start, at)))
            at = end
    return "".join([*pieces, text[at:]])


def _links_and_tags(text: str, notes: AbstractSet[str]) -> Iterator[Range]:
    """Yield the ranges of all marks except those of code and emphasis, in any order."""
    if "[" in text:
        yield from (match.span() for match in IMAGE.finditer(text))
        for pattern in (LINK, REFERENCE, WIKI_LINK):
            for match in pattern.finditer(text):
                yield from (match.span(1), match.span(2))
        yield from (match.span() for match in NOTE_MARK.finditer(text) if match[1] in notes)
    if "<" in text:
        yield from (match.span() for pattern in (COMMENT, DELETED, TAG) for match in pattern.finditer(text))
        yield from _raised_numbers(text)
        yield from (each for match in AUTOLINK.finditer(text) for each in (match.span(1), match.span(2)))
    yield from (match.span() for match in ESCAPE.finditer(text))


def _raised_numbers(text: str) -> Iterator[Range]:
    """Yield the ranges of raised numbers that are note marks, and of powers, which cannot be cited as a whole."""
    for match in RAISED.finditer(text):
        if match[1]:
            yield (match.start() if BASE_OF_POWER.fullmatch(match[1]) else match.end(1), match.end())
        elif SENTENCE_END.search(text[max(match.start() - MAX_BEFORE_CHARACTERS, 0) : match.start()]):
            yield match.span()


def _paired(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Range]:
    """Yield the ranges of marks of emphasis, and of emphasis nested in it."""
    for match in pattern.finditer(text, start, end):
        yield match.span(1)
        yield match.span(2)
        for inner in pattern.finditer(text, match.end(1), match.start(2)):
            yield inner.span(1)
            yield inner.span(2)


def divide_notes(lines: Sequence[str]) -> tuple[list[tuple[int, str]], list[tuple[str, list[tuple[int, str]]]]]:
    """Split the lines of a file into those of its text, and those of each note with its label, in order.

    Each line has its number. A note continues to the next blank line, and after it with indented lines.
    """
    kept: list[tuple[int, str]] = []
    notes: list[tuple[str, list[tuple[int, str]]]] = []
    fence = ""
    in_note = after_blank = False
    for number, line in enumerate(lines):
        is_blank = not line.strip()
        note = None if fence else NOTE.match(line)
        if note is not None:
            notes.append((note[1], [(number, line[note.end() :])]))
            in_note, after_blank = True, False
        elif in_note and (is_blank or not after_blank or line.startswith(NOTE_INDENTS)):
            notes[-1][1].append((number, line.lstrip(" \t")))
            after_blank = is_blank
        else:
            in_note = False
            kept.append((number, line))
            fence = _open_fence(line, fence)
    return kept, notes


def _open_fence(line: str, fence: str) -> str:
    """Return the fence of the code block that is open after a line, empty for none."""
    mark = FENCE.match(line)
    if mark is None:
        return fence
    return mark[1] if not fence else ("" if mark[1] == fence else fence)

"""Splits the streamed text of a writer into sentences with the numbers of their cited passages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wherefrom.index.cleaning.sentences import split_sentences

_SPACE = r"(?:(?<!\s)\s+)?"
"""A whole run of white space, or none: a search from each character of a long run would take quadratic time."""
_NUMBERS = r"#?\d{1,3}(?:\s*(?:[,;&\u2013-]|and)\s*#?\d{1,3})*"
_WORD = r"(?:passages?|sources?|paragraphs?)"
MARKER = re.compile(
    rf"{_SPACE}(?:[\[\u3010]\s*(?:{_WORD}\s*)?[\[]?({_NUMBERS})[\]]?\s*[\]\u3011]|\(\s*{_WORD}\s*\[?({_NUMBERS})\]?\s*\))",
    re.IGNORECASE,
)
"""`[1]`, `[1, 2]`, `[1-3]`, `[Passage 1]` or `(passage 1)`, with the white space before it."""
UNFINISHED_MARKER = re.compile(_SPACE + r"[\[\u3010(][^\]\u3011)\n]{0,40}$")
NUMBER = re.compile(r"(\d+)(?:\s*[\u2013-]\s*#?(\d+))?")
MAX_RANGE = 20
LINE_START = re.compile(r"\s*(?:(?:[-*\u2022>]|#{1,6}|\d{1,2}[.)])\s+)*")
"""Marks of a list, a heading or a quotation at the start of a line."""
OPENING = re.compile(r"(?<!\s)\s+(?P<marks>[\"'(\u2018\u201c\u00ab]+)$")
EMPHASIS = re.compile(r"\*\*|__")
SPACE_BEFORE_STOP = re.compile(r"(?<!\s)\s+(?=[.,;:!?](?:\s|$))")
MIN_NEXT_CHARACTERS = 12
"""Characters of the next sentence that must have arrived before a sentence counts as complete: `U.S. A` may go on."""
THOUGHTS_START, THOUGHTS_END = "<think>", "</think>"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """A sentence without its markers, and the numbers in them."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    sentence: CitedSentence
    start: int


class SentenceParser:
    """Parses a text piece by piece and returns each sentence once it is complete.

    The end of a line ends a sentence. A marker belongs to the sentence that it is in or follows; at the start of a
    line, to the next one. The reasoning of a model in `<think>` before its reply is left out.
    """

    def __init__(self) -> None:
        self._text = ""
        self._pending: CitedSentence | None = None
        self._thoughts_possible = True

    def feed(self, piece: str) -> list[CitedSentence]:
        """Append a piece, and return the sentences that it completes."""
        self._text += piece
        if self._thoughts_possible and not self._skip_thoughts():
            return []
        complete: list[CitedSentence] = []
        *lines, self._text = self._text.split("\n")
        for line in lines:
            complete += self._add(*_parse(line))
        unfinished = UNFINISHED_MARKER.search(self._text)
        numbers, parts = _parse(self._text[: unfinished.start()] if unfinished else self._text)
        if parts and len(parts[-1].sentence.text) >= MIN_NEXT_CHARACTERS:
            if len(parts) > 1:
                complete += self._add(numbers, parts[:-1])
                self._text = self._text[parts[-1].start :]
            complete += self._take_pending()
        return complete

    def finish(self) -> list[CitedSentence]:
        """Return the remaining sentences at the end of the text."""
        complete = [] if self._thoughts_possible and not self._skip_thoughts() else self._add(*_parse(self._text))
        self._text = ""
        return complete + self._take_pending()

    def _take_pending(self) -> list[CitedSentence]:
        pending, self._pending = self._pending, None
        return [] if pending is None else [pending]

    def _skip_thoughts(self) -> bool:
        """Drop the model's reasoning, and return whether the text is past it."""
        start = self._text.lstrip()
        if start.startswith(THOUGHTS_START):
            _, end, self._text = self._text.partition(THOUGHTS_END)
            if not end:
                self._text = THOUGHTS_START + start[-len(THOUGHTS_END) :].replace(THOUGHTS_START, "")
                return False
        elif not start or THOUGHTS_START.startswith(start):
            return False
        self._thoughts_possible = False
        return True

    def _add(self, leading: tuple[int, ...], parts: list[_Part]) -> list[CitedSentence]:
        """Add sentences, and hold the last one back, since the next line may consist of its markers."""
        complete: list[CitedSentence] = []
        if not parts and leading and self._pending is not None:
            self._pending = replace(self._pending, numbers=_merged(self._pending.numbers, leading))
        for index, part in enumerate(parts):
            complete += self._take_pending()
            sentence = part.sentence
            self._pending = replace(sentence, numbers=_merged(leading, sentence.numbers)) if index == 0 else sentence
        return complete


def _parse(line: str) -> tuple[tuple[int, ...], list[_Part]]:
    """Return the numbers in the markers before the first sentence of a line, and the line's sentences."""
    match = LINE_START.match(line)
    offset = match.end() if match else 0
    pieces, marks, position = [], [], offset  # (place without markers, place in the line, text), (place, numbers)
    place = 0
    for marker in MARKER.finditer(line, offset):
        text = line[position : marker.start()]
        pieces.append((place, position, text))
        place += len(text)
        marks.append((place, tuple(_numbers(marker[1] or marker[2]))))
        position = marker.end()
    pieces.append((place, position, line[position:]))
    plain = "".join(text for _, _, text in pieces)
    ranges = [(start, end) for start, end in _sentence_ranges(plain) if re.search(r"\w", plain[start:end])]
    leading: tuple[int, ...] = ()
    numbers: list[tuple[int, ...]] = [() for _ in ranges]
    for at, cited in marks:
        index = sum(start < at for start, _ in ranges) - 1
        if index < 0:
            leading = _merged(leading, cited)
        else:
            numbers[index] = _merged(numbers[index], cited)
    return leading, [
        _Part(CitedSentence(text=_tidy(plain[start:end]), numbers=cited), _place_in_line(pieces, start))
        for (start, end), cited in zip(ranges, numbers, strict=True)
    ]


def _sentence_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of sentences; an opening quotation mark without an end belongs to the sentence after it."""
    begin = None
    for start, end in split_sentences(text):
        opening = OPENING.search(text, start, end)
        yield (start if begin is None else begin), (opening.start() if opening else end)
        begin = opening.start("marks") if opening else None


def _place_in_line(pieces: list[tuple[int, int, str]], place: int) -> int:
    start, position, _ = next(piece for piece in reversed(pieces) if piece[0] <= place)
    return position + place - start


def _tidy(text: str) -> str:
    return SPACE_BEFORE_STOP.sub("", " ".join(EMPHASIS.sub("", text).split()))


def _numbers(text: str) -> Iterator[int]:
    for first, last in NUMBER.findall(text):
        if last and 0 < int(last) - int(first) <= MAX_RANGE:
            yield from range(int(first), int(last) + 1)
        else:
            yield from map(int, filter(None, (first, last)))


def _merged(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*first, *second)))

"""Division of long paragraphs: between sentences, and within a sentence only if it is too long itself.

A paragraph of some thousand words matches every question and is no precise citation; a model reads only its first
words; and comparing two such paragraphs takes seconds. Flat text that lost its line breaks is one such paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from unicodedata import category

MAX_WORDS = 250
"""Maximum number of words of an undivided paragraph; nearly all paragraphs of articles are shorter."""
PART_WORDS = 120
"""Target number of words of each part of a longer paragraph."""
MAX_WORD_CHARACTERS = 30
"""Maximum length of one word; a longer run, such as a URL or encoded data, is a word per WORD_CHARACTERS."""
WORD_CHARACTERS = 6
UNSPACED_CHARACTERS = 2
"""Number of characters that count as one word in scripts without spaces between words."""
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Tai, Japanese and Chinese."""
WORD = re.compile(r"\S+")
MAX_MARKS = 8
"""Maximum number of combining marks that are kept together with their character."""
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A range of a text, and its number of words."""

    start: int
    end: int
    words: int


def split_parts(text: str, sentences: Sequence[Range]) -> list[list[Range]]:
    """Return the sentences of each part of a paragraph; one part if the paragraph is not long.

    The parts have about the same size. A sentence of more than MAX_WORDS is divided between words, and a word of more
    than PART_WORDS between characters.
    """
    pieces = [_Piece(start, end, _count_words(text, start, end)) for start, end in sentences]
    total = sum(piece.words for piece in pieces)
    if total <= MAX_WORDS:
        return [list(sentences)]
    pieces = [part for piece in pieces for part in _divided(text, piece)]
    size = total / max(round(total / PART_WORDS), 1)
    parts: dict[int, list[Range]] = {}
    counted = 0
    for piece in pieces:
        # A piece belongs to the part that contains its middle.
        number = int((counted + piece.words / 2) / size)
        parts.setdefault(number, []).append((piece.start, piece.end))
        counted += piece.words
    return list(parts.values())


def _count_words(text: str, start: int, end: int) -> int:
    return sum(_weight(text[word.start() : word.end()]) for word in WORD.finditer(text, start, end))


def _weight(word: str) -> int:
    """Return the number of words that a run without white space counts as."""
    unspaced = 0 if word.isascii() else len(UNSPACED.findall(word))
    others = len(word) - unspaced
    return ceil(unspaced / UNSPACED_CHARACTERS) + (
        others // WORD_CHARACTERS if others > MAX_WORD_CHARACTERS else 1 if others else 0
    )


def _divided(text: str, piece: _Piece) -> Iterator[_Piece]:
    """Yield a sentence of up to MAX_WORDS whole, and a longer one in parts of up to PART_WORDS."""
    if piece.words <= MAX_WORDS:
        yield piece
        return
    start, end, words = piece.start, piece.start, 0
    for first, last, weight in _words(text, piece):
        if words and words + weight > PART_WORDS:
            yield _Piece(start, end, words)
            start, words = first, 0
        end, words = last, words + weight
    yield _Piece(start, end, words)


def _words(text: str, piece: _Piece) -> Iterator[tuple[int, int, int]]:
    """Yield the words of a range as (start, end, weight), and words heavier than PART_WORDS in slices."""
    for word in WORD.finditer(text, piece.start, piece.end):
        start, end = word.span()
        weight = _weight(word[0])
        if weight <= PART_WORDS:
            yield start, end, weight
            continue
        size = max((end - start) * PART_WORDS // weight, 1)
        while start < end:
            last = _character_end(text, start + size, end)
            yield start, last, _weight(text[start:last])
            start = last


def _character_end(text: str, position: int, end: int) -> int:
    """Return the next position that divides neither a character from its marks nor the value of a character reference.

    In references with two characters, the second is a combining mark, except in "&fjlig;".
    """
    position = min(position, end)
    for _ in range(MAX_MARKS):
        if position < end and (category(text[position]).startswith("M") or text[position - 1 : position + 1] == "fj"):
            position += 1
    return position

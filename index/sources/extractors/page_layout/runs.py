"""Groups the characters on a page into runs: adjacent characters on one line, without a wide gap.

Positions are in points from the left and top edges of the page as displayed; for text from right to left, from the
right edge, so that the same rules apply.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wherefrom.index.sources.extractors.reading.raised_text import MAX_BEFORE_CHARACTERS, raised

# Maximum gap in a run, in font sizes; words in justified columns are rarely farther apart.
MAX_GAP = 1.2
# Minimum overlap of two characters on one line, as a share of the smaller one's height.
MIN_OVERLAP = 0.4
# Minimum gap, in font sizes, between different words without a space character between them.
MIN_WORD_GAP = 0.28
# Maximum size of raised digits as a share of the text's, and minimum height of their bottom above the text's, in font
# sizes. Digits in a smaller font on the same line are not that high.
MAX_RAISED_SIZE, MIN_RISE = 0.85, 0.2
MAX_RAISED_CHARACTERS = 12
MIN_DROP_CAP_SIZE = 1.7
"""Minimum size of a drop cap, in font sizes of the text beside it."""
WORDS_OF_ONE_LETTER = frozenset("AIO\u00c0")
"""Capitals that may be words; whether the text beside such a drop cap belongs to its word follows from other words."""
TIGHT_MARKS = frozenset(",.;:!?)]\u201d\u2019")
"""Marks that follow a word without a space."""
SPACES = frozenset(" \t\u00a0\u2002\u2003\u2009\u202f\u200a")


@dataclass(slots=True)
class Character:
    """A character and its box; `size` is the font size in points. The box of a space may be empty."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(slots=True)
class Run:
    """Characters on one line without a wide gap, with single spaces between words."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False

    @property
    def middle(self) -> float:
        """The vertical position of the middle, in points."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """The width in points."""
        return self.right - self.left


def is_raised(part: Character | Run, text: Character | Run) -> bool:
    """Return whether a part of a line is raised above the text before it."""
    return part.size <= MAX_RAISED_SIZE * text.size and part.bottom <= text.bottom - MIN_RISE * text.size


def is_drop_cap(part: Character | Run, text: Character | Run) -> bool:
    """Return whether a part of a line is a large capital at the start of a text, in whose first lines it stands."""
    is_larger = part.size >= MIN_DROP_CAP_SIZE * text.size and part.bottom > text.bottom + text.size / 2
    return is_larger and part.text.isupper() and text.text[:1].isalpha() and text.left >= part.left


@dataclass(slots=True)
class _OpenRun:
    characters: list[Character] = field(default_factory=list)
    space: bool = False
    parts: list[str] = field(default_factory=list)
    text: Character | None = None
    """The last character that is not raised."""
    raised: list[str] = field(default_factory=list)
    """The raised characters after it."""

    def add(self, character: Character) -> None:
        is_in_raised = self.text is not None and is_raised(character, self.text)
        if is_in_raised and len(self.raised) < MAX_RAISED_CHARACTERS:
            self.raised += [" ", character.text] if self.space else [character.text]
        else:
            if self.raised and character.text in TIGHT_MARKS:
                self.space = self.space and character.left - self.characters[-1].right > MIN_WORD_GAP * character.size
            self._end_raised()
            if self.space and self.parts:
                self.parts.append(" ")
            self.parts.append(character.text)
            self.text = character
        self.space = False
        self.characters.append(character)

    def _end_raised(self) -> None:
        if self.raised:
            self.parts.append(raised("".join(self.raised), "".join(self.parts[-MAX_BEFORE_CHARACTERS:])))
            self.raised.clear()

    def accepts(self, character: Character) -> bool:
        if not self.characters:
            return True
        last = self.characters[-1]
        if len(self.characters) == 1 and is_drop_cap(last, character):
            return False
        smaller = min(last.bottom - last.top, character.bottom - character.top)
        overlap = min(last.bottom, character.bottom) - max(last.top, character.top)
        gap = max(character.left - last.right, last.left - character.right)
        return overlap >= MIN_OVERLAP * smaller and gap <= MAX_GAP * max(last.size, character.size)

    def closed(self) -> Run:
        self._end_raised()
        inked = self.characters
        weights: dict[float, int] = {}
        for character in inked:
            weights[round(character.size, 1)] = weights.get(round(character.size, 1), 0) + 1
        size = max(weights, key=lambda each: (weights[each], each))
        usual = [character for character in inked if round(character.size, 1) == size]
        return Run(
            text="".join(self.parts),
            left=min(character.left for character in inked),
            top=min(character.top for character in usual),
            right=max(character.right for character in inked),
            bottom=max(character.bottom for character in usual),
            size=size,
            bold=2 * sum(character.bold for character in inked) > len(inked),
        )


def runs_of(characters: Iterable[Character | None]) -> Iterator[Run]:
    """Yield the runs of characters, which are in drawing order; `None` among them is a break between lines."""
    run = _OpenRun()
    for character in characters:
        if character is None or character.text in SPACES:
            run.space = True
        else:
            if not run.accepts(character):
                yield run.closed()
                run = _OpenRun()
            elif run.characters and character.left - run.characters[-1].right > MIN_WORD_GAP * character.size:
                run.space = True
            run.add(character)
    if run.characters:
        yield run.closed()

"""Aligns the words of a sentence with the words of its cited passages. Pure.

Every word that counts is aligned to one occurrence in a passage, such that adjacent words of the sentence are adjacent
in the passage as far as possible: dynamic programming finds the path of least cost through the occurrences.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.index.writing.english import english
from wherefrom.index.writing.speech import Speech
from wherefrom.index.writing.subjects import is_boundary
from wherefrom.index.writing.words import PERIODS, TIMES, Word

UNALIGNED_COST = 3.0
GAP_COST = 0.02
BACK_COST = 0.8
NEXT_SENTENCE_COST = 0.7
OTHER_SENTENCE_COST = 1.2
OTHER_PASSAGE_COST = 1.5
MARKER_COST = 0.5
SPEAKER_COST = 0.3
MAX_OCCURRENCES = 24
MAX_WALK = 4
"""Maximum number of words between a preposition and the word that it governs."""
BESIDE = "="
"""The marker of a word directly after another word that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A word of the sentence and the word of the source that it is aligned to, by position."""

    word: int
    source: int


class Source:
    """The words of all cited passages, concatenated, with their speech and an index of their keys."""

    def __init__(self, words: Sequence[Word], passages: Sequence[int], speech: Speech) -> None:
        """Create a source; `passages` has the passage number of each word. Sentences are numbered consecutively."""
        self.words = words
        self.passages = passages
        self.speech = speech
        self.positions: Mapping[str, Sequence[int]] = _positions(words)


def _positions(words: Sequence[Word]) -> Mapping[str, Sequence[int]]:
    positions: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        if word.counts:
            positions.setdefault(word.key, []).append(position)
    return positions


def align(words: Sequence[Word], chosen: Sequence[int], source: Source) -> tuple[Pair, ...]:
    """Align the chosen words that occur in the source, each to one occurrence; return pairs in sentence order."""
    columns: list[list[tuple[float, int, int | None]]] = []
    """For each chosen word and occurrence: the cost of the best path to it, the state before it, and itself."""
    for at, position in enumerate(chosen):
        occurrences = list(source.positions.get(words[position].key, ()))
        if len(occurrences) > MAX_OCCURRENCES:
            occurrences = occurrences[:MAX_OCCURRENCES]
        own_marker = marker(words, position)
        column: list[tuple[float, int, int | None]] = []
        for occurrence in (*occurrences, None):
            own = UNALIGNED_COST if occurrence is None else _own_cost(words[position], own_marker, source, occurrence)
            if at == 0:
                column.append((own, -1, occurrence))
                continue
            before = columns[-1]
            costs = [
                cost + _transition_cost(source, _last_aligned(columns, at - 1, state), occurrence)
                for state, (cost, _, _) in enumerate(before)
            ]
            best = min(range(len(costs)), key=costs.__getitem__)
            column.append((costs[best] + own, best, occurrence))
        columns.append(column)
    return _backtrace(chosen, columns)


def _last_aligned(columns: Sequence[Sequence[tuple[float, int, int | None]]], at: int, state: int) -> int | None:
    """Return the last occurrence on the path to a state; words that are not aligned are skipped."""
    while at >= 0:
        _, previous, occurrence = columns[at][state]
        if occurrence is not None:
            return occurrence
        at, state = at - 1, previous
    return None


def _own_cost(word: Word, own_marker: str | None, source: Source, occurrence: int) -> float:
    source_marker = marker(source.words, occurrence)
    cost = 0.0 if same_marker(own_marker, source_marker, word) else MARKER_COST
    return cost + (SPEAKER_COST if occurrence in source.speech.parts else 0.0)


def _transition_cost(source: Source, before: int | None, after: int | None) -> float:
    if before is None or after is None:
        return 0.0
    if before == after:
        return OTHER_SENTENCE_COST
    if source.words[before].sentence == source.words[after].sentence:
        distance = after - before
        return GAP_COST * distance if distance > 0 else BACK_COST - GAP_COST * distance
    if source.passages[before] != source.passages[after]:
        return OTHER_PASSAGE_COST
    return (
        NEXT_SENTENCE_COST if source.words[after].sentence == source.words[before].sentence + 1 else OTHER_SENTENCE_COST
    )


def _backtrace(chosen: Sequence[int], columns: Sequence[Sequence[tuple[float, int, int | None]]]) -> tuple[Pair, ...]:
    if not columns:
        return ()
    state = min(range(len(columns[-1])), key=lambda each: columns[-1][each][0])
    pairs: list[Pair] = []
    for at in range(len(columns) - 1, -1, -1):
        _, previous, occurrence = columns[at][state]
        if occurrence is not None:
            pairs.append(Pair(word=chosen[at], source=occurrence))
        state = previous
    return tuple(reversed(pairs))


class AlignedSentence:
    """A sentence and its source, with the alignment between them."""

    def __init__(
        self, words: Sequence[Word], source: Source, pairs: Sequence[Pair], speech_parts: frozenset[int]
    ) -> None:
        """Create it; `speech_parts` are the words of the sentence that only name who says something."""
        self.words = words
        self.source = source
        self.pairs = pairs
        self.speech_parts = speech_parts
        self.word_of = {pair.source: pair.word for pair in pairs}
        """The position in the sentence of each word of the source that is aligned."""
        unused = (frame.parts for frame in source.speech.frames if not any(at in self.word_of for at in frame.parts))
        self.attributions = frozenset(at for parts in unused for at in parts)
        """Words of the source that only name who says something, and of which none is aligned."""
        self.omitted = frozenset(
            at
            for at, word in enumerate(source.words)
            if word.counts and at not in self.word_of and at not in self.attributions
        )
        """Words of the source that count and are not aligned."""

    def is_taken(self, position: int) -> bool:
        """Return whether a word of the source is aligned to a word of the sentence."""
        return position in self.word_of

    def source_sentence(self, pair: Pair) -> int:
        """Return the number of the source sentence that a word is taken from."""
        return self.source.words[pair.source].sentence

    def blocks(self) -> Iterator[list[Pair]]:
        """Yield runs of pairs that are in one sentence of the source, in its order."""
        block: list[Pair] = []
        for pair in self.pairs:
            if block and not (
                pair.source > block[-1].source and self.source_sentence(pair) == self.source_sentence(block[-1])
            ):
                yield block
                block = []
            block.append(pair)
        if block:
            yield block

    def omitted_before(self, position: int) -> list[int]:
        """Return the words of the source before a word in its clause, back to the last aligned one.

        The clause begins at a mark, "and", "but", "while" or the words that name a speaker.
        """
        words = self.source.words
        before: list[int] = []
        for at in range(position - 1, -1, -1):
            if words[at].sentence != words[position].sentence:
                break
            if is_boundary(words[at]) or at in self.word_of or at in self.source.speech.parts:
                break
            if words[at].lower in ("and", "but", "while"):
                break
            before.append(at)
        return before[::-1]


def marker(words: Sequence[Word], position: int, passed: frozenset[int] | None = None) -> str | None:
    """Return the preposition that governs a word, BESIDE if another word that counts directly precedes it, or `None`.

    `passed` are words that count but are skipped, since the sentence leaves them out.
    """
    walked = 0
    known = english()
    for at in range(position - 1, -1, -1):
        word = words[at]
        if word.kind == "mark":
            return None
        if word.lower in known.prepositions:
            return word.lower
        if word.lower in ("that", "who", "which"):
            return None
        if word.kind != "function" and not (passed and at in passed and not word.capital):
            return BESIDE
        walked += word.kind != "function"
        if walked >= MAX_WALK:
            return BESIDE
    return None


def same_marker(own_marker: str | None, source_marker: str | None, word: Word) -> bool:
    """Return whether a word has the same role after both markers."""
    if own_marker == source_marker:
        return True
    if own_marker in (None, BESIDE) and source_marker in (None, BESIDE):
        return True
    if (own_marker or "", source_marker or "") in english().same_prepositions:
        return True
    is_time = word.lower in TIMES or word.lower in PERIODS or word.kind == "number"
    return is_time and {own_marker, source_marker} <= {None, BESIDE, "on", "in", "at", "during", "of"}

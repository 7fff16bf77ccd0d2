"""Faults in offices: a title of several words that is shortened to another office, or lengthened. Pure.

"The minister" for "the prime minister", "the president" for "the vice president", "the general" for "the attorney
general". "The minister" for "the foreign minister" is the same person, and passes.
"""

from collections.abc import Iterator, Sequence

from wherefrom.index.writing.alignment import AlignedSentence, Source
from wherefrom.index.writing.english import english
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import Word

SUFFIXES = frozenset(("elect", "designate", "emeritus", "apparent"))
"""Words after the name of an office that a person does not hold yet, or no longer holds."""


def office_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for nouns that are part of one office here, and of another one, or of none, in the passage."""
    for pair in sentence.pairs:
        own = office_at(sentence.words, pair.word)
        there = office_at(sentence.source.words, pair.source)
        if own != there:
            shown = [each or "no such office" for each in (own, there)]
            word = sentence.words[pair.word].text
            yield Fault(check="entailment", detail=f"{word!r} is of {shown[0]!r}, in the passage of {shown[1]!r}")


def other_office(words: Sequence[Word], positions: Sequence[int], source: Source, named: Sequence[int]) -> str:
    """Return the office that a speaker holds in the passages if it differs from the one here; empty otherwise.

    `positions` are the words of the speaker here, `named` those that name the speaker in the passages.
    """
    for at in positions:
        if not words[at].counts:
            continue
        same = [each for each in named if source.words[each].key == words[at].key]
        own = _title_at(words, at)
        there = {_title_at(source.words, each) for each in same or source.positions.get(words[at].key, ())}
        if there and own not in there:
            return own or min(there)
    return ""


def office_at(words: Sequence[Word], position: int) -> str:
    """Return the longest office of several words that contains a word; empty if there is none."""
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else None
    if word.kind == "content" and following is not None and following.lower in SUFFIXES:
        return f"{_singular(word.lower)} {following.lower}"
    for office in english().offices.get(_singular(word.lower), ()):
        for offset, part in enumerate(office):
            start = position - offset
            taken = words[start : start + len(office)] if start >= 0 else ()
            if part == _singular(word.lower) and tuple(_singular(each.lower) for each in taken) == office:
                return " ".join(office)
    return ""


def _title_at(words: Sequence[Word], position: int) -> str:
    """Return the office that contains a word, or the modifier before it that changes its meaning: "vice", "former"."""
    if office := office_at(words, position):
        return office
    before = words[position - 1].lower if position else ""
    return before if before in english().privatives else ""


def _singular(word: str) -> str:
    return word if word.endswith("ss") else word.removesuffix("s")

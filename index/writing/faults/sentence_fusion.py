"""Faults where a sentence fuses facts of several sentences of its passages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from wherefrom.index.writing.alignment import AlignedSentence, Pair, Source
from wherefrom.index.writing.english import english
from wherefrom.index.writing.subjects import is_verb
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import DASHES

PRONOUNS = frozenset(("he", "she", "it", "they", "this", "that", "these", "those", "we", "i", "who", "which"))
PRONOUNS |= {"his", "her", "its", "their"}
RELATIVES = frozenset(("who", "which", "whose"))
MAX_SUBJECT_WORDS = 3
"""Maximum number of words by which a subject may be longer than the statement of the next sentence about it."""
Transition = Literal["joined", "pronoun", "wrong"]
"""Two joined statements, a subject in place of a pronoun of the next sentence, or neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """The faults, and the sentences of the source of which only the subject is taken, in place of a pronoun."""

    faults: tuple[Fault, ...]
    antecedents: frozenset[int]


def fusion(sentence: AlignedSentence) -> Fusion:
    """Return the faults at transitions from one sentence of the source to another."""
    faults: list[Fault] = []
    antecedents: set[int] = set()
    for before, after in pairwise(sentence.blocks()):
        if sentence.source_sentence(before[-1]) == sentence.source_sentence(after[0]):
            continue
        transition = _transition(sentence, before, after)
        if transition == "pronoun":
            antecedents.add(sentence.source_sentence(before[0]))
        elif transition == "wrong":
            text = " ".join(sentence.words[pair.word].text for pair in after)
            faults.append(Fault(check="entailment", detail=f"joins facts of two sentences: {text!r}"))
    return Fusion(faults=tuple(faults), antecedents=frozenset(antecedents))


def _transition(sentence: AlignedSentence, before: Sequence[Pair], after: Sequence[Pair]) -> Transition:
    """Return the kind of a transition from words of one sentence of the source to words of another."""
    words = sentence.words
    between = [words[at] for at in range(before[-1].word + 1, after[0].word)]
    joined = any(word.lower in english().joiners or word.text in DASHES or word.text == "." for word in between)
    omitted = sentence.omitted_before(after[0].source)
    source = sentence.source.words
    subject = any(source[at].kind in ("content", "number") and at in sentence.omitted for at in omitted)
    pronoun = any(source[at].lower in PRONOUNS for at in omitted)
    if any(source[at].lower in RELATIVES and source[at - 1].sentence == source[at].sentence for at in omitted if at):
        return "wrong"  # the statement is about the noun before "which", which is not taken
    if joined and not subject:
        own_subject = any(word.lower in PRONOUNS for word in between)
        right = not pronoun or own_subject or _is_antecedent(sentence, before, after)
        return "joined" if right else "wrong"
    if not pronoun or subject or len(before) > len(after) + MAX_SUBJECT_WORDS:
        return "wrong"
    return "pronoun" if _is_antecedent(sentence, before, after) else "wrong"


def _is_antecedent(sentence: AlignedSentence, before: Sequence[Pair], after: Sequence[Pair]) -> bool:
    """Return whether a pronoun of the second sentence refers to the first one's subject, which begins `before`."""
    first, second = before[0].source, after[0].source
    source = sentence.source
    if source.passages[first] != source.passages[second]:
        return False
    if source.words[second].sentence != source.words[first].sentence + 1:
        return False
    omitted = [
        at for at in sentence.omitted_before(first) if source.words[at].kind == "content" and at in sentence.omitted
    ]
    if any(is_verb(source.words, at) for at in omitted) and _has_later_name(source, before[-1].source, second):
        return False  # the pronoun may be either of two persons, neither of whom is the subject
    return all(source.words[at].lower != source.words[first].lower for at in omitted) and len(omitted) <= 2  # noqa: PLR2004


def _has_later_name(source: Source, first: int, second: int) -> bool:
    """Return whether a name of several words stands between two words of the source."""
    between = source.words[first + 1 : second]
    return any(one.capital and other.capital and not other.initial for one, other in pairwise(between))

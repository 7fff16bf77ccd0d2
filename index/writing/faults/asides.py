"""Faults in asides that attribute an opinion, left out or added: ", some hope", ", in his view,". Pure."""

from collections.abc import Iterator, Sequence

from wherefrom.index.writing.alignment import AlignedSentence
from wherefrom.index.writing.english import english
from wherefrom.index.writing.speech import PLURALS, sentence_ranges
from wherefrom.index.writing.subjects import is_boundary, is_verb
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import Word

MAX_ASIDE_WORDS = 8
OWNERS = frozenset(("his", "her", "their", "its", "my", "our", "own"))
MAX_SUBJECT_WORDS = 5
"""Maximum number of words before the verb of an aside: "as some in the party see it"."""
OPENINGS = frozenset(("as", "or", "so", "at", "least", "if"))
NO_SUBJECT = frozenset(("to", "the", "a", "an", "of", "and", "or", "his", "her", "their", "its", "our", "with", "no"))
SINGULAR = frozenset(("he", "she", "the", "a", "an", "one", "everyone", "everybody", "nobody", "his", "her", "their"))
PLURAL_PRONOUNS = frozenset(
    ("they", "we", "i", "you", "others", "most", "few", "all", "both", "several", "these", "those")
)
LAST_WORDS = frozenset(("it", "so", "now", "yet", "still", "today", "privately", "publicly"))
"""Words that may follow the verb of an aside: "as critics see it", "or so they say"."""


def aside_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for asides that attribute an opinion in the passages and that the sentence leaves out or adds."""
    words = sentence.source.words
    used = {words[at].sentence for at in sentence.word_of}
    for start, end in sentence_ranges(words):
        if words[start].sentence not in used:
            continue
        parts = list(_parts(words, start, end))
        for number, (first, stop) in enumerate(parts):
            if not _is_opinion(words, first, stop) or any(at in sentence.word_of for at in range(first, stop)):
                continue
            if any(at in sentence.source.speech.parts for at in range(first, stop)):
                continue
            beside = (*parts[max(number - 1, 0) : number], *parts[number + 1 : number + 2])
            if any(at in sentence.word_of for near in beside for at in range(*near)):
                text = " ".join(word.text for word in words[first:stop])
                yield Fault(check="speaker", detail=f"leaves out who holds that it is so: {text!r}")
        yield from _phrase_faults(sentence, start, end)
    yield from _added_faults(sentence)


def _added_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for asides of the sentence whose verb has another use in the passage: "and some hope for jobs"."""
    source_of = {pair.word: pair.source for pair in sentence.pairs}
    source = sentence.source.words
    for start, end in sentence_ranges(sentence.words):
        parts = list(_parts(sentence.words, start, end))
        for first, stop in parts if len(parts) > 1 else ():
            verb = source_of.get(stop - 1)
            if verb is None or not _is_opinion(sentence.words, first, stop) or sentence.words[stop - 1].capital:
                continue
            following = source[verb + 1] if verb + 1 < len(source) else None
            if following is not None and following.lower in english().prepositions:
                text = " ".join(word.text for word in sentence.words[first:stop])
                yield Fault(check="speaker", detail=f"adds who holds that it is so: {text!r}")


def _phrase_faults(sentence: AlignedSentence, start: int, end: int) -> Iterator[Fault]:
    """Yield faults for phrases that are left out after the last word taken: "fell in the view of analysts"."""
    words = sentence.source.words
    for at in range(start + 1, end):
        phrase = opinion_phrase(words, at)
        if (
            phrase
            and at - 1 in sentence.word_of
            and not any(each in sentence.word_of for each in range(at, at + len(phrase)))
        ):
            yield Fault(check="speaker", detail=f"leaves out who holds that it is so: {' '.join(phrase)!r}")


def _parts(words: Sequence[Word], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of words between the marks of a sentence."""
    first = start
    for at in range(start, end + 1):
        if at == end or is_boundary(words[at]) or words[at].text == ".":
            if at > first:
                yield first, at
            first = at + 1


def _is_opinion(words: Sequence[Word], first: int, stop: int) -> bool:
    """Return whether an aside attributes an opinion: it ends with its verb, or is a known phrase."""
    if stop - first > MAX_ASIDE_WORDS:
        return False
    if opinion_phrase(words, first):
        return True
    while first < stop and words[first].lower in OPENINGS:
        first += 1
    while stop > first and words[stop - 1].lower in LAST_WORDS:
        stop -= 1
    return 1 <= stop - 1 - first <= MAX_SUBJECT_WORDS and _is_clause(words, first, stop - 1)


def _is_clause(words: Sequence[Word], first: int, verb: int) -> bool:
    """Return whether words up to a verb are a subject and a verb of opinion: "some hope", "it is feared"."""
    if words[verb].kind != "content" or words[verb].key not in english().opinions:
        return False
    if words[verb - 1].lower in ("is", "was"):
        return words[first].lower == "it" and not words[verb].lower.endswith("ing")
    if any(is_verb(words, at) for at in range(first, verb)):
        return False
    return _agrees(words, first, verb)


def _agrees(words: Sequence[Word], first: int, verb: int) -> bool:
    """Return whether the words from `first` on may be the subject of a verb: "some hope", but not "the town hope"."""
    before, form = words[verb - 1], words[verb].lower
    if before.possessive or before.lower in NO_SUBJECT:
        return False
    if form.endswith("s"):
        return words[first].lower in SINGULAR or words[first].capital
    if is_verb(words, verb):
        return True
    return before.lower.endswith("s") or before.lower in PLURALS | PLURAL_PRONOUNS


def opinion_phrase(words: Sequence[Word], position: int) -> tuple[str, ...]:
    """Return the phrase at a position that attributes an opinion, such as "in his view"; empty without one."""
    lower = tuple(word.lower for word in words[position : position + MAX_ASIDE_WORDS])
    for phrase in english().opinion_phrases.get(lower[0], ()):
        if lower[: len(phrase)] == phrase:
            return phrase
    nouns = english().opinion_nouns.get(lower[0], frozenset())
    for length in range(2, min(len(lower), MAX_SUBJECT_WORDS) + 1 if nouns else 0):
        owner = words[position + length - 2]
        if lower[length - 1] in nouns and (owner.possessive or owner.lower in OWNERS):
            return lower[:length]
    return ()

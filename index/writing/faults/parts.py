"""Faults by a part of a statement that is taken for the whole, for its opposite or for its subject. Pure.

"Four suspects" for "two of the four suspects"; "children" for "children under ten"; "in 2024" for "in 2026 instead of
2024"; "in 2010" for "twice as much as in 2010"; "84 boats voted" for "the club, which represents 84 boats, voted".
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from wherefrom.index.writing.alignment import AlignedSentence, Pair
from wherefrom.index.writing.english import english
from wherefrom.index.writing.subjects import is_verb
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import DASHES, Word

SHARES = frozenset(
    ("percent", "half", "third", "thirds", "quarter", "quarters", "fifth", "majority", "minority", "fraction", "most")
)
QUANTITIES = SHARES | {"many", "several", "few", "some", "each", "handful", "rest", "dozens", "hundreds", "thousands"}
"""Those that are no shares are of a part only before a determiner: "many of the voters", but "thousands of people"."""
RELATIVES = frozenset(("who", "which", "whose", "where"))
DETERMINERS = frozenset(("the", "these", "those", "its", "his", "her", "their", "our", "all"))
BE = frozenset(("is", "are", "was", "were", "be", "been", "being"))
COMPARISONS = frozenset(("as", "than"))
NO_COMPARISONS = frozenset(("of", "for", "to", "from", "per"))
"""Prepositions after "as" with which it compares nothing: "as of May"."""
REPLACEMENTS = (("instead", "of"), ("rather", "than"))
"""Phrases before what is not so."""
MAX_REPLACED_WORDS = 5
"""Maximum distance of a word from the phrase that says that it is not so."""


def part_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for words that the passage only has as a part of what the sentence says."""
    for pair in sentence.pairs:
        yield from _quantity_faults(sentence, pair)
        yield from _limit_faults(sentence, pair)
        yield from _replacement_faults(sentence, pair)
        yield from _comparison_faults(sentence, pair)
        yield from _passive_faults(sentence, pair)
    for block in sentence.blocks():
        for before, after in pairwise(block):
            yield from _subject_faults(sentence, before.source, after.source)
            yield from _other_item_faults(sentence, before.source, after.source)


def _quantity_faults(sentence: AlignedSentence, pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a whole of which the passage names a quantity that is left out: "12 of the 300 drivers"."""
    words = sentence.source.words
    at = pair.source - 1
    determined = words[pair.source].kind == "number"
    while at > 0 and (words[at].lower in DETERMINERS or words[at].kind == "number"):
        determined = True
        at -= 1
    if at < 0 or words[at].lower != "of" or words[at].sentence != words[pair.source].sentence:
        return
    if at == 0 or words[at - 1].sentence != words[at].sentence:
        yield from _leading_whole_faults(sentence, at, pair.source)
        return
    quantity = words[at - 1]
    shares = quantity.lower in SHARES or quantity.key in SHARES
    if at - 1 in sentence.word_of or not (shares or (determined and _is_quantity(quantity))):
        return
    if quantity.key == "#1" and sentence.words[pair.word].lower != words[pair.source].lower:
        return  # "a suspect" for "one of the suspects"
    shown = " ".join(word.text for word in words[at - 1 : pair.source + 1])
    yield Fault(check="numbers", detail=f"leaves out of how many the passage says it: {shown!r}")


def _leading_whole_faults(sentence: AlignedSentence, start: int, position: int) -> Iterator[Fault]:
    """Yield a fault for a whole at the start whose part is left out: "Of the 40 members, 25 voted yes"."""
    words = sentence.source.words
    own = (at for at in range(position, len(words) - 1) if words[at + 1].sentence == words[start].sentence)
    comma = next((at for at in own if _is_comma(words[at])), None)
    if comma is not None and words[comma + 1].kind == "number" and comma + 1 not in sentence.word_of:
        shown = " ".join(word.text for word in words[start : comma + 2])
        yield Fault(check="numbers", detail=f"leaves out of how many the passage says it: {shown!r}")


def _is_quantity(word: Word) -> bool:
    return word.kind == "number" or word.lower in QUANTITIES


def _limit_faults(sentence: AlignedSentence, pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a noun whose limit is left out: "children under ten", "all but 200 homes", "every third"."""
    words = sentence.source.words
    word, following = words[pair.source], words[pair.source + 1 : pair.source + 3]
    if len(following) < 2 or pair.source + 1 in sentence.word_of:  # noqa: PLR2004 - a limit and its number
        return
    first, second = following
    own = sentence.words[pair.word + 1].lower if pair.word + 1 < len(sentence.words) else ""
    limits = second.kind == "number" and pair.source + 2 not in sentence.word_of and not is_verb(words, pair.source)
    limits = limits and (first.lower == "aged" or (not first.lower and second.bound in ("above", "below")))
    excepts = word.lower == "all" and first.lower == "but" and own != "but"
    counts = word.lower == "every" and (first.lower == "other" or first.key.endswith("th"))
    if limits or excepts or counts:
        yield Fault(check="numbers", detail=f"leaves out what limits {word.text!r}: {first.text!r}")


def _replacement_faults(sentence: AlignedSentence, pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a word that the passage says something else takes the place of: "instead of 2024"."""
    words = sentence.source.words
    for at in range(pair.source - 1, max(pair.source - MAX_REPLACED_WORDS, 0), -1):
        if words[at].kind == "mark" or words[at].sentence != words[pair.source].sentence:
            return
        phrase = tuple(word.lower for word in words[at - 1 : at + 1])
        if phrase in REPLACEMENTS and at - 1 not in sentence.word_of:
            yield Fault(check="negation", detail=f"leaves out {' '.join(phrase)!r}")
            return


def _comparison_faults(sentence: AlignedSentence, pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a time or place that the passage only compares with: "twice as much as in 2010"."""
    words = sentence.source.words
    compared = words[pair.source - 2].lower if pair.source > 1 else ""
    preposition = words[pair.source - 1].lower
    if compared not in COMPARISONS or preposition not in english().prepositions:
        return
    if compared == "as" and preposition in NO_COMPARISONS:
        return
    if not any(word.lower == compared for word in sentence.words):
        shown = " ".join(word.text for word in words[pair.source - 2 : pair.source + 1])
        yield Fault(check="entailment", detail=f"states of it what the passage compares: {shown!r}")


def _passive_faults(sentence: AlignedSentence, pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a verb that the passage has others do: "residents support it" for "supported by the mayor"."""
    words = sentence.source.words
    verb, by = words[pair.source], words[pair.source + 1 : pair.source + 2]
    participle = verb.lower.endswith("ed") or verb.lower in english().participles
    aside = pair.source > 0 and _is_comma(words[pair.source - 1])
    if not participle or not aside or not by or by[0].lower != "by":
        return
    agent = next((at for at in range(pair.source + 2, len(words)) if words[at].counts), pair.source)
    before = sentence.words[max(pair.word - 3, 0) : pair.word]
    passive = any(word.lower in BE or _is_comma(word) for word in before)
    if agent not in sentence.word_of and not passive:
        yield Fault(check="entailment", detail=f"{sentence.words[pair.word].text!r} is done by others in the passage")


def _subject_faults(sentence: AlignedSentence, noun: int, verb: int) -> Iterator[Fault]:
    """Yield a fault for a noun in a clause that gets the verb after it: "the bank, which has 40 branches, closed".

    A noun of an apposition is the subject itself: "the captain, Ben Tarrant, will miss the match".
    """
    words = sentence.source.words
    between = range(noun + 1, verb)
    commas = [at for at in between if _is_comma(words[at])]
    if not commas or any(words[at].counts for at in range(commas[-1] + 1, verb)):
        return
    if not is_verb(words, verb) and not any(is_verb(words, at) for at in range(commas[-1] + 1, verb)):
        return
    opening = _comma_before(words, noun)
    if opening < 0 or not _describes(words[opening + 1]):
        return
    if any(at in sentence.word_of and is_verb(words, at) for at in range(opening, noun)):
        return
    subject = range(_comma_before(words, opening - 1) + 1, opening)
    named = [at for at in subject if words[at].counts and words[at].sentence == words[noun].sentence]
    if named and not any(at in sentence.word_of for at in named):
        quoted = " ".join(words[at].text for at in range(named[0], verb + 1))
        yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")


def _other_item_faults(sentence: AlignedSentence, verb: int, number: int) -> Iterator[Fault]:
    """Yield a fault for a number of another item of a list: "a ticket costs 2 euros, a day pass 6 euros"."""
    words = sentence.source.words
    between = range(verb + 1, number)
    if words[number].kind != "number" or number - 1 not in sentence.omitted or words[number - 1].kind != "content":
        return
    commas = [at for at in between if _is_comma(words[at]) or words[at].lower == "and"]
    if commas and any(words[at].kind == "number" and at in sentence.omitted for at in range(verb + 1, commas[-1])):
        quoted = " ".join(words[at].text for at in range(verb, number + 1))
        yield Fault(check="entailment", detail=f"gives a number to another thing: {quoted!r}")


def _describes(word: Word) -> bool:
    """Return whether a word opens a clause that describes the noun before it: "which", "representing"."""
    return word.lower in RELATIVES or (word.lower.endswith("ing") and not word.capital)


def _comma_before(words: Sequence[Word], position: int) -> int:
    """Return the position of the last comma or dash in the sentence up to a word, -1 without one."""
    at = position
    while at >= 0 and words[at].sentence == words[position].sentence:
        if _is_comma(words[at]):
            return at
        at -= 1
    return -1


def _is_comma(word: Word) -> bool:
    return word.text == "," or word.text in DASHES

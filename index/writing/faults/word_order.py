"""Faults in word order: words of one sentence of a passage in another order. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from wherefrom.index.writing.alignment import BESIDE, AlignedSentence, Pair, marker, same_marker
from wherefrom.index.writing.english import english
from wherefrom.index.writing.faults.grammatical_roles import changes_voice, is_agent
from wherefrom.index.writing.subjects import is_boundary
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import PERIODS, TIMES, Word

MAX_FRONTED = 2
"""Maximum number of words before the first word of a phrase at the start of its sentence."""
FIRST_YEAR, LAST_YEAR = 1900, 2099
CLAUSE_WORDS = frozenset(("after", "before", "when", "while", "and", "but", "that", "who", "which", "since", "until"))

CONJUNCTIONS = frozenset(("and", "but", "while", "before", "after"))


def order_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield a fault for every run of words of one source sentence whose order differs from the source."""
    for _, run in groupby(sentence.pairs, sentence.source_sentence):
        yield from _order_faults_of_run(sentence, list(run))


def _order_faults_of_run(sentence: AlignedSentence, run: Sequence[Pair]) -> Iterator[Fault]:
    """Yield a fault unless the run has its source's order, apart from a change of voice and one movable phrase."""
    wrong = _first_moved(sentence, run)
    if wrong is None:
        return
    for group in _movable(sentence, run):
        rest = [pair for pair in run if pair not in group]
        if _first_moved(sentence, rest) is None and _stays_in_clause(sentence, group, rest):
            return
    yield Fault(check="entailment", detail=f"puts in another order: {sentence.words[wrong.word].text!r}")


def _stays_in_clause(sentence: AlignedSentence, group: Sequence[Pair], rest: Sequence[Pair]) -> bool:
    """Return whether a phrase that moved is in the same clause as the others in the source."""
    if not rest:
        return False
    first, last = group[0].source, group[-1].source
    of_speech = {first - 1, first - 2} & sentence.source.speech.parts
    if of_speech and {group[0].word - 1, group[0].word - 2} & sentence.speech_parts:
        return True
    near = min(rest, key=lambda pair: min(abs(pair.source - first), abs(pair.source - last)))
    position = near.source
    between = range(last + 1, position) if position > last else range(position + 1, first)
    words = sentence.source.words
    if any(words[at].text == ";" for at in between):
        return False
    preceding = [pair for pair in rest if pair.word < group[0].word]
    if preceding and _has_own_time(sentence, group, preceding[-1].source):
        return False
    if preceding and preceding[-1].source > last and _ends_clause(words, last):
        return False
    divided = any(is_boundary(words[at]) or words[at].lower in CLAUSE_WORDS for at in between)
    return not (divided and any(at in sentence.omitted for at in between))


def _has_own_time(sentence: AlignedSentence, group: Sequence[Pair], position: int) -> bool:
    """Return whether a phrase replaces the one after a word of the source.

    "4 percent in May" for "in June"; "at 9:40 on Mondays" for "at 8:15 on Mondays and at 9:40 on Sundays".
    """
    words = sentence.source.words
    following = next((at for at in range(position + 1, len(words)) if words[at].counts), None)
    if following is None or following in sentence.word_of or words[following].sentence != words[position].sentence:
        return False
    if words[following].lower in TIMES and any(_is_time(sentence, pair) for pair in group):
        return True
    if marker(words, following) != marker(words, group[0].source):
        return False
    if words[following].kind == words[group[0].source].kind == "number":
        return True
    before = next((at for at in range(group[0].source - 1, -1, -1) if words[at].counts), None)
    is_other_number = before is not None and before in sentence.omitted and words[before].kind == "number"
    return is_other_number and words[position].kind == "number"


def _ends_clause(words: Sequence[Word], position: int) -> bool:
    """Return whether a conjunction follows a word, with or without a comma: "signed in 2015, and ratified in 2016"."""
    following = [word for word in words[position + 1 : position + 3] if word.text != ","]
    return bool(following) and following[0].lower in CONJUNCTIONS


def _first_moved(sentence: AlignedSentence, run: Sequence[Pair]) -> Pair | None:
    """Return the first pair that moved before its neighbour, if no change of voice explains it."""
    start = 0
    for at in range(1, len(run)):
        if run[at].source < run[at - 1].source:
            if not _is_passive(sentence, run[start:at], run[at]):
                return run[at]
            start = at
    return None


def _movable(sentence: AlignedSentence, run: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Yield phrases that may stand anywhere in a sentence.

    They are times, and phrases with the same preposition as in the source.
    """
    at = 0
    while at < len(run):
        group: list[Pair] = []
        if _is_time(sentence, run[at]):
            group = [run[at]]
            while at + len(group) < len(run) and _is_time(sentence, run[at + len(group)]):
                group.append(run[at + len(group)])
        elif _is_governed(sentence, run[at]):
            group = [run[at]]
            while at + len(group) < len(run) and _continues_phrase(sentence, group, run[at + len(group)]):
                group.append(run[at + len(group)])
        if group:
            yield group
        at += max(len(group), 1)


def _is_time(sentence: AlignedSentence, pair: Pair) -> bool:
    word = sentence.words[pair.word]
    return word.lower in TIMES or word.lower in PERIODS or word.lower in english().adverbs or _is_date(sentence, pair)


def _is_date(sentence: AlignedSentence, pair: Pair) -> bool:
    """Return whether a number is a year, or the day after a month."""
    word, before = sentence.words[pair.word], sentence.words[pair.word - 1] if pair.word else None
    value = word.key[1:]
    year = value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR
    return word.kind == "number" and (year or (before is not None and before.lower in TIMES))


def _is_governed(sentence: AlignedSentence, pair: Pair) -> bool:
    word = sentence.words[pair.word]
    if word.lower in english().prepositions:
        return True
    marker_here, marker_there = (
        marker(sentence.words, pair.word),
        marker(sentence.source.words, pair.source, sentence.omitted),
    )
    if word.kind == "number" and marker_here != marker_there and not _is_date(sentence, pair):
        return False
    return marker_here not in (None, BESIDE, "by", "to", "of") and same_marker(marker_here, marker_there, word)


def _continues_phrase(sentence: AlignedSentence, group: Sequence[Pair], pair: Pair) -> bool:
    between = sentence.words[group[-1].word + 1 : pair.word]
    if any(word.kind == "mark" for word in between) or pair.source < group[-1].source:
        return False
    fronted = group[0].word <= MAX_FRONTED and sentence.words[group[0].word].lower not in TIMES
    word = sentence.words[pair.word]
    verb = not word.capital and (word.lower.endswith("ed") or word.lower in english().participles)
    return fronted or (not verb and marker(sentence.words, pair.word) in (BESIDE, "of"))


def _is_passive(sentence: AlignedSentence, before: Sequence[Pair], after: Pair) -> bool:
    """Return whether a pair and those before it changed places around a verb because of a change of voice."""
    if (
        changes_voice(sentence, after, before[-1])
        or changes_voice(sentence, after, before[0])
        or changes_voice(sentence, before[-1], after)
    ):
        return True
    return marker(sentence.words, after.word) == "by" and is_agent(sentence, after)

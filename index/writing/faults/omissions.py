"""Faults by omission: a sentence leaves out a negation, a condition, a subject or a clause of its passages. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from wherefrom.index.writing.alignment import AlignedSentence, Pair
from wherefrom.index.writing.english import english
from wherefrom.index.writing.subjects import JOINING, is_boundary, is_verb
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import TIMES

RELATIVES = frozenset(("who", "which", "that", "where", "when", "whom", "whose"))
SUBJECT_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "this", "there"))
MAX_LISTED = 3
"""Maximum number of words of an item of a list that may be left out: "schools in Galway and Mayo"."""

NEGATED_OBJECTS = frozenset(("nothing", "nobody", "none", "no", "neither", "nowhere", "few"))
COMPARATIVES = frozenset(("later", "earlier", "sooner", "longer", "less", "fewer", "more"))
"""After "no", they state a bound: "no later than May"."""
MAX_HEAD_DISTANCE = 5
"""Maximum distance, in the passage, of a restriction from its noun: "most of the voters", "most of them from Cork"."""
MAX_HEDGE_WORDS = 2
"""Maximum number of words of an aside that hedges the whole statement."""


def omission_faults(sentence: AlignedSentence, antecedents: frozenset[int]) -> Iterator[Fault]:
    """Yield faults for words left out between the words that a sentence takes, before the first and after the last.

    `antecedents` are sentences of the source of which only the subject is taken, for a pronoun of the next sentence.
    """
    blocks = list(sentence.blocks())
    for block in blocks:
        yield from _faults_between(sentence, block)
    yield from _faults_before(sentence, blocks, antecedents)
    yield from _faults_after(sentence, antecedents)
    yield from _restriction_faults(sentence)
    yield from _alternative_faults(sentence)


def _alternative_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield a fault where "or" is left out beside a word that the sentence takes, outside of a negated statement."""
    words = sentence.source.words
    negated = {words[at].sentence for at in sentence.word_of if words[at].kind == "negation"}
    for at in sorted(sentence.omitted):
        beside = at - 1 in sentence.word_of or at + 1 in sentence.word_of
        if words[at].lower == "or" and beside and words[at].sentence not in negated:
            yield Fault(check="modality", detail=f"leaves out {words[at].text!r}")


def _restriction_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for words left out before a noun whose meaning they change.

    "Most voters", "the vice president", "roughly 300".
    """
    words = sentence.source.words
    known = english()
    for at in sorted(sentence.omitted):
        joined = words[at].joined and at > 0
        is_privative = (f"{words[at - 1].lower}-{words[at].lower}" if joined else words[at].lower) in known.privatives
        if not is_privative and words[at].lower not in known.restrictions:
            continue
        distance = 2 if is_privative else MAX_HEAD_DISTANCE
        head = next((near for near in range(at + 1, min(at + distance, len(words))) if words[near].counts), at)
        if head in sentence.word_of and words[head].sentence == words[at].sentence:
            yield Fault(check="entailment", detail=f"leaves out {words[at].text!r} before {words[head].text!r}")


def _faults_between(sentence: AlignedSentence, block: Sequence[Pair]) -> Iterator[Fault]:
    for before, after in pairwise(block):
        first, second = before.source, after.source
        gap = [at for at in range(first + 1, second) if at not in sentence.word_of and at not in sentence.attributions]
        outside = _without_asides(sentence, gap, first, second)
        if _spans_main_clause(sentence, gap):
            quoted = " ".join(sentence.source.words[at].text for at in range(first, second + 1))
            yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")
        if [sentence.source.words[at].lower for at in gap[:2]] == ["but", "one"]:
            yield Fault(check="entailment", detail="leaves out an exception: 'but one'")
        yield from _aside_faults(sentence, [at for at in gap if at not in outside])
        gap = outside
        yield from _operator_faults(sentence, gap)
        left_out = [
            at for at in gap if at in sentence.omitted and sentence.source.words[at].kind in ("content", "number")
        ]
        if left_out:
            yield from _gap_faults(sentence, left_out, gap, before, after)


def _without_asides(sentence: AlignedSentence, gap: Sequence[int], first: int, second: int) -> list[int]:
    """Return a gap without asides between two commas, dashes or brackets."""
    words = sentence.source.words
    marks = [at for at in range(first + 1, second) if is_boundary(words[at]) and words[at].text not in ':;"']
    inside: set[int] = set()
    if len(marks) >= 2 and not any(at in sentence.word_of for at in range(marks[0], marks[-1])):  # noqa: PLR2004
        aside = range(marks[0], marks[-1] + 1)
        if words[marks[0]].text != "," or words[marks[0] + 1].lower not in ("and", "but", "or"):
            inside = set(aside)
    return [at for at in gap if at not in inside]


def _spans_main_clause(sentence: AlignedSentence, gap: Sequence[int]) -> bool:
    """Return whether an aside and the verb after it are left out: "Smith, born in May, married Jones, born in June"."""
    words = sentence.source.words
    commas = [at for at in gap if words[at].text == ","]
    after_aside = [at + 1 for at in commas[1:-1] if at + 1 in sentence.omitted]
    return any(is_verb(words, at) and not words[at].lower.endswith("ing") for at in after_aside)


def _aside_faults(sentence: AlignedSentence, aside: Sequence[int]) -> Iterator[Fault]:
    """Yield a fault for an aside that begins with a condition, or for a short aside that hedges the statement.

    "The plant, if the talks fail, will close"; "The minister, reportedly, resigned".
    """
    words = [at for at in aside if sentence.source.words[at].kind != "mark"]
    yield from _condition_faults(sentence, words[:1])
    if len(words) <= MAX_HEDGE_WORDS:
        yield from _operator_faults(sentence, words)


def _gap_faults(
    sentence: AlignedSentence, left_out: Sequence[int], gap: Sequence[int], before: Pair, after: Pair
) -> Iterator[Fault]:
    words = sentence.source.words
    first, second = before.source, after.source
    quoted = " ".join(words[at].text for at in range(first, second + 1))
    joining = [at for at in gap if words[at].lower in JOINING or words[at].text in ";:"]
    relative = [at for at in gap if words[at].lower in RELATIVES]
    if joining and joining[0] == first + 1 and len(left_out) <= MAX_LISTED and words[first + 1].text not in ";:":
        return
    if joining:
        tail = [at for at in left_out if at > joining[-1]]
        if not tail and _leads_another_clause(sentence, joining[-1], before, after):
            yield Fault(check="entailment", detail=f"joins two facts: {quoted!r}")
            return
        if tail and not _is_modifier(sentence, tail, second):
            yield Fault(check="entailment", detail=f"joins two facts: {quoted!r}")
            return
    elif (
        relative
        and relative[-1] != first + 1
        and not any(at > relative[-1] for at in left_out)
        and not _is_description(sentence, first + 1, before, after)
    ):
        yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")
        return
    marks = [at for at in gap if is_boundary(words[at])]
    if any(words[at].lower == "whose" and at < left_out[-1] for at in relative):
        yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")
        return
    if marks and any(at > marks[-1] and words[at].capital for at in left_out):
        yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")
        return
    yield from _head_faults(sentence, left_out, before, after, quoted)


def _leads_another_clause(sentence: AlignedSentence, conjunction: int, before: Pair, after: Pair) -> bool:
    """Return whether a time that is taken begins another clause: "in 2012, and in 2014 the court"."""
    word = sentence.words[after.word]
    if word.kind != "number" and word.lower not in TIMES:
        return False
    if any(each.lower in JOINING for each in sentence.words[before.word + 1 : after.word]):
        return False
    following = sentence.source.words[after.source + 1 : after.source + 2]
    ends = not following or following[0].kind == "mark" or following[0].lower in english().prepositions
    return after.source - conjunction <= 2 and not ends  # noqa: PLR2004 - a preposition between them


def _is_description(sentence: AlignedSentence, start: int, before: Pair, after: Pair) -> bool:
    """Return whether the words left out up to a relative pronoun only describe the word before them."""
    word = sentence.source.words[start]
    own = any(sentence.words[at].lower in RELATIVES for at in range(before.word + 1, after.word))
    return own and (word.lower in english().prepositions or word.lower.endswith("ly"))


def _is_modifier(sentence: AlignedSentence, left_out: Sequence[int], second: int) -> bool:
    """Return whether words that are left out only modify the word after them."""
    words = sentence.source.words
    adverb = words[left_out[0]].lower.endswith("ly")
    if not adverb and (is_verb(words, second) or (len(left_out) > 1 and is_verb(words, left_out[-1]))):
        return False
    return all(not words[at].capital for at in left_out) and second - left_out[-1] == 1 and len(left_out) <= 2  # noqa: PLR2004


def _head_faults(
    sentence: AlignedSentence, left_out: Sequence[int], before: Pair, after: Pair, quoted: str
) -> Iterator[Fault]:
    """Yield a fault for a name that replaces the noun that it only modifies: "Russia" for "Russian officials"."""
    words = sentence.source.words
    first = before.source
    mine = sentence.words[before.word]
    head = words[left_out[0]]
    if left_out[0] != first + 1 or is_boundary(words[first + 1]):
        return
    adjacent = after.word - before.word == 1 or not _has_counting_word(sentence, before.word, after.word)
    if not adjacent or not words[first].capital:
        return
    describes = words[first].possessive and not mine.possessive
    describes = describes or words[first].joins
    noun = not head.capital and not head.lower.endswith(("ly", "ed", "ing")) and head.lower not in english().adverbs
    verb_follows = not sentence.words[after.word].capital and after.word != before.word + 1
    if describes or (noun and (verb_follows or after.word == before.word + 1) and not mine.possessive):
        next_is_noun = words[after.source - 1].kind == "content" and after.source - 1 in left_out
        if describes or not next_is_noun or sentence.words[after.word].lower.endswith(("ed", "s")):
            yield Fault(check="entailment", detail=f"leaves out what the name describes: {quoted!r}")


def _has_counting_word(sentence: AlignedSentence, first: int, second: int) -> bool:
    return any(sentence.words[at].counts for at in range(first + 1, second))


def _operator_faults(sentence: AlignedSentence, positions: Sequence[int]) -> Iterator[Fault]:
    """Yield a fault for every negation or modality among words that are left out."""
    known = english()
    for at in positions:
        word = sentence.source.words[at]
        following = sentence.source.words[at + 1 : at + 2]
        if word.lower == "all" and at in sentence.omitted and following and following[0].lower == "but":
            yield Fault(check="modality", detail="leaves out 'all but'")
        elif word.kind == "negation":
            yield Fault(check="negation", detail=f"leaves out {word.text!r}")
        elif (word.kind == "modality" and word.key != "?only") or (
            word.kind == "content" and at in sentence.omitted and word.key in known.open_verbs and not word.capital
        ):
            yield Fault(check="modality", detail=f"leaves out {word.text!r}")


def _faults_before(
    sentence: AlignedSentence, blocks: Sequence[Sequence[Pair]], antecedents: frozenset[int]
) -> Iterator[Fault]:
    """Yield faults for words of a source sentence before the first word that is taken from it."""
    words = sentence.source.words
    seen: set[int] = set()
    for block in blocks:
        number = sentence.source_sentence(block[0])
        if number in seen or number in antecedents:
            continue
        seen.add(number)
        first = min(at for at in sentence.word_of if words[at].sentence == number)
        start = first
        while start > 0 and words[start - 1].sentence == number:
            start -= 1
        yield from _condition_faults(sentence, range(start, first))
        lead = [at for at in sentence.omitted_before(first) if at not in sentence.source.speech.parts]
        yield from _operator_faults(sentence, lead)
        left_out = [at for at in lead if at in sentence.omitted and words[at].kind == "content"]
        if _pronoun_for_subject(sentence, block[0], left_out):
            yield Fault(check="entailment", detail="says with a pronoun who it is about, unlike the passage")
        embeds = [at for at in lead if words[at].lower in ("that", "whether", "how")]
        if embeds and left_out and embeds[-1] > left_out[0]:
            yield Fault(check="entailment", detail=f"leaves out what {words[embeds[-1]].text!r} depends on")
        verbs = [at for at in left_out if not words[at].capital and words[at].lower.endswith(("ed", "ing"))]
        if verbs and words[first].capital and words[first - 1].lower not in english().prepositions:
            yield Fault(check="entailment", detail=f"leaves out {words[verbs[0]].text!r} before its object")


def _pronoun_for_subject(sentence: AlignedSentence, pair: Pair, left_out: Sequence[int]) -> bool:
    """Return whether the sentence has a pronoun in place of the subject that its source names."""
    named = [at for at in left_out if not sentence.source.words[at].lower.endswith("ly")]
    for at in range(pair.word - 1, -1, -1):
        word = sentence.words[at]
        if word.lower in SUBJECT_PRONOUNS:
            return bool(named)
        if word.kind not in ("function", "modality", "negation"):
            return False
    return False


def _faults_after(sentence: AlignedSentence, antecedents: frozenset[int]) -> Iterator[Fault]:
    """Yield faults for words of a passage after the last word that is taken from it, such as a condition."""
    words = sentence.source.words
    for number in sorted({words[at].sentence for at in sentence.word_of} - antecedents):
        last = max(at for at in sentence.word_of if words[at].sentence == number)
        yield from _object_faults(sentence, last)
        for at in range(last + 1, len(words)):
            if words[at].sentence != number:
                break
            if is_boundary(words[at]) and words[at + 1 : at + 2] and not _condition(sentence, at + 1):
                break
            if _condition(sentence, at):
                yield from _condition_faults(sentence, range(at, at + 1))
                break


def _object_faults(sentence: AlignedSentence, last: int) -> Iterator[Fault]:
    """Yield a fault if the last word that is taken has a negated object, or is the possessor of its head.

    "The team won nothing"; "The court convicted Smith's brother".
    """
    words = sentence.source.words
    own = sentence.words[sentence.word_of[last]]
    is_left_out = last + 1 in sentence.omitted
    if is_left_out and ((words[last].possessive and not own.possessive) or (words[last].joins and not own.joins)):
        yield Fault(check="entailment", detail=f"leaves out what {words[last].text!r} describes")
    for at in range(last + 1, len(words)):
        if words[at].kind == "negation" and words[at].lower in NEGATED_OBJECTS:
            following = words[at + 1].lower if at + 1 < len(words) else ""
            if following not in COMPARATIVES:
                yield Fault(check="negation", detail=f"leaves out {words[at].text!r}")
        if words[at].kind not in ("function", "modality"):
            return


def _condition_faults(sentence: AlignedSentence, positions: Sequence[int]) -> Iterator[Fault]:
    """Yield a fault for the first condition that begins at one of the positions and is left out."""
    condition = next((each for at in positions if (each := _condition(sentence, at))), None)
    if condition:
        yield Fault(check="modality", detail=f"leaves out a condition: {condition!r}")


def _condition(sentence: AlignedSentence, position: int) -> str:
    """Return the phrase that begins a condition at a position and is left out; empty if there is none."""
    words = sentence.source.words
    if position in sentence.source.speech.parts or position in sentence.word_of:
        return ""
    word = words[position]
    before = words[position - 1] if position else None
    opens = before is None or before.sentence != word.sentence or before.text in ',;"'
    known = english()
    phrases = known.conditions.get(word.lower, ())
    for phrase in (*phrases, *known.opening_conditions.get(word.lower, ())) if opens else phrases:
        taken = words[position : position + len(phrase)]
        if tuple(each.lower for each in taken) == phrase and not any(
            at in sentence.word_of for at in range(position, position + len(phrase))
        ):
            return " ".join(each.text for each in taken)
    return ""

"""Faults in grammatical roles: another preposition than in the passage, another voice, singular for plural. Pure."""

from collections.abc import Iterator, Sequence

from wherefrom.index.writing.alignment import BESIDE, AlignedSentence, Pair, marker, same_marker
from wherefrom.index.writing.english import english
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import Word, is_other_number

BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "am", "get", "got", "gets"))
ARTICLES = frozenset(("the", "a", "an", "this", "these", "those", "his", "her", "its", "their", "our"))
STRICT_PREPOSITIONS = frozenset(
    ("by", "against", "from", "to", "without", "before", "after", "until", "since", "despite")
)
TIME_BOUNDS = frozenset(("by", "before", "after", "until", "since", "from", "earliest", "early", "late"))
"""Bounds of a date that may have different prepositions: "by May" and "no later than May"."""
MAX_SUBJECT_DISTANCE = 3
"""Maximum distance, in the passage, of a subject from the next aligned word."""
MAX_OBJECT_DISTANCE = 14
"""Maximum distance, in the passage, of a verb from the last word of its object."""


def role_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for words after another preposition than in the passage, in another number, or in another voice."""
    for pair in sentence.pairs:
        position = pair.source
        word = sentence.words[pair.word]
        marker_here = marker(sentence.words, pair.word)
        marker_there = marker(sentence.source.words, position, sentence.omitted)
        if not _has_same_role(sentence, marker_here, marker_there, word, position, pair):
            yield _role_fault(word, marker_here, marker_there)
        yield from _voice_faults(sentence, pair)
        if _has_other_number(sentence, pair):
            detail = f"{word.text!r} is {sentence.source.words[position].text!r} in the passage"
            yield Fault(check="entailment", detail=detail)


def _has_other_number(sentence: AlignedSentence, pair: Pair) -> bool:
    """Return whether a noun is plural while the passage has the singular, or the reverse: "the ministers"."""
    word, source = sentence.words[pair.word], sentence.source.words[pair.source]
    if word.lower == source.lower or word.joined or word.joins or source.joined or source.joins:
        return False
    if word.possessive or source.possessive or not is_other_number(word.lower, source.lower):
        return False
    return _follows_article(sentence.words, pair.word) and _follows_article(sentence.source.words, pair.source)


def _follows_article(words: Sequence[Word], position: int) -> bool:
    return position > 0 and words[position - 1].lower in ARTICLES


def _has_same_role(  # noqa: PLR0911
    sentence: AlignedSentence, marker_here: str | None, marker_there: str | None, word: Word, position: int, pair: Pair
) -> bool:
    if same_marker(marker_here, marker_there, word) or word.lower in english().prepositions:
        return True
    source = sentence.source.words[position]
    if word.bound == source.bound and word.bound in TIME_BOUNDS:
        return True
    if "by" in (marker_here, marker_there):
        return is_agent(sentence, pair)
    if marker_here not in (None, BESIDE) and marker_there in (None, BESIDE):
        if marker_here == "of" or marker_here not in STRICT_PREPOSITIONS:
            return True
        return marker_here == "to" and not word.capital
    if marker_here is None and marker_there in ("after", "since"):
        return _begins_clause(sentence, pair)
    if marker_here in (None, BESIDE) and marker_there == "of":
        return word.possessive or marker_here == BESIDE
    if marker_here in (None, BESIDE) and (word.possessive or word.joins) and not source.possessive:
        return marker_there in ("in", "at", "of", "from")
    return False


def _begins_clause(sentence: AlignedSentence, pair: Pair) -> bool:
    """Return whether a word is the subject of a temporal clause, which states a fact of its own."""
    at = sentence.pairs.index(pair)
    following = sentence.pairs[at + 1] if at + 1 < len(sentence.pairs) else None
    return following is not None and 0 < following.source - pair.source <= MAX_SUBJECT_DISTANCE


def is_agent(sentence: AlignedSentence, pair: Pair) -> bool:
    """Return whether a word with "by" on one side only is the agent on both: a verb is on its other side."""
    return any(
        changes_voice(sentence, each, pair)
        for each in sentence.pairs
        if each is not pair and sentence.words[each.word].kind == "content"
    )


def changes_voice(sentence: AlignedSentence, verb: Pair, other: Pair) -> bool:
    """Return whether a verb is passive on one side only, and its agent or object is on the opposite side of it there.

    The agent follows "by" on the passive side; the object is adjacent to the verb on both sides.
    """
    word, source = sentence.words[verb.word], sentence.source.words[verb.source]
    if word.capital or not (is_participle(word) or is_participle(source)):
        return False
    passive_here = is_passive(sentence.words, verb.word)
    passive_there = is_passive(sentence.source.words, verb.source)
    if passive_here == passive_there:
        return False
    if (other.word < verb.word) == (other.source < verb.source):
        return False
    if (passive_here and other.word > verb.word) or (passive_there and other.word < verb.word):
        words, position = (sentence.words, other.word) if passive_here else (sentence.source.words, other.source)
        return marker(words, position) == "by"
    return abs(other.source - verb.source) <= MAX_OBJECT_DISTANCE


def _role_fault(word: Word, marker_here: str | None, marker_there: str | None) -> Fault:
    shown = [each if each not in (None, BESIDE) else "no preposition" for each in (marker_here, marker_there)]
    check = "modality" if marker_there == "to" and not word.capital else "entailment"
    return Fault(check=check, detail=f"{word.text!r} stands after {shown[0]}, in the passage after {shown[1]}")


def _voice_faults(sentence: AlignedSentence, pair: Pair) -> Iterator[Fault]:
    """Yield a fault for a verb that is passive on one side only, although its agent and object kept their places."""
    position = pair.source
    word, source = sentence.words[pair.word], sentence.source.words[position]
    if word.kind != "content" or word.lower != source.lower or not is_participle(word):
        return
    passive_here, passive_there = is_passive(sentence.words, pair.word), is_passive(sentence.source.words, position)
    if passive_here == passive_there:
        return
    if passive_here and not _has_own_agent(sentence, pair):
        yield Fault(check="entailment", detail=f"{word.text!r} has another agent in the passage")
        return
    if passive_here and (_agent_moved(sentence, pair) or is_reduced_passive(sentence.source.words, position)):
        return
    if not passive_here and (_agent_moved(sentence, pair) or is_reduced_passive(sentence.words, pair.word)):
        return
    yield Fault(check="entailment", detail=f"{word.text!r} is passive on one side only")


def _has_own_agent(sentence: AlignedSentence, verb: Pair) -> bool:
    """Return whether the agent of a passive verb, if it has one, precedes the verb in the source."""
    following = [pair for pair in sentence.pairs if pair.word > verb.word]
    agent = next((pair for pair in following if marker(sentence.words, pair.word) == "by"), None)
    return agent is None or agent.source < verb.source


def _agent_moved(sentence: AlignedSentence, pair: Pair) -> bool:
    """Return whether a name or noun is before the verb on one side and after it on the other."""
    return any((each.word < pair.word) != (each.source < pair.source) for each in sentence.pairs if each is not pair)


def is_participle(word: Word) -> bool:
    """Return whether a word may be a past participle."""
    return word.lower.endswith("ed") or word.lower in english().participles


def is_passive(words: Sequence[Word], position: int) -> bool:
    """Return whether a form of "be" governs a participle."""
    for at in range(position - 1, max(position - 4, -1), -1):
        word = words[at]
        if word.lower in BE:
            return True
        if (
            word.kind in ("modality", "negation")
            or word.lower.endswith("ly")
            or word.lower in ("also", "been", "being")
        ):
            continue
        return False
    return False


def is_reduced_passive(words: Sequence[Word], position: int) -> bool:
    """Return whether a participle without "be" is passive: a preposition follows, as in "killed in the blast"."""
    following = words[position + 1] if position + 1 < len(words) else None
    return following is None or following.lower in english().prepositions or following.text in ",."

"""The words that name the subject of a verb: where they begin and end, with an apposition or behind the verb. Pure."""

from collections.abc import Iterator, Sequence

from wherefrom.index.writing.english import english
from wherefrom.index.writing.words import DASHES, TIMES, Word

PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "who"))
JOINING = frozenset(("and", "but", "while", "as", "however", "although", "though", "when", "because"))
ARTICLES = frozenset(("the", "a", "an", "one", "its", "his", "her", "their"))
MAX_SPEAKER_WORDS = 14
MAX_APPOSED_WORDS = 6
"""Maximum number of words of each part of a subject with an apposition that follows what is said."""


def is_boundary(word: Word) -> bool:
    """Return whether a mark separates parts of a sentence."""
    return word.kind == "mark" and (word.text in ',;:"()[]' or word.text in DASHES)


def is_noun_with_article(words: Sequence[Word], left: int, verb: int) -> bool:
    """Return whether the words up to a verb of speech are its subject: ", the head of the police confirmed".

    After an ordinal, a superlative or a thing it is a participle: ", the first case reported", ", a figure confirmed".
    """
    form = words[verb].lower
    finite = form.endswith(("ed", "s")) or form in english().irregular
    subject = words[left:verb]
    return (
        finite
        and 1 < len(subject) <= MAX_SPEAKER_WORDS
        and subject[0].lower in ARTICLES
        and subject[-1].counts
        and not (form.endswith("ed") and subject[-1].lower in english().things)
        and not any(is_verb(words, at) or words[at].kind in ("modality", "negation") for at in range(left, verb))
        and not any(word.key.endswith("th") or word.lower.endswith("est") or word.lower == "last" for word in subject)
    )


def start_of_subject(words: Sequence[Word], verb: int, start: int) -> int:
    """Return the position at which the words before a verb begin that may name its subject."""
    for position in range(verb - 1, start - 1, -1):
        if is_boundary(words[position]) or words[position].lower in ("that", "who", "which", "what"):
            if words[position].lower in ("who", "which") and position > start:
                return start_of_subject(words, position - (words[position - 1].text == ","), start)
            return position + 1
    return start


def end_of_inverted(words: Sequence[Word], position: int, end: int) -> int:
    """Return the end of the subject that begins after its verb: "said Paul Reed, the treasurer, on Monday"."""
    for at in range(position, end):
        word = words[at]
        if is_boundary(word) or word.text == "." or word.lower in ("in", "during", "on", "at", "after", "when", "that"):
            return _end_of_apposition(words, at, end) if word.text == "," else at
        if word.lower.endswith("day") and word.capital:
            return at
    return end


def _end_of_apposition(words: Sequence[Word], comma: int, end: int) -> int:
    """Return the end of an apposition after a comma that describes a speaker; the comma itself without one."""
    stop = next_boundary(words, comma + 1, end)
    short = 0 < stop - comma - 1 <= MAX_SPEAKER_WORDS
    is_noun = short and not any(is_verb(words, at) or words[at].lower in PRONOUNS for at in range(comma + 1, stop))
    return stop if is_noun and words[comma + 1].lower not in JOINING else comma


def next_boundary(words: Sequence[Word], position: int, end: int) -> int:
    """Return the position of the next mark that separates parts of a sentence, or `end`."""
    return next((at for at in range(position, end) if is_boundary(words[at]) or words[at].text == "."), end)


def is_apposition(words: Sequence[Word], start: int, verb: int) -> bool:
    """Return whether a subject with an apposition precedes a verb: "Timonin, the envoy, said"."""
    before = range(start, verb)
    commas = [at for at in before if words[at].text == ","]
    return len(commas) > 1 and not any(is_verb(words, at) or words[at].kind == "modality" for at in before)


def apposed(words: Sequence[Word], start: int, verb: int) -> tuple[int, ...]:
    """Return a subject with an apposition after what is said: ", the treasurer, Paul Reed, told"; empty without one."""
    ends = [at for at in range(verb - 1, start, -1) if is_boundary(words[at])][:3]
    if len(ends) < 3 or ends[0] != verb - 1 or any(words[at].text != "," for at in ends[:2]):  # noqa: PLR2004 - two parts
        return ()
    parts = [range(first + 1, last) for first, last in ((ends[2], ends[1]), (ends[1], ends[0]))]
    if not all(0 < len(part) <= MAX_APPOSED_WORDS for part in parts) or words[parts[0][0]].lower in JOINING:
        return ()
    named = [all(words[at].capital and words[at].lower not in TIMES for at in part) for part in parts]
    verbal = any(is_verb(words, at) or words[at].kind in ("modality", "negation") for part in parts for at in part)
    preposition = any(words[part[0]].lower in english().prepositions for part in parts)
    return () if verbal or preposition or sum(named) != 1 else (*parts[0], *parts[1])


def subject_before(words: Sequence[Word], start: int, verb: int) -> Iterator[int]:
    """Yield the words that may be a sentence's subject, its apposition included, up to the first verb."""
    for position in range(start, verb):
        word = words[position]
        if is_verb(words, position) or position - start > MAX_SPEAKER_WORDS:
            return
        if word.kind != "mark" and word.lower not in JOINING:
            yield position


def is_verb(words: Sequence[Word], position: int) -> bool:
    """Return whether a word may be a verb: by its ending, or as an irregular form."""
    word = words[position]
    known = english()
    return not word.capital and (
        word.lower.endswith(("ed", "ing", "es")) or word.lower in known.finite or word.lower in known.irregular
    )

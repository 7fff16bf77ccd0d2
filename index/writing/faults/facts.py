"""Faults in single facts of a sentence: numbers, dates, names, quotations, and connections of statements. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise

from wherefrom.index.writing.alignment import AlignedSentence, Pair, Source
from wherefrom.index.writing.english import english, stem
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import CALENDAR, CURRENCIES, TIMES, Word, is_other_number, normalized

MAX_COUNTED_DISTANCE = 6
"""Maximum number of words between a number and the noun that it counts, in the passage."""
MAX_NAME_DISTANCE = 3
"""Maximum distance of two words of one name in the passage: "John F. Kennedy" for "John Kennedy"."""
SCARE_QUOTES = 4
"""Quotations of fewer words need no quotation marks in the passage."""
FIRST_PERSON = frozenset(("i", "me", "my", "myself", "we", "us", "our", "ourselves"))
"""Words of a quoted speaker, for which a report of it has "he" or "she"."""
MALE, FEMALE = frozenset(("he", "him", "his", "himself")), frozenset(("she", "her", "hers", "herself"))
COMPARATIVES = frozenset(("fewer", "less", "more", "higher", "lower", "smaller", "larger", "longer", "shorter"))
UNITS = frozenset(("percent", *CURRENCIES.values()))
MAX_UNIT_DISTANCE = 5
"""Maximum number of words between a number and its unit: "5 to 7 percent"."""
YEARS = range(1900, 2100)
MAX_DAYS_BEFORE = 300
"""Maximum number of days before publication for a date without a year."""


def number_faults(words: Sequence[Word], source: Source) -> Iterator[Fault]:
    """Yield faults for numbers that are in no passage, count something else there, or have another bound or unit."""
    for position, word in enumerate(words):
        if word.kind != "number":
            continue
        check = "dates" if _in_date(words, position) else "numbers"
        occurrences = source.positions.get(word.key, ())
        if not occurrences:
            yield Fault(check=check, detail=f"{_excerpt(words, position)!r} stands in no cited passage")
        elif check == "numbers":
            yield from _count_faults(words, position, source, occurrences)
        elif not any(_same_date(words, position, source, at) for at in occurrences):
            yield Fault(check=check, detail=f"{_excerpt(words, position)!r} is of another date in the cited passages")
    for word in words:
        if word.lower in TIMES and word.capital and word.key not in source.positions and word.kind == "content":
            yield Fault(check="dates", detail=f"{word.text!r} stands in no cited passage")


def bound_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for numbers and dates whose bound differs from the passage's, or that only one side has."""
    for pair in sentence.pairs:
        word, source = sentence.words[pair.word], sentence.source.words[pair.source]
        if word.bound != source.bound:
            check = "numbers" if word.kind == "number" and not _in_date(sentence.words, pair.word) else "dates"
            bounds = [each.bound or "no bound" for each in (word, source)]
            yield Fault(check=check, detail=f"{word.text!r} has the bound {bounds[0]!r}, in the passage {bounds[1]!r}")


def repetition_faults(words: Sequence[Word], source: Source) -> Iterator[Fault]:
    """Yield faults for names, days and numbers that occur more often in a sentence than in its passages."""
    counts = Counter(word.key for word in words if word.kind == "number" or (word.kind == "content" and word.capital))
    for key, count in counts.items():
        if 0 < len(source.positions.get(key, ())) < count:
            word = next(each for each in words if each.key == key)
            check = "numbers" if word.kind == "number" else "dates" if word.lower in TIMES else "names"
            yield Fault(check=check, detail=f"{word.text!r} stands less often in the cited passages")


def pronoun_faults(words: Sequence[Word], source: Source, taken: Collection[int]) -> Iterator[Fault]:
    """Yield a fault for "she" where the sentences of the passage that are `taken` only have "he", or the reverse."""
    there = {word.lower for word in source.words if word.sentence in taken}
    here = {word.lower for word in words}
    if there & FIRST_PERSON:
        return
    for one, other in ((MALE, FEMALE), (FEMALE, MALE)):
        if here & one and not here & other and there & other and not there & one:
            shown = min(here & one)
            yield Fault(check="entailment", detail=f"{shown!r} is about somebody else than in the cited passages")


def conditional_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield a fault for "will" where the passage has "would", except where a report in the past makes it "would"."""
    source = sentence.source
    for pair in sentence.pairs:
        if sentence.words[pair.word].lower not in ("will", "'ll") or source.words[pair.source].lower != "would":
            continue
        frame = source.speech.frame_of[pair.source]
        if frame is None or source.words[frame.verb].lower.endswith("s"):
            yield Fault(check="modality", detail="'will' is 'would' in the cited passages")


def connective_faults(words: Sequence[Word], source: Source) -> Iterator[Fault]:
    """Yield faults for connectives that no passage has: "so", "then", "not only"."""
    for at, word in enumerate(words):
        opens = at > 0 and (words[at - 1].kind == "mark" or words[at - 1].lower == "and")
        if opens and word.lower in english().connectives and not any(each.lower == word.lower for each in source.words):
            yield Fault(check="entailment", detail=f"{word.text!r} connects what no cited passage connects")
    if _has_not_only(words) and not _has_not_only(source.words):
        yield Fault(check="negation", detail="'not only' stands in no cited passage")


def contrast_faults(sentence: AlignedSentence) -> Iterator[Fault]:
    """Yield faults for words that contrast statements which no passage contrasts: "while", "although"."""
    known = english()
    words, source = sentence.words, sentence.source.words
    for at, word in enumerate(words):
        if word.lower not in known.contrasts or word.kind == "mark" or at in sentence.speech_parts:
            continue
        taken = [pair.source for pair in _around(sentence, at)]
        allowed = known.contrasts | (known.same_time if word.lower in known.same_time else frozenset())
        numbers = {source[each].sentence for each in taken}
        if not any(each.sentence in numbers and each.lower in allowed for each in source):
            yield Fault(check="entailment", detail=f"{word.text!r} contrasts what no cited passage contrasts")


def _around(sentence: AlignedSentence, position: int) -> Iterator[Pair]:
    """Yield the pairs before and after a contrast; if it opens the sentence, those before and after its comma."""
    before = [pair for pair in sentence.pairs if pair.word < position]
    after = [pair for pair in sentence.pairs if pair.word > position]
    if not before and sentence.words[position].lower not in english().openers:
        comma = next((at for at in range(position, len(sentence.words)) if sentence.words[at].text == ","), position)
        before = [pair for pair in after if pair.word < comma]
        after = [pair for pair in after if pair.word > comma]
    yield from (*before[-1:], *after[:1])


def _has_not_only(words: Sequence[Word]) -> bool:
    return any(one.lower == "not" and other.lower == "only" for one, other in pairwise(words))


def polarity_faults(words: Sequence[Word], source: Source) -> Iterator[Fault]:
    """Yield faults for auxiliary verbs without a negation that are always negated in the passages: "did", "didn't"."""
    for at in range(1, len(words)):
        if words[at].lower not in english().finite or _negated(words, at):
            continue
        pair = (words[at - 1].lower, words[at].lower)
        same = [
            each
            for each in range(1, len(source.words))
            if (source.words[each - 1].lower, source.words[each].lower) == pair
        ]
        if same and all(_negated(source.words, each) for each in same):
            yield Fault(check="negation", detail=f"{' '.join(pair)!r} is negated in the cited passages")


def _negated(words: Sequence[Word], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1].kind == "negation"


def _excerpt(words: Sequence[Word], position: int) -> str:
    return " ".join(word.text for word in words[max(position - 1, 0) : position + 2] if word.kind != "mark")


def _in_date(words: Sequence[Word], position: int) -> bool:
    near = words[max(position - 3, 0) : position + 3]
    value = words[position].key[1:]
    is_year = value.isdigit() and int(value) in YEARS and "," not in words[position].text
    return is_year or any(word.lower in CALENDAR and word.kind == "content" for word in near)


def _same_date(words: Sequence[Word], position: int, source: Source, occurrence: int) -> bool:
    months = _months(words, position)
    months_there = _months(source.words, occurrence)
    if not months or not months_there:
        return True
    numbers, numbers_there = _date_numbers(words, position), _date_numbers(source.words, occurrence)
    return bool(months & months_there) and (not numbers or not numbers_there or bool(numbers & numbers_there))


def _date_numbers(words: Sequence[Word], position: int) -> frozenset[str]:
    """Return the other numbers of a date with a day and a year."""
    near = [at for at in range(max(position - 3, 0), min(position + 3, len(words))) if at != position]
    return frozenset(words[at].key for at in near if words[at].kind == "number")


def _months(words: Sequence[Word], position: int) -> frozenset[str]:
    near = words[max(position - 3, 0) : position + 3]
    return frozenset(word.key for word in near if word.lower in CALENDAR and word.kind == "content")


def _count_faults(words: Sequence[Word], position: int, source: Source, occurrences: Sequence[int]) -> Iterator[Fault]:
    same_bound = [at for at in occurrences if source.words[at].bound == words[position].bound]
    if not same_bound:
        yield Fault(check="numbers", detail=f"{_excerpt(words, position)!r} has another bound in the cited passages")
        return
    if not any(_has_same_unit(words, position, source, at) for at in same_bound):
        yield Fault(check="numbers", detail=f"{_excerpt(words, position)!r} has a unit in the cited passages")
        return
    if not any(not _is_difference(source.words, at) or _is_difference(words, position) for at in same_bound):
        yield Fault(check="numbers", detail=f"{_excerpt(words, position)!r} is a difference in the cited passages")
        return
    counted = words[position + 1] if position + 1 < len(words) else None
    if counted is None or not counted.counts or counted.kind in ("negation", "modality"):
        return
    for at in same_bound:
        after = source.words[at + 1 : at + 1 + MAX_COUNTED_DISTANCE]
        if any(word.key == counted.key for word in after):
            return
    yield Fault(check="numbers", detail=f"{_excerpt(words, position)!r}: the passages count something else")


def _has_same_unit(words: Sequence[Word], position: int, source: Source, occurrence: int) -> bool:
    """Return whether a number has the unit of the passage; true if it has none there."""
    unit = next((word.key for word in source.words[occurrence + 1 : occurrence + 2] if word.key in UNITS), None)
    return unit is None or any(word.key == unit for word in words[position + 1 : position + 1 + MAX_UNIT_DISTANCE])


def _is_difference(words: Sequence[Word], position: int) -> bool:
    """Return whether a number states a difference: "300 fewer", "5 percent less"."""
    following = words[position + 1 : position + 3]
    if following and following[0].key in UNITS:
        following = following[1:]
    return bool(following) and following[0].lower in COMPARATIVES


def name_faults(words: Sequence[Word], source: Source, supported: frozenset[str]) -> Iterator[Fault]:
    """Yield faults for names that are in no passage, or whose words occur only in other names."""
    run: list[int] = []
    for position, word in enumerate([*words, None]):
        if word is not None and _is_name(words, position, source):
            run.append(position)
            continue
        if run:
            yield from _faults_of_name(words, run, source, supported)
        run = []


def _is_name(words: Sequence[Word], position: int, source: Source) -> bool:
    word = words[position]
    if (
        word.kind != "content"
        or not (word.capital or any(map(str.isupper, word.text)))
        or word.lower in (*TIMES, "according")
    ):
        return False
    if not word.initial or (word.text.isupper() and len(word.text) > 1):
        return True
    following = words[position + 1] if position + 1 < len(words) else None
    if following is not None and following.capital and following.kind == "content":
        return True
    occurrences = source.positions.get(word.key, ())
    return not occurrences or any(source.words[at].capital and not source.words[at].initial for at in occurrences)


def _faults_of_name(
    words: Sequence[Word], run: Sequence[int], source: Source, supported: frozenset[str]
) -> Iterator[Fault]:
    shown = " ".join(words[at].text for at in run)
    missing = [words[at].text for at in run if words[at].key not in source.positions and words[at].key not in supported]
    if missing:
        yield Fault(check="names", detail=f"{' '.join(missing)!r} stands in no cited passage")
        return
    for at in run:
        if _has_other_number(words[at], source):
            yield Fault(check="names", detail=f"{words[at].text!r} is singular or plural, unlike in the cited passages")
            return
    for first, second in pairwise(run):
        if words[first].key in supported and words[second].key in supported:
            continue
        if not _adjacent(source, words[first].key, words[second].key):
            yield Fault(check="names", detail=f"{shown!r} is no name in the cited passages")
            return
    if len(run) == 1 and words[run[0]].lower in english().directions:
        occurrences = source.positions.get(words[run[0]].key, ())
        if occurrences and all(at + 1 < len(source.words) and source.words[at + 1].capital for at in occurrences):
            yield Fault(check="names", detail=f"{shown!r} is a part of other names in the cited passages")
    elif not _without_direction(words, run[0], source):
        yield Fault(check="names", detail=f"{shown!r} is a part of other names in the cited passages")


def _has_other_number(word: Word, source: Source) -> bool:
    """Return whether a name is plural while all passages have the singular, or the reverse: "the Kennedys"."""
    forms = {source.words[at].lower for at in source.positions.get(word.key, ())}
    if not forms or word.lower in forms or word.lower in english().keys:
        return False
    return all(is_other_number(word.lower, form) for form in forms)


def _adjacent(source: Source, first: str, second: str) -> bool:
    after = source.positions.get(second, ())
    return any(0 < at - before <= MAX_NAME_DISTANCE for before in source.positions.get(first, ()) for at in after)


def _without_direction(words: Sequence[Word], position: int, source: Source) -> bool:
    """Return whether a name occurs in a passage without a direction before it: "Korea" is not "South Korea"."""
    before = words[position - 1] if position else None
    if before is not None and before.lower in english().directions:
        return True
    occurrences = source.positions.get(words[position].key, ())
    known = english()
    return not occurrences or any(
        at == 0 or source.words[at - 1].lower not in known.directions or not source.words[at - 1].capital
        for at in occurrences
    )


def quotation_faults(sentence: str, words: Sequence[Word], source: Source) -> Iterator[Fault]:
    """Yield faults for quotations that no passage has word for word."""
    if normalized(sentence).count('"') % 2:
        yield Fault(check="quotations", detail="a quotation does not end")
    quotations: dict[int, list[Word]] = {}
    for word in words:
        if word.quote >= 0 and word.kind != "mark":
            quotations.setdefault(word.quote, []).append(word)
    for quotation in quotations.values():
        lower = [word.lower for word in quotation]
        if not any(_occurs_at(source.words, at, lower) for at in range(len(source.words))):
            shown = " ".join(word.text for word in quotation)
            yield Fault(check="quotations", detail=f"{shown!r} is not quoted in a cited passage")


def _occurs_at(words: Sequence[Word], at: int, lower: Sequence[str]) -> bool:
    if words[at].lower != lower[0]:
        return False
    quoted = len(lower) >= SCARE_QUOTES
    count = 0
    passage = at
    while passage < len(words) and count < len(lower):
        word = words[passage]
        if word.kind != "mark":
            if word.lower != lower[count] or (quoted and word.quote < 0):
                return False
            count += 1
        passage += 1
    return count == len(lower)


def year_is_published(words: Sequence[Word], position: int, source: Source, published: date | None) -> bool:
    """Return whether a year completes a day of a passage, judged by the passage's date of publication."""
    word = words[position]
    if published is None or word.key != f"#{published.year}":
        return False
    months = _months(words, position)
    if len(months) != 1:
        return False
    month = next(iter(months))
    names = [name for name in CALENDAR if name == month or stem(name) == month]
    days = [each.key[1:] for each in words[max(position - 3, 0) : position] if each.kind == "number"]
    if not names or not days or not days[-1].isdigit() or month not in source.positions:
        return False
    try:
        day = date(published.year, CALENDAR.index(names[0]) + 1, int(days[-1]))
    except ValueError:
        return False
    return 0 <= (published - day).days <= MAX_DAYS_BEFORE

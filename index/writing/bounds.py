"""Finds words that make numbers and dates bounds or approximations. Pure.

"About 5", "at least 5", "5 or more", "5 to 7"; "by May", "since May", "in May at the earliest". Synonyms state the same
bound; they need not occur in a passage themselves, since the bounds are compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from wherefrom.index.writing.english import english
from wherefrom.index.writing.words import CALENDAR, PERIODS, TIMES, Word

YEARS = range(1900, 2100)
LAST_DAY = 31
MAX_PHRASE_WORDS = 4
MAX_COUNTED_WORDS = 2
"""Maximum number of counted words between a number and a bound after it: "300 young people or more"."""
DAYS = frozenset(("today", "tomorrow", "yesterday", "noon", "midnight"))
DATE_LEADS = frozenset(
    ("last", "next", "this", "coming", "early", "late", "mid", "the", "of", "end", "beginning", "start", "middle")
)
"""Words that may stand between the bound of a date and its first name or number: "by the end of May"."""
INNER = frozenset((",", ".", "of", "the"))
QUANTITIES = frozenset(
    (
        *("half", "quarter", "quarters", "third", "thirds", "double", "twice", "dozen", "dozens", "hour", "minute"),
        *("decade", "century", "mile", "hundred", "hundreds", "thousand", "thousands"),
        *("million", "millions", "billion", "billions"),
    )
)
"""Words that state a quantity by themselves or after an article: "more than half", "about a mile"."""
RANGE = "range"


def with_bounds(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words with the bounds of numbers and dates set, and the words of these bounds set not to count."""
    result = list(words)
    dates = dict(_dates(words))
    position = 0
    while position < len(words):
        if position in dates:
            end = dates[position]
            start = _with_lead(words, position)
            if not _is_attribute(words, start, position, end):
                _set_bound(result, start, position, end, of_date=not _is_counted(words, position, end))
            position = end
        else:
            if words[position].kind == "number" or _is_quantity(words, position):
                start = position - (position > 0 and words[position - 1].lower in ("a", "an"))
                _set_bound(result, start, position, position + 1, of_date=False)
            position += 1
    _set_bounds_apart(result, dates)
    for first, second in _ranges(words):
        for at in (first, second):
            result[at] = replace(result[at], bound=f"{result[at].bound} {RANGE}".strip())
    return tuple(result)


def _dates(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each date, without the words that lead to it."""
    position = 0
    while position < len(words):
        if not _is_date_word(words, position):
            position += 1
            continue
        end = position + 1
        while True:
            inner = end
            while inner < len(words) and words[inner].lower in INNER and inner - end < 2:  # noqa: PLR2004 - ", the"
                inner += 1
            if inner >= len(words) or words[inner].sentence != words[position].sentence:
                break
            if not _is_date_word(words, inner):
                break
            end = inner + 1
        yield position, end
        position = end


def _is_date_word(words: Sequence[Word], position: int) -> bool:
    word = words[position]
    if word.kind == "content" and word.lower in TIMES and word.capital:
        return True
    if word.lower in DAYS:
        return True
    if word.lower in PERIODS:
        return position > 0 and words[position - 1].lower in ("this", "next", "last", "coming")
    if word.kind == "number" and is_year(word):
        return True
    before = [each for each in words[max(position - 2, 0) : position] if each.text != "."]
    near = (*before[-1:], *words[position + 1 : position + 2])
    return _is_day(word) and any(each.lower in CALENDAR and each.kind == "content" for each in near)


def _is_day(word: Word) -> bool:
    """Return whether a number may be the day of a month: "5", "5th"."""
    value = word.key.removeprefix("#").removesuffix("th")
    return word.key.startswith("#") and value.isdigit() and 0 < int(value) <= LAST_DAY


def is_year(word: Word) -> bool:
    """Return whether a number has the form of a year."""
    value = word.key[1:]
    return value.isdigit() and int(value) in YEARS and "," not in word.text


def _with_lead(words: Sequence[Word], position: int) -> int:
    while position > 0 and words[position - 1].lower in DATE_LEADS:
        if words[position - 1].sentence != words[position].sentence:
            break
        position -= 1
    return position


def _is_attribute(words: Sequence[Word], start: int, position: int, end: int) -> bool:
    """Return whether a date is an attribute of the noun after it: "the 2015 election", "Monday's vote"."""
    if words[end - 1].possessive:
        return True
    led = any(words[at].lower == "the" for at in range(start, position))
    return led and words[position - 1].lower == "the" and end < len(words) and words[end].kind == "content"


def _is_quantity(words: Sequence[Word], position: int) -> bool:
    word = words[position]
    if word.lower in QUANTITIES:
        return True
    return word.lower in PERIODS and position > 0 and words[position - 1].lower in ("a", "an")


def _is_counted(words: Sequence[Word], position: int, end: int) -> bool:
    """Return whether a number in the form of a year is a count: "fewer than 2000 women"."""
    if end != position + 1 or words[position].kind != "number":
        return False
    known = english().bounds
    return not _phrase_before(words, position, known["before_date"])[0] and bool(
        _phrase_before(words, position, known["before"])[0]
    )


def _set_bound(words: list[Word], start: int, position: int, end: int, *, of_date: bool) -> None:
    """Find the bound of a number or date, and set it on the words; the words of the bound itself no longer count."""
    known = english().bounds
    found: list[str] = []
    before = known["before_date" if of_date else "before"]
    while (phrase := _phrase_before(words, start, before)) and phrase[0]:
        length, name = phrase
        found.append(name)
        _without_count(words, start - length, start, keep_lower=of_date and length == 1)
        start -= length
    at, length, name = _phrase_after(words, end, known["after_date" if of_date else "after"], skips=not of_date)
    if length:
        found.append(name)
        _without_count(words, at, at + length, keep_lower=False)
    bound = " ".join(sorted(set(found)))
    if bound:
        for each in range(position, end):
            if words[each].kind != "mark" and words[each].kind != "function":
                words[each] = replace(words[each], bound=bound)


def _set_bounds_apart(words: list[Word], dates: Mapping[int, int]) -> None:
    """Set a bound between punctuation marks on the nearest date or number of its sentence."""
    known = english().bounds
    of_dates = [at for start, end in dates.items() for at in range(start, end)]
    numbers = [at for at, word in enumerate(words) if word.kind == "number" and at not in of_dates]
    for position in range(len(words)):
        for phrases, heads in ((known["apart_from_date"], of_dates), (known["apart"], numbers)):
            length, name = _phrase_at(words, position, phrases)
            if not length or not _is_apart(words, position, position + length):
                continue
            near = [at for at in heads if words[at].sentence == words[position].sentence and words[at].counts]
            if not near:
                continue
            head = min(near, key=lambda at: abs(at - position))
            _without_count(words, position, position + length, keep_lower=False)
            words[head] = replace(words[head], bound=" ".join(sorted({*words[head].bound.split(), name})))


def _phrase_at(words: Sequence[Word], position: int, phrases: Mapping[tuple[str, ...], str]) -> tuple[int, str]:
    for length in range(MAX_PHRASE_WORDS, 0, -1):
        if name := phrases.get(tuple(word.lower for word in words[position : position + length])):
            return length, name
    return 0, ""


def _is_apart(words: Sequence[Word], start: int, end: int) -> bool:
    """Return whether a phrase is between two marks, or between the start of the sentence and a mark."""
    before = words[start - 1] if start else None
    opens = before is None or before.sentence != words[start].sentence or before.kind == "mark"
    return opens and (end >= len(words) or words[end].kind == "mark")


def _without_count(words: list[Word], start: int, end: int, *, keep_lower: bool) -> None:
    """Set words not to count; a single preposition before a date still governs it."""
    for at in range(start, end):
        lower = words[at].lower if keep_lower else ""
        words[at] = replace(words[at], kind="function", key="", lower=lower)


def _phrase_before(words: Sequence[Word], position: int, phrases: Mapping[tuple[str, ...], str]) -> tuple[int, str]:
    """Return the number of words of the longest phrase that ends before a position, and the bound that it states."""
    for length in range(min(MAX_PHRASE_WORDS, position), 0, -1):
        taken = words[position - length : position]
        if any(word.sentence != words[position].sentence for word in taken):
            continue
        if name := phrases.get(tuple(word.lower for word in taken)):
            return length, name
    return 0, ""


def _phrase_after(
    words: Sequence[Word], position: int, phrases: Mapping[tuple[str, ...], str], *, skips: bool
) -> tuple[int, int, str]:
    """Return where the phrase after a position begins, its number of words, and the bound that it states."""
    for skipped in range(MAX_COUNTED_WORDS + 1 if skips else 1):
        at = position + skipped
        if at >= len(words) or words[at].sentence != words[position - 1].sentence:
            break
        for length in range(MAX_PHRASE_WORDS, 0, -1):
            taken = words[at : at + length]
            name = phrases.get(tuple(word.lower for word in taken))
            following = words[at + length : at + length + 1]
            if name and not (following and following[0].kind == "number"):
                return at, length, name
        if words[at].kind != "content":
            break
    return position, 0, ""


def _ranges(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the two numbers of each range: "5 to 7", "two or three", "5-7"; "from 5 to 7" is a change."""
    for first, word in enumerate(words):
        if word.kind != "number":
            continue
        second = first + 1 if word.joins else first + 2
        if second >= len(words) or words[second].kind != "number":
            continue
        between = words[first + 1].lower
        changed = first > 0 and words[first - 1].lower == "from"
        if not changed and (word.joins or between in ("to", "or")):
            yield first, second

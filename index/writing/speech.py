"""Finds reported speech in a text: the words attributed to a speaker, and the words that name the speaker. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wherefrom.index.writing.english import english
from wherefrom.index.writing.subjects import (
    JOINING,
    MAX_SPEAKER_WORDS,
    PRONOUNS,
    apposed,
    end_of_inverted,
    is_apposition,
    is_noun_with_article,
    is_verb,
    next_boundary,
    start_of_subject,
    subject_before,
)
from wherefrom.index.writing.words import WEEKDAYS, Word

UNAMBIGUOUS = frozenset(("said", "say", "says", "told", "added", "adds"))
ORDERS_OR_NOUNS = frozenset(
    ("state", "report", "claim", "note", "act", "answer", "print", "output", "reply", "say", "add")
)
"""Imperatives that may also be nouns, or begin a statement: "State media"."""
CONDITIONS = frozenset(("if", "unless", "until", "whether"))
NOUN_ENDINGS = ("er", "ers", "ment", "ments", "tion", "tions", "ence", "able")
PLURALS = frozenset(("police", "people", "media", "many", "some", "men", "women"))
MAX_HEDGE_WORDS = 5
"""Maximum number of words, without the verb, of a clause at the end of a sentence that attributes it."""
MAX_AUDIENCE_WORDS = 6
MAX_INVERTED_WORDS = 8
MIN_QUOTATION_WORDS = 4
"""Shorter quotations are words and phrases within a text's own statement, and not speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A speaker and the verb of speech, as positions of words. `speaker` is empty if the text does not name one.

    `order` marks the frame of an imperative or of an unattributed quotation, which is nobody's statement.
    """

    verb: int
    verb_key: str
    speaker: tuple[int, ...]
    audience: tuple[int, ...] = ()
    """The words that name the addressee."""
    order: bool = False

    @property
    def parts(self) -> tuple[int, ...]:
        """The words that name the speaker, the verb and the addressee."""
        return (self.verb,) if self.order else (self.verb, *self.speaker, *self.audience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The frames of a text; `frame_of` has the frame of each word, `None` for the text's own statements.

    `parts` are the words of speakers and verbs. `loose` are the words of later clauses, which need not belong to the
    frame of their sentence: "he said that it rains, and she left".
    """

    frames: tuple[Frame, ...]
    frame_of: tuple[Frame | None, ...]
    parts: frozenset[int]
    loose: frozenset[int]


def find_speech(words: Sequence[Word]) -> Speech:
    """Return the reported speech in a text."""
    frame_of: list[Frame | None] = [None] * len(words)
    frames: list[Frame] = []
    parts: set[int] = set()
    for start, end in sentence_ranges(words):
        for frame, content in _without_self_reports(words, list(_frames(words, start, end))):
            frames.append(frame)
            parts.update(frame.parts)
            for position in content:
                frame_of[position] = frame
    for position in parts:
        frame_of[position] = None
    _fill_quotations(words, frame_of, parts, frames)
    loose = frozenset(at for start, end in sentence_ranges(words) for at in _later_clauses(words, frames, start, end))
    return Speech(frames=tuple(frames), frame_of=tuple(frame_of), parts=frozenset(parts), loose=loose)


def _later_clauses(words: Sequence[Word], frames: Sequence[Frame], start: int, end: int) -> Iterator[int]:
    """Yield the words of coordinate clauses after a verb of speech in the same sentence."""
    verbs = [frame.verb for frame in frames if start <= frame.verb < end]
    if verbs:
        for at in range(min(verbs) + 1, end - 1):
            if _begins_clause(words, at) and words[at].quote < 0:
                yield from range(at, end)
                return


def _begins_clause(words: Sequence[Word], at: int) -> bool:
    """Return whether a coordinate clause begins after a mark."""
    return words[at].text == ";" or (words[at].text == "," and words[at + 1].lower in ("and", "but", "while"))


def sentence_ranges(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of words of each sentence."""
    start = 0
    for position in range(1, len(words) + 1):
        if position == len(words) or words[position].sentence != words[start].sentence:
            yield start, position
            start = position


def _without_self_reports(
    words: Sequence[Word], found: Sequence[tuple[Frame, range | list[int]]]
) -> Iterator[tuple[Frame, range | list[int]]]:
    """Yield the frames of a sentence except those in which a speaker reports himself: "I believe", he said.

    Frames with "according to" come first, so that the speaker of a part of their words overrides them.
    """
    ordered = sorted(found, key=lambda each: words[each[0].verb].lower != "according")
    for frame, content in ordered:
        pronoun = {words[at].lower for at in frame.speaker if words[at].kind != "mark"}
        first_person = words[frame.verb].quote >= 0 and pronoun <= {"i", "we"} and pronoun
        ordered_before = any(each.order and each.verb < frame.verb for each, _ in found)
        if ordered_before and words[frame.verb].lower in english().orders:
            continue
        named_before = any(each.verb < frame.verb and any(words[at].counts for at in each.speaker) for each, _ in found)
        if not first_person and not (named_before and pronoun and pronoun <= PRONOUNS):
            yield frame, content


def _frames(words: Sequence[Word], start: int, end: int) -> Iterator[tuple[Frame, range | list[int]]]:
    yield from _orders(words, start, end)
    for position in range(start, end):
        word = words[position]
        if word.lower == "according" and position + 1 < end and words[position + 1].lower == "to":
            stop = next_boundary(words, position + 2, end)
            speaker = tuple(range(position + 2, stop))
            outside = [each for each in range(start, end) if not position <= each < stop]
            yield Frame(verb=position, verb_key="say", speaker=speaker), outside
        elif _is_speech(words, position, start, end):
            frame, content = _apposed_frame(words, position, start, end) or _frame(words, position, start, end)
            yield replace(frame, audience=_audience(words, position, end)), content


def _is_speech(words: Sequence[Word], position: int, start: int, end: int) -> bool:  # noqa: PLR0911
    word = words[position]
    known = english()
    if word.kind != "content" or word.key not in known.speech or word.joined or word.joins:
        return False
    if word.lower.endswith(NOUN_ENDINGS):
        return False
    before = words[position - 1] if position > start else None
    after = words[position + 1] if position + 1 < end else None
    if before is not None and before.lower in (
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "this",
        "to",
        "of",
        "no",
    ):
        return word.lower == "say" and before.lower == "to"
    if word.lower in UNAMBIGUOUS:
        return True
    introduces = after is not None and (after.lower in ("that", "there", ":") or after.text == '"')
    introduces = introduces or (
        after is not None and after.text == "," and position + 2 < end and words[position + 2].text == '"'
    )
    introduces = introduces or (
        after is not None
        and after.lower in PRONOUNS
        and position + 2 < end
        and (words[position + 2].kind == "modality" or is_verb(words, position + 2))
    )
    introduces = introduces or _introduces_later(words, position, end)
    trails = (
        after is None or after.text in '.,"' or (start_of_subject(words, position, start) > start and _is_when(after))
    )
    if trails and apposed(words, start, position):
        return True
    if _is_trailing_hedge(words, position, start, after) or _is_quoted_as_saying(words, position, start):
        return True
    if word.lower.endswith("ing"):
        return introduces or (word.key == "say" and before is not None and before.text == ",")
    verb = word.lower.endswith(("ed", "s")) or word.lower in ("wrote", "thought", "think", "say", "believe", "fear")
    if introduces or (verb and trails and before is not None and (before.capital or before.lower in PRONOUNS)):
        return True
    if word.key in ("believ", "think", "insist", "argu", "claim", "suggest", "predict"):
        return verb and after is not None and (after.lower in ("the", "a", "this", "these", "its") or after.capital)
    return verb and before is not None and before.text == '"'


def _is_trailing_hedge(words: Sequence[Word], verb: int, start: int, after: Word | None) -> bool:
    """Return whether a verb is in a short attribution at the end: ", critics allege", ", it is claimed"."""
    left = start_of_subject(words, verb, start)
    if left == start:
        return False
    ends = after is None or after.text in ".,"
    if (ends or (after is not None and _is_day(after))) and is_noun_with_article(words, left, verb):
        return True
    if verb - left > MAX_HEDGE_WORDS or not ends:
        return False
    before = words[verb - 1].lower
    passive = before in ("is", "was") and words[left].lower == "it" and words[verb].lower.endswith("ed")
    return passive or (verb > left and (before.endswith("s") or before in PLURALS) and words[verb - 1].counts)


def _is_quoted_as_saying(words: Sequence[Word], verb: int, start: int) -> bool:
    return verb - start > 1 and words[verb].key == "say" and words[verb - 1].lower == "as"


def _quoted(words: Sequence[Word], verb: int, start: int) -> tuple[int, ...]:
    """Return the words that name the person quoted: "Jones" in "Smith quoted Jones as saying", "Jones was quoted"."""
    quoted = next((at for at in range(verb - 1, start, -1) if words[at].lower in ("quoted", "cited")), start)
    named = tuple(range(quoted + 1, verb - 1))
    return named if named and words[named[0]].lower not in ("by", "in", "on") else ()


def _audience(words: Sequence[Word], verb: int, end: int) -> tuple[int, ...]:
    """Return the addressee: the words between "told" and "that" or a mark, or one plural noun after "told"."""
    if words[verb].lower not in ("told", "tell", "tells", "telling"):
        return ()
    for at in range(verb + 1, min(verb + MAX_AUDIENCE_WORDS, end)):
        if words[at].kind == "mark" or words[at].lower == "that":
            return tuple(range(verb + 1, at))
        if words[at].kind in ("negation", "modality") or words[at].lower in english().prepositions:
            break
    following = words[verb + 1] if verb + 1 < end else None
    plural = following is not None and following.lower.endswith("s") and not following.capital and following.counts
    return (verb + 1,) if plural else ()


def _introduces_later(words: Sequence[Word], verb: int, end: int) -> bool:
    """Return whether "that" follows a verb after a few words of time or addressee: "announced on Friday that"."""
    for at in range(verb + 1, min(verb + 5, end)):
        if words[at].lower == "that":
            return True
        if words[at].kind == "mark" or words[at].lower in ("to", "against", "of"):
            return False
    return False


def _apposed_frame(words: Sequence[Word], verb: int, start: int, end: int) -> tuple[Frame, list[int]] | None:
    speaker = apposed(words, start, verb)
    if not speaker:
        return None
    outside = [each for each in range(start, end) if not speaker[0] <= each <= verb]
    return Frame(verb=verb, verb_key=words[verb].key, speaker=speaker), outside


def _frame(words: Sequence[Word], verb: int, start: int, end: int) -> tuple[Frame, range | list[int]]:
    key = words[verb].key
    if _is_quoted_as_saying(words, verb, start) and (named := _quoted(words, verb, start)):
        return Frame(verb=verb, verb_key=key, speaker=named), range(verb + 1, end)
    left = start_of_subject(words, verb, start)
    names = [each for each in range(left, verb) if words[each].kind != "mark"]
    while names and _is_adverb(words[names[-1]]):
        names.pop()
    while names and words[names[0]].lower in CONDITIONS:
        names = names[1:]
    if names and words[names[-1]].lower in JOINING:
        subject = tuple(subject_before(words, left, names[-1])) or tuple(subject_before(words, start, names[-1]))
        return Frame(verb=verb, verb_key=key, speaker=subject), range(verb + 1, end)
    joined = bool(names) and words[names[0]].lower in JOINING
    if joined:
        names = names[1:]
    if words[verb].lower.endswith("ing") or not names:
        opened = verb > start and (words[verb - 1].text == '"' or (verb - 2 >= start and words[verb - 2].text == '"'))
        stop = end_of_inverted(words, verb + 1, end)
        short = stop - verb <= MAX_INVERTED_WORDS and (stop >= end or words[stop].kind == "mark")
        short = short and words[verb].lower in UNAMBIGUOUS and not is_apposition(words, start, verb)
        if not words[verb].lower.endswith("ing") and verb + 1 < stop and (opened or short) and verb > start:
            speaker = tuple(range(verb + 1, stop))
            return Frame(verb=verb, verb_key=key, speaker=speaker), [
                each for each in range(start, end) if not verb <= each < stop
            ]
        clauses = [at for at in range(start, verb - 1) if _begins_clause(words, at)]
        subject = tuple(subject_before(words, clauses[-1] + 1 if clauses else start, verb))
        return Frame(verb=verb, verb_key=key, speaker=subject), range(verb + 1, end)
    speaker = tuple(names[-MAX_SPEAKER_WORDS:])
    first = left == start or joined or all(words[each].kind in ("mark", "function") for each in range(start, left))
    if first or not _is_trailing(words, verb, end):
        return Frame(verb=verb, verb_key=key, speaker=speaker), range(verb + 1, end)
    outside = [each for each in range(start, end) if not speaker[0] <= each <= verb]
    return Frame(verb=verb, verb_key=key, speaker=speaker), outside


def _is_trailing(words: Sequence[Word], verb: int, end: int) -> bool:
    """Return whether the reported words precede the verb."""
    after = words[verb + 1] if verb + 1 < end else None
    if after is None or after.text in '.,"':
        return True
    if after.lower == "that" or after.text == ":":
        return False
    rest = [word for word in words[verb + 1 : end] if word.kind != "mark"]
    return after.lower in english().prepositions or _is_when(after) or len(rest) <= 2  # noqa: PLR2004 - a day, or to whom it was said


def _is_when(word: Word) -> bool:
    return word.lower in ("on", "in", "at", "during", "yesterday", "today", "last", "earlier") or (
        word.capital and word.lower.endswith("day")
    )


def _is_day(word: Word) -> bool:
    return word.lower in ("on", "yesterday", "today", "earlier", "late") or (word.capital and word.lower in WEEKDAYS)


def _is_adverb(word: Word) -> bool:
    return (
        word.kind in ("modality", "negation")
        or word.lower
        in (*("has", "have", "had", "also", "is", "was", "were", "are", "been", "later", "earlier", "then", "did"),)
        or (word.lower.endswith("ly") and not word.capital)
    )


def _orders(words: Sequence[Word], start: int, end: int) -> Iterator[tuple[Frame, range | list[int]]]:
    """Yield the frames of imperatives that order a writer to say something; they have no subject."""
    known = english()
    for position in range(start, end):
        word = words[position]
        if word.lower not in known.orders:
            continue
        before = words[position - 1] if position > start else None
        opens = before is None or before.text in ('"', ":", ";", "(", "[") or before.lower in ("please", "now", "just")
        follows = (
            before is not None
            and before.lower in ("and", "then", "must", "should", "instead", ",")
            and (position + 1 < end and words[position + 1].lower in ("that", ":", "the", "only", '"'))
        )
        if opens and word.lower in ORDERS_OR_NOUNS:
            opens = position + 1 < end and words[position + 1].lower in ("that", ":", '"')
        if opens or follows:
            yield Frame(verb=position, verb_key="order", speaker=(), order=True), range(position + 1, end)
            return


def _fill_quotations(
    words: Sequence[Word], frame_of: list[Frame | None], parts: set[int], frames: Sequence[Frame]
) -> None:
    """Attribute words of quotations without a frame to the speaker before them, or else to the speaker after them."""
    lengths: dict[int, int] = {}
    for word in words:
        if word.quote >= 0 and word.kind != "mark":
            lengths[word.quote] = lengths.get(word.quote, 0) + 1
    previous: Frame | None = None
    for position, word in enumerate(words):
        if frame_of[position] is not None and not frame_of[position].order:  # type: ignore[union-attr]
            previous = frame_of[position]
        elif (
            word.quote >= 0
            and frame_of[position] is None
            and position not in parts
            and lengths.get(word.quote, 0) >= MIN_QUOTATION_WORDS
        ):
            following = next((frame for frame in frames if frame.verb > position and not frame.order), None)
            frame_of[position] = previous or following or Frame(verb=position, verb_key="order", speaker=(), order=True)

"""Faults in the attribution of statements: a speaker added, left out or changed. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from wherefrom.index.writing.alignment import Source
from wherefrom.index.writing.english import english
from wherefrom.index.writing.faults.offices import other_office
from wherefrom.index.writing.speech import Frame, Speech
from wherefrom.index.writing.subjects import PRONOUNS, is_verb
from wherefrom.index.writing.verdicts import Fault
from wherefrom.index.writing.words import Word

ROLE_WINDOW = 7
"""Number of words after a name and a comma in which the person's office is searched for."""
MIN_SHARE = 0.3
"""Share of a sentence's words that are a speaker's, from which leaving the speaker out states them as a fact."""


def speaker_faults(
    words: Sequence[Word], speech: Speech, source: Source, aligned: Mapping[int, int], publishers: frozenset[str]
) -> Iterator[Fault]:
    """Yield faults for statements that are attributed to another speaker than in the passages, or stated as facts.

    `aligned` maps each word of the sentence to its position in the source. `publishers` are the words of the names of
    the passages' publishers, to whom a passage's own statements may be attributed.
    """
    unattributed = 0
    seen: set[tuple[int, int]] = set()
    for position, at in aligned.items():
        frame_here, frame_there = speech.frame_of[position], source.speech.frame_of[at]
        if frame_here is None and frame_there is None:
            continue
        if frame_here is None:
            unattributed += 1
            continue
        if frame_there is None and position in speech.loose:
            continue
        key = (frame_here.verb, frame_there.verb if frame_there is not None else -1)
        if key in seen:
            continue
        seen.add(key)
        yield from _frame_faults(words, frame_here, frame_there, source, publishers)
    if unattributed and unattributed >= MIN_SHARE * len(aligned):
        yield Fault(check="speaker", detail="states as a fact what the passage has somebody say")
    for frame in speech.frames:
        if frame.order:
            yield Fault(check="speaker", detail=f"is an order: {words[frame.verb].text!r}")


def _frame_faults(
    words: Sequence[Word], frame_here: Frame, frame_there: Frame | None, source: Source, publishers: frozenset[str]
) -> Iterator[Fault]:
    speaker = [words[at] for at in frame_here.speaker if words[at].counts]
    shown = " ".join(words[at].text for at in frame_here.speaker)
    if frame_there is None:
        keys = {word.key for word in speaker}
        if not keys or not keys <= publishers:
            yield Fault(check="speaker", detail=f"{shown!r} does not say it in the cited passages")
        return
    if frame_there.order:
        yield Fault(check="speaker", detail="the cited passages do not say whose words these are")
        return
    yield from _verb_faults(frame_here, frame_there)
    if _is_negated(source.words, frame_there) and not _is_negated(words, frame_here):
        yield Fault(check="negation", detail="does not say that it is so in the cited passages")
    if not speaker:
        pronouns = {words[at].lower for at in frame_here.speaker} & PRONOUNS
        if pronouns and not pronouns & {source.words[at].lower for at in frame_there.speaker}:
            yield Fault(check="speaker", detail=f"it is not clear who {shown!r} is")
        elif not pronouns and frame_there.speaker:
            yield Fault(check="speaker", detail="the passage says who said it")
        return
    named = _named_speaker(frame_there, source)
    heads, complements = _heads_and_complements(source.words, named)
    yield from _office_faults(words, frame_here, source, named)
    own_heads, own_complements = _heads_and_complements(words, frame_here.speaker)
    head_keys = {source.words[at].key for at in heads}
    roles = head_keys | set(_roles(heads, source))
    around = roles | {source.words[at].key for at in complements} | _possessor(frame_there, source)
    missing = [at for at in own_heads if words[at].key not in (roles if _may_be_role(words[at]) else head_keys)]
    missing = [at for at in missing if not _of_same_name(words[at], speaker, heads, source)]
    told = {source.words[at].key for at in frame_there.audience}
    if any(words[at].counts and words[at].key not in told for at in frame_here.audience):
        yield Fault(check="speaker", detail=f"{shown!r} tells it to somebody else in the cited passages")
    if missing or any(words[at].key not in around for at in own_complements):
        yield Fault(check="speaker", detail=f"{shown!r} does not say it in the cited passages")


def _office_faults(words: Sequence[Word], frame: Frame, source: Source, named: Sequence[int]) -> Iterator[Fault]:
    """Yield a fault if the speaker holds another office than in the passages: "the minister", "the prime minister"."""
    if office := other_office(words, frame.speaker, source, named):
        shown = " ".join(words[at].text for at in frame.speaker)
        yield Fault(check="speaker", detail=f"{shown!r} holds another office in the cited passages: {office!r}")


def _is_negated(words: Sequence[Word], frame: Frame) -> bool:
    """Return whether a verb of speech is negated: "do not think", "never said"."""
    before = words[max(frame.verb - 3, 0) : frame.verb]
    return any(word.kind == "negation" and word.sentence == words[frame.verb].sentence for word in before)


def _may_be_role(word: Word) -> bool:
    return not word.capital or word.initial


def _heads_and_complements(words: Sequence[Word], positions: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the words of a speaker's noun phrase that are its heads, and those that only complement them."""
    heads: list[int] = []
    complements: list[int] = []
    after_preposition = False
    run: list[int] = []
    for at in positions:
        word = words[at]
        if run and at != run[-1] + 1:
            after_preposition, run = False, []
        if word.lower in english().prepositions:
            after_preposition, run = True, [at]
            continue
        run.append(at)
        if not word.counts:
            continue
        if word.possessive:
            owners = [each for each in run if each in heads]
            complements += [*owners, at]
            heads = [each for each in heads if each not in owners]
        elif after_preposition:
            complements.append(at)
        else:
            heads.append(at)
    return heads, complements


def _possessor(frame: Frame, source: Source) -> set[str]:
    """Return the keys of the words that a possessive pronoun of a speaker may refer to: those shortly before it."""
    if not any(source.words[at].lower in ("his", "her", "its", "their") for at in frame.speaker):
        return set()
    sentence = source.words[frame.verb].sentence
    earlier = source.words[: frame.speaker[0]]
    return {word.key for word in earlier if sentence - 1 <= word.sentence <= sentence and word.counts}


def _verb_faults(frame_here: Frame, frame_there: Frame) -> Iterator[Fault]:
    known = english()
    if frame_here.verb_key == frame_there.verb_key:
        return
    if frame_here.verb_key not in known.plain_speech:
        yield Fault(check="speaker", detail="says it in another way in the cited passages")
    elif frame_there.verb_key in known.own_speech:
        yield Fault(check="negation", detail="does not say that it is so in the cited passages")


def _named_speaker(frame: Frame, source: Source) -> list[int]:
    """Return the words that name a speaker; a pronoun is resolved to the last speaker or subject before it."""
    own = [at for at in frame.speaker if source.words[at].counts]
    if own:
        return own
    if frame.speaker and source.words[frame.speaker[0]].lower not in PRONOUNS:
        return []
    start = frame.speaker[0] if frame.speaker else frame.verb
    passage = source.passages[frame.verb]
    earlier = [each for each in source.speech.frames if each.verb < start and source.passages[each.verb] == passage]
    for each in reversed(earlier):
        named = [at for at in each.speaker if source.words[at].counts]
        if named:
            return _later_subject(source, each, named, source.words[start].sentence) or named
    sentence = source.words[start].sentence
    for at in range(start - 1, -1, -1):
        if source.passages[at] != passage:
            break
        if source.words[at].sentence < sentence:
            return _first_name(source, source.words[at].sentence)
    return _first_name(source, sentence, before=start)


def _later_subject(source: Source, frame: Frame, named: Sequence[int], sentence: int) -> list[int]:
    """Return the name of another person that begins a sentence between a speaker and a pronoun; empty without one."""
    keys = {source.words[at].key for at in named}
    for number in range(sentence - 1, source.words[frame.verb].sentence, -1):
        name = _first_name(source, number)
        if name and not keys & {source.words[at].key for at in name}:
            return name
    return []


def _first_name(source: Source, sentence: int, before: int | None = None) -> list[int]:
    run: list[int] = []
    for at, word in enumerate(source.words[:before]):
        if word.sentence != sentence:
            continue
        if word.capital and word.kind == "content":
            run.append(at)
        elif run and word.kind != "function":
            following = source.words[at + 1 : at + 2]
            if run != [at - 1] or not following or not following[0].capital or is_verb(source.words, at):
                break
            run = []
    return run


def _roles(named: Sequence[int], source: Source) -> Iterator[str]:
    """Yield the keys of the words that describe a named person: before the name, or after it and a comma.

    "The Russian ambassador Alexander Timonin"; "Timonin, the Russian ambassador to Seoul,".
    """
    words = source.words
    verbs = {frame.verb for frame in source.speech.frames}
    for name in {words[at].key for at in named if words[at].capital}:
        for at in source.positions.get(name, ()):
            before = at - 1
            while before >= 0 and words[before].kind == "content" and words[before].sentence == words[at].sentence:
                if is_verb(words, before):
                    break
                yield words[before].key
                before -= 1
            after = at + 1
            while after < len(words) and words[after].capital and words[after].kind == "content":
                after += 1
            if after < len(words) and words[after].text == ",":
                for near in range(after + 1, min(after + ROLE_WINDOW, len(words))):
                    if words[near].kind == "mark" or words[near].lower in english().prepositions or near in verbs:
                        break
                    if words[near].counts:
                        yield words[near].key


def _of_same_name(word: Word, speaker: Sequence[Word], named: Sequence[int], source: Source) -> bool:
    """Return whether a word belongs to a speaker's full name, which occurs elsewhere: "Alexander" of Timonin."""
    family = {source.words[at].key for at in named if source.words[at].capital}
    family &= {each.key for each in speaker}
    return any(
        abs(at - other) <= 4 and source.words[at].sentence == source.words[other].sentence  # noqa: PLR2004
        for key in family
        for other in source.positions.get(key, ())
        for at in source.positions.get(word.key, ())
    )

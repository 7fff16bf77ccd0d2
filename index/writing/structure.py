"""Faults in how a sentence puts the words of its passages together: what is left out, moved, joined or turned round."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wherefrom.index.writing.alignment import BESIDE, Pair, Source, marker, same_marker
from wherefrom.index.writing.english import english
from wherefrom.index.writing.speech import JOINING, is_boundary
from wherefrom.index.writing.words import DASHES, PERIODS, TIMES, Word

RELATIVES = frozenset(("who", "which", "that", "where", "when", "whom", "whose"))
SUBORDINATES = frozenset(("if", "unless", "until"))
PRONOUNS = frozenset(
    (
        "he",
        "she",
        "it",
        "they",
        "this",
        "that",
        "these",
        "those",
        "we",
        "i",
        "who",
        "which",
        "his",
        "her",
        "its",
        "their",
    )
)
SUBJECT_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "this", "there"))
BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "am", "get", "got", "gets"))
STRICT_PREPOSITIONS = frozenset(
    ("by", "against", "from", "to", "without", "before", "after", "until", "since", "despite")
)
MAX_FRONTED = 2
"""Words before the first one of a phrase that leads its sentence."""
FIRST_YEAR, LAST_YEAR = 1900, 2099
CLAUSE_WORDS = frozenset(("after", "before", "when", "while", "and", "but", "that", "who", "which", "since", "until"))
MAX_SUBJECT_DISTANCE = 3
MAX_LISTED = 3
"""Words of one more thing in a list, which may be left out: "schools in Galway and Mayo"."""
MAX_OBJECT_DISTANCE = 14
"""Words of the passage between a verb and its object's last word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, and the check that it fails."""

    check: str
    detail: str


class Structure:
    """A sentence, its source, and the alignment between them."""

    def __init__(
        self, words: Sequence[Word], source: Source, pairs: Sequence[Pair], speech_parts: frozenset[int]
    ) -> None:
        self.words = words
        self.source = source
        self.pairs = [pair for pair in pairs if pair.source is not None]
        self.aligned = {pair.source: pair.word for pair in self.pairs if pair.source is not None}
        self.speech_parts = speech_parts
        self.antecedents: set[int] = set()
        """Sentences of the source of which nothing but the subject is taken, for a pronoun of the next one."""
        attributions = (
            frame.parts for frame in source.speech.frames if not any(at in self.aligned for at in frame.parts)
        )
        self.attributions = frozenset(at for parts in attributions for at in parts)
        """Words of the source that only say who says something."""
        used = set(self.aligned) | self.attributions
        self.skipped = frozenset(
            position for position, word in enumerate(source.words) if word.counts and position not in used
        )

    def faults(self) -> Iterator[Fault]:
        """Yield every fault."""
        blocks = list(self._blocks())
        yield from self._moves(blocks)
        for block in blocks:
            yield from self._gaps(block)
        yield from self._starts(blocks)
        yield from self._ends()
        yield from self._parts()

    def _blocks(self) -> Iterator[list[Pair]]:
        """Yield runs of pairs that stand in one sentence of the source, in its order."""
        block: list[Pair] = []
        for pair in self.pairs:
            if block and not self._continues(block[-1], pair):
                yield block
                block = []
            block.append(pair)
        if block:
            yield block

    def _continues(self, before: Pair, after: Pair) -> bool:
        first, second = before.source or 0, after.source or 0
        return second > first and self.source.words[first].sentence == self.source.words[second].sentence

    # what is left out between two words

    def _gaps(self, block: Sequence[Pair]) -> Iterator[Fault]:
        for before, after in pairwise(block):
            first, second = before.source or 0, after.source or 0
            gap = [at for at in range(first + 1, second) if at not in self.aligned and at not in self.attributions]
            gap = self._without_asides(gap, first, second)
            yield from self._operators(gap)
            left_out = [at for at in gap if at in self.skipped and self.source.words[at].kind in ("content", "number")]
            if left_out:
                yield from self._left_out(left_out, gap, before, after)

    def _without_asides(self, gap: Sequence[int], first: int, second: int) -> list[int]:
        """Return a gap without what stands between two commas, dashes or brackets."""
        words = self.source.words
        marks = [at for at in range(first + 1, second) if is_boundary(words[at]) and words[at].text not in ':;"']
        inside: set[int] = set()
        if len(marks) >= 2 and not any(at in self.aligned for at in range(marks[0], marks[-1])):  # noqa: PLR2004
            aside = range(marks[0], marks[-1] + 1)
            if words[marks[0]].text != "," or words[marks[0] + 1].lower not in ("and", "but", "or"):
                inside = set(aside)
        return [at for at in gap if at not in inside]

    def _left_out(self, left_out: Sequence[int], gap: Sequence[int], before: Pair, after: Pair) -> Iterator[Fault]:
        words = self.source.words
        first, second = before.source or 0, after.source or 0
        quoted = " ".join(words[at].text for at in range(first, second + 1))
        joining = [at for at in gap if words[at].lower in JOINING or words[at].text in ";:"]
        relative = [at for at in gap if words[at].lower in RELATIVES]
        if joining and joining[0] == first + 1 and len(left_out) <= MAX_LISTED and words[first + 1].text not in ";:":
            return
        if joining:
            tail = [at for at in left_out if at > joining[-1]]
            if tail and not self._is_modifier(tail, second):
                yield Fault(check="entailment", detail=f"joins two facts: {quoted!r}")
                return
        elif (
            relative
            and relative[-1] != first + 1
            and not any(at > relative[-1] for at in left_out)
            and not self._describes(first + 1, before, after)
        ):
            yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")
            return
        marks = [at for at in gap if is_boundary(words[at])]
        if marks and any(at > marks[-1] and words[at].capital for at in left_out):
            yield Fault(check="entailment", detail=f"gives a fact to another subject: {quoted!r}")
            return
        yield from self._changed_head(left_out, before, after, quoted)

    def _describes(self, start: int, before: Pair, after: Pair) -> bool:
        """Return whether what is left out up to a relative pronoun only describes the word that it follows."""
        word = self.source.words[start]
        own = any(self.words[at].lower in RELATIVES for at in range(before.word + 1, after.word))
        return own and (word.lower in english().prepositions or word.lower.endswith("ly"))

    def _is_modifier(self, left_out: Sequence[int], second: int) -> bool:
        """Return whether words that are left out only describe the word that follows them."""
        words = self.source.words
        return all(not words[at].capital for at in left_out) and second - left_out[-1] == 1 and len(left_out) <= 2  # noqa: PLR2004

    def _changed_head(self, left_out: Sequence[int], before: Pair, after: Pair, quoted: str) -> Iterator[Fault]:
        """Yield a fault where a name stands for what it only describes: "Russia" for "Russian officials"."""
        words = self.source.words
        first = before.source or 0
        mine = self.words[before.word]
        head = words[left_out[0]]
        if left_out[0] != first + 1 or is_boundary(words[first + 1]):
            return
        adjacent = after.word - before.word == 1 or not self._counts_between(before.word, after.word)
        if not adjacent or not words[first].capital:
            return
        describes = words[first].possessive and not mine.possessive
        describes = describes or words[first].joins
        noun = not head.capital and not head.lower.endswith(("ly", "ed", "ing")) and head.lower not in english().adverbs
        verb_follows = not self.words[after.word].capital and after.word != before.word + 1
        if describes or (noun and (verb_follows or after.word == before.word + 1) and not mine.possessive):
            next_is_noun = words[(after.source or 0) - 1].kind == "content" and (after.source or 0) - 1 in left_out
            if describes or not next_is_noun or self.words[after.word].lower.endswith(("ed", "s")):
                yield Fault(check="entailment", detail=f"leaves out what the name describes: {quoted!r}")

    def _counts_between(self, first: int, second: int) -> bool:
        return any(self.words[at].counts for at in range(first + 1, second))

    def _operators(self, positions: Sequence[int]) -> Iterator[Fault]:
        """Yield a fault for every negation or modality among words that are left out."""
        known = english()
        for at in positions:
            word = self.source.words[at]
            if word.kind == "negation":
                yield Fault(check="negation", detail=f"leaves out {word.text!r}")
            elif (word.kind == "modality" and word.key != "?only") or (
                word.kind == "content" and at in self.skipped and word.key in known.open_verbs and not word.capital
            ):
                yield Fault(check="modality", detail=f"leaves out {word.text!r}")

    # what is put in another order, or taken from several sentences

    def _moves(self, blocks: Sequence[Sequence[Pair]]) -> Iterator[Fault]:
        run: list[Pair] = []
        """Pairs that follow each other in the sentence and stand in one sentence of the source, in any order."""
        before: Sequence[Pair] = ()
        for block in blocks:
            if run and self._source_sentence(run[-1]) != self._source_sentence(block[0]):
                yield from self._reordered(run)
                run = []
                if not self._joins(before, block):
                    yield Fault(check="entailment", detail=f"joins facts of two sentences: {self._text(block)!r}")
            run += block
            before = block
        yield from self._reordered(run)

    def _source_sentence(self, pair: Pair) -> int:
        return self.source.words[pair.source or 0].sentence

    def _text(self, block: Sequence[Pair]) -> str:
        return " ".join(self.words[pair.word].text for pair in block)

    def _reordered(self, run: Sequence[Pair]) -> Iterator[Fault]:
        """Yield a fault unless the run has its source's order, but for the voice and for one phrase that may move."""
        wrong = self._first_moved(run)
        if wrong is None:
            return
        for group in self._movable(run):
            rest = [pair for pair in run if pair not in group]
            if self._first_moved(rest) is None and self._stays_in_clause(group, rest):
                return
        yield Fault(check="entailment", detail=f"puts in another order: {self._text([wrong])!r}")

    def _stays_in_clause(self, group: Sequence[Pair], rest: Sequence[Pair]) -> bool:
        """Return whether a phrase that moved stands beside the others in the source, and not in a clause left out."""
        first, last = group[0].source or 0, group[-1].source or 0
        of_speech = {first - 1, first - 2} & self.source.speech.parts
        if of_speech and {group[0].word - 1, group[0].word - 2} & self.speech_parts:
            return True
        near = min(rest, key=lambda pair: min(abs((pair.source or 0) - first), abs((pair.source or 0) - last)))
        position = near.source or 0
        between = range(last + 1, position) if position > last else range(position + 1, first)
        words = self.source.words
        divided = any(is_boundary(words[at]) or words[at].lower in CLAUSE_WORDS for at in between)
        return not (divided and any(at in self.skipped for at in between))

    def _first_moved(self, run: Sequence[Pair]) -> Pair | None:
        """Return the first pair that moved before its neighbour, if no change of voice explains it."""
        start = 0
        for at in range(1, len(run)):
            if (run[at].source or 0) < (run[at - 1].source or 0):
                if not self._is_passive(run[start:at], run[at]):
                    return run[at]
                start = at
        return None

    def _movable(self, run: Sequence[Pair]) -> Iterator[list[Pair]]:
        """Yield phrases that may stand anywhere in a sentence.

        They are times, and what follows a preposition that it follows in the source too.
        """
        at = 0
        while at < len(run):
            group: list[Pair] = []
            if self._is_time(run[at]):
                group = [run[at]]
                while at + len(group) < len(run) and self._is_time(run[at + len(group)]):
                    group.append(run[at + len(group)])
            elif self._is_governed(run[at]):
                group = [run[at]]
                while at + len(group) < len(run) and self._continues_phrase(group, run[at + len(group)]):
                    group.append(run[at + len(group)])
            if group:
                yield group
            at += max(len(group), 1)

    def _is_time(self, pair: Pair) -> bool:
        word = self.words[pair.word]
        return word.lower in TIMES or word.lower in PERIODS or word.lower in english().adverbs or self._is_date(pair)

    def _is_date(self, pair: Pair) -> bool:
        """Return whether a number is a year, or the day after a month."""
        word, before = self.words[pair.word], self.words[pair.word - 1] if pair.word else None
        value = word.key[1:]
        year = value.isdigit() and FIRST_YEAR <= int(value) <= LAST_YEAR
        return word.kind == "number" and (year or (before is not None and before.lower in TIMES))

    def _is_governed(self, pair: Pair) -> bool:
        word = self.words[pair.word]
        if word.lower in english().prepositions:
            return True
        mine, theirs = marker(self.words, pair.word), marker(self.source.words, pair.source or 0, self.skipped)
        return mine not in (None, BESIDE, "by", "to", "of") and same_marker(mine, theirs, word)

    def _continues_phrase(self, group: Sequence[Pair], pair: Pair) -> bool:
        between = self.words[group[-1].word + 1 : pair.word]
        if any(word.kind == "mark" for word in between) or (pair.source or 0) < (group[-1].source or 0):
            return False
        fronted = group[0].word <= MAX_FRONTED and self.words[group[0].word].lower not in TIMES
        word = self.words[pair.word]
        verb = not word.capital and (word.lower.endswith("ed") or word.lower in english().participles)
        return fronted or (not verb and marker(self.words, pair.word) in (BESIDE, "of"))

    def _is_passive(self, before: Sequence[Pair], after: Pair) -> bool:
        """Return whether a pair changes places with those before it around a verb, from one voice to the other."""
        if self._turns(after, before[-1]) or self._turns(after, before[0]) or self._turns(before[-1], after):
            return True
        return marker(self.words, after.word) == "by" and self._is_agent(after)

    def _turns(self, verb: Pair, other: Pair) -> bool:
        """Return whether a verb is passive on one side, and its agent or object stands on its other side there.

        The agent stands after "by" on the passive side; the object beside the verb on both.
        """
        word, source = self.words[verb.word], self.source.words[verb.source or 0]
        if word.capital or not (is_participle(word) or is_participle(source)):
            return False
        mine = is_passive(self.words, verb.word)
        theirs = is_passive(self.source.words, verb.source or 0)
        if mine == theirs:
            return False
        if (other.word < verb.word) == ((other.source or 0) < (verb.source or 0)):
            return False
        if (mine and other.word > verb.word) or (theirs and other.word < verb.word):
            words, position = (self.words, other.word) if mine else (self.source.words, other.source or 0)
            return marker(words, position) == "by"
        return abs((other.source or 0) - (verb.source or 0)) <= MAX_OBJECT_DISTANCE

    def _joins(self, before: Sequence[Pair], after: Sequence[Pair]) -> bool:
        words = self.words
        between = [words[at] for at in range(before[-1].word + 1, after[0].word)]
        joined = any(word.lower in english().joiners or word.text in DASHES or word.text == "." for word in between)
        lead = self._lead(after[0].source or 0)
        subject = [at for at in lead if self.source.words[at].kind in ("content", "number") and at in self.skipped]
        pronoun = [at for at in lead if self.source.words[at].lower in PRONOUNS]
        if joined and not subject:
            own_subject = any(word.lower in PRONOUNS for word in between)
            if pronoun and not own_subject:
                return self._follows(before, after)
            return True
        if not pronoun or subject or len(before) > len(after) + 3 or not self._follows(before, after):
            return False
        self.antecedents.add(self.source.words[before[0].source or 0].sentence)
        return True

    def _follows(self, before: Sequence[Pair], after: Sequence[Pair]) -> bool:
        """Return whether a pronoun of the second sentence stands for the first one's subject, which leads `before`."""
        first, second = before[0].source or 0, after[0].source or 0
        source = self.source
        if source.passages[first] != source.passages[second]:
            return False
        if source.words[second].sentence != source.words[first].sentence + 1:
            return False
        lead = [at for at in self._lead(first) if source.words[at].kind == "content" and at in self.skipped]
        return all(source.words[at].lower != source.words[first].lower for at in lead) and len(lead) <= 2  # noqa: PLR2004

    def _lead(self, position: int) -> list[int]:
        """Return the words of a source sentence before a word, from the last mark or conjunction on."""
        words = self.source.words
        lead: list[int] = []
        for at in range(position - 1, -1, -1):
            if words[at].sentence != words[position].sentence:
                break
            if is_boundary(words[at]) or at in self.aligned or at in self.source.speech.parts:
                break
            if words[at].lower in ("and", "but", "while"):
                break
            lead.append(at)
        return lead[::-1]

    # what is left out before the first word and after the last one

    def _starts(self, blocks: Sequence[Sequence[Pair]]) -> Iterator[Fault]:
        words = self.source.words
        sentences: set[int] = set()
        for block in blocks:
            sentence = words[block[0].source or 0].sentence
            if sentence in sentences or sentence in self.antecedents:
                continue
            sentences.add(sentence)
            first = min(at for at in self.aligned if words[at].sentence == sentence)
            start = first
            while start > 0 and words[start - 1].sentence == sentence:
                start -= 1
            before = [at for at in range(start, first) if at not in self.source.speech.parts]
            conditions = [at for at in before if words[at].lower in SUBORDINATES]
            if conditions:
                yield Fault(check="modality", detail=f"leaves out a condition: {words[conditions[0]].text!r}")
            lead = [at for at in self._lead(first) if at not in self.source.speech.parts]
            yield from self._operators(lead)
            left_out = [at for at in lead if at in self.skipped and words[at].kind == "content"]
            if self._pronoun_for_subject(block[0], left_out):
                yield Fault(check="entailment", detail="says with a pronoun who it is about, unlike the passage")
            embeds = [at for at in lead if words[at].lower in ("that", "whether", "how")]
            if embeds and left_out and embeds[-1] > left_out[0]:
                yield Fault(check="entailment", detail=f"leaves out what {words[embeds[-1]].text!r} depends on")
            verbs = [at for at in left_out if not words[at].capital and words[at].lower.endswith(("ed", "ing"))]
            if verbs and words[first].capital and words[first - 1].lower not in english().prepositions:
                yield Fault(check="entailment", detail=f"leaves out {words[verbs[0]].text!r} before its object")

    def _pronoun_for_subject(self, pair: Pair, left_out: Sequence[int]) -> bool:
        """Return whether the sentence has a pronoun where its source names the subject."""
        named = [at for at in left_out if not self.source.words[at].lower.endswith("ly")]
        for at in range(pair.word - 1, -1, -1):
            word = self.words[at]
            if word.lower in SUBJECT_PRONOUNS:
                return bool(named)
            if word.kind not in ("function", "modality", "negation"):
                return False
        return False

    def _ends(self) -> Iterator[Fault]:
        """Yield a fault for a condition right after what the sentence takes from a passage."""
        words = self.source.words
        for sentence in sorted({words[at].sentence for at in self.aligned} - self.antecedents):
            last = max(at for at in self.aligned if words[at].sentence == sentence)
            for at in range(last + 1, len(words)):
                if words[at].sentence != sentence:
                    break
                if is_boundary(words[at]) and words[at + 1 : at + 2] and words[at + 1].lower not in SUBORDINATES:
                    break
                if words[at].lower in SUBORDINATES and at not in self.source.speech.parts:
                    yield Fault(check="modality", detail=f"leaves out a condition: {words[at].text!r}")
                    break

    # which part each word plays

    def _parts(self) -> Iterator[Fault]:
        for pair in self.pairs:
            position = pair.source or 0
            word = self.words[pair.word]
            mine = marker(self.words, pair.word)
            theirs = marker(self.source.words, position, self.skipped)
            if not self._same_part(mine, theirs, word, position, pair):
                yield self._other_part(word, mine, theirs)
            yield from self._voice(pair)

    def _same_part(  # noqa: PLR0911
        self, mine: str | None, theirs: str | None, word: Word, position: int, pair: Pair
    ) -> bool:
        if same_marker(mine, theirs, word) or word.lower in english().prepositions:
            return True
        source = self.source.words[position]
        if "by" in (mine, theirs):
            return self._is_agent(pair)
        if mine not in (None, BESIDE) and theirs in (None, BESIDE):
            if mine == "of" or mine not in STRICT_PREPOSITIONS:
                return True
            return mine == "to" and not word.capital
        if mine is None and theirs in ("after", "since"):
            return self._begins_clause(pair)
        if mine in (None, BESIDE) and theirs == "of":
            return word.possessive or mine == BESIDE
        if mine in (None, BESIDE) and (word.possessive or word.joins) and not source.possessive:
            return theirs in ("in", "at", "of", "from")
        return False

    def _begins_clause(self, pair: Pair) -> bool:
        """Return whether a word is the subject of a clause of time, which states a fact of its own."""
        at = self.pairs.index(pair)
        following = self.pairs[at + 1] if at + 1 < len(self.pairs) else None
        return following is not None and 0 < (following.source or 0) - (pair.source or 0) <= MAX_SUBJECT_DISTANCE

    def _is_agent(self, pair: Pair) -> bool:
        """Return whether a word after "by" on one side alone still names who acts: a verb is on its other side."""
        return any(
            self._turns(each, pair)
            for each in self.pairs
            if each is not pair and self.words[each.word].kind == "content"
        )

    def _other_part(self, word: Word, mine: str | None, theirs: str | None) -> Fault:
        shown = [each if each not in (None, BESIDE) else "no preposition" for each in (mine, theirs)]
        check = "modality" if theirs == "to" and not word.capital else "entailment"
        return Fault(check=check, detail=f"{word.text!r} stands after {shown[0]}, in the passage after {shown[1]}")

    def _voice(self, pair: Pair) -> Iterator[Fault]:
        """Yield a fault for a verb that is passive on one side alone, while nothing changed places."""
        position = pair.source or 0
        word, source = self.words[pair.word], self.source.words[position]
        if word.kind != "content" or word.lower != source.lower or not is_participle(word):
            return
        mine, theirs = is_passive(self.words, pair.word), is_passive(self.source.words, position)
        if mine == theirs:
            return
        if mine and not self._has_own_agent(pair):
            yield Fault(check="entailment", detail=f"{word.text!r} has another agent in the passage")
            return
        if mine and (self._agent_moved(pair) or reduced(self.source.words, position)):
            return
        if not mine and (self._agent_moved(pair) or reduced(self.words, pair.word)):
            return
        yield Fault(check="entailment", detail=f"{word.text!r} is passive on one side only")

    def _has_own_agent(self, verb: Pair) -> bool:
        """Return whether the agent of a passive verb, if it has one, stands before the verb in the source."""
        following = [pair for pair in self.pairs if pair.word > verb.word]
        agent = next((pair for pair in following if marker(self.words, pair.word) == "by"), None)
        return agent is None or (agent.source or 0) < (verb.source or 0)

    def _agent_moved(self, pair: Pair) -> bool:
        """Return whether a name or noun stands before the verb on one side and after it on the other."""
        return any(
            (each.word < pair.word) != ((each.source or 0) < (pair.source or 0))
            for each in self.pairs
            if each is not pair
        )


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


def reduced(words: Sequence[Word], position: int) -> bool:
    """Return whether a participle without "be" is passive, as its next word is a preposition: "killed in the blast"."""
    following = words[position + 1] if position + 1 < len(words) else None
    return following is None or following.lower in english().prepositions or following.text in ",."

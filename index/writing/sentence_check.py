"""The check of a written sentence against the passages that it cites. No language model takes part in it.

An English sentence passes if it takes its words from the passages and relates them in the same way. It may shorten a
statement, join two, use the passive, or report a quotation. Paraphrases fail. A sentence in another language passes
only as a verbatim part of a passage, since the check knows no negations and modalities of other languages.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

from wherefrom.index.reading.protocol import Reader
from wherefrom.index.text.analyzer import STOP_WORDS, runs
from wherefrom.index.text.languages import languages
from wherefrom.index.writing.alignment import AlignedSentence, Pair, Source, align
from wherefrom.index.writing.bounds import with_bounds
from wherefrom.index.writing.faults.asides import aside_faults
from wherefrom.index.writing.faults.facts import (
    bound_faults,
    conditional_faults,
    connective_faults,
    contrast_faults,
    name_faults,
    number_faults,
    polarity_faults,
    pronoun_faults,
    quotation_faults,
    repetition_faults,
    year_is_published,
)
from wherefrom.index.writing.faults.grammatical_roles import role_faults
from wherefrom.index.writing.faults.offices import office_faults
from wherefrom.index.writing.faults.omissions import omission_faults
from wherefrom.index.writing.faults.parts import part_faults
from wherefrom.index.writing.faults.ranks import rank_faults
from wherefrom.index.writing.faults.sentence_fusion import fusion
from wherefrom.index.writing.faults.speakers import speaker_faults
from wherefrom.index.writing.faults.word_order import order_faults
from wherefrom.index.writing.speech import find_speech
from wherefrom.index.writing.verdicts import CheckResult, CitedPassage, Fault, SentenceVerdict
from wherefrom.index.writing.words import Word, normalized, read_words

__all__ = ["CHECKS", "CheckResult", "CitedPassage", "SentenceChecker", "SentenceVerdict"]
CHECKS = ("citation", "numbers", "dates", "names", "quotations", "negation", "modality", "speaker", "entailment")
THRESHOLD = "sentence_check.json"
CACHED_TEXTS = 512
MIN_ENGLISH_SHARE = 0.12
"""Share of English stop words from which a text counts as English, unless another language has more of its own."""
ENGLISH = "en"
MARKERS = re.compile(r"(?:\s*\[\d+(?:\s*,\s*\d+)*\])+(?=\s*[.!?]?\s*$|\s)")
"""References such as "[1]" or "[2, 3]"."""
CLAUSE_ENDS = '.!?,;:"()'
CLOSING_MARKS = frozenset('")]')
TERMINAL = " \t.!?"


class SentenceChecker:
    """Checks sentences against the passages that they cite. Thread-safe."""

    def __init__(self, reader: Reader | None, min_answers: float | None = None) -> None:
        """Create it. With a reader, a passage must support a sentence with log-odds of at least `min_answers`.

        `min_answers` defaults to the value that was fitted for the shipped reader.
        """
        self._reader = reader
        self._min_answers = min_answers
        if reader is not None and min_answers is None:
            self._min_answers = fitted_threshold()

    def check(self, sentence: str, cited: Sequence[str | CitedPassage], language: str | None = None) -> SentenceVerdict:
        """Return the verdict on a sentence; `language` is the passages' language code, which is detected if `None`."""
        passages = [each if isinstance(each, CitedPassage) else CitedPassage(text=each) for each in cited]
        passages = [each for each in passages if each.text.strip()]
        sentence = MARKERS.sub("", sentence).strip()
        faults = list(self._faults(sentence, passages, language))
        return _verdict(faults)

    def _faults(self, sentence: str, passages: Sequence[CitedPassage], language: str | None) -> Iterator[Fault]:
        if not passages:
            yield Fault(check="citation", detail="cites no passage")
            return
        if not any(map(str.isalnum, sentence)):
            yield Fault(check="entailment", detail="says nothing")
            return
        if sentence.rstrip(' "\u201d\u2019)').endswith("?"):
            yield Fault(check="entailment", detail="is a question")
            return
        if not is_english(sentence, passages, language):
            yield from _verbatim_faults(sentence, passages)
            return
        structural = list(english_faults(sentence, passages))
        yield from structural
        if not structural and self._reader is not None and self._min_answers is not None:
            readings = self._reader.read(sentence, [each.text for each in passages])
            if max(reading.answers for reading in readings) < self._min_answers:
                yield Fault(check="entailment", detail="the reader does not find it in the cited passages")


@cache
def fitted_threshold() -> float:
    """Return the log-odds that `wherefrom.eval.training.fit_sentence_check` fitted."""
    stored = json.loads((files(__package__) / THRESHOLD).read_text(encoding="utf-8"))
    return float(stored["min_answers"])


def _verdict(faults: Sequence[Fault]) -> SentenceVerdict:
    details: dict[str, list[str]] = {}
    for fault in faults:
        details.setdefault(fault.check, []).append(fault.detail)
    checks = tuple(
        CheckResult(name=name, passed=name not in details, detail="; ".join(dict.fromkeys(details.get(name, ()))))
        for name in CHECKS
    )
    return SentenceVerdict(passed=not faults, checks=checks)


def english_faults(sentence: str, passages: Sequence[CitedPassage]) -> Iterator[Fault]:
    """Yield the faults of an English sentence: statements that its passages do not make."""
    words = _cached_words(sentence)
    source = _source(tuple((each.text, each.title) for each in passages))
    speech = find_speech(words)
    publishers = frozenset(
        word.key for each in passages if each.publisher for word in _cached_words(each.publisher) if word.counts
    )
    completed_years = {
        position
        for position, word in enumerate(words)
        if word.kind == "number"
        and word.key not in source.positions
        and any(year_is_published(words, position, source, each.published) for each in passages)
    }
    words = tuple(replace(word, kind="function") if at in completed_years else word for at, word in enumerate(words))
    chosen = [at for at, word in enumerate(words) if word.counts and at not in speech.parts]
    pairs = align(words, chosen, source)
    aligned = {pair.word: pair.source for pair in pairs}
    yield from number_faults(words, source)
    yield from name_faults(words, source, publishers)
    yield from repetition_faults(words, source)
    yield from polarity_faults(words, source)
    yield from connective_faults(words, source)
    yield from quotation_faults(sentence, words, source)
    yield from _repeated_negations(words, pairs)
    yield from _question_faults(source, pairs)
    yield from pronoun_faults(words, source, {source.words[pair.source].sentence for pair in pairs})
    yield from _unsupported_words(words, [at for at in chosen if at not in aligned])
    yield from speaker_faults(words, speech, source, aligned, publishers)
    aligned_sentence = AlignedSentence(words, source, pairs, speech.parts)
    yield from bound_faults(aligned_sentence)
    yield from conditional_faults(aligned_sentence)
    yield from rank_faults(aligned_sentence)
    yield from office_faults(aligned_sentence)
    yield from contrast_faults(aligned_sentence)
    fused = fusion(aligned_sentence)
    yield from order_faults(aligned_sentence)
    yield from fused.faults
    yield from omission_faults(aligned_sentence, fused.antecedents)
    yield from role_faults(aligned_sentence)
    yield from aside_faults(aligned_sentence)
    yield from part_faults(aligned_sentence)


def _repeated_negations(words: Sequence[Word], pairs: Sequence[Pair]) -> Iterator[Fault]:
    """Yield faults for several negations aligned to the same negation of a passage: "not without" for "without"."""
    taken: set[int] = set()
    for pair in pairs:
        if words[pair.word].kind == "negation":
            if pair.source in taken:
                yield Fault(
                    check="negation", detail=f"{words[pair.word].text!r} is one negation more than in the passages"
                )
            taken.add(pair.source)


def _question_faults(source: Source, pairs: Sequence[Pair]) -> Iterator[Fault]:
    """Yield a fault if words are taken from a question, which states nothing."""
    taken = {source.words[pair.source].sentence for pair in pairs}
    last: dict[int, str] = {}
    for word in source.words:
        if word.sentence in taken and word.text not in CLOSING_MARKS:
            last[word.sentence] = word.text
    if "?" in last.values():
        yield Fault(check="entailment", detail="takes words from a question of the passage")


def _unsupported_words(words: Sequence[Word], positions: Sequence[int]) -> Iterator[Fault]:
    for at in positions:
        word = words[at]
        check = {"negation": "negation", "modality": "modality"}.get(word.kind, "entailment")
        yield Fault(check=check, detail=f"{word.text!r} stands in no cited passage")


@lru_cache(CACHED_TEXTS)
def _cached_words(text: str) -> tuple[Word, ...]:
    return with_bounds(read_words(text))


@lru_cache(CACHED_TEXTS)
def _source(texts: tuple[tuple[str, str | None], ...]) -> Source:
    """Return the words of passages and their titles, with sentences and quotations numbered consecutively."""
    words: list[Word] = []
    numbers: list[int] = []
    number = 0
    for text, title in texts:
        for part in (text, title):
            if part:
                sentences = words[-1].sentence + 2 if words else 0
                quotes = max((word.quote for word in words), default=-1) + 1
                words += [
                    replace(
                        word,
                        sentence=word.sentence + sentences,
                        quote=word.quote + quotes if word.quote >= 0 else -1,
                    )
                    for word in _cached_words(part)
                ]
                numbers += [number] * (len(words) - len(numbers))
                number += 1
    return Source(words, numbers, find_speech(words))


def is_english(sentence: str, passages: Sequence[CitedPassage], language: str | None) -> bool:
    """Return whether the English checks apply, by the given language or by the share of stop words."""
    if language is not None:
        return language.lower().split("-")[0] == ENGLISH
    words = [*runs(sentence), *(run for each in passages for run in runs(each.text))]
    own = sum(word in STOP_WORDS for word in words)
    others = (sum(word in each.stop_words for word in words) for each in languages().values())
    return own >= MIN_ENGLISH_SHARE * len(words) and all(count <= own for count in others)


def _verbatim_faults(sentence: str, passages: Sequence[CitedPassage]) -> Iterator[Fault]:
    """Yield a fault unless a sentence is a whole part of a passage: between ends of clauses, or of the passage."""
    part = normalized(sentence).strip(TERMINAL)
    for passage in passages:
        text = normalized(passage.text)
        at = text.find(part)
        while at >= 0:
            before, after = text[:at].rstrip(), text[at + len(part) :].lstrip()
            if (not before or before[-1] in CLAUSE_ENDS) and (not after or after[0] in CLAUSE_ENDS):
                return
            at = text.find(part, at + 1)
    reason = "cannot be checked in this language, and is no verbatim part of a cited passage"
    for name in ("negation", "modality", "speaker", "entailment"):
        yield Fault(check=name, detail=reason)

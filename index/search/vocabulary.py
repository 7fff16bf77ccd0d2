"""Looks up a question's words in the terms of a collection: abbreviated long forms, other accents, one wrong letter."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Protocol

from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.engine import Guess, Term
from wherefrom.index.search.bm25 import Bm25Index
from wherefrom.index.segments.postings import Postings
from wherefrom.index.segments.segment import Segment
from wherefrom.index.text.accents import other_accents
from wherefrom.index.text.acronyms import MARK, LongForm, long_form_term
from wherefrom.index.text.analyzer import STOP_WORDS, UNSPACED_CHARACTER, stems
from wherefrom.index.text.language_terms import stem_in, variants_of_run, variants_of_word

MIN_LETTERS, MAX_LETTERS = 5, 30
"""Length of a word whose spelling is guessed: in shorter words, another letter too often makes another word."""
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "\u0430\u0431\u0432\u0433\u0434\u0435\u0436\u0437\u0438\u0439\u043a\u043b\u043c\u043d\u043e\u043f\u0440\u0441\u0442\u0443\u0444\u0445\u0446\u0447\u0448\u0449\u044a\u044b\u044c\u044d\u044e\u044f",
    "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9\u03ba\u03bb\u03bc\u03bd\u03be\u03bf\u03c0\u03c1\u03c3\u03c2\u03c4\u03c5\u03c6\u03c7\u03c8\u03c9",
)
"""Letters that may be inserted or substituted in a guess: Latin, Cyrillic, Greek."""
MAX_ROWS = 2_000
"""Maximum number of rows with a term that are searched for a word with this term."""
CACHED_WORDS = 10_000


class KnownTerms(Protocol):
    """The terms of the live rows of a collection."""

    def has(self, term: Term) -> bool:
        """Return whether a live row has a term, or one of its variants."""

    def idf(self, term: Term) -> float:
        """Return the inverse document frequency of a term over the live rows."""

    def present(self, wanted: Sequence[str]) -> Collection[str]:
        """Return those of some terms that any row has, which may be a deleted one."""

    def is_said(self, word: str, term: Term) -> bool:
        """Return whether a live row has a word as it is, and not only another with the same term.

        Returns true without a search if more than MAX_ROWS rows have the term.
        """

    def long_forms(self, openings: Sequence[str]) -> Mapping[str, Collection[LongForm]]:
        """Return for each opening the long forms whose terms begin with it; for MARK alone, one is enough."""


class SegmentTerms:
    """The terms of a snapshot's segments; see `KnownTerms`."""

    def __init__(self, segments: Sequence[Segment], bm25: Bm25Index) -> None:
        self._segments = segments
        self._postings = [each.postings for each in segments if len(each.postings.terms)]
        self._bm25 = bm25

    def has(self, term: Term) -> bool:
        """Return whether a live row has a term, or one of its variants."""
        return self._bm25.has(term)

    def idf(self, term: Term) -> float:
        """Return the inverse document frequency of a term over the live rows."""
        return self._bm25.idf(term)

    def present(self, wanted: Sequence[str]) -> Collection[str]:
        """Return those of some terms that any row has, which may be a deleted one."""
        encoded = sorted(term.encode() for term in wanted)
        return {term.decode() for postings in self._postings for term in postings.present(encoded)}

    def is_said(self, word: str, term: Term) -> bool:
        """Return whether a live row has a word as it is, and not only another with the same term."""
        rows = self._bm25.rows_of(term)
        if sum(map(len, rows)) > MAX_ROWS:
            return True
        return any(
            len(segment.words.rows_with((word,), each)) for segment, each in zip(self._segments, rows, strict=True)
        )

    def long_forms(self, openings: Sequence[str]) -> Mapping[str, Collection[LongForm]]:
        """Return for each opening the long forms whose terms begin with it; for MARK alone, only the first."""
        return {
            opening: {form for each in self._postings for form in _long_forms(each, opening)} for opening in openings
        }


@dataclass(slots=True)
class VocabularyCache:
    """A cache of the guesses and long forms of one state of a collection. Thread-safe."""

    forms: BoundedCache[tuple[str, str], tuple[LongForm, ...]] = field(
        default_factory=lambda: BoundedCache(CACHED_WORDS)
    )
    guesses: BoundedCache[str, tuple[Guess, ...]] = field(default_factory=lambda: BoundedCache(CACHED_WORDS))
    has_long_forms: bool | None = None


class Vocabulary:
    """The terms of one state of a collection. Immutable, but for its cache."""

    def __init__(self, terms: KnownTerms, languages: tuple[str, ...], cache: VocabularyCache | None = None) -> None:
        """Create it from the terms, their languages other than English, and the cache of the same state."""
        self._terms = terms
        self._languages = languages
        self._cache = VocabularyCache() if cache is None else cache
        if self._cache.has_long_forms is None:
            self._cache.has_long_forms = bool(terms.long_forms([MARK])[MARK])

    def long_forms(self, terms: Sequence[str]) -> tuple[str, ...]:
        """Return the terms of the long forms that occur in a question's terms and that a live document abbreviates."""
        if not self._cache.has_long_forms:
            return ()
        found: list[str] = []
        for start, forms in enumerate(self._beginning_with(list(pairwise(terms)))):
            found += [long_form_term(form) for form in forms if tuple(terms[start : start + len(form)]) == form]
        return tuple([term for term in dict.fromkeys(found) if self._terms.has(term)])

    def guesses(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return a guess for each word that no live row has, if it occurs with other accents or with one other letter.

        Of several spellings the one in most rows is chosen, and of these the first in alphabetical order. The first
        letter changes only in its accent; there are no guesses for numbers and short words.
        """
        found: list[Guess] = []
        for word in dict.fromkeys(words):
            guesses = self._cache.guesses.get(word)
            if guesses is None:
                guesses = tuple(islice(self._guess(word), 1))
                self._cache.guesses.put(word, guesses)
            found += guesses
        return tuple(found)

    def _guess(self, word: str) -> Iterator[Guess]:
        if word in STOP_WORDS or UNSPACED_CHARACTER.match(word) or self._terms.has(self._term(word)):
            return
        for spelling, term in self._said(other_accents(word)):
            yield Guess(word=word, spelling=spelling, term=term, same_word=True)
        if MIN_LETTERS <= len(word) <= MAX_LETTERS and word.isalpha():
            for spelling, term in self._said(one_letter_off(word)):
                yield Guess(word=word, spelling=spelling, term=term)

    def _said(self, words: Iterable[str]) -> Iterator[tuple[str, Term]]:
        """Yield those of some words that live rows have, each with its term, the most frequent first."""
        spellings = sorted(set(words))
        by_language = [stems(spellings), *([stem_in(code, each) for each in spellings] for code in self._languages)]
        present = self._terms.present(sorted({variant for variants in by_language for variant in variants}))
        candidates = [
            spelling
            for spelling, *variants in zip(spellings, *by_language, strict=True)
            if any(variant in present for variant in variants) and variants_of_word(spelling, self._languages)
        ]
        live = [(self._terms.idf(term), each, term) for each in candidates if self._terms.has(term := self._term(each))]
        for _, spelling, term in sorted(live):
            if self._terms.is_said(spelling, term):
                yield spelling, term

    def _term(self, word: str) -> Term:
        """Return the term of a word of a question in this collection."""
        variants = variants_of_run(word, self._languages)
        return variants if self._languages else variants[0]

    def _beginning_with(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[LongForm, ...]]:
        """Return for each pair of terms the long forms that begin with them."""
        cached = self._cache.forms
        known = {pair: forms for pair in pairs if (forms := cached.get(pair)) is not None}
        openings = {pair: f"{MARK}{pair[0]} {pair[1]}" for pair in pairs if pair not in known}
        if openings:
            forms_of = self._terms.long_forms(list(openings.values()))
            for pair, opening in openings.items():
                known[pair] = tuple(sorted(form for form in forms_of[opening] if form[:2] == pair))
                cached.put(pair, known[pair])
        return [known[pair] for pair in pairs]


def _long_forms(postings: Postings, opening: str) -> list[LongForm]:
    """Return the long forms whose terms begin with an opening; for MARK alone, only the first."""
    terms, encoded = postings.terms, opening.encode()
    forms: list[LongForm] = []
    for number in range(bisect_left(terms, encoded), len(terms)):
        if not terms[number].startswith(encoded):
            break
        forms.append(form_of(terms[number].decode()))
        if opening == MARK:
            break
    return forms


def form_of(term: str) -> LongForm:
    """Return the long form of a term: the inverse of `acronyms.long_form_term`."""
    return tuple(term.removeprefix(MARK).split(" "))


def one_letter_off(word: str) -> Iterator[str]:
    """Yield the words that differ from a word by one inserted, deleted, replaced or swapped letter after the first."""
    letters = "".join(alphabet for alphabet in ALPHABETS if any(letter in alphabet for letter in word))
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in letters)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in letters if letter != after[0])
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]

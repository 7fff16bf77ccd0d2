"""Terms of documents in other languages than English, and the variants that a question's words have among them.

A term of a document in German is the stem of a German word, after the language: ":de:haf" for "Häfen". A question has
no language. Each of its words stands for its English term and its stem in every other language that the collection has,
and a paragraph has one of these variants at most, since its terms are in one language.

Stop words of a language are no terms of its documents. Every paragraph in the language has the term ":de:" instead,
with a frequency of 0: as a question's word a stop word is as common as the language, and adds nothing to a score.
"""

from functools import lru_cache

from wherefrom.index.text.analyzer import (
    STOP_WORDS,
    UNSPACED_CHARACTER,
    compounds,
    runs,
    term_of_word,
    term_runs,
    terms,
    terms_of_run,
)
from wherefrom.index.text.languages import languages

MARK = ":"
"""What the terms in other languages begin with; English terms consist of letters and digits."""

CACHED_WORDS = 10_000
"""Words of questions whose variants are cached; a stem takes a microsecond."""

Variants = tuple[str, ...]
"""What a word of a question may be in the collection: its English term first, then one term for each language."""


def terms_in(language: str | None, text: str) -> list[str]:
    """Return the terms of a document's text in its language, `None` for English, without stop words.

    The terms of hyphenated words written as one come last.
    """
    return [*_terms_of_parts(language, text), *compound_terms(language, text)]


def compound_terms(language: str | None, text: str) -> list[str]:
    """Return the terms of the hyphenated words of a document's text, each written as one word."""
    joined = compounds(text)
    if language is None:
        return [term for run in joined for term in terms_of_run(run)]
    return [stem_in(language, run) for run in joined if run not in languages()[language].stop_words]


def _terms_of_parts(language: str | None, text: str) -> list[str]:
    if language is None:
        return terms(text)
    stop_words = languages()[language].stop_words
    return [
        term
        for run in runs(text)
        if run not in STOP_WORDS and run not in stop_words
        for term in (terms_of_run(run) if UNSPACED_CHARACTER.match(run) else (stem_in(language, run),))
    ]


def question_terms(text: str, codes: tuple[str, ...]) -> list[Variants]:
    """Return the terms of a question in a collection that has these languages, those of hyphenated words last."""
    return [
        variants
        for run in (*term_runs(text, runs(text)), *compounds(text))
        for variants in (
            [(term,) for term in terms_of_run(run)] if UNSPACED_CHARACTER.match(run) else [variants_of_run(run, codes)]
        )
    ]


def variants_of_word(word: str, codes: tuple[str, ...]) -> Variants:
    """Return the terms of which every text with a word has one; none for a word that may leave no term in a text."""
    variants = () if term_of_word(word) is None else variants_of_run(word, codes)
    return () if any(variant.endswith(MARK) for variant in variants) else variants


def stem_in(language: str, word: str) -> str:
    """Return the term of a word in a language; that of all its stop words is `term_of_stop_words`."""
    known = languages()[language]
    return f"{MARK}{language}{MARK}{'' if word in known.stop_words else known.stem(word)}"


def term_of_stop_words(language: str) -> str:
    """Return the term that every paragraph in a language has; the language's other terms begin with it."""
    return f"{MARK}{language}{MARK}"


def split_term(term: str) -> tuple[str, str]:
    """Return what a term in another language begins with, empty for an English one, and its stem."""
    language, mark, stem = term.rpartition(MARK)
    return language + mark, stem


@lru_cache(CACHED_WORDS)
def variants_of_run(word: str, codes: tuple[str, ...]) -> Variants:
    """Return the terms that a run of a question, which is no stop word, may have in a collection of these languages."""
    return *terms_of_run(word), *(stem_in(code, word) for code in codes)

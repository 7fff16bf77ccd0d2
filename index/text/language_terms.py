"""Terms of documents in languages other than English, and the variants of the words of a question among them.

A term of a German document is the stem of a German word with the prefix of the language: ":de:haf" for "Häfen". A
question has no language. The variants of each of its words are its English term and its stem in every other language of
the collection; a paragraph has at most one of these variants, since its terms are in one language.

Stop words of a language are not terms of its documents. Instead, every paragraph in the language has the term ":de:"
with a frequency of 0: in a question, a stop word is as common as the language, and adds nothing to a score.
"""

from functools import lru_cache

from wherefrom.index.text.analyzer import (
    UNSPACED_CHARACTER,
    compounds,
    runs,
    term_of_word,
    term_runs,
    terms,
    terms_of_run,
    without_stop_words,
)
from wherefrom.index.text.languages import languages

MARK = ":"
"""The first character of terms in other languages; English terms consist of letters and digits."""

CACHED_WORDS = 10_000
"""Maximum number of words of questions with cached variants; stemming a word takes a microsecond."""

Variants = tuple[str, ...]
"""The terms that a word of a question may have in the collection: the English one, then one per language."""


def terms_in(language: str | None, text: str) -> list[str]:
    """Return the terms of a text of a document in a language, `None` for English, without stop words.

    The terms of hyphenated words written as one word come last.
    """
    return [*_terms_of_parts(language, text), *compound_terms(language, text)]


def compound_terms(language: str | None, text: str) -> list[str]:
    """Return the terms of the hyphenated words of a text, each as one word; `language` is `None` for English."""
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
        for run in without_stop_words(text, runs(text))
        if run not in stop_words
        for term in (terms_of_run(run) if UNSPACED_CHARACTER.match(run) else (stem_in(language, run),))
    ]


def question_terms(text: str, codes: tuple[str, ...]) -> list[Variants]:
    """Return the variants of the words of a question in a collection with these languages, of hyphenated words last."""
    return [
        variants
        for run in (*term_runs(text, runs(text)), *compounds(text))
        for variants in (
            [(term,) for term in terms_of_run(run)] if UNSPACED_CHARACTER.match(run) else [variants_of_run(run, codes)]
        )
    ]


def variants_of_word(word: str, codes: tuple[str, ...]) -> Variants:
    """Return the variants of which every text with a word has one; none for a word that may give a text no term."""
    variants = () if term_of_word(word) is None else variants_of_run(word, codes)
    return () if any(variant.endswith(MARK) for variant in variants) else variants


def stem_in(language: str, word: str) -> str:
    """Return the term of a word in a language; its stop words share the term of `term_of_stop_words`."""
    known = languages()[language]
    return f"{MARK}{language}{MARK}{'' if word in known.stop_words else known.stem(word)}"


def term_of_stop_words(language: str) -> str:
    """Return the term that every paragraph in a language has; it is the prefix of all other terms of the language."""
    return f"{MARK}{language}{MARK}"


def split_term(term: str) -> tuple[str, str]:
    """Return the language prefix of a term, empty for an English one, and its stem."""
    language, mark, stem = term.rpartition(MARK)
    return language + mark, stem


@lru_cache(CACHED_WORDS)
def variants_of_run(word: str, codes: tuple[str, ...]) -> Variants:
    """Return the variants of a run that is no English stop word in a collection with these languages."""
    return *terms_of_run(word), *(stem_in(code, word) for code in codes)

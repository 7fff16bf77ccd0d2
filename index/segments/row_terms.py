"""Analyzes the texts of a document for search: the terms of each paragraph, its words, and the key of its text."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wherefrom.index.text.acronyms import spelled_out, terms_of_names
from wherefrom.index.text.analyzer import terms_and_words
from wherefrom.index.text.language_detection import MIN_ENGLISH_SHARE, detect_language
from wherefrom.index.text.language_terms import compound_terms, term_of_stop_words, terms_in

KEY_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTerms:
    """The frequency of each term of a paragraph, its words in order, and its length in terms.

    A term with the count 0 counts for the document frequency alone (`index.text.language_terms`).
    """

    counts: Counter[str]
    words: Sequence[str]
    length: int


def analyze_rows(texts: Sequence[str]) -> tuple[str | None, list[RowTerms]]:
    """Return the language of a document that is not in English, and the terms of each of its paragraphs."""
    analyzed = [terms_and_words(text) for text in texts]
    language = _language(analyzed)
    names = spelled_out(texts) if language is None else {}
    rows: list[RowTerms] = []
    for text, (row_terms, row_words) in zip(texts, analyzed, strict=True):
        if language is None:
            counts = Counter([*row_terms, *compound_terms(None, text)])
        else:
            counts = Counter(terms_in(language, text))
            counts[term_of_stop_words(language)] = 0
        length = counts.total()
        if names:
            counts.update(terms_of_names(text, row_terms, names))
        rows.append(RowTerms(counts=counts, words=row_words, length=length))
    return language, rows


def text_key(text: str) -> int:
    """Return a 64-bit hash of a text, the same for texts that differ only in case and white space.

    Among a million different texts, the probability that any two share a key is 3 in 100 million.
    """
    normalized = " ".join(text.casefold().split())
    return int.from_bytes(hashlib.blake2b(normalized.encode(), digest_size=KEY_BYTES).digest(), "little")


def _language(analyzed: Sequence[tuple[Sequence[str], Sequence[str]]]) -> str | None:
    """Return the language of a document that is not in English, from the terms and words of its rows."""
    word_count = sum([len(words) for _, words in analyzed])
    if sum([len(terms) for terms, _ in analyzed]) <= (1 - MIN_ENGLISH_SHARE) * word_count:
        return None
    return detect_language([word for _, words in analyzed for word in words])

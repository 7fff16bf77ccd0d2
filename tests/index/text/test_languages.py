"""The data of the languages: every stemmer of PyStemmer that is for a language, and stop words that are words."""

import Stemmer

from wherefrom.index.text.analyzer import STOP_WORDS, runs
from wherefrom.index.text.languages import languages

OTHERS = {"english", "porter", "dutch_porter"}
"""English is the analyzer's; the others are older algorithms for languages that have a newer one."""


def test_every_language_of_pystemmer_has_its_stemmer() -> None:
    stemmers = [language.stemmer for language in languages().values() if language.stemmer is not None]
    assert len(stemmers) == len(set(Stemmer.algorithms()) - OTHERS)


def test_stop_words_are_single_words_and_languages_differ_in_them() -> None:
    lists = [language.stop_words for language in languages().values()]
    assert all(runs(word) == [word] for words in lists for word in words)
    assert all(len(words) > len(words & STOP_WORDS) * 2 for words in lists)
    assert len(set(lists)) == len(lists)


def test_a_word_is_stemmed_in_its_language_and_left_alone_without_a_stemmer() -> None:
    assert languages()["de"].stem("häfen") == languages()["de"].stem("hafen")
    assert languages()["uk"].stem("порти") == "порти"

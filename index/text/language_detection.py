"""Detection of the language of a document by the share of its words that are stop words of a language.

In running text, this share is a third to a half. The language of a short text is never guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from wherefrom.index.text.analyzer import STOP_WORDS
from wherefrom.index.text.languages import languages

MIN_WORDS = 50
"""Minimum number of words for detection."""
MIN_ENGLISH_SHARE = 0.25
"""Share of English stop words from which callers skip the detection: the text is English. News have about 0.4."""
MIN_SHARE = 0.2
"""Smallest share of the stop words of a language, if another language has more than half as many."""
MIN_DISTINCT_SHARE = 0.08
"""Smallest share if no other language has more than half as many. Agglutinative languages such as Turkish have few stop
words."""
ENGLISH = "en"


def detect_language(words: Sequence[str]) -> str | None:
    """Return the code of the language of a text if it has a stemmer; `None` for English, others and short texts.

    `words` are the words of the text as `analyzer.words` returns them, in lower case.
    """
    if len(words) < MIN_WORDS:
        return None
    shares: Counter[str] = Counter(dict.fromkeys((ENGLISH, *languages()), 0))
    known = _languages_of_stop_words()
    for word, count in Counter(words).items():
        for language in known.get(word, ()):
            shares[language] += count
    (count, language), (next_count, _) = sorted(((count, code) for code, count in shares.items()), reverse=True)[:2]
    if count < (MIN_SHARE if 2 * next_count > count else MIN_DISTINCT_SHARE) * len(words):
        return None
    return language if language != ENGLISH and languages()[language].stemmer else None


@cache
def _languages_of_stop_words() -> Mapping[str, Sequence[str]]:
    """Return the languages of each stop word."""
    known: dict[str, list[str]] = defaultdict(list)
    for word in STOP_WORDS:
        known[word].append(ENGLISH)
    for code, language in languages().items():
        for word in language.stop_words:
            known[word].append(code)
    return known

"""The language of a document, by the share of its words that are a language's stop words.

In running text a third to a half of all words are. A short text is never guessed at: it has no language.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from wherefrom.index.text.analyzer import STOP_WORDS
from wherefrom.index.text.languages import languages

MIN_WORDS = 50
"""Words from which a language is detected."""
MIN_ENGLISH_SHARE = 0.25
"""A text with this share of English stop words is English, and nothing else is looked at; news have about 0.4."""
MIN_SHARE = 0.2
"""Share of a language's stop words that shows it, even where a related language has hardly fewer."""
MIN_DISTINCT_SHARE = 0.08
"""The same where no other language has half of it. Languages with endings where others have words, as Turkish, have few
stop words."""
ENGLISH = "en"


def detect_language(words: Sequence[str]) -> str | None:
    """Return the language of a text's words if it has a stemmer; `None` for English, other languages and short texts.

    The words are in lower case and as `analyzer.words` returns them.
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
    """Return for each stop word the languages that have it."""
    known: dict[str, list[str]] = defaultdict(list)
    for word in STOP_WORDS:
        known[word].append(ENGLISH)
    for code, language in languages().items():
        for word in language.stop_words:
            known[word].append(code)
    return known

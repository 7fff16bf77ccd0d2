"""Analysis of text into terms for lexical search: uniform spelling, no stop words, English words reduced to stems.

A text counts as English unless the text of its document is in another language (`language_terms`). A word with a
non-ASCII letter is not stemmed. In scripts without spaces (Chinese, Japanese, Thai), the terms are character bigrams.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from wherefrom.index.text.spellings import unify

if TYPE_CHECKING:
    import Stemmer

ENGLISH_STOP_WORDS = """
a about above after again against ain all am an and any are aren aren't as at be because been before being below
between both but by can couldn couldn't d did didn didn't do does doesn doesn't doing don don't down during each few
for from further had hadn hadn't has hasn hasn't have haven haven't having he her here hers herself him himself his
how i if in into is isn isn't it it's its itself just ll m ma me mightn mightn't more most mustn mustn't my myself
needn needn't no nor not now o of off on once only or other our ours ourselves out over own re s same shan shan't
she she's should should've shouldn shouldn't so some such t than that that'll the their theirs them themselves then
there these they this those through to too under until up ve very was wasn wasn't we were weren weren't what when
where which while who whom why will with won won't wouldn wouldn't y you you'd you'll you're you've your yours
yourself yourselves
"""
STOP_WORDS = frozenset(ENGLISH_STOP_WORDS.split())
"""The 179 words of NLTK as in bm25s 0.3.16; `languages.toml` has the stop words of other languages."""
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")
MARKS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0df3"
)
"""Hebrew, Arabic and Indian vowel signs, which occur inside words and are not letters in Python. The last range also
has the letters of the other Indian scripts, whose punctuation is that of Devanagari or Latin."""
MARKED_WORD = re.compile(rf"[{UNSPACED}]+|(?:[^\W{UNSPACED}][{MARKS}]*)+")
MARK = re.compile(rf"[{MARKS}]")
UNSPACED_RUN = re.compile(rf"[{UNSPACED}]{{3,}}")
UNSPACED_CHARACTER = re.compile(rf"[{UNSPACED}]")
PRONOUN = "us"
PRONOUN_OR_COUNTRY = re.compile(r"(?<!\w)(?:us|u\.s|usa|u\.s\.a)(?!\w)", re.IGNORECASE)
ACRONYMS = ("WHO", "W.H.O", "IT", "I.T")
ACRONYM_OR_STOP_WORD = re.compile(r"(?<!\w)(?:who|w\.h\.o|it|i\.t)(?!\w)", re.IGNORECASE)
"""Two acronyms that are stop words in lower case: of World Health Organization and of information technology."""
HYPHENATED = re.compile(rf"(?<![\w-])[^\W\d_{UNSPACED}][^\W_{UNSPACED}]*(?:-[^\W_{UNSPACED}]+){{1,2}}(?![\w-])")
"""A word of two or three parts that begins with a letter: "19-year-old" and "2015-16" are never written as one
word."""


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, without stop words; the term of "U.S." is "us"."""
    return stems(term_runs(text, runs(text)))


def compounds(text: str) -> list[str]:
    """Return hyphenated words as one run each: "reelection" for "re-election", "xband" for "X-band"."""
    if "-" not in text and text.isascii():
        return []
    joined = [match.replace("-", "") for match in HYPHENATED.findall(unify(text))]
    return [run for run in joined if run not in STOP_WORDS]


def words(text: str) -> list[str]:
    """Return all words of a text in order, unstemmed; in scripts without spaces, each character is a word."""
    return _words(runs(text))


def terms_and_words(text: str) -> tuple[list[str], list[str]]:
    """Return both the terms and the words of a text, in little more time than either."""
    text_runs = runs(text)
    return stems(term_runs(text, text_runs)), _words(text_runs)


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits in a text, in lower case and uniform spelling."""
    unified = unify(text)
    word = MARKED_WORD if not text.isascii() and MARK.search(unified) else WORD
    return word.findall(unified)


def term_runs(text: str, text_runs: list[str]) -> list[str]:
    """Return the runs of a text that are not stop words.

    In a text with capitals, "us" is the pronoun and not a term; "US" and "U.S." are the country.
    """
    if PRONOUN in text_runs and text != text.lower():
        text_runs = _without_pronouns(text, text_runs)
    return without_stop_words(text, text_runs)


def without_stop_words(text: str, text_runs: list[str]) -> list[str]:
    """Return the runs of a text that are not stop words; "WHO" and "IT" are none in a text that is not in capitals."""
    if any(map(text.__contains__, ACRONYMS)) and (text != text.upper() or len(text_runs) == 1):
        return _with_acronyms(text, text_runs)
    return [run for run in text_runs if run not in STOP_WORDS]


def _with_acronyms(text: str, text_runs: list[str]) -> list[str]:
    forms = ACRONYM_OR_STOP_WORD.findall(text)
    if len(forms) != text_runs.count("who") + text_runs.count("it"):
        return [run for run in text_runs if run not in STOP_WORDS]
    acronyms = iter([form in ACRONYMS for form in forms])
    return [run for run in text_runs if (next(acronyms) if run in ("who", "it") else run not in STOP_WORDS)]


def _without_pronouns(text: str, text_runs: list[str]) -> list[str]:
    forms = PRONOUN_OR_COUNTRY.findall(text)
    if len(forms) != text_runs.count(PRONOUN):  # with full-width letters, for example: the two cannot be distinguished
        return text_runs
    countries = iter([form not in ("us", "Us") for form in forms])
    return [run for run in text_runs if run != PRONOUN or next(countries)]


def stems(kept: Sequence[str]) -> list[str]:
    """Return the terms of runs that are not stop words."""
    if all(map(str.isascii, kept)):
        return _stemmer().stemWords(kept)  # type: ignore[no-any-return]
    return [term for run in kept for term in terms_of_run(run)]


def _words(text_runs: list[str]) -> list[str]:
    if all(map(str.isascii, text_runs)):
        return text_runs
    return [word for run in text_runs for word in (run if UNSPACED_CHARACTER.match(run) else (run,))]


def term_of_word(word: str) -> str | None:
    """Return the term that every text with this word has; `None` for a stop word, "us" or a script without spaces."""
    if word in STOP_WORDS or word == PRONOUN or UNSPACED_CHARACTER.match(word):
        return None
    return terms_of_run(word)[0]


def terms_of_run(word: str) -> Sequence[str]:
    """Return the terms of one run that is not a stop word: one, except in scripts without spaces."""
    if word.isascii():
        return (_stemmer().stemWord(word),)
    if UNSPACED_RUN.fullmatch(word):
        return [word[start : start + 2] for start in range(len(word) - 1)]
    return (word,)


@cache
def _stemmer() -> "Stemmer.Stemmer":
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer("english")

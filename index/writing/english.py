"""The English words that the check of a sentence knows, by their function in a statement; read from `english.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wherefrom.index.text.analyzer import terms_of_run

DATA = "english.toml"
Words = frozenset[str]
Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Phrases by their first word, each as its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class English:
    """Words in lower case; `keys` and `names` map a word, or the words of a name, to the key that is compared.

    `bounds` maps a position ("before", "after", "before_date", "after_date") to phrases and the bound that each states.
    """

    function_words: Words
    finite: Words
    irregular: Words
    prepositions: Words
    same_prepositions: frozenset[tuple[str, str]]
    joiners: Words
    negations: Words
    conditions: Phrases
    opening_conditions: Phrases
    restrictions: Words
    privatives: Words
    connectives: Words
    things: Words
    modalities: Mapping[str, str]
    open_verbs: Words
    plain_speech: Words
    speech: Words
    own_speech: Words
    orders: Words
    participles: Words
    keys: Mapping[str, str]
    names: Mapping[tuple[str, ...], str]
    inhabitants: Words
    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    bounds: Mapping[str, Mapping[tuple[str, ...], str]]
    directions: Words
    adverbs: Words
    offices: Phrases
    positives: Words
    opinions: Words
    opinion_phrases: Phrases
    opinion_nouns: Mapping[str, Words]
    contrasts: Words
    same_time: Words
    openers: Words


@cache
def english() -> English:
    """Return the words; the file is read once."""
    data = tomllib.loads((files(__package__) / DATA).read_text(encoding="utf-8"))
    keys = {
        form: stem(base)
        for table in (data["irregular"], data["spellings"])
        for base, forms in table.items()
        for form in (base, *forms.split())
    }
    keys |= {form: name for name, forms in data["inhabitants"].items() for form in forms.split()}
    spelled = {tuple(form.split()): name for name, forms in data["names"].items() for form in forms}
    keys |= {words[0]: name for words, name in spelled.items() if len(words) == 1}
    speech = data["speech"]

    def keyed(text: str) -> Words:
        return frozenset(keys.get(word) or stem(word) for word in text.split())

    return English(
        function_words=frozenset(data["function_words"].split()),
        finite=frozenset(data["finite"].split()),
        irregular=frozenset(form for forms in data["irregular"].values() for form in forms.split()),
        prepositions=frozenset(data["prepositions"].split()),
        same_prepositions=frozenset(
            (one, other) for line in data["same_prepositions"] for one in line.split() for other in line.split()
        ),
        joiners=frozenset(data["joiners"].split()),
        negations=frozenset(data["negations"].split()),
        conditions=_phrases(data["conditions"]),
        opening_conditions=_phrases(data["opening_conditions"]),
        restrictions=frozenset(data["restrictions"].split()),
        privatives=frozenset(data["privatives"].split()),
        connectives=frozenset(data["connectives"].split()),
        things=frozenset(data["things"].split()),
        modalities={word: name for name, words in data["modalities"].items() for word in words.split()},
        open_verbs=keyed(data["open_verbs"]["words"]),
        plain_speech=keyed(speech["plain"]),
        speech=keyed(speech["plain"]) | keyed(speech["strong"]),
        own_speech=keyed(speech["own"]),
        orders=frozenset(speech["orders"].split()),
        participles=frozenset(data["participles"]["words"].split()),
        keys=keys,
        names={words: name for words, name in spelled.items() if len(words) > 1},
        inhabitants=frozenset(word for forms in data["inhabitants"].values() for word in forms.split()),
        numbers=data["numbers"],
        scales=data["scales"],
        bounds={
            place: {tuple(form.split()): name for name, forms in names.items() for form in forms}
            for place, names in data["bounds"].items()
        },
        directions=frozenset(data["directions"]["words"].split()),
        adverbs=frozenset(data["adverbs"]["words"].split()),
        offices=_by_each_word(data["offices"]["names"]),
        positives=frozenset(data["ranks"]["positives"].split()),
        opinions=keyed(data["opinions"]["verbs"]),
        opinion_phrases=_phrases(data["opinions"]["phrases"]),
        opinion_nouns={first: frozenset(nouns.split()) for first, nouns in data["opinions"]["owned"].items()},
        contrasts=frozenset(data["contrasts"]["words"].split()),
        same_time=frozenset(data["contrasts"]["same_time"].split()),
        openers=frozenset(data["contrasts"]["openers"].split()),
    )


def _by_each_word(texts: Iterable[str]) -> Phrases:
    """Return phrases by each of their words, the longest ones first."""
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in sorted((tuple(text.split()) for text in texts), key=len, reverse=True):
        for word in set(phrase):
            phrases[word] = (*phrases.get(word, ()), phrase)
    return phrases


def _phrases(texts: Iterable[str]) -> Phrases:
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in (tuple(text.split()) for text in texts):
        phrases[phrase[0]] = (*phrases.get(phrase[0], ()), phrase)
    return phrases


def stem(word: str) -> str:
    """Return the stem of an English word in lower case, in American spelling."""
    american = word
    if len(word) > 5:  # noqa: PLR2004 - shorter words have no such ending
        american = word.replace("isation", "ization").replace("ise", "ize") if "is" in word[3:] else word
        american = american.replace("our", "or") if word.endswith(("our", "ours", "oured", "ouring")) else american
    return terms_of_run(american)[0]

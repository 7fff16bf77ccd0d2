"""Features of a block that do not depend on its vocabulary: its length, and whether it has the form of prose.

They work for every language that separates words; in scripts without spaces (Chinese, Japanese, Thai), length is
counted in characters.
"""

import re
from dataclasses import dataclass

WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
UNSPACED_CHARACTERS_PER_WORD = 2
BULLET = re.compile(r"[•·▪◦‣●■○►*+\-\u2013]\s+")
# Quotation marks and brackets that may follow the end of a sentence.
CLOSERS = "\"'*_ )]}\u201d\u2019\u00bb\u203a\u300d\u300f"
# Full stops, exclamation and question marks; also those of Armenian, Arabic, Urdu, Devanagari, Tibetan, Burmese, Khmer,
# Ethiopic, Chinese and Japanese.
TERMINALS = tuple(
    ".!?…\u0589\u061f\u06d4\u0964\u0965\u0f0d\u0f0e\u104a\u104b\u17d4\u17d5\u1362\u1367\u1368\u3002\uff01\uff0e\uff1f\uff61"
)
MAX_CREDIT_CHARACTERS = 60
MIN_SENTENCE_WORDS = 8
MIN_LOWERCASE_SHARE = 0.5
MIN_UNENDED_WORDS = 25
# Number of characters that decide whether a text is in capitals, and the smallest share of capitals in its letters.
SAMPLE_CHARACTERS = 200_000
MIN_CAPITALS_SHARE = 0.8
# Smallest number of words of a block in capitals that may be prose; shorter ones are headings and labels.
MIN_CAPITALS_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockFeatures:
    """Features of one block; `lowercase_share` is the share of words that begin with neither a capital nor a digit.

    In a text or a long block in capitals, where case has no meaning, it is the share of words without a digit first.
    """

    words: int
    lowercase_share: float
    ends_sentence: bool
    is_bullet: bool
    is_uppercase: bool


def is_in_capitals(text: str) -> bool:
    """Return whether a whole text is written in capitals, like old newswire."""
    sample = text[:SAMPLE_CHARACTERS]
    upper = sum(map(str.isupper, sample))
    return upper > 0 and upper >= MIN_CAPITALS_SHARE * (upper + sum(map(str.islower, sample)))


def measure(text: str, *, in_capitals: bool = False) -> BlockFeatures:
    """Return the features of a block with collapsed white space, in time linear in its length.

    `in_capitals` says that the whole text is in capitals, so that the case of this block has no meaning.
    """
    bullet = bullet_size(text)
    words = WORD.findall(text, bullet)
    unspaced = len(UNSPACED.findall(text))
    is_uppercase = not in_capitals and text.isupper()
    ignores_case = in_capitals or (is_uppercase and len(words) >= MIN_CAPITALS_WORDS)
    lowercase = sum(1 for word in words if not word[0].isdigit() and (ignores_case or not word[0].isupper()))
    return BlockFeatures(
        words=max(len(words), unspaced // UNSPACED_CHARACTERS_PER_WORD),
        lowercase_share=lowercase / max(len(words), 1),
        ends_sentence=ends_sentence(text),
        is_bullet=bullet > 0,
        is_uppercase=is_uppercase,
    )


def is_prose(features: BlockFeatures) -> bool:
    """Return whether a block has the form of a paragraph of running text, regardless of its neighbours."""
    if features.ends_sentence:
        return features.words >= MIN_SENTENCE_WORDS and features.lowercase_share >= MIN_LOWERCASE_SHARE
    return features.words >= MIN_UNENDED_WORDS and features.lowercase_share >= MIN_LOWERCASE_SHARE


def is_sentence(features: BlockFeatures) -> bool:
    """Return whether a block is prose, or may be a short paragraph between prose, such as a line of dialogue."""
    short_capitals = features.is_uppercase and 1 < features.words < MIN_SENTENCE_WORDS
    return is_prose(features) or (features.ends_sentence and features.words > 0 and not short_capitals)


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends a sentence, ignoring closing quotation marks and a credit in brackets."""
    bracket = text.rfind("(", max(0, len(text) - MAX_CREDIT_CHARACTERS))
    if bracket > 0 and text.endswith(")") and text[:bracket].rstrip(CLOSERS).endswith(TERMINALS):
        return True
    return text.rstrip(CLOSERS).endswith(TERMINALS)


def bullet_size(text: str) -> int:
    """Return the length of the list mark at the start of `text` with the white space after it; 0 without one."""
    match = BULLET.match(text)
    return match.end() if match else 0

"""What can be told of a block without knowing its words: how long it is, and whether it is built like prose.

The measures hold for any language that separates words; scripts that do not (Chinese, Japanese, Thai) are counted
by characters.
"""

import re
from dataclasses import dataclass

WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
UNSPACED_CHARACTERS_A_WORD = 2
BULLET = re.compile(r"[•·▪◦‣●■○►*+\-\u2013]\s+")
# Quotation marks and brackets that may close after the end of a sentence.
CLOSERS = "\"'*_ )]}\u201d\u2019\u00bb\u203a\u300d\u300f"
TERMINALS = (".", "!", "?", "…", "。", "\uff01", "\uff1f", "؟", "।", "\u06d4")
MOST_CREDIT = 60
LEAST_SENTENCE = 8
LEAST_LOWER = 0.5
LEAST_UNENDED = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The measures of one block; `lower` is the share of its words that do not begin with a capital or a digit."""

    words: int
    lower: float
    ends: bool
    bullet: bool
    capitals: bool


def measure(text: str) -> Shape:
    """The shape of a block whose white space is collapsed; its time grows with its length only."""
    mark = bullet_size(text)
    words = WORD.findall(text, mark)
    unspaced = len(UNSPACED.findall(text))
    small = sum(1 for word in words if not word[0].isupper() and not word[0].isdigit())
    return Shape(
        words=max(len(words), unspaced // UNSPACED_CHARACTERS_A_WORD),
        lower=small / max(len(words), 1),
        ends=ends_sentence(text),
        bullet=mark > 0,
        capitals=text.isupper(),
    )


def is_prose(shape: Shape) -> bool:
    """Whether a block is built like a paragraph of running text, whatever stands around it."""
    if shape.ends:
        return shape.words >= LEAST_SENTENCE and shape.lower >= LEAST_LOWER
    return shape.words >= LEAST_UNENDED and shape.lower >= LEAST_LOWER


def is_sentence(shape: Shape) -> bool:
    """Whether a block is prose, or could be a short paragraph, such as a line of speech, if it stands among prose."""
    shouted = shape.capitals and 1 < shape.words < LEAST_SENTENCE
    return is_prose(shape) or (shape.ends and shape.words > 0 and not shouted)


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does, looking past quotation marks and a credit in brackets."""
    bracket = text.rfind("(", max(0, len(text) - MOST_CREDIT))
    if bracket > 0 and text.endswith(")") and text[:bracket].rstrip(CLOSERS).endswith(TERMINALS):
        return True
    return text.rstrip(CLOSERS).endswith(TERMINALS)


def bullet_size(text: str) -> int:
    """How many characters at the start of `text` are a list mark and the white space after it."""
    match = BULLET.match(text)
    return match.end() if match else 0

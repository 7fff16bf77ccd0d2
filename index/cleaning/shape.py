"""What can be told of a block without reading it: how long it is, and whether it is built like prose.

The measures hold for any language that separates words; scripts that do not (Chinese, Japanese, Thai) are counted
by characters. The list of function words is of the commonest European languages and is evidence, never a condition.
"""

import re
from dataclasses import dataclass

WORD = re.compile(r"\w+(?:['’]\w+)*")
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
UNSPACED_CHARACTERS_A_WORD = 2
BULLET = re.compile(r"(?:[•·▪◦‣●■○►*+\-–]|#{1,6})\s+")  # noqa: RUF001 - real dashes
CLOSERS = "\"'”’»)]}›」』*_ "  # noqa: RUF001 - real quotation marks
MOST_CREDIT = 60
TERMINALS = (".", "!", "?", "…", "。", "！", "？", "؟", "।", "۔")  # noqa: RUF001
FUNCTION_WORDS = frozenset(
    # English
    """a about after all also an and any are as at be because been before but by can could did do for from had has
    have he her his how i if in into is it its me my no not of on one or our out over she so some than that the their
    them then there these they this to up was we were what when which who will with would you your said"""
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Turkish
    """ auch auf das dem den der des die ein eine er es ich im ist mit nicht sich sie und von zu wurde
    au aux avec ce dans du elle en est et il je la le les ne pas pour que qui se sur un une
    al como con de el las lo los más para por se su una y
    che di gli per non sono è
    ao da do e em não na o os um uma
    dat een het ook van voor
    i w na z się nie jest
    в и не на с что по из как это для
    bir ve bu için ile""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The measures of one block; `lower` and `function` are shares of its words, `digits` of its characters."""

    words: int
    lower: float
    function: float
    digits: float
    ends: bool
    bullet: bool
    capitals: bool


def measure(text: str) -> Shape:
    """The shape of a block whose white space is collapsed; its time grows with its length only."""
    bullet = BULLET.match(text)
    words = WORD.findall(text[bullet.end() :] if bullet else text)
    unspaced = len(UNSPACED.findall(text))
    count = max(len(words), 1)
    return Shape(
        words=max(len(words), unspaced // UNSPACED_CHARACTERS_A_WORD),
        lower=sum(1 for word in words if not word[0].isupper() and not word[0].isdigit()) / count,
        function=sum(1 for word in words if word.lower() in FUNCTION_WORDS) / count,
        digits=sum(1 for character in text if character.isdigit()) / max(len(text), 1),
        ends=ends_sentence(text),
        bullet=bullet is not None,
        capitals=text.isupper(),
    )


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

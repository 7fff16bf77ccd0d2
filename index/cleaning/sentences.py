"""A paragraph's text to sentences.

The boundaries are sentencex's, repaired where it breaks too often: before a word in lower case, before a bare
credit such as "(Yonhap)", after a title such as "Dr.".
"""

import re
from collections.abc import Iterator

import sentencex

CREDIT = re.compile(r"\([^()]{1,40}\)\W*")
ABBREVIATION = re.compile(r"(?:^|[\s(\"'“‘])(?:Dr|Mr|Mrs|Ms|Prof|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|Rev|St|Hon|Adm|vs)\.$")  # noqa: RUF001
LEAST_WORD = re.compile(r"\w")


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Ranges of `text` that tile it except for the white space between them; one at least for any text."""
    sentences: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        if sentences and _belongs(text, sentences[-1], start, end):
            sentences[-1] = (sentences[-1][0], end)
        else:
            sentences.append((start, end))
    return tuple(sentences)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The library's ranges without the white space around them, made to cover the text whatever it says."""
    cuts = {boundary["start_index"] for boundary in sentencex.get_sentence_boundaries("en", text)}
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    for start, end in zip(edges, edges[1:], strict=False):
        piece = text[start:end]
        size = len(piece.strip())
        if size:
            lead = len(piece) - len(piece.lstrip())
            yield start + lead, start + lead + size


def _belongs(text: str, before: tuple[int, int], start: int, end: int) -> bool:
    if text[start].islower() or LEAST_WORD.search(text, start, end) is None:
        return True
    if CREDIT.fullmatch(text, start, end):
        return True
    return ABBREVIATION.search(text[max(before[0], before[1] - 12) : before[1]]) is not None

"""The first line of a page flattened to text: often its title in a browser's tab, "Headline | Section | Site".

A later line that repeats the beginning of it is the headline, and the article begins below that line.
"""

import re
from collections.abc import Iterator, Sequence

from wherefrom.index.cleaning.block_features import UNSPACED
from wherefrom.index.cleaning.body.blocks import Block

SEPARATOR = re.compile(r"\s(?:[|\u2013\u2014\u00b7\u2022\u00bb\u203a~/]|-{1,3}|::)\s|\s?\|\s?")
WORD = re.compile(r"\w+")
# A separator before the name of a site; after a dash within a headline, the next word is usually in lower case.
SITE_SEPARATOR = re.compile(r"\s(?:[|\u2013\u2014\u00b7\u2022\u00bb]|-{1,3}|::)\s(?=\S*[A-Z]|\S+\.\w)|\s?\|\s?")
MAX_SITE_WORDS = 4
MAX_CHARACTERS = 400
# A line of fewer words may be the name of the site, which pages repeat too.
MIN_HEAD_WORDS, MIN_LINE_WORDS, MIN_UNSPACED = 3, 5, 6
# Smallest common beginning with which a shortened or extended line still repeats the first line.
MIN_SHARED_CHARACTERS, MIN_SHARED_SHARE = 25, 0.6


def find_repeated_head(blocks: Sequence[Block]) -> int | None:
    """Return the index of the first block that repeats the longest head of the first line, or `None`."""
    heads = list(first_line_heads(blocks))
    best, best_size = None, 0
    for index, block in enumerate(blocks[1:], start=1) if heads else ():
        if len(block.text) <= MAX_CHARACTERS and block.rule is None:
            content = _normalised(block.text)
            size = max((len(head) for head in heads if _repeats(content, head, heads[0])), default=0)
            if size > best_size:
                best, best_size = index, size
    return best


def first_line_heads(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the first line and its parts before each of its separators, in lower case and without punctuation.

    The longest is first; parts that are too short for a headline are left out.
    """
    line = blocks[0].text if blocks else ""
    if len(line) > MAX_CHARACTERS:
        return
    separators = [match.start() for match in SEPARATOR.finditer(line)]
    for end in (len(line), *reversed(separators)):
        content = _normalised(line[:end])
        min_words = MIN_HEAD_WORDS if separators else MIN_LINE_WORDS
        if len(content.split()) >= min_words or len(UNSPACED.findall(content)) >= MIN_UNSPACED:
            yield content


def without_site(line: str) -> str:
    """Return a line without the name of the site after its last separator, if it is a short name after a headline."""
    separators = list(SITE_SEPARATOR.finditer(line))
    if not separators:
        return line
    head, site = line[: separators[-1].start()].rstrip(), line[separators[-1].end() :].split()
    is_name = len(site) <= MAX_SITE_WORDS and any(word[:1].isupper() or "." in word for word in site)
    return head if is_name and len(head.split()) >= MIN_LINE_WORDS else line


def _normalised(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _repeats(content: str, head: str, whole: str) -> bool:
    """Return whether a line equals a head, or one of the line and the whole first line begins with the other."""
    if content == head:
        return True
    shorter, longer = sorted((content, head), key=len)
    is_part = len(shorter) >= MIN_SHARED_CHARACTERS and len(shorter) >= MIN_SHARED_SHARE * len(longer)
    return head == whole and is_part and longer.startswith(shorter)

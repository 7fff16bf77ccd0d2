"""The block that is a page's headline: the heading that the page's title repeats."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.sources.character_references import resolve_references
from wherefrom.index.sources.html_text_runs import TextRun
from wherefrom.index.sources.html_tokenizer import Token

WORD = re.compile(r"\w+")
TITLE_NAMES = frozenset(("og:title", "twitter:title"))
# The headline of most pages is in one of these elements, and hardly ever in a heading of lower rank.
HEADLINE_ELEMENTS = frozenset(("h1", "h2", "h3"))
MIN_HEADLINE_WORDS = 2
MAX_TITLE_CHARACTERS, MAX_TITLES = 1000, 5


def find_headline(text: str, markup: Iterable[Token], runs: Sequence[TextRun], blocks: Sequence[Block]) -> int | None:
    """Return the index of the block that is the headline, or `None`.

    It is the longest heading that a title of the page contains, or else the only `h1`.
    """
    titles = [_words(title) for title in islice(_titles(text, markup), MAX_TITLES)]
    headings = [
        index
        for index, run in enumerate(runs)
        if run.element in HEADLINE_ELEMENTS and run.shown and "nav" not in run.landmarks
    ]
    best, best_words = None, MIN_HEADLINE_WORDS - 1
    for index in headings:
        words = _words(blocks[index].text)
        size = len(words.split())
        if size > best_words and any(f" {words} " in f" {title} " for title in titles):
            best, best_words = index, size
    if best is not None:
        return best
    first_rank = [index for index in headings if runs[index].element == "h1"]
    return first_rank[0] if len(first_rank) == 1 else None


def _titles(text: str, markup: Iterable[Token]) -> Iterator[str]:
    """Yield the titles that the page declares in `title` and `meta` elements."""
    for token in markup:
        if token.kind == "raw" and token.name == "title":
            yield resolve_references(text[token.start : min(token.end, token.start + MAX_TITLE_CHARACTERS)])
        elif token.name == "meta" and (token.value(text, "property") or token.value(text, "name")) in TITLE_NAMES:
            yield (token.value(text, "content") or "")[:MAX_TITLE_CHARACTERS]


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))

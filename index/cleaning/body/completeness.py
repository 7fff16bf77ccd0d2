"""Detection of articles of which much may have been dropped: a warning with word counts, never a rejection."""

import re
from collections.abc import Iterable, Sequence

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.sources.html_tokenizer import Token

# Smallest share of words without a warning. One of the 102 pages of news and blogs is below it without any loss.
MIN_KEPT_SHARE = 0.35
# Smallest number of words of prose of a source that is checked.
MIN_PAGE_WORDS = 150
# Rules of blocks that may belong to the article; the other rules classify a block as something else.
UNDECIDED_RULES = frozenset(("header", "footer"))
WORD_COUNT = re.compile(r'"wordCount"\s{0,9}:\s{0,9}"?(\d{1,6})\b')
ARTICLE_BODY = re.compile(r'"articleBody"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)*)"', re.DOTALL)

NOT_FREE = re.compile(r'"isAccessibleForFree"\s{0,9}:\s{0,9}"?false\b', re.IGNORECASE)


def completeness_warnings(
    blocks: Sequence[Block],
    rules: Sequence[str | None],
    page_words: int | None = None,
    declared: int | None = None,
    *,
    is_free: bool = True,
) -> tuple[str, ...]:
    """Return a warning if far fewer words are kept than the article seems to have, otherwise nothing.

    `page_words` is the number of words of prose outside boilerplate, `None` to count them here; `declared` is the
    number of words that the source declares for its article, `None` if it declares none. `is_free` is false for a page
    that declares that it has to be paid for, of which often only the beginning is there.
    """
    kept = sum(block.features.words for block, rule in zip(blocks, rules, strict=True) if rule is None)
    if page_words is None:
        page_words = sum(
            block.features.words
            for block, rule in zip(blocks, rules, strict=True)
            if (rule is None or rule in UNDECIDED_RULES) and is_prose(block.features)
        )
    if declared is not None and _is_little(kept, declared):
        return (f"only {kept:,} words are kept of an article that the page says has {declared:,}",)
    if _is_little(kept, page_words):
        return (f"only {kept:,} words are kept of about {page_words:,} that look like an article; compare the source",)
    if not is_free and kept < MIN_PAGE_WORDS:
        return (f"only {kept:,} words are kept of a page that says it is not free; it may be the beginning alone",)
    return ()


def declared_words(text: str, markup: Iterable[Token]) -> int | None:
    """Return the larger of `wordCount` and the length of `articleBody` in the first script with either, or `None`."""
    for token in markup:
        if token.kind == "raw" and token.name == "script":
            count = WORD_COUNT.search(text, token.start, token.end)
            body = ARTICLE_BODY.search(text, token.start, token.end)
            if count or body:
                return max(int(count[1]) if count else 0, len(body[1].split()) if body else 0)
    return None


def is_declared_free(text: str, markup: Iterable[Token]) -> bool:
    """Return whether no script of a page declares that its article has to be paid for (`isAccessibleForFree`)."""
    scripts = (token for token in markup if token.kind == "raw" and token.name == "script")
    return not any(NOT_FREE.search(text, script.start, script.end) for script in scripts)


def _is_little(kept: int, words: int) -> bool:
    return words >= MIN_PAGE_WORDS and kept < MIN_KEPT_SHARE * words

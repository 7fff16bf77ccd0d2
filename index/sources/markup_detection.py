"""Detects HTML: a whole page, or a fragment as stored by feeds and content management systems.

A text that only mentions a tag is not HTML: in HTML, most tags are at the beginning or end of a block.
"""

import re
from collections.abc import Iterator

PAGE_START = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
BLOCK_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>p|div|h[1-6]|ul|ol|li|table|tbody|tr|td|th|blockquote|section|article|figure|figcaption|br|hr)"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
MIN_TAGS = 2
MIN_PLACED_SHARE = 0.6
# Allowed before the first block: a few lines such as a headline, or elements that are no blocks.
MAX_LINES_BEFORE = 3
OTHER_START = re.compile(
    r"<(?:!--|/?(?:a|b|i|em|strong|span|u|font|small|cite|img|script|style|link|meta)\b)", re.IGNORECASE
)
# A pair of inline tags in a text without block elements counts as markup.
INLINE_PAIR = re.compile(
    r"<(?P<name>a|b|i|em|strong|span|u|font|small|cite)(?:\s[^<>\n]{0,500})?>[^<>]{1,500}</(?P=name)>", re.IGNORECASE
)
INLINE_TAG = re.compile(
    r"</?(?:a|b|i|em|strong|span|u|font|small|cite|sup|sub|mark|img)(?:\s[^<>\n]{0,500})?/?>", re.IGNORECASE
)


def is_html_page(text: str) -> bool:
    """Return whether a text begins like an HTML page."""
    return PAGE_START.match(text) is not None


def is_html_fragment(text: str) -> bool:
    """Return whether a text consists of block elements, such as paragraphs, without a page around them."""
    first = BLOCK_TAG.search(text)
    if first is None or not _is_introduction(text[: first.start()]):
        return False
    tags = placed = 0
    for match in BLOCK_TAG.finditer(text):
        tags += 1
        placed += _is_placed(text, match)
    return placed >= MIN_TAGS and placed >= MIN_PLACED_SHARE * tags


def _is_introduction(text: str) -> bool:
    """Return whether a text may precede a fragment: inline markup, or at most MAX_LINES_BEFORE lines, not JSON."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return OTHER_START.match(start) is not None
    lines = [line for line in start.splitlines() if line.strip()]
    return len(lines) <= MAX_LINES_BEFORE and not start.startswith(("{", "["))


def inline_markup(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the inline tags in a text that is not HTML otherwise; none if it has no pair of them."""
    if "</" in text and INLINE_PAIR.search(text):
        for match in INLINE_TAG.finditer(text):
            yield match.span()


def _is_placed(text: str, tag: re.Match[str]) -> bool:
    """Return whether a tag is in a block position: an end tag before, or a start tag after, a tag or a line end.

    Line breaks and rules count as placed anywhere.
    """
    if tag["name"].lower() in ("br", "hr"):
        return True
    if tag["close"]:
        after = text[tag.end() : tag.end() + 1]
        return after in ("", "\n", "\r", "<") or text[tag.end() : tag.end() + 8].lstrip(" \t")[:1] in (
            "",
            "\n",
            "\r",
            "<",
        )
    before = text[max(tag.start() - 80, 0) : tag.start()].rstrip(" \t")
    return before[-1:] in ("", "\n", "\r", ">")

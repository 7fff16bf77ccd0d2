"""The body of an extracted text: its paragraphs without furniture.

Few of the rules for flattened web pages apply, since an extracted document has no menus, teasers or comments: all that
its extractor does not mark as furniture is text, except the header above the first paragraph and headings.
"""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise

from wherefrom.index.cleaning.block_features import is_in_capitals, is_prose, measure
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.dated_headline import is_date_line
from wherefrom.index.cleaning.body.line_wrapping import HYPHENS
from wherefrom.index.cleaning.body.lists import is_announcement, is_row_or_numbered
from wherefrom.index.cleaning.boilerplate_phrases import BYLINE
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.lines import LINE_END
from wherefrom.index.types import Span

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
HEADING_ELEMENT = "h2"
"""The HTML element that is assigned to a block that the file marks as a heading."""
CELL_MARKS = ("\t", " | ")
# Maximum number of words of a heading, a line that ends no sentence and is not in a list of such lines.
MAX_HEADING_WORDS = 7
MIN_LIST_LINES = 3
# Maximum number of blocks of title, authors and the like above the first paragraph.
MAX_HEADER_BLOCKS = 12
MIN_HEADLINE_WORDS, MAX_HEADLINE_WORDS = 3, 25
MAX_BYLINE_WORDS, MAX_LEAD_WORDS = 14, 45
# Maximum number of lines above a date that are a headline with a kicker and a lead; more of them are a list.
MAX_LINES_ABOVE_DATE = 4
MAX_COPYRIGHT_WORDS = 60
# A notice begins with its sign and names its owner, or ends with its formula. "(c) 2024 targets" is an item of a list,
# "Copyright 2024: what changes" a headline, and "Copyright by itself" begins a sentence.
OWNER = r"(?=[\s,;.|\u2013-]*(?:(?:(?:19|20)\d\d|by|all rights)\b|(?-i:[A-Z])|$))"
COPYRIGHT_NOTICE = re.compile(
    rf"^\W{{0,3}}(?:(?:copyright )?©\W{{0,3}}\w|(?:copyright )?\(c\)\W{{0,3}}(?:copyright )?(?:19|20)\d\d\b{OWNER}"
    rf"|copyright (?:\(c\)|by (?=(?-i:[A-Z]))|(?:19|20)\d\d\b{OWNER}))"
    r"|^(?:[^.!?]|\.(?!\s))*\ball rights reserved\W*$",
    re.IGNORECASE,
)
ADDRESS_MARK = "@"
NAMES_END = re.compile(r"[,;|(\d\u00b7\u2022\u2013\u2014]")
SMALL_WORDS = "and in at for of from with the van von der den de del di da du la le y e et und"
WORDS_OF_BYLINES = frozenset(SMALL_WORDS.split())
"""The words in lower case that are between names, or between a name and a place or a newspaper."""


def extracted_blocks(extracted: ExtractedText) -> tuple[Block, ...]:
    """Return a block for each paragraph of an extracted text, with several segments if furniture interrupts it."""
    text = extracted.text
    furniture = {each.start: each.rule for each in extracted.furniture}
    in_capitals = is_in_capitals(text)
    groups: list[tuple[list[Span], str | None]] = []
    last: list[Span] | None = None
    if extracted.in_source is not None:
        groups += ((list(spans), None) for spans in extracted.in_source.paragraphs)
    for span in _paragraphs(text) if extracted.in_source is None else ():
        rule = furniture.get(span.start)
        if rule is None and last is not None and span.start in extracted.continuations:
            last[-1] = _before_continuation(text, last[-1], span)
            last.append(span)
            continue
        groups.append(([span], rule))
        last = groups[-1][0] if rule is None else last
    lines = _line_numbers(text, [span for spans, _ in groups for span in (spans[0], spans[-1])])
    blocks = []
    for number, (spans, rule) in enumerate(groups):
        collapsed = " ".join("".join(text[span.start : span.end] for span in spans).split())
        block = Block(
            segments=tuple(spans),
            line_start=lines[2 * number].start,
            line_end=lines[2 * number + 1].end,
            text=collapsed,
            features=measure(collapsed, in_capitals=in_capitals),
            element=HEADING_ELEMENT if spans[0].start in extracted.headings else "",
            rule=rule,
            columns=2 if any(mark in text[spans[0].start : spans[-1].end] for mark in CELL_MARKS) else 1,
        )
        blocks.append(block)
    return tuple(blocks)


def extracted_rules(blocks: Sequence[Block]) -> list[str | None]:
    """Return for each block of an extracted text the rule that drops it, or `None` for body text.

    A notice of copyright is dropped wherever it is, and a byline below a heading.
    Without a paragraph of prose, everything except furniture is text. Otherwise short lines are "subhead", or "header"
    above the first paragraph, like lines with an address there, and all lines down to a byline or a date that end no
    sentence; `short_lines_kept` reverts the rule "subhead".
    """
    rules = [block.rule or _rule_of_notice(block) for block in blocks]
    text = [index for index, rule in enumerate(rules) if rule is None]
    head = _head(blocks, text)
    below = text[head:]
    first = next((index for index in below if _is_paragraph(blocks[index])), None)
    if first is None:
        return rules
    for index in (*_lines_of_head(blocks, text[:head]), *_short_lines(blocks, below)):
        rules[index] = "subhead"
    for index in _bylines_below_headings(blocks, below):
        rules[index] = "byline"
    above = [index for index in text if index < first]
    for index in above[:MAX_HEADER_BLOCKS]:
        if rules[index] is not None or ADDRESS_MARK in blocks[index].text:
            rules[index] = "header"
    return rules


def lead_of_header(rules: Sequence[str | None]) -> frozenset[int]:
    """Return the indices of the text above the last line of the header, such as a lead above the byline."""
    last = max((index for index, rule in enumerate(rules) if rule == "header"), default=0)
    return frozenset(index for index in range(last) if rules[index] is None)


def short_lines_kept(rules: Sequence[str | None], headings: Container[int]) -> list[str | None]:
    """Return the rules with "subhead" removed from the short lines that are not headings: they are body text."""
    return [None if rule == "subhead" and index not in headings else rule for index, rule in enumerate(rules)]


def _rule_of_notice(block: Block) -> str | None:
    if not block.features.words:
        return "debris"
    is_notice = block.features.words <= MAX_COPYRIGHT_WORDS and COPYRIGHT_NOTICE.search(block.text) is not None
    return "copyright" if is_notice else None


def _head(blocks: Sequence[Block], text: Sequence[int]) -> int:
    """Return the number of blocks of text down to the last byline or date above the article, and a headline below it.

    The first byline may have a short paragraph directly above it, the lead; a date below a paragraph is no date of the
    article. Several dates with lines between them, and a date below many lines, are parts of a list.
    """
    head = paragraphs = 0
    without_dates: int | None = None
    for number, index in enumerate(text[:MAX_HEADER_BLOCKS]):
        features = blocks[index].features
        if _is_paragraph(blocks[index]):
            paragraphs += 1
            if paragraphs > 1 or features.words > MAX_LEAD_WORDS:
                break
        elif _is_byline(blocks[index]):
            is_below_lead = not head and _is_paragraph(blocks[text[number - 1]]) and _is_byline_with_name(blocks[index])
            head = number + 1 if not paragraphs or is_below_lead else head
        elif is_date_line(blocks[index]) and not _is_item(blocks[index]) and (not paragraphs or head == number):
            if without_dates is not None and head != number:
                return without_dates
            if head or number <= MAX_LINES_ABOVE_DATE:
                without_dates = head if without_dates is None else without_dates
                head = number + 1
    below = [index for index in text[head : head + MIN_LIST_LINES] if head and not _is_paragraph(blocks[index])]
    is_headline = len(below) == 1 and blocks[below[0]].features.words <= MAX_HEADLINE_WORDS and below[0] == text[head]
    return head + 1 if is_headline else head


def _lines_of_head(blocks: Sequence[Block], head: Sequence[int]) -> Iterator[int]:
    """Yield the indices of the lines of a head that are no items, no rows, no sentences and no lead.

    A lead without a full stop is a long line between the headline and the byline or date.
    """
    has_headline = has_value = False
    for index in head:
        block, features = blocks[index], blocks[index].features
        has_value = has_value or _is_byline(block) or is_date_line(block)
        is_lead = has_headline and not has_value and features.words > MAX_HEADING_WORDS
        has_headline = has_headline or features.words >= MIN_HEADLINE_WORDS
        if block.element or not (is_lead or features.ends_sentence or is_prose(features) or _is_item(block)):
            yield index


def _bylines_below_headings(blocks: Sequence[Block], text: Sequence[int]) -> Iterator[int]:
    """Yield the indices of bylines directly below a heading that the file marks: those of further articles."""
    for before, index in pairwise(text):
        if blocks[before].element and not blocks[index].element and _is_byline_with_name(blocks[index]):
            yield index


def _is_paragraph(block: Block) -> bool:
    return is_prose(block.features) and not block.element


def _is_byline(block: Block) -> bool:
    features = block.features
    return features.words <= MAX_BYLINE_WORDS and not features.ends_sentence and BYLINE.match(block.text) is not None


def _is_byline_with_name(block: Block) -> bool:
    """Return whether a byline has a first and a last name, and no words up to a mark that names do not have."""
    words = NAMES_END.split(block.text, maxsplit=1)[0].split()[1:]
    names = all(word[0].isupper() or word in WORDS_OF_BYLINES for word in words)
    return _is_byline(block) and len(words) > 1 and names and words[0][0].isupper() and words[1][0].isupper()


def _short_lines(blocks: Sequence[Block], text: Sequence[int]) -> Iterator[int]:
    """Yield the indices of headings: blocks that the file marks, and short lines that are not in a list."""
    run: list[int] = []
    for index in (*text, None):
        if index is not None and not blocks[index].element and _is_short(blocks[index]):
            run.append(index)
            continue
        if len(run) < MIN_LIST_LINES:
            yield from run
        run = []
        if index is not None and blocks[index].element:
            yield index


def _is_short(block: Block) -> bool:
    features = block.features
    return features.words <= MAX_HEADING_WORDS and not features.ends_sentence and not _is_item(block)


def _is_item(block: Block) -> bool:
    return block.features.is_bullet or is_row_or_numbered(block) or is_announcement(block, plain=True)


def _paragraphs(text: str) -> Iterator[Span]:
    """Yield the ranges between blank lines, without the white space around them."""
    edges = [0, *(edge for match in BLANK_LINE.finditer(text) for edge in match.span()), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        last = start + len(piece.rstrip())
        if first < last:
            yield Span(start=first, end=last)


def _before_continuation(text: str, before: Span, after: Span) -> Span:
    """Return a segment before the edge of a page without the hyphen of a broken word, or with one more white space."""
    is_broken = text[before.end - 1] in HYPHENS and before.end - before.start > 1 and text[before.end - 2].isalpha()
    if is_broken and text[after.start].islower():
        return Span(start=before.start, end=before.end - 1)
    return Span(start=before.start, end=before.end + 1)


def _line_numbers(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the 1-based first and last line of each span, in one pass over the text."""
    offsets = sorted({offset for span in spans for offset in (span.start, span.end)})
    numbers: dict[int, int] = {}
    number = 1
    for before, offset in pairwise((0, *offsets)):
        number += sum(1 for _ in LINE_END.finditer(text, before, offset))
        numbers[offset] = number
    return [Span(start=numbers[span.start], end=numbers[span.end]) for span in spans]

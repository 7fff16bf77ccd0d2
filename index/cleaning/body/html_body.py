"""The body of an HTML page: the text runs that trafilatura selects, without those that are not paragraphs.

If trafilatura selects no prose, the rules for flattened text decide among the runs outside menus, headers and footers.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from wherefrom.index.cleaning.block_features import BlockFeatures, is_prose, is_sentence, measure
from wherefrom.index.cleaning.body.alignment import matched_words
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import boilerplate_rule
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.body.trafilatura_text import main_text
from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.sources.html_text_runs import BLOCK_ELEMENTS, TextRun, split_text_runs
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.sources.lines import LINE_END

WORD = re.compile(r"\w+")
MIN_MATCHED_SHARE = 0.5
MIN_OPENING_WORDS = 6
LANDMARK_RULES = {
    "nav": "menu",
    "header": "header",
    "footer": "footer",
    "aside": "aside",
    "form": "form",
    "figcaption": "caption",
    "figure": "caption",
    "noscript": "notice",
    "svg": "debris",
}
# On the 102 pages, trafilatura selected 154 blocks in a nav or a header, all of them wrongly, while those in a form
# were mostly right.
EXCLUDING_LANDMARKS = ("nav", "header")
# The rules for text that also hold for what trafilatura selects: they were right for 39 of 41 such blocks on the 102
# pages. Half of the invitations and copyright lines that it selects belong to the article.
RELIABLE_RULES = frozenset(("byline", "stamp", "teaser", "furniture-heading", "credit", "share"))
HEADINGS = {"h1": "title", "h2": "subhead", "h3": "subhead", "h4": "subhead", "h5": "subhead", "h6": "subhead"}


def html_blocks(text: str, markup: Iterable[Token]) -> tuple[tuple[Block, ...], list[str | None]]:
    """Return the blocks of a page in order, and for each the rule that drops it, `None` for body text."""
    markup = list(markup)
    runs = list(split_text_runs(text, markup))
    line_ends = [match.start() for match in LINE_END.finditer(text)]
    blocks = tuple(_block(text, run, line_ends) for run in runs)
    elements = [token.name for token in markup if token.kind == "open"]
    inline = sum(1 for name in elements if name not in BLOCK_ELEMENTS and name != "br")
    main = main_text(text, len(blocks), len(elements), inline)
    rules = _rules_by_main_text(main, runs, blocks) if main else []
    if any(rule is None and is_prose(block.features) for rule, block in zip(rules, blocks, strict=False)):
        return blocks, rules
    return blocks, _rules_by_text(runs, blocks)


def _rules_by_main_text(main: str, runs: Sequence[TextRun], blocks: Sequence[Block]) -> list[str | None]:
    """Return the rule of each block; a block is selected if more than half of its words are in the main text."""
    words = [WORD.findall(block.text) for block in blocks]
    matched = matched_words([word for block_words in words for word in block_words], WORD.findall(main))
    rules: list[str | None] = []
    start = 0
    for run, block, own in zip(runs, blocks, words, strict=True):
        selected = own and sum(matched[start : start + len(own)]) > MIN_MATCHED_SHARE * len(own)
        rules.append(_rule_inside(run, block) if selected else _rule_outside(run, block))
        start += len(own)
    return _without_header(rules, blocks)


def _without_header(rules: Sequence[str | None], blocks: Sequence[Block]) -> list[str | None]:
    """Drop body blocks before the first that can open an article, such as the menu of a small page."""
    body = (index for index, rule in enumerate(rules) if rule is None)
    first = next((index for index in body if _can_open(blocks[index].features)), len(rules))
    return [rule or ("header" if index < first else None) for index, rule in enumerate(rules)]


def _can_open(features: BlockFeatures) -> bool:
    """Return whether a block can be the first of an article."""
    return is_sentence(features) or features.words >= MIN_OPENING_WORDS


def _rule_inside(run: TextRun, block: Block) -> str | None:
    """Return the rule that drops a block although it is in the main text, or `None`."""
    for name in EXCLUDING_LANDMARKS:
        if name in run.landmarks:
            return LANDMARK_RULES[name]
    if run.element == "h1" or (run.element in HEADINGS and not is_prose(block.features)):
        return HEADINGS[run.element]
    rule = boilerplate_rule(block.text, block.features)
    return rule if rule in RELIABLE_RULES else None


def _rule_outside(run: TextRun, block: Block) -> str:
    """Return the rule that names a block outside the main text best."""
    rule = _landmark_rule(run, block)
    return rule or boilerplate_rule(block.text, block.features) or HEADINGS.get(run.element, "not-main-content")


def _rules_by_text(runs: Sequence[TextRun], blocks: Sequence[Block]) -> list[str | None]:
    """Return the rule of each block by its landmarks, else by the rules for text."""
    rules = [_landmark_rule(run, block) for run, block in zip(runs, blocks, strict=True)]
    undecided = [index for index, rule in enumerate(rules) if rule is None]
    for index, rule in zip(undecided, body_rules([blocks[index] for index in undecided]), strict=True):
        rules[index] = rule
    return rules


def _landmark_rule(run: TextRun, block: Block) -> str | None:
    """Return the rule for content that is hidden, blank or inside a landmark, or `None`."""
    if not run.shown:
        return run.element
    if not block.text:
        return "blank"
    return next((rule for name, rule in LANDMARK_RULES.items() if name in run.landmarks), None)


def _block(text: str, run: TextRun, line_ends: Sequence[int]) -> Block:
    """Return a run as a block, without references to white space (`&nbsp;`) at its ends."""
    offset_map = OffsetMap.build(text, run.segments if run.shown else (), "text/html")
    collapsed = offset_map.text
    segments = offset_map.segments(0, len(collapsed)) if collapsed else run.segments
    return Block(
        segments=segments,
        media_type="text/html",
        line_start=bisect_left(line_ends, segments[0].start) + 1,
        line_end=bisect_left(line_ends, segments[-1].end - 1) + 1,
        text=collapsed,
        features=measure(collapsed),
        element=run.element,
    )

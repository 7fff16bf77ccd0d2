"""The body of an HTML page: the text runs that trafilatura selects, and the parts of the article that it misses.

Its selection is compared with the prose of the article zone, and replaced by that of a slower method that keeps far
more. Siblings and the lead are added; blocks that are not paragraphs are dropped. If no method finds prose, the rules
for flattened text select among the runs outside menus, headers and footers.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from wherefrom.index.cleaning.block_features import BlockFeatures, is_prose, is_sentence, measure
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import is_promotion
from wherefrom.index.cleaning.body.completeness import MIN_KEPT_SHARE
from wherefrom.index.cleaning.body.html.alignment import matched_words
from wherefrom.index.cleaning.body.html.article_zone import (
    add_siblings,
    article_zone,
    distinct_prose,
    drop_repeats,
    next_headline,
    prose_words,
    text_words,
    zone_rules,
)
from wherefrom.index.cleaning.body.html.attributions import find_attributions
from wherefrom.index.cleaning.body.html.headline import find_headline
from wherefrom.index.cleaning.body.html.lead import find_descriptions, find_lead
from wherefrom.index.cleaning.body.html.line_wraps import join_wrapped_lines
from wherefrom.index.cleaning.body.html.page import HtmlPage, build_page
from wherefrom.index.cleaning.body.html.trafilatura_text import main_text
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.sources.html_elements import ARTICLE_HEADER, BLOCK_ELEMENTS
from wherefrom.index.sources.html_text_runs import TextRun, split_text_runs
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.sources.lines import LINE_END

WORD = re.compile(r"\w+")
MIN_MATCHED_SHARE = 0.5
MIN_OPENING_WORDS = 6
LANDMARK_RULES = {
    "nav": "menu",
    "header": "header",
    ARTICLE_HEADER: "header",
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
EXCLUDING_REGIONS = frozenset(("menu", "header", "widget", "comments", "teaser", "invitation"))
# Landmarks in which only prose can be body: a lead in the header of an article.
HEADERS = frozenset(("header", ARTICLE_HEADER))
# The selection of trafilatura is used if it has this share of the prose of the article zone. Otherwise a slower method
# replaces it that keeps FAR_MORE times as much.
MIN_ZONE_SHARE = 0.7
FAR_MORE = 1.35
# The rules for text that also drop blocks that trafilatura selects: they were right for 39 of 41 such blocks on the 102
# pages. Half of the invitations and copyright lines that it selects belong to the article.
RELIABLE_RULES = frozenset(("byline", "stamp", "teaser", "furniture-heading", "credit", "share"))
HEADINGS = {"h1": "title", "h2": "subhead", "h3": "subhead", "h4": "subhead", "h5": "subhead", "h6": "subhead"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlBody:
    """The blocks of a page in order, and for each the rule that drops it, `None` for body text.

    `lead` has the indices of the body blocks between the headline and the rest of the body, where bylines and dates
    are too. `page_words` is the number of words of prose of the page outside boilerplate.
    """

    blocks: tuple[Block, ...]
    rules: list[str | None]
    lead: frozenset[int]
    page_words: int


def html_body(text: str, markup: Iterable[Token]) -> HtmlBody:
    """Return the blocks of a page with the rules that select its body."""
    markup = list(markup)
    runs = join_wrapped_lines(text, list(split_text_runs(text, markup)))
    line_ends = [match.start() for match in LINE_END.finditer(text)]
    blocks = tuple(_block(text, run, line_ends) for run in runs)
    page = build_page(runs, blocks, find_headline(text, markup, runs, blocks))
    elements = [token.name for token in markup if token.kind == "open"]
    inline = sum(1 for name in elements if name not in BLOCK_ELEMENTS and name != "br")
    fast, slow = (partial(main_text, text, len(blocks), len(elements), inline, fast=fast) for fast in (True, False))
    zone = article_zone(page)
    rules = _best_rules(page, zone, fast, slow)
    lead = find_lead(page, zone, rules, find_descriptions(text, markup))
    for index in (*lead, *find_attributions(page, rules)):
        rules[index] = None
    return HtmlBody(blocks=blocks, rules=rules, lead=frozenset(lead), page_words=_page_words(page, rules))


def _page_words(page: HtmlPage, rules: Sequence[str | None]) -> int:
    """Return the number of words of prose outside regions, up to the next article.

    Repeated prose is left out if so little is kept that it matters for a warning.
    """
    shown = [index for index in range(next_headline(page)) if page.region(index) is None]
    everything = [True] * len(page.blocks)
    words = prose_words(page, shown, everything)
    kept = text_words(page, shown, _selected(rules))
    return words if kept >= MIN_KEPT_SHARE * words else distinct_prose(page, shown, everything)


def _best_rules(
    page: HtmlPage, zone: Sequence[int], fast: Callable[[], str], slow: Callable[[], str]
) -> list[str | None]:
    """Return the rule of each block by the first method that keeps most of the prose of the zone, or the best one.

    `fast` and `slow` return the main text in the two modes of trafilatura.
    """
    rules = _rules_by_main_text(page, fast())
    if not _is_enough(page, zone, rules):
        rules = _slower_rules(page, zone, rules, slow)
    if not _has_prose(page, rules):
        return _rules_by_text(page.runs, page.blocks)
    for index in add_siblings(page, zone, _selected(rules)):
        rules[index] = None
    return _without_cards(page, rules)


def _without_cards(page: HtmlPage, rules: Sequence[str | None]) -> list[str | None]:
    """Drop cards that show other articles, unless most of the kept prose is in cards."""
    kept = [index for index, rule in enumerate(rules) if rule is None]
    in_cards = [index for index in kept if page.region(index) == "card"]
    if 2 * sum(page.prose[index] for index in in_cards) > sum(page.prose[index] for index in kept):
        return list(rules)
    cards = frozenset(in_cards)
    return ["teaser" if index in cards else rule for index, rule in enumerate(rules)]


def _is_enough(page: HtmlPage, zone: Sequence[int], rules: Sequence[str | None]) -> bool:
    """Return whether prose is kept, and at least MIN_ZONE_SHARE of the prose of the zone."""
    total = prose_words(page, zone, [True] * len(page.blocks))
    return _has_prose(page, rules) and prose_words(page, zone, _selected(rules)) >= MIN_ZONE_SHARE * total


def _slower_rules(
    page: HtmlPage, zone: Sequence[int], rules: list[str | None], slow: Callable[[], str]
) -> list[str | None]:
    """Return the rules of a slower method if it keeps far more of the prose of the article, otherwise `rules`."""
    total = distinct_prose(page, zone, [True] * len(page.blocks))
    kept = _selected(rules)
    words = distinct_prose(page, zone, kept)
    if _has_prose(page, rules) and words >= MIN_ZONE_SHARE * total:
        return rules
    enough = max(words, text_words(page, zone, kept)) * FAR_MORE
    ways: tuple[Callable[[], list[str | None]], ...] = (
        lambda: _rules_by_main_text(page, slow()),
        lambda: zone_rules(page, zone),
    )
    for find in ways:
        others = drop_repeats(page, find())
        words = distinct_prose(page, zone, _selected(others))
        if words > enough:
            rules, enough = others, words * FAR_MORE
        if words >= MIN_ZONE_SHARE * total:
            break
    return rules


def _has_prose(page: HtmlPage, rules: Sequence[str | None]) -> bool:
    return any(rule is None and words for rule, words in zip(rules, page.prose, strict=True))


def _selected(rules: Sequence[str | None]) -> list[bool]:
    return [rule is None for rule in rules]


def _rules_by_main_text(page: HtmlPage, main: str) -> list[str | None]:
    """Return the rule of each block; a block is selected if more than half of its words are in the main text."""
    words = [WORD.findall(block.text) for block in page.blocks]
    matched = matched_words([word for block_words in words for word in block_words], WORD.findall(main))
    rules: list[str | None] = []
    start = 0
    for index, (run, block, own) in enumerate(zip(page.runs, page.blocks, words, strict=True)):
        selected = own and sum(matched[start : start + len(own)]) > MIN_MATCHED_SHARE * len(own)
        region = page.region(index)
        if selected and region in EXCLUDING_REGIONS:
            rules.append(region)
        elif selected and page.is_link(index):
            rules.append("teaser")
        elif selected and not page.prose[index] and not HEADERS.isdisjoint(run.landmarks):
            rules.append("header")
        else:
            recognised = page.boilerplate[index]
            rules.append(_rule_inside(run, block, recognised) if selected else _rule_outside(run, block, recognised))
        start += len(own)
    return _without_header(rules, page.blocks)


def _without_header(rules: Sequence[str | None], blocks: Sequence[Block]) -> list[str | None]:
    """Drop body blocks before the first that can open an article, such as the menu of a small page."""
    body = (index for index, rule in enumerate(rules) if rule is None)
    first = next((index for index in body if _can_open(blocks[index].features)), len(rules))
    return [rule or ("header" if index < first else None) for index, rule in enumerate(rules)]


def _can_open(features: BlockFeatures) -> bool:
    """Return whether a block can be the first block of an article."""
    return is_sentence(features) or features.words >= MIN_OPENING_WORDS


def _rule_inside(run: TextRun, block: Block, recognised: str | None) -> str | None:
    """Return the rule that drops a block of the main text, or `None`.

    `recognised` is the rule that recognises the block as boilerplate by its words, or `None`.
    """
    if run.element == "h1" or (run.element in HEADINGS and not is_prose(block.features)):
        return HEADINGS[run.element]
    if is_promotion(block.text, block.features):
        return "promotion"
    return recognised if recognised in RELIABLE_RULES else None


def _rule_outside(run: TextRun, block: Block, recognised: str | None) -> str:
    """Return the most specific rule for a block outside the main text."""
    rule = _landmark_rule(run, block)
    return rule or recognised or HEADINGS.get(run.element, "not-main-content")


def _rules_by_text(runs: Sequence[TextRun], blocks: Sequence[Block]) -> list[str | None]:
    """Return the rule of each block by its landmarks, or else by the rules for text."""
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

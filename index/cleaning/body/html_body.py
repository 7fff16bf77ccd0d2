"""Which stretches of an HTML page are the article: those that trafilatura chooses, less what is no paragraph.

Where it chooses no prose, the rules for flattened text choose among what stands outside menus, headers and footers.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from wherefrom.index.cleaning.block_features import Shape, is_prose, is_sentence, measure
from wherefrom.index.cleaning.body.alignment import matched_words
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import furniture_rule
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.body.trafilatura_text import main_text
from wherefrom.index.cleaning.offset_map import Places
from wherefrom.index.sources.html_text_runs import Stretch, split_stretches
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.sources.lines import LINE_END

WORD = re.compile(r"\w+")
LEAST_MATCHED = 0.5
LEAST_OPENING = 6
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
# trafilatura chose 154 blocks in a nav or a header on the 102 pages, none of them rightly; those in a form mostly were.
CERTAIN_LANDMARKS = ("nav", "header")
# Of the rules for text those that are right of what trafilatura chose: 39 of 41 blocks on the 102 pages. Of invitations
# and copyright lines half were article.
CERTAIN_RULES = frozenset(("byline", "stamp", "teaser", "furniture-heading", "credit", "share"))
HEADINGS = {"h1": "title", "h2": "subhead", "h3": "subhead", "h4": "subhead", "h5": "subhead", "h6": "subhead"}


def markup_blocks(text: str, markup: Iterable[Token]) -> tuple[tuple[Block, ...], list[str | None]]:
    """The blocks of a page in order, and for each the name of the rule that drops it, or None for body text."""
    stretches = list(split_stretches(text, markup))
    breaks = [found.start() for found in LINE_END.finditer(text)]
    blocks = tuple(_block(text, stretch, breaks) for stretch in stretches)
    main = main_text(text, len(blocks))
    rules = _chosen_rules(main, stretches, blocks) if main else []
    if any(rule is None and is_prose(block.shape) for rule, block in zip(rules, blocks, strict=False)):
        return blocks, rules
    return blocks, _own_rules(stretches, blocks)


def _chosen_rules(main: str, stretches: Sequence[Stretch], blocks: Sequence[Block]) -> list[str | None]:
    words = [WORD.findall(block.text) for block in blocks]
    matched = matched_words([word for each in words for word in each], WORD.findall(main))
    rules: list[str | None] = []
    at = 0
    for stretch, block, own in zip(stretches, blocks, words, strict=True):
        chosen = own and sum(matched[at : at + len(own)]) > LEAST_MATCHED * len(own)
        rules.append(_rule_inside(stretch, block) if chosen else _rule_outside(stretch, block))
        at += len(own)
    return _opened(rules, blocks)


def _opened(rules: Sequence[str | None], blocks: Sequence[Block]) -> list[str | None]:
    """The rules, without body before the first block that could open an article; a menu of a small page cannot."""
    kept = (at for at, rule in enumerate(rules) if rule is None)
    first = next((at for at in kept if _opens(blocks[at].shape)), len(rules))
    return [rule or ("header" if at < first else None) for at, rule in enumerate(rules)]


def _opens(shape: Shape) -> bool:
    return is_sentence(shape) or shape.words >= LEAST_OPENING


def _rule_inside(stretch: Stretch, block: Block) -> str | None:
    for name in CERTAIN_LANDMARKS:
        if name in stretch.landmarks:
            return LANDMARK_RULES[name]
    if stretch.element == "h1" or (stretch.element in HEADINGS and not is_prose(block.shape)):
        return HEADINGS[stretch.element]
    rule = furniture_rule(block.text, block.shape)
    return rule if rule in CERTAIN_RULES else None


def _rule_outside(stretch: Stretch, block: Block) -> str:
    rule = _landmark_rule(stretch, block)
    return rule or furniture_rule(block.text, block.shape) or HEADINGS.get(stretch.element, "not-main-content")


def _own_rules(stretches: Sequence[Stretch], blocks: Sequence[Block]) -> list[str | None]:
    rules = [_landmark_rule(stretch, block) for stretch, block in zip(stretches, blocks, strict=True)]
    free = [at for at, rule in enumerate(rules) if rule is None]
    for at, rule in zip(free, body_rules([blocks[at] for at in free]), strict=True):
        rules[at] = rule
    return rules


def _landmark_rule(stretch: Stretch, block: Block) -> str | None:
    if not stretch.shown:
        return stretch.element
    if not block.text:
        return "blank"
    return next((rule for name, rule in LANDMARK_RULES.items() if name in stretch.landmarks), None)


def _block(text: str, stretch: Stretch, breaks: Sequence[int]) -> Block:
    """A stretch as a block, without the references to white space (`&nbsp;`) at its ends; `breaks` end the lines."""
    places = Places.of(text, stretch.segments if stretch.shown else (), "text/html")
    words = places.text
    segments = places.segments(0, len(words)) if words else stretch.segments
    return Block(
        segments=segments,
        media_type="text/html",
        line_start=bisect_left(breaks, segments[0].start) + 1,
        line_end=bisect_left(breaks, segments[-1].end - 1) + 1,
        indent=0,
        gap=True,
        text=words,
        shape=measure(words),
    )

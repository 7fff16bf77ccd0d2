"""Which stretches of an HTML page are the article."""

from bisect import bisect_left
from collections.abc import Sequence

from index.cleaning.blocks import Block
from index.cleaning.body import body_rules
from index.cleaning.places import Places
from index.cleaning.shape import measure
from index.sources.layout import Stretch, split_stretches
from index.sources.lines import LINE_END

RULES = {"nav": "menu", "header": "header", "footer": "footer", "aside": "teaser", "form": "form", "noscript": "notice"}


def markup_blocks(text: str) -> tuple[tuple[Block, ...], list[str | None]]:
    """The blocks of a page in order, and for each the name of the rule that drops it, or None for body text."""
    stretches = list(split_stretches(text))
    breaks = [found.start() for found in LINE_END.finditer(text)]
    blocks = [_block(text, stretch, breaks) for stretch in stretches]
    rules = [_landmark_rule(stretch, block) for stretch, block in zip(stretches, blocks, strict=True)]
    free = [at for at, rule in enumerate(rules) if rule is None]
    for at, rule in zip(free, body_rules([blocks[at] for at in free]), strict=True):
        rules[at] = rule
    return tuple(blocks), rules


def _landmark_rule(stretch: Stretch, block: Block) -> str | None:
    if not stretch.shown:
        return stretch.element
    if not block.text:
        return "blank"
    return next((rule for name, rule in RULES.items() if name in stretch.landmarks), None)


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

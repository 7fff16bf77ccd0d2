"""Lists and tables in flattened text: runs of blocks that are not sentences but belong to the article.

A menu is a list too. A list or a table belongs to the article if a block above it announces it with a colon, or if the
text has no menus.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from wherefrom.index.cleaning.block_features import is_prose, is_sentence
from wherefrom.index.cleaning.body.blocks import Block

MIN_ANNOUNCEMENT_WORDS = 4
MIN_ITEMS, MAX_ITEMS = 2, 40
MAX_ITEM_WORDS = 25
# An item without a mark is recognised by its length, and by the paragraph after the list.
MAX_UNMARKED_WORDS = 14
MIN_ALIKE_ITEMS, MIN_ALIKE_SHARE = 4, 0.8
# Items without an announcement are longer than the menu entries of an archive, such as "June (12)".
MIN_WORDS_PER_ALIKE_ITEM = 5
# Lines of data, such as results: most of them have a number. Counts of comments and the like, which have fewer words
# each, may be above an article.
MIN_DATA_LINES, MIN_DATA_SHARE = 3, 0.75
MIN_WORDS_PER_FIRST_LINE = 4
DIGITS, WORDS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+\.?")
NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s", re.IGNORECASE)
# Rules that may drop a row of a table or an item of a list by mistake, such as one that is a date.
DOUBTFUL_RULES = frozenset((None, "stamp", "service"))


def list_items(blocks: Sequence[Block], boilerplate: Sequence[str | None], *, plain: bool) -> frozenset[int]:
    """Return the indices of the list items and table rows that belong to an article around them.

    `plain` says that the text has no menus.
    """
    runs = _runs(blocks, boilerplate, plain=plain)
    return frozenset(index for run in runs for index in run if blocks[index].features.words)


def possible_items(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> frozenset[int]:
    """Return the indices of the items that do not show whether a text has menus: announced ones, and lines of data."""
    data = (index for run in _data_runs(blocks, boilerplate) for index in run)
    return list_items(blocks, boilerplate, plain=False).union(data)


def first_list_start(blocks: Sequence[Block], items: AbstractSet[int], start: int) -> int:
    """Return the start of the body with the list or table just above it: with its announcement, or as lines of data.

    Return `start` without such a list.
    """
    first = start
    while first > 0 and (first - 1 in items or not blocks[first - 1].features.words):
        first -= 1
    if 0 < first < start and is_announcement(blocks[first - 1], plain=False):
        return first - 1
    lines = [blocks[index] for index in range(first, start)]
    words = sum(line.features.words for line in lines)
    is_data = all(line.columns == 1 and not line.features.is_bullet and DIGITS.search(line.text) for line in lines)
    return first if is_data and words >= MIN_WORDS_PER_FIRST_LINE * len(lines) else start


def _runs(blocks: Sequence[Block], boilerplate: Sequence[str | None], *, plain: bool) -> Iterator[range]:
    kinds = [_kind(block, rule) for block, rule in zip(blocks, boilerplate, strict=True)]
    _include_ruling_lines(blocks, kinds)
    if plain:
        yield from _data_runs(blocks, boilerplate)
    for kind, run in _groups(kinds):
        size = len(run)
        if kind == "" or not size >= MIN_ITEMS:
            continue
        is_announced = _is_announced(blocks, boilerplate, run.start, plain=plain)
        if kind == "unmarked":
            if size <= MAX_ITEMS and _is_unmarked_list(blocks, run, is_announced=is_announced):
                yield run
        elif is_announced or plain:
            yield run


def _groups(kinds: Sequence[str]) -> Iterator[tuple[str, range]]:
    """Yield each run of blocks of one kind."""
    start = 0
    for kind, group in groupby(kinds):
        size = sum(1 for _ in group)
        yield kind, range(start, start + size)
        start += size


def _data_runs(blocks: Sequence[Block], boilerplate: Sequence[str | None]) -> Iterator[range]:
    """Yield the runs of short lines above a paragraph of which most have a number, such as results or ingredients.

    Lines without a number at the ends of a run are left out if they begin with a capital, as a title or a subhead does.
    """
    kinds = [_kind(block, rule) for block, rule in zip(blocks, boilerplate, strict=True)]
    for kind, run in _groups(kinds):
        if kind != "unmarked" or run.stop == len(blocks) or not is_prose(blocks[run.stop].features):
            continue
        first, last = max(run.start, 1), run.stop
        while first < last and _could_be_subhead(blocks[first]):
            first += 1
        while first < last and _could_be_subhead(blocks[last - 1]):
            last -= 1
        numbers = sum(1 for index in range(first, last) if DIGITS.search(blocks[index].text))
        if MIN_DATA_LINES <= last - first <= MAX_ITEMS and numbers >= MIN_DATA_SHARE * (last - first):
            yield range(first, last)


def _could_be_subhead(block: Block) -> bool:
    return not block.text[0].islower() and not DIGITS.search(block.text)


def _include_ruling_lines(blocks: Sequence[Block], kinds: list[str]) -> None:
    """Give each line without words, such as "-----", the kind of the table row above it, or else below it."""
    for index, block in enumerate(blocks):
        if not block.features.words:
            near = (kinds[at] for at in (index - 1, index + 1) if 0 <= at < len(kinds))
            kinds[index] = next((kind for kind in near if kind.startswith("row")), "")


def _is_unmarked_list(blocks: Sequence[Block], run: range, *, is_announced: bool) -> bool:
    """Return whether a run of short lines is a list without marks before its items."""
    items = [blocks[index] for index in run]
    if is_announced:
        return (run.stop < len(blocks) and is_prose(blocks[run.stop].features)) or _are_alike(items)
    follows_prose = run.start > 0 and is_prose(blocks[run.start - 1].features)
    words = sum(item.features.words for item in items)
    return follows_prose and words >= MIN_WORDS_PER_ALIKE_ITEM * len(items) and _are_alike(items)


def _are_alike(items: Sequence[Block]) -> bool:
    """Return whether enough items begin alike: with a number, or with a word and a number, such as a date."""
    shapes = Counter(DIGITS.sub("9", WORDS.sub("a", " ".join(item.text.split()[:2]))) for item in items)
    shape, count = shapes.most_common(1)[0]
    return "9" in shape and len(items) >= MIN_ALIKE_ITEMS and count >= MIN_ALIKE_SHARE * len(items)


def is_announcement(block: Block, *, plain: bool) -> bool:
    """Return whether a block ends with a colon, to announce a list; a short block counts in plain text only."""
    return block.text.endswith(":") and (plain or block.features.words >= MIN_ANNOUNCEMENT_WORDS)


def is_row_or_numbered(block: Block) -> bool:
    """Return whether a block has the form of a table row or a numbered item, which are rare in menus."""
    return block.columns > 1 or NUMBERED.match(block.text) is not None


def _is_announced(blocks: Sequence[Block], boilerplate: Sequence[str | None], index: int, *, plain: bool) -> bool:
    return index > 0 and boilerplate[index - 1] is None and is_announcement(blocks[index - 1], plain=plain)


def _kind(block: Block, rule: str | None) -> str:
    """Return the kind of list that a block may be an item of; empty for none."""
    if block.columns > 1 and (rule in DOUBTFUL_RULES or rule == "debris"):
        return f"row {block.columns}"
    if rule not in DOUBTFUL_RULES or block.text.endswith(":"):
        return ""
    if block.features.words > MAX_ITEM_WORDS:
        return ""
    if block.features.is_bullet:
        return "bullet"
    if NUMBERED.match(block.text):
        return "numbered"
    is_short = 0 < block.features.words <= MAX_UNMARKED_WORDS and rule is None
    return "unmarked" if is_short and not is_sentence(block.features) else ""

"""An HTML page for cleaning: its text runs and blocks, the elements around them, its headline and regions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.index.cleaning.block_features import is_prose
from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.body.boilerplate import boilerplate_rule
from wherefrom.index.cleaning.body.html.region_names import has_paywall_name, region_name
from wherefrom.index.cleaning.boilerplate_phrases import SUBSCRIPTION_OFFER
from wherefrom.index.sources.html_elements import HEADINGS, Element
from wherefrom.index.sources.html_text_runs import TextRun

# Maximum share of characters in links of prose; a block with more is a link to another page.
MAX_LINKED_SHARE = 0.5
# Maximum share of the prose of the page in a region of boilerplate; an element with more is none, whatever its name.
MAX_REGION_SHARE = 0.5
MIN_LINK_SHARE = 0.9
# A teaser has a linked title of at least MIN_TITLE_WORDS, or in a heading, and little prose.
MIN_TITLE_WORDS, MAX_TEASER_WORDS, MIN_TEASERS = 4, 100, 2
# Maximum number of words of a paywall; sites put whole articles in elements with that name.
MAX_WALL_WORDS = 120
OFFER_RULES = frozenset(("invitation", "promotion"))
# A shorter link may be a name or an address in the article.
MIN_LINK_WORDS = 5
LISTS = frozenset(("ul", "ol", "dl", "table"))
CELLS = frozenset(("td", "th"))
# A table has data, and not the layout of a page, from MIN_DATA_ROWS rows with MIN_ROW_CELLS cells each.
MIN_DATA_ROWS, MIN_ROW_CELLS = 2, 2
# Rules that a short cell of data meets by its words alone: a year, "Share", "Author".
RULES_NOT_IN_CELLS = frozenset(("stamp", "share", "teaser", "furniture-heading", "byline", "credit"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """The runs and blocks of a page, and the index of the block of its headline, or `None`.

    `boilerplate` is for each block the rule that recognises it as boilerplate by its words, or `None`. `prose` is for
    each block its number of words if it has the form of a paragraph and no such rule, otherwise 0. By element number,
    `words` is the prose inside the element, and `regions` the kind of boilerplate that it is in, or `None`.
    `linked_lists` has the numbers of the lists and tables whose text is mostly links.
    """

    runs: Sequence[TextRun]
    blocks: Sequence[Block]
    headline: int | None
    boilerplate: Sequence[str | None]
    prose: Sequence[int]
    elements: Sequence[Element]
    words: Mapping[int, float]
    regions: Mapping[int, str | None]
    linked_lists: frozenset[int]

    def region(self, index: int) -> str | None:
        """Return the region that a block is in, or `None`."""
        return self.regions[self.runs[index].container.number]

    def is_link(self, index: int) -> bool:
        """Return whether a block is only a link to another page, and not in a list or a table of other text."""
        run, block = self.runs[index], self.blocks[index]
        if run.linked < MIN_LINK_SHARE:
            return False
        inside = next((each for each in ancestors(run.container) if each.name in LISTS), None)
        if inside is not None:
            return inside.number in self.linked_lists and len(block.text.split()) > 1
        return len(block.text.split()) >= MIN_LINK_WORDS

    def inside(self, outer: Element) -> frozenset[int]:
        """Return the numbers of an element and all elements inside it."""
        inside = {outer.number}
        for element in self.elements:
            if element.parent is not None and element.parent.number in inside:
                inside.add(element.number)
        return frozenset(inside)


def build_page(runs: Sequence[TextRun], blocks: Sequence[Block], headline: int | None) -> HtmlPage:
    """Return the page of these runs and blocks, in time linear in their number and the number of elements."""
    boilerplate = [boilerplate_rule(block.text, block.features) if block.text else "blank" for block in blocks]
    for index in _data_cells(runs):
        boilerplate[index] = None if boilerplate[index] in RULES_NOT_IN_CELLS else boilerplate[index]
    prose = [
        block.features.words if rule is None and run.linked <= MAX_LINKED_SHARE and is_prose(block.features) else 0
        for run, block, rule in zip(runs, blocks, boilerplate, strict=True)
    ]
    elements = _elements(runs)
    words = _sums(elements, ((run.container, count) for run, count in zip(runs, prose, strict=True)))
    around_headline = (
        frozenset(each.number for each in ancestors(runs[headline].container)) if headline is not None else frozenset()
    )
    walls = _walls(runs, blocks, boilerplate, prose, elements) - around_headline
    teasers = _teasers(runs, blocks, elements, words, around_headline)
    regions = _regions(elements, words, around_headline, teasers, walls)
    return HtmlPage(
        runs=runs,
        blocks=blocks,
        headline=headline,
        boilerplate=boilerplate,
        prose=prose,
        elements=elements,
        words=words,
        regions=regions,
        linked_lists=frozenset(_linked_lists(runs, blocks, elements)),
    )


def ancestors(element: Element | None) -> Iterator[Element]:
    """Yield an element and its ancestors, innermost first."""
    while element is not None:
        yield element
        element = element.parent


def _elements(runs: Iterable[TextRun]) -> list[Element]:
    """Return the elements around the runs, each before the elements inside it."""
    elements: dict[int, Element] = {}
    for run in runs:
        for element in ancestors(run.container):
            if element.number in elements:
                break
            elements[element.number] = element
    return [elements[number] for number in sorted(elements)]


def _sums(elements: Sequence[Element], values: Iterable[tuple[Element, float]]) -> dict[int, float]:
    """Return by element number the sum of the values in the element and the elements inside it."""
    sums = {element.number: 0.0 for element in elements}
    for element, value in values:
        sums[element.number] += value
    for element in reversed(elements):
        if element.parent is not None:
            sums[element.parent.number] += sums[element.number]
    return sums


def _data_cells(runs: Sequence[TextRun]) -> list[int]:
    """Return the indices of the runs that are the only one of a cell in a table of data."""
    cells = [next((each for each in ancestors(run.container) if each.name in CELLS), None) for run in runs]
    runs_of_cell = Counter(cell.number for cell in cells if cell is not None)
    cells_of_row = Counter(row.number for row in {cell.number: cell.parent for cell in cells if cell}.values() if row)
    rows: dict[int, int] = {}
    for cell in cells:
        row = cell.parent if cell else None
        if row is not None and cells_of_row[row.number] >= MIN_ROW_CELLS and row.number not in rows:
            table = next((each.number for each in ancestors(row) if each.name == "table"), None)
            if table is not None:
                rows[row.number] = table
    rows_of_table = Counter(rows.values())
    return [
        index
        for index, cell in enumerate(cells)
        if cell is not None
        and runs_of_cell[cell.number] == 1
        and cell.parent is not None
        and rows_of_table[rows.get(cell.parent.number, -1)] >= MIN_DATA_ROWS
    ]


def _linked_lists(runs: Sequence[TextRun], blocks: Sequence[Block], elements: Sequence[Element]) -> Iterator[int]:
    """Yield the numbers of the lists and tables that have more than half of their words in links."""
    words = [block.features.words for block in blocks]
    total = _sums(elements, ((run.container, count) for run, count in zip(runs, words, strict=True)))
    linked = _sums(elements, ((run.container, run.linked * count) for run, count in zip(runs, words, strict=True)))
    for element in elements:
        if element.name in LISTS and linked[element.number] > MAX_LINKED_SHARE * total[element.number]:
            yield element.number


def _teasers(
    runs: Sequence[TextRun],
    blocks: Sequence[Block],
    elements: Sequence[Element],
    words: Mapping[int, float],
    around_headline: frozenset[int],
) -> frozenset[int]:
    """Return the numbers of the elements that each show another article: little prose below one linked title.

    There are at least MIN_TEASERS of a kind, except for `article` elements.
    """
    titles = [
        run
        for run, block in zip(runs, blocks, strict=True)
        if run.linked >= MIN_LINK_SHARE and (run.element in HEADINGS or block.features.words >= MIN_TITLE_WORDS)
    ]
    titles_inside = _sums(elements, ((run.container, 1) for run in titles))
    cards: dict[int, Element] = {}
    for run in titles:
        card = None
        for element in ancestors(run.container):
            if titles_inside[element.number] > 1 or element.number in around_headline:
                break
            card = element
            if element.name == "article":
                break
        if card is not None and 0 < words[card.number] <= MAX_TEASER_WORDS:
            cards[card.number] = card
    kinds = Counter(card.kind for card in cards.values())
    return frozenset(
        number for number, card in cards.items() if kinds[card.kind] >= MIN_TEASERS or card.name == "article"
    )


def _walls(
    runs: Sequence[TextRun],
    blocks: Sequence[Block],
    boilerplate: Sequence[str | None],
    prose: Sequence[int],
    elements: Sequence[Element],
) -> frozenset[int]:
    """Return the numbers of the elements that are named as a paywall and only offer a subscription.

    They are short, at least one block is an invitation, and every paragraph speaks of the offer.
    """
    named = [element.number for element in elements if has_paywall_name(element)]
    if not named:
        return frozenset()
    offers = [SUBSCRIPTION_OFFER.search(block.text) is not None for block in blocks]
    words = _sums(elements, ((run.container, block.features.words) for run, block in zip(runs, blocks, strict=True)))
    invitations = _sums(
        elements, ((run.container, rule in OFFER_RULES) for run, rule in zip(runs, boilerplate, strict=True))
    )
    others = _sums(
        elements,
        ((run.container, count > 0 and not offer) for run, count, offer in zip(runs, prose, offers, strict=True)),
    )
    return frozenset(
        number for number in named if words[number] <= MAX_WALL_WORDS and invitations[number] and not others[number]
    )


def _regions(
    elements: Sequence[Element],
    words: Mapping[int, float],
    around_headline: frozenset[int],
    teasers: frozenset[int],
    walls: frozenset[int],
) -> dict[int, str | None]:
    """Return the region of each element: that of its parent, or else its own.

    An element with the headline or much of the prose of the page is in no region, unless it is a paywall.
    """
    most = MAX_REGION_SHARE * sum(words[element.number] for element in elements if element.parent is None)
    regions: dict[int, str | None] = {}
    for element in elements:
        outer = regions[element.parent.number] if element.parent is not None else None
        own = region_name(element) or ("card" if element.number in teasers else None)
        is_main = element.number in around_headline or words[element.number] > most
        wall = "invitation" if element.number in walls else None
        regions[element.number] = outer or wall or (None if is_main else own)
    return regions

"""The attribution of a quotation: the `footer` in a `blockquote`; elsewhere, a `footer` is that of the page."""

from collections.abc import Iterator, Sequence
from itertools import dropwhile

from wherefrom.index.cleaning.body.html.page import HtmlPage, ancestors
from wherefrom.index.sources.html_elements import Element

MAX_WORDS = 30
# An attribution may look like the byline of an article.
POSSIBLE_RULES = frozenset((None, "byline"))


def find_attributions(page: HtmlPage, rules: Sequence[str | None]) -> list[int]:
    """Return the indices of the dropped blocks that are the attribution of a quotation with a kept block."""
    kept = {
        number
        for run, rule in zip(page.runs, rules, strict=True)
        if rule is None
        for number in _quotations(run.container)
    }
    return [
        index
        for index, rule in enumerate(rules)
        if rule is not None
        and page.runs[index].shown
        and 0 < page.blocks[index].features.words <= MAX_WORDS
        and page.boilerplate[index] in POSSIBLE_RULES
        and _attributed(page.runs[index].container) in kept
    ]


def _quotations(element: Element) -> Iterator[int]:
    """Yield the numbers of the quotations around an element."""
    return (each.number for each in ancestors(element) if each.name == "blockquote")


def _attributed(element: Element) -> int | None:
    """Return the number of the quotation whose footer an element is in, or `None`."""
    outside = dropwhile(lambda each: each.name != "footer", ancestors(element))
    return next((each.number for each in outside if each.name == "blockquote"), None)

"""The lead of an article: a summary of it between the headline and the body.

Extractors lose it, since it is in a header or a heading, or separate from the paragraphs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from wherefrom.index.cleaning.block_features import MIN_LOWERCASE_SHARE, is_prose
from wherefrom.index.cleaning.body.html.page import MAX_LINKED_SHARE, HtmlPage
from wherefrom.index.sources.html_elements import ARTICLE_HEADER, HEADINGS, Element
from wherefrom.index.sources.html_tokenizer import Token

WORD = re.compile(r"\w+")
DESCRIPTION_NAMES = frozenset(("description", "og:description", "twitter:description"))
MAX_DESCRIPTIONS, MAX_DESCRIPTION_CHARACTERS = 5, 2000
# A lead often has no full stop, like headings of sections and captions. Names of classes and ids identify it.
NAME = re.compile(
    r"""
    (?:^|[-_]) (?:lead|lede|leadin|intro|introduction|standfirst|dek|deck|subtitle|subline|subhead|subheading
      |subheadline|abstract|summary|excerpt|ingress|chapo|chapeau|entradilla|bajada|copete|sommario|occhiello
      |vorspann|teasertext|sapo) (?:$|[-_])
    | (?:sub|under)-?(?:title|head|headline)
    """,
    re.VERBOSE,
)
MIN_DESCRIBED_WORDS, MIN_NAMED_WORDS, MIN_HEADING_WORDS = 4, 6, 10
# Maximum numbers of blocks and words of a lead.
MAX_BLOCKS, MAX_LEAD_WORDS = 6, 160


def find_lead(
    page: HtmlPage, zone: Sequence[int], rules: Sequence[str | None], descriptions: Sequence[str]
) -> list[int]:
    """Return the indices of the blocks between the headline and the first body block that are a lead."""
    if page.headline is None:
        return []
    first = next((index for index, rule in enumerate(rules) if rule is None), 0)
    seen = {page.blocks[index].text for index, rule in enumerate(rules) if rule is None}
    seen.add(page.blocks[page.headline].text)
    lead: list[int] = []
    for index in (each for each in zone if page.headline < each < first):
        text = page.blocks[index].text
        if text not in seen and _is_lead(page, index, descriptions):
            lead.append(index)
            seen.add(text)
    words = sum(page.blocks[index].features.words for index in lead)
    return lead if len(lead) <= MAX_BLOCKS and words <= MAX_LEAD_WORDS else []


def find_descriptions(text: str, markup: Iterable[Token]) -> list[str]:
    """Return the descriptions that a page declares, in lower case and without punctuation."""
    values = _description_values(text, markup)
    return [_words(value) for value, _ in zip(values, range(MAX_DESCRIPTIONS), strict=False)]


def _description_values(text: str, markup: Iterable[Token]) -> Iterator[str]:
    for token in markup:
        if token.name == "meta" and token.kind == "open":
            name = token.value(text, "name") or token.value(text, "property") or ""
            if name.lower() in DESCRIPTION_NAMES:
                yield (token.value(text, "content") or "")[:MAX_DESCRIPTION_CHARACTERS]


def _is_lead(page: HtmlPage, index: int, descriptions: Sequence[str]) -> bool:
    """Return whether a block is prose, or is a summary by its name, its element or the description of the page."""
    block, run = page.blocks[index], page.runs[index]
    if page.boilerplate[index] is not None or run.linked > MAX_LINKED_SHARE:
        return False
    if is_prose(block.features):
        return True
    words = block.features.words
    if words >= MIN_DESCRIBED_WORDS and _words(block.text) in descriptions:
        return True
    if block.features.lowercase_share < MIN_LOWERCASE_SHARE or words < MIN_NAMED_WORDS:
        return False
    if _is_named(run.container) or ARTICLE_HEADER in run.landmarks:
        return True
    return run.element in HEADINGS and words >= MIN_HEADING_WORDS


def _is_named(element: Element) -> bool:
    """Return whether an element or its parent has a class or an id of a lead."""
    near = (element, element.parent) if element.parent else (element,)
    return any(NAME.search(label) for each in near for label in each.labels)


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))

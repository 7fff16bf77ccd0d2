"""Pages for the tests of the metadata rules, split and cleaned as `extract` does."""

from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page
from wherefrom.index.sources.lines import split_lines

BODY = (
    "The committee met on Monday to hear what the engineers had found under the old bridge.\n\n"
    "Nobody spoke for a while, and then the chairman asked how long it would be closed.\n"
)


def page_of(text: str) -> Page:
    """Return the page of a flattened text, with the range of its body."""
    blocks = split_blocks(text, list(split_lines(text)))
    rules = body_rules(blocks)
    body = [index for index, rule in enumerate(rules) if rule is None]
    return Page(text=text, blocks=blocks, rules=rules, first_body=body[0], last_body=body[-1])


def value_of(match: MetadataMatch | None) -> str | None:
    """Return the value of a rule's match, `None` without a match."""
    return None if match is None else match.value

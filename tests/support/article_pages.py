"""Generated HTML pages: distinct paragraphs, a page around a body, and the text and rules of an extracted page."""

from wherefrom.index.cleaning.body.html.html_body import html_body
from wherefrom.index.sources.html_tokenizer import tokenize

PLACES = ("bridge", "school", "harbour", "mill", "theatre", "station", "museum", "market", "stadium", "library")
TITLE = "The old bridge of Southport is closed until the spring"
LEAD = "Repairs cost more than the town has, and the ferries are too small for the lorries that the islands need."


def paragraph(number: int) -> str:
    """Return a paragraph of prose; the first hundred are all different."""
    first, second = PLACES[number % 10], PLACES[number // 10 % 10]
    return (
        f"The committee of the {first} met on day {number} to hear what the engineers had found under the {second}, "
        f"and nobody of the {first} who had come to the {second} believed that {number} weeks would be enough for it."
    )


def paragraphs(start: int, end: int) -> str:
    """Return the paragraphs from number `start` up to `end`, exclusive, as HTML."""
    return "".join(f"<p>{paragraph(number)}</p>" for number in range(start, end))


def page(body: str) -> str:
    """Return a page with a title, a menu, this body and a footer."""
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE} - The Courier</title></head><body><header><a href=/>The Courier</a>"
        f"<nav><a href=/n>News</a> <a href=/s>Sport</a></nav></header>{body}"
        "<footer><p>Contact us in the town of the bridge.</p></footer></body></html>"
    )


def kept_text(source: str) -> list[str]:
    """Return the texts of the blocks that are kept as the body of a page."""
    body = html_body(source, list(tokenize(source)))
    return [block.text for block, rule in zip(body.blocks, body.rules, strict=True) if rule is None]


def rule_of(source: str, text: str) -> str | None:
    """Return the rule that drops the first block with this text in it, `None` if the block is kept."""
    body = html_body(source, list(tokenize(source)))
    return next(rule for block, rule in zip(body.blocks, body.rules, strict=True) if text in block.text)

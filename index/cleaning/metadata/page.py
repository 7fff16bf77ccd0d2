"""A page between cleaning and metadata: its blocks, the rule that dropped each, and where the body begins and ends."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.metadata.declared_values import Declared
from wherefrom.index.cleaning.offset_map import Places
from wherefrom.index.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`rules` has None for body blocks; `first` and `last` are the first and last of those.

    `declared` is what the markup says of the page, by field; a text has none.
    """

    text: str
    blocks: Sequence[Block]
    rules: Sequence[str | None]
    first: int
    last: int
    declared: Mapping[str, Declared] = field(default_factory=dict)

    def before(self, most: int) -> Iterator[int]:
        """The places of up to `most` blocks above the body, nearest first."""
        yield from range(self.first - 1, max(self.first - 1 - most, -1), -1)

    def after(self, most: int) -> Iterator[int]:
        """The places of up to `most` blocks below the body, nearest first."""
        yield from range(self.last + 1, min(self.last + 1 + most, len(self.blocks)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A value that a metadata rule found, verbatim up to white space: its block and its place in the source."""

    value: str
    at: int
    span: Span


def found_in(page: Page, at: int, value: str, *, after: int = 0) -> Found:
    """`value` where it first stands in the collapsed text of block `at`, from `after` on."""
    return _found(page, at, value, page.blocks[at].text.index(value, after))


def last_found_in(page: Page, at: int, value: str) -> Found:
    """`value` where it last stands in the collapsed text of block `at`."""
    return _found(page, at, value, page.blocks[at].text.rindex(value))


def _found(page: Page, at: int, value: str, offset: int) -> Found:
    block = page.blocks[at]
    places = Places.of(page.text, block.segments, block.media_type)
    segments = places.segments(offset, offset + len(value))
    return Found(value=value, at=at, span=Span(start=segments[0].start, end=segments[-1].end))

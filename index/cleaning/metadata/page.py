"""A cleaned page, the input of the metadata rules: its blocks, the rule of each, and the range of its body."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wherefrom.index.cleaning.body.blocks import Block
from wherefrom.index.cleaning.metadata.markup.declared_values import DeclaredField
from wherefrom.index.cleaning.offset_map import OffsetMap
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A cleaned source: its blocks, and for each the rule that dropped it, or `None` for body text.

    `first_body` and `last_body` are the indices of the first and the last body block. `declared` has the fields that
    the markup declares, by name; plain text declares none. `markup` has the tokens of a page, and `changes` the ranges
    that they mark as the date of a change, in order.
    """

    text: str
    blocks: Sequence[Block]
    rules: Sequence[str | None]
    first_body: int
    last_body: int
    declared: Mapping[str, DeclaredField] = field(default_factory=dict)
    markup: Sequence[Token] = ()
    changes: tuple[Span, ...] = ()

    def body(self, characters: int) -> Iterator[Block]:
        """Yield body blocks from the first one until they have this many characters in total."""
        for index in range(self.first_body, self.last_body + 1):
            if characters > 0 and self.rules[index] is None:
                characters -= len(self.blocks[index].text)
                yield self.blocks[index]

    def blocks_above(self, limit: int) -> Iterator[int]:
        """Yield the indices of up to `limit` blocks above the body, nearest first."""
        yield from range(self.first_body - 1, max(self.first_body - 1 - limit, -1), -1)

    def blocks_below(self, limit: int) -> Iterator[int]:
        """Yield the indices of up to `limit` blocks below the body, nearest first."""
        yield from range(self.last_body + 1, min(self.last_body + 1 + limit, len(self.blocks)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataMatch:
    """A value found by a metadata rule, verbatim except for white space, with its block and its spans in the source.

    It has several spans only in plain text from which something was left out, such as the hyphen of a broken word.
    """

    value: str
    block_index: int
    spans: tuple[Span, ...]


def find_in_block(page: Page, index: int, value: str, *, after: int = 0) -> MetadataMatch:
    """Return the first occurrence of `value` in the collapsed text of a block, from offset `after` on."""
    return _match(page, index, value, page.blocks[index].text.index(value, after))


def find_last_in_block(page: Page, index: int, value: str) -> MetadataMatch:
    """Return the last occurrence of `value` in the collapsed text of a block."""
    return _match(page, index, value, page.blocks[index].text.rindex(value))


def _match(page: Page, index: int, value: str, offset: int) -> MetadataMatch:
    block = page.blocks[index]
    offset_map = OffsetMap.build(page.text, block.segments, block.media_type)
    segments = offset_map.segments(offset, offset + len(value))
    whole = Span(start=segments[0].start, end=segments[-1].end)
    spans = segments if block.media_type == "text/plain" else (whole,)
    return MetadataMatch(value=value, block_index=index, spans=spans)

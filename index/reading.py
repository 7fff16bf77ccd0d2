"""Raw bytes to a Document: decoded, cut into blocks, cleaned, described, and mapped back to the source.

The cleaning is by general rules on text that was flattened from a page; it does not know HTML or JSON Lines.
"""

import hashlib
from collections.abc import Iterator, Sequence

from index.cleaning.blocks import Block, split_blocks
from index.cleaning.body import body_rules
from index.cleaning.metadata import read_metadata
from index.cleaning.page import Page
from index.cleaning.paragraphs import Kept, build_paragraphs
from index.cleaning.tails import glued_tail, list_mark
from index.errors import SourceRejected
from index.sources.decoding import decode
from index.sources.lines import split_lines
from index.types import Document, Dropped, Span

CLEANER_VERSION = "1"


def read(raw: bytes, *, source: str) -> Document:
    """The article in a source, every paragraph and sentence with its place in `raw.decode(encoding)`.

    Raises SourceRejected for what is empty, binary, undecodable or holds no paragraph of prose.
    """
    decoded = decode(raw, source=source)
    page = _clean(decoded.text, source)
    metadata, uses = read_metadata(page)
    rules = [uses.get(at, rule) for at, rule in enumerate(page.rules)]
    kept, cuts = _trimmed(page)
    return Document(
        source=source,
        source_sha256=hashlib.sha256(raw).hexdigest(),
        encoding=decoded.encoding,
        metadata=metadata,
        paragraphs=build_paragraphs(decoded.text, kept),
        dropped=tuple(_merged(sorted([*_dropped(page.blocks, rules), *cuts], key=lambda cut: cut.start))),
    )


def _clean(text: str, source: str) -> Page:
    blocks = split_blocks(text, list(split_lines(text)))
    rules = body_rules(blocks)
    body = [at for at, rule in enumerate(rules) if rule is None]
    if not body:
        raise SourceRejected(source, "it holds no paragraph of an article, only menus or fragments")
    return Page(text=text, blocks=blocks, rules=rules, first=body[0], last=body[-1])


def _trimmed(page: Page) -> tuple[list[Kept], list[Dropped]]:
    """The body blocks without list marks and glued captions, and those as cuts."""
    kept, cuts = [], []
    for block, rule in zip(page.blocks, page.rules, strict=True):
        if rule is None:
            start, end, cut = _trim(page.text, block)
            cuts.extend(cut)
            kept.append(
                Kept(segments=(Span(start=start, end=end),), line_start=block.line_start, line_end=block.line_end)
            )
    return kept, cuts


def _trim(text: str, block: Block) -> tuple[int, int, list[Dropped]]:
    start, end = block.start, block.end
    cuts = []
    mark = list_mark(text[start : start + 80])
    if mark:
        cuts.append(Dropped(start=start, end=start + len(text[start : start + mark].rstrip()), rule="list-mark"))
        start += mark
    tail = glued_tail(text[start:end])
    if tail:
        cuts.append(Dropped(start=start + tail, end=end, rule="caption"))
        end = start + tail
    return start, end, cuts


def _dropped(blocks: Sequence[Block], rules: Sequence[str | None]) -> Iterator[Dropped]:
    for block, rule in zip(blocks, rules, strict=True):
        if rule is not None:
            yield Dropped(start=block.start, end=block.end, rule=rule)


def _merged(cuts: Sequence[Dropped]) -> Iterator[Dropped]:
    yield from cuts

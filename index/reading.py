"""Raw bytes to a Document: decoded, cut into blocks, cleaned, described, and mapped back to the source.

The cleaning is by general rules on text that was flattened from a page; it does not know HTML or JSON Lines.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping

from index.cleaning.blocks import Block, split_blocks
from index.cleaning.body import body_rules
from index.cleaning.metadata import read_metadata
from index.cleaning.page import Page
from index.cleaning.paragraphs import Kept, build_paragraphs
from index.cleaning.shape import bullet_size
from index.cleaning.tails import glued_tail
from index.errors import SourceRejected
from index.sources.decoding import decode
from index.sources.lines import split_lines
from index.types import Document, Dropped, Span

CLEANER_VERSION = "1"
# A list mark and the white space after it.
LONGEST_MARK = 80
MARKUP = re.compile(r"\s*<(?:!doctype html|html|\?xml)\b", re.IGNORECASE)


def read(raw: bytes, *, source: str) -> Document:
    """The article in a source, every paragraph and sentence with its place in `raw.decode(encoding)`.

    Raises SourceRejected for what is empty, binary, undecodable or holds no paragraph of prose.
    """
    decoded = decode(raw, source=source)
    if MARKUP.match(decoded.text.removeprefix("\ufeff")):
        raise SourceRejected(source, "this is HTML or XML; only plain text is read so far")
    page = _clean(decoded.text, source)
    metadata, uses = read_metadata(page)
    kept, cuts = _trimmed(page)
    return Document(
        source=source,
        source_sha256=hashlib.sha256(raw).hexdigest(),
        encoding=decoded.encoding,
        metadata=metadata,
        paragraphs=build_paragraphs(decoded.text, kept),
        dropped=tuple(sorted([*_dropped(page, uses), *cuts], key=lambda cut: cut.start)),
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
    kept: list[Kept] = []
    cuts: list[Dropped] = []
    for block, rule in zip(page.blocks, page.rules, strict=True):
        if rule is None:
            body, trimmings = _trim(page.text, block)
            kept.append(Kept(segments=(body,), line_start=block.line_start, line_end=block.line_end))
            cuts.extend(trimmings)
    return kept, cuts


def _trim(text: str, block: Block) -> tuple[Span, list[Dropped]]:
    start, end, cuts = block.start, block.end, []
    mark = bullet_size(text[start : start + LONGEST_MARK])
    if mark:
        cuts.append(Dropped(start=start, end=start + 1, rule="list-mark"))
        start += mark
    tail = glued_tail(text[start:end])
    if tail:
        cuts.append(Dropped(start=start + tail, end=end, rule="caption"))
        end = start + tail
    return Span(start=start, end=end), cuts


def _dropped(page: Page, uses: Mapping[int, str]) -> Iterator[Dropped]:
    for at, (block, rule) in enumerate(zip(page.blocks, page.rules, strict=True)):
        if rule is not None:
            yield Dropped(start=block.start, end=block.end, rule=uses.get(at, rule))

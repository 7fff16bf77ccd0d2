"""Raw bytes to a Document: decoded, cut into blocks, cleaned, described, and mapped back to the source.

The cleaning is by general rules, on text that was flattened from a page and on HTML itself. It does not know JSON:
`wherefrom.index.sources.json_article` takes an article out of JSON first.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace

from wherefrom.index.cleaning.block_features import bullet_size
from wherefrom.index.cleaning.body.blocks import Block, split_blocks
from wherefrom.index.cleaning.body.glued_captions import glued_tail
from wherefrom.index.cleaning.body.html_body import markup_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.metadata.declared_values import Declared, read_declared
from wherefrom.index.cleaning.metadata.extract_metadata import read_metadata
from wherefrom.index.cleaning.metadata.page import Page
from wherefrom.index.cleaning.offset_map import Places
from wherefrom.index.cleaning.paragraphs import Kept, build_paragraphs
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encoding_detection import decode
from wherefrom.index.sources.html_tokenizer import tokens
from wherefrom.index.sources.lines import split_lines
from wherefrom.index.types import Document, Dropped, Given, MediaType, Metadata, RawSource

CLEANER_VERSION = "7"
# A list mark and the white space after it.
LONGEST_MARK = 80
MARKUP = re.compile(r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
XML = re.compile(r"\s*<\?xml\b", re.IGNORECASE)


def extract(source: RawSource) -> Document:
    """Return the article in a source; every paragraph and sentence has its spans in `raw.decode(encoding)`.

    Without a media type, it is detected from how the text begins. Raise SourceRejected if the source is empty, binary,
    undecodable or has no paragraph of prose.
    """
    decoded = decode(source.raw, source=source.name)
    media_type = source.media_type or _sniffed(decoded.text, source.name)
    page = _clean(decoded.text, media_type, source.name)
    metadata, uses = read_metadata(page)
    kept, cuts = _trimmed(page)
    return Document(
        source=source.name,
        raw=source.raw,
        source_sha256=hashlib.sha256(source.raw).hexdigest(),
        encoding=decoded.encoding,
        media_type=media_type,
        given=source.given,
        metadata=_with_given(metadata, source.given),
        paragraphs=build_paragraphs(decoded.text, kept, media_type),
        dropped=tuple(_outermost([*_dropped(page, uses), *cuts])),
    )


def _sniffed(text: str, source: str) -> MediaType:
    start = text.removeprefix("\ufeff")
    if MARKUP.match(start) or (XML.match(start) and "<html" in start[:2000].lower()):
        return "text/html"
    if XML.match(start):
        raise SourceRejected(source, "this is XML; only plain text and HTML are read")
    return "text/plain"


def _clean(text: str, media_type: MediaType, source: str) -> Page:
    declared: Mapping[str, Declared] = {}
    if media_type == "text/html":
        markup = list(tokens(text))
        blocks, rules = markup_blocks(text, markup)
        declared = read_declared(text, markup)
    else:
        blocks = split_blocks(text, list(split_lines(text)))
        rules = body_rules(blocks)
    body = [at for at, rule in enumerate(rules) if rule is None]
    if not body:
        raise SourceRejected(source, "it holds no paragraph of an article, only menus or fragments")
    return Page(text=text, blocks=blocks, rules=rules, first=body[0], last=body[-1], declared=declared)


def _with_given(metadata: Metadata, given: Given) -> Metadata:
    """The metadata with every value that was given in place of the one that was read."""
    values = {each.name: value for each in fields(given) if (value := getattr(given, each.name))}
    read_still = {name: spans for name, spans in metadata.evidence.items() if name not in values}
    origins = {**metadata.origins, **dict.fromkeys(values, "given")}
    return replace(metadata, **values, origins=origins, evidence=read_still)


def _trimmed(page: Page) -> tuple[list[Kept], list[Dropped]]:
    """The body blocks without list marks and glued captions, and those as cuts."""
    kept: list[Kept] = []
    cuts: list[Dropped] = []
    for block, rule in zip(page.blocks, page.rules, strict=True):
        if rule is None:
            body, trimmings = _trim(page.text, block)
            kept.append(body)
            cuts.extend(trimmings)
    return kept, cuts


def _trim(text: str, block: Block) -> tuple[Kept, list[Dropped]]:
    """A block without its list mark and glued caption; there is always something left of it."""
    start = bullet_size(block.text[:LONGEST_MARK])
    tail = glued_tail(block.text[start:])
    end = len(block.text) if tail is None else start + tail
    segments, cuts = block.segments, []
    if start or tail is not None:
        places = Places.of(text, block.segments, block.media_type)
        segments = places.segments(start, end)
        if start:
            cuts.append(_cut(places, 0, 1, "list-mark"))
        if tail is not None:
            cuts.append(_cut(places, end, len(block.text), "caption"))
    return Kept(segments=segments, line_start=block.line_start, line_end=block.line_end), cuts


def _cut(places: Places, start: int, end: int, rule: str) -> Dropped:
    segments = places.segments(start, end)
    return Dropped(start=segments[0].start, end=segments[-1].end, rule=rule)


def _dropped(page: Page, uses: Mapping[int, str]) -> Iterator[Dropped]:
    for at, (block, rule) in enumerate(zip(page.blocks, page.rules, strict=True)):
        if rule is not None:
            yield Dropped(start=block.start, end=block.end, rule=uses.get(at, rule))


def _outermost(cuts: Iterable[Dropped]) -> Iterator[Dropped]:
    """The cuts in order, but for those inside another: a script in the middle of a text that was dropped."""
    edge = 0
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        if cut.end > edge:
            yield cut
            edge = cut.end

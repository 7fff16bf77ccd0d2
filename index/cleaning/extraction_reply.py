"""What an extraction worker replies: a document without its bytes, its paragraphs packed, or the reason for a refusal.

The process that asks imports this module and not the worker, whose import is that of the whole cleaning.
"""

from dataclasses import replace
from typing import NamedTuple

from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Document, Paragraph, RawSource, Sentence, Span

MIB = 1 << 20
PackedParagraph = tuple[int, str, tuple[int, ...], int, int, tuple[tuple[int, int, tuple[int, ...]], ...]]


class Reply(NamedTuple):
    """The document without its bytes and paragraphs, and its paragraphs packed; or the reason for its refusal."""

    document: Document | None
    paragraphs: tuple[PackedParagraph, ...]
    reason: str
    is_last: bool
    """Whether the worker ends after this reply."""


def document_reply(document: Document, *, is_last: bool) -> Reply:
    """Return the reply that holds a document."""
    paragraphs = tuple(map(_packed, document.paragraphs))
    return Reply(replace(document, raw=b"", paragraphs=()), paragraphs, "", is_last=is_last)


def refusal(reason: str, *, is_last: bool) -> Reply:
    """Return the reply that says why a source was refused."""
    return Reply(None, (), reason, is_last=is_last)


def seconds_allowed(source: RawSource, seconds_per_mib: float) -> float:
    """Return how long the reading of a source may take: `seconds_per_mib` for each MiB that it begins."""
    return seconds_per_mib * (len(source.raw) // MIB + 1)


def unpack(reply: Reply, source: RawSource) -> Document:
    """Return the document of a reply. Raise SourceRejected if the source was refused."""
    if reply.document is None:
        raise SourceRejected(source.name, reply.reason)
    return replace(reply.document, raw=source.raw, paragraphs=tuple(map(_unpacked, reply.paragraphs)))


def _packed(paragraph: Paragraph) -> PackedParagraph:
    """Return a paragraph as tuples: pickling its dataclasses takes a tenth of the time that reading took."""
    return (
        paragraph.number,
        paragraph.text,
        _flat(paragraph.segments),
        paragraph.line_start,
        paragraph.line_end,
        tuple([(sentence.start, sentence.end, _flat(sentence.segments)) for sentence in paragraph.sentences]),
    )


def _unpacked(packed: PackedParagraph) -> Paragraph:
    number, text, segments, line_start, line_end, sentences = packed
    return Paragraph(
        number=number,
        text=text,
        segments=_spans(segments),
        line_start=line_start,
        line_end=line_end,
        sentences=tuple([Sentence(start=start, end=end, segments=_spans(flat)) for start, end, flat in sentences]),
    )


def _flat(spans: tuple[Span, ...]) -> tuple[int, ...]:
    return tuple([offset for span in spans for offset in (span.start, span.end)])


def _spans(flat: tuple[int, ...]) -> tuple[Span, ...]:
    return tuple([Span(start=start, end=end) for start, end in zip(flat[::2], flat[1::2], strict=True)])

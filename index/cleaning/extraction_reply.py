"""The reply of an extraction worker: a document without its bytes, with packed paragraphs, or a reason for rejection.

The parent process imports this module and not the worker, whose import loads the whole cleaning package.
"""

from dataclasses import replace
from typing import NamedTuple

from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Document, Paragraph, RawSource, Sentence, Span

MIB = 1 << 20
PackedParagraph = tuple[int, str, tuple[int, ...], int, int, tuple[tuple[int, int, tuple[int, ...]], ...]]


class Reply(NamedTuple):
    """A document without its bytes and paragraphs, and its packed paragraphs; or the reason for its rejection."""

    document: Document | None
    paragraphs: tuple[PackedParagraph, ...]
    reason: str
    is_last: bool
    """Whether the worker ends after this reply."""


def document_reply(document: Document, *, is_last: bool) -> Reply:
    """Return the reply with a document."""
    paragraphs = tuple(map(_packed, document.paragraphs))
    return Reply(replace(document, raw=b"", paragraphs=()), paragraphs, "", is_last=is_last)


def refusal(reason: str, *, is_last: bool) -> Reply:
    """Return the reply with the reason for which a source was rejected."""
    return Reply(None, (), reason, is_last=is_last)


def seconds_allowed(source: RawSource, seconds_per_mib: float) -> float:
    """Return the time limit of a source in seconds: `seconds_per_mib` times its number of full MiB plus 1."""
    return seconds_per_mib * (len(source.raw) // MIB + 1)


def unpack(reply: Reply, source: RawSource) -> Document:
    """Return the document of a reply. Raise SourceRejected if the source was rejected."""
    if reply.document is None:
        raise SourceRejected(source.name, reply.reason)
    return replace(reply.document, raw=source.raw, paragraphs=tuple(map(_unpacked, reply.paragraphs)))


def _packed(paragraph: Paragraph) -> PackedParagraph:
    """Return a paragraph as tuples: pickling its dataclasses takes a tenth of the time of the extraction."""
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

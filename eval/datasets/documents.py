"""Builds documents from plain paragraphs, for corpora that have no source files.

Long paragraphs can first be cut to the length of news paragraphs, for which the service is designed.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.types import Document, Metadata, Paragraph, Sentence, Span

SINGLE_SENTENCE_SHARE = 0.6
"""Probability that a cut paragraph has one sentence instead of two, as in news."""


def cut_to_news_length(text: str) -> list[str]:
    """Cut a long paragraph into paragraphs of one or two sentences; equal texts give equal paragraphs."""
    text = " ".join(text.split())
    sentences, paragraphs, random = split_sentences(text), [], np.random.default_rng(len(text))
    while sentences:
        count = 1 if random.random() < SINGLE_SENTENCE_SHARE else 2
        taken, sentences = sentences[:count], sentences[count:]
        paragraphs.append(text[taken[0][0] : taken[-1][1]])
    return paragraphs


def build_document(source: str, paragraphs: Sequence[str]) -> Document:
    """Return a document of these paragraphs; its bytes are the paragraphs in UTF-8, separated by blank lines."""
    raw = "\n\n".join(paragraphs).encode()
    starts = np.cumsum([0, *(len(paragraph) + 2 for paragraph in paragraphs)]).tolist()
    return Document(
        source=source,
        raw=raw,
        source_sha256=hashlib.sha256(raw).hexdigest(),
        encoding="utf-8",
        metadata=Metadata(),
        paragraphs=tuple(
            _paragraph(number, paragraph, starts[number - 1]) for number, paragraph in enumerate(paragraphs, start=1)
        ),
        dropped=(),
    )


def _paragraph(number: int, text: str, start: int) -> Paragraph:
    sentences = tuple(
        Sentence(start=begin, end=end, segments=(Span(start=start + begin, end=start + end),))
        for begin, end in split_sentences(text)
    )
    whole = (Span(start=start, end=start + len(text)),)
    line = 2 * number - 1
    return Paragraph(number=number, text=text, segments=whole, sentences=sentences, line_start=line, line_end=line)

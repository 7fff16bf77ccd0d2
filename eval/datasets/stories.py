"""Stories of news-length paragraphs, and a story as a document that can be put into a library."""

import hashlib
from collections.abc import Sequence

import numpy as np

from wherefrom.index.cleaning.sentences import split_sentences
from wherefrom.index.types import Document, Metadata, Paragraph, Sentence, Span

ALONE = 0.6
"""How often a cut paragraph is one sentence and not two, as in news."""


def news_length(text: str) -> list[str]:
    """A long paragraph as paragraphs of one or two sentences; the same text is cut the same way."""
    text = " ".join(text.split())
    sentences, cut, random = split_sentences(text), [], np.random.default_rng(len(text))
    while sentences:
        count = 1 if random.random() < ALONE else 2
        taken, sentences = sentences[:count], sentences[count:]
        cut.append(text[taken[0][0] : taken[-1][1]])
    return cut


def story_document(id_: str, paragraphs: Sequence[str]) -> Document:
    """A document of these paragraphs; its bytes are the paragraphs with a blank line between them."""
    raw = "\n\n".join(paragraphs).encode()
    starts = np.cumsum([0, *(len(each) + 2 for each in paragraphs)]).tolist()
    made = tuple(_paragraph(number, each, starts[number - 1]) for number, each in enumerate(paragraphs, start=1))
    return Document(
        source=id_,
        raw=raw,
        source_sha256=hashlib.sha256(raw).hexdigest(),
        encoding="utf-8",
        metadata=Metadata(),
        paragraphs=made,
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

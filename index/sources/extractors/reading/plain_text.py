"""Splits plain text, as in mails, into paragraphs: lines wrapped at a width are joined."""

from collections.abc import Iterator, Sequence

from wherefrom.index.sources.extractors.reading.text_builder import TextBuilder

MIN_WIDTH, MAX_WIDTH = 40, 100
"""Range of the length of a text's longest line in which its lines count as wrapped."""
SLACK = 4
"""Tolerance in characters for deciding that the next word would have fitted; programs count differently."""


def add_plain_text(text: str, builder: TextBuilder) -> None:
    """Add a text to a builder: one paragraph per line, or per group of wrapped lines."""
    lines = [line.strip() for line in text.splitlines()]
    width = max(map(len, lines), default=0)
    is_wrapped = MIN_WIDTH <= width <= MAX_WIDTH
    for paragraph in _paragraphs(lines, width) if is_wrapped else ([line] for line in lines):
        builder.add_text(" ".join(paragraph))
        builder.end_paragraph()


def _paragraphs(lines: Sequence[str], width: int) -> Iterator[list[str]]:
    group: list[str] = []
    for line in lines:
        first_word = line.split(None, 1)[0] if line else ""
        if group and (not line or len(group[-1]) + 1 + len(first_word) <= width - SLACK):
            yield group
            group = []
        if line:
            group.append(line)
    if group:
        yield group

"""Joins the lines of a page that were wrapped at a fixed width with line breaks (`<br>`) into paragraphs.

Pages of the 1990s and mail archives have a line break at the end of each source line. Other pages have them at the end
of paragraphs, verses or entries; wrapped lines differ from those by breaks within sentences, and only where the next
word would not have fitted.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wherefrom.index.cleaning.block_features import UNSPACED, ends_sentence
from wherefrom.index.cleaning.body.line_wrapping import begins_in_lower_case
from wherefrom.index.sources.html_elements import Element
from wherefrom.index.sources.html_text_runs import INTERRUPTING_ELEMENTS, TextRun
from wherefrom.index.types import Span

MIN_WRAP_WIDTH, MAX_WRAP_WIDTH = 40, 120
MAX_OVERLONG_SHARE = 0.05
# Smallest share of line breaks before a lower-case letter, within a sentence; and in scripts without lower case, of
# line breaks where the next word would not have fitted.
MIN_BROKEN_SHARE, MIN_FILLED_SHARE = 0.3, 0.9
MAX_LINKED_SHARE = 0.5
MIN_LINES = 3
SPACE_OR_TAG = re.compile(r"<[^>]*>|(\s+)")
MAX_GAP_CHARACTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    index: int
    text: str


def join_wrapped_lines(text: str, runs: Sequence[TextRun]) -> list[TextRun]:
    """Return the runs, with the lines of each wrapped paragraph joined to one run.

    Lines without white space between them in the source are not joined, since the segments have to equal the text.
    """
    interrupting = [run for run in runs if not run.shown and run.element in INTERRUPTING_ELEMENTS]
    if not interrupting:
        return _joined(text, runs)
    others = _joined(text, [run for run in runs if run.shown or run.element not in INTERRUPTING_ELEMENTS])
    return sorted([*others, *interrupting], key=lambda run: run.segments[0].start)


def _joined(text: str, runs: Sequence[TextRun]) -> list[TextRun]:
    lines: defaultdict[Element, list[_Line]] = defaultdict(list)
    for index, run in enumerate(runs):
        if run.shown and (run.line_breaks or (index + 1 < len(runs) and runs[index + 1].line_breaks)):
            lines[run.container].append(_Line(index=index, text=_text(text, run)))
    continuing = {index for group in lines.values() for index in _continuing_lines(runs, group)}
    paragraphs: list[list[TextRun]] = []
    spaces: dict[int, tuple[Span, ...]] = {}
    for index, run in enumerate(runs):
        space = _space_between(text, runs[index - 1], run) if index in continuing else None
        if space is None:
            paragraphs.append([run])
        else:
            paragraphs[-1].append(run)
            spaces[id(run)] = space
    return [_join(text, lines_of, spaces) if len(lines_of) > 1 else lines_of[0] for lines_of in paragraphs]


def _join(text: str, lines: Sequence[TextRun], spaces: Mapping[int, tuple[Span, ...]]) -> TextRun:
    """Return the lines of a paragraph as one run, with the white space between them."""
    segments = [span for line in lines for span in (*spaces.get(id(line), ()), *line.segments)]
    sizes = [len(_text(text, line)) for line in lines]
    linked = sum(line.linked * size for line, size in zip(lines, sizes, strict=True)) / sum(sizes)
    return replace(lines[0], segments=tuple(segments), linked=linked)


def _text(text: str, run: TextRun) -> str:
    return " ".join("".join(text[span.start : span.end] for span in run.segments).split())


def _continuing_lines(runs: Sequence[TextRun], lines: Sequence[_Line]) -> Iterator[int]:
    """Yield the indices of the lines of one element that continue the line before."""
    sizes = sorted(len(line.text) for line in lines if len(line.text) >= MIN_WRAP_WIDTH)
    if len(sizes) < MIN_LINES:
        return
    width = sizes[int((len(sizes) - 1) * (1 - MAX_OVERLONG_SHARE))]
    pairs = [
        (first, second)
        for first, second in pairwise(lines)
        if second.index == first.index + 1 and runs[second.index].line_breaks == 1
    ]
    if width <= MAX_WRAP_WIDTH and _are_wrapped([pair for pair in pairs if len(pair[0].text) >= MIN_WRAP_WIDTH], width):
        for first, second in pairs:
            linked = max(runs[first.index].linked, runs[second.index].linked) > MAX_LINKED_SHARE
            if _continues(first.text, second.text, width) and not linked:
                yield second.index


def _are_wrapped(pairs: Sequence[tuple[_Line, _Line]], width: int) -> bool:
    if not pairs:
        return False
    broken = sum(1 for first, second in pairs if _breaks_sentence(first.text, second.text))
    if any(character.islower() for first, _ in pairs for character in first.text):
        return broken >= MIN_BROKEN_SHARE * len(pairs)
    return sum(1 for first, second in pairs if _is_filled(first.text, second.text, width)) >= MIN_FILLED_SHARE * len(
        pairs
    )


def _continues(first: str, second: str, width: int) -> bool:
    return len(first) >= MIN_WRAP_WIDTH // 2 and (_breaks_sentence(first, second) or _is_filled(first, second, width))


def _breaks_sentence(first: str, second: str) -> bool:
    return begins_in_lower_case(second, 0, len(second)) and not ends_sentence(first)


def _is_filled(first: str, second: str, width: int) -> bool:
    """Return whether the first word of the second line would not have fitted on the first."""
    return len(first) + 1 + len(second[:width].split(maxsplit=1)[0]) > width


def _space_between(text: str, first: TextRun, second: TextRun) -> tuple[Span, ...] | None:
    """Return the segment of white space between two lines, none in scripts without spaces; `None` if it is missing."""
    start, end = first.segments[-1].end, second.segments[0].start
    if UNSPACED.match(text, start - 1) and UNSPACED.match(text, end):
        return ()
    for match in SPACE_OR_TAG.finditer(text, start, min(end, start + MAX_GAP_CHARACTERS)):
        if match[1]:
            return (Span(start=match.start(1), end=match.end(1)),)
    return None

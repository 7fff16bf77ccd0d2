"""Renders answers and counts for the terminal: styled and wrapped, or plain when the output is piped."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from wherefrom.index.types import Answer, Citation, Explanation, NoAnswerReason, Passage, Span

CONTROL_CHARACTERS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\ufffd")
JSON_ESCAPES = {number: f"\\u{number:04x}" for number in range(127, 160)}
HIGHLIGHT_STYLE = "bold black on yellow"
QUIET_STYLE = "dim"
ANSWER_STYLE = "bold"
INDENT = 3
MAX_SHOWN_CHARACTERS = 300
"""Maximum number of characters of a passage in a list of passages."""
LEAD_CHARACTERS = 60
"""Number of characters shown before the highlighted sentence of a passage that is too long to be shown in full."""
ELLIPSIS = "\u2026"
NO_ANSWER: Mapping[NoAnswerReason | None, str] = {
    None: "",
    "below_threshold": "nothing here answers it well enough ({confidence}). The closest passages:",
    "filters_matched_nothing": "no document passes the filters.",
    "index_empty": "the index is empty; add documents with: wherefrom index PATH",
}


def console(stream: TextIO) -> Console:
    """Return a console that wraps and styles text only in a terminal, and interprets no markup in it."""
    return Console(file=stream, markup=False, emoji=False, highlight=False, soft_wrap=not stream.isatty())


def visible(text: str) -> str:
    """Replace control characters, so that a source cannot control the user's terminal."""
    return text.translate(CONTROL_CHARACTERS)


def count(number: int, noun: str, plural_suffix: str = "s") -> str:
    """Return a number with its noun in singular or plural."""
    return f"{number:,} {noun}{'' if number == 1 else plural_suffix}"


def terminal_json(encoded: bytes) -> bytes:
    """Return encoded JSON with every control character escaped; JSON requires this only for those below U+0020.

    It stays UTF-8 in terminals with another encoding, since what reads it expects that.
    """
    return encoded.decode().translate(JSON_ESCAPES).encode()


def show_answer(answer: Answer, *, out: Console, warnings: Console) -> None:
    """Print the answering sentence, its confidence, and the numbered passages with their sources."""
    for warning in answer.warnings:
        warnings.print(f"warning: {visible(warning)}")
    if answer.follow_up and answer.follow_up.is_follow_up:
        out.print(Text(f"asked as: {visible(answer.follow_up.text)}", style=QUIET_STYLE))
    confidence = f"confidence {answer.confidence:.2f}, threshold {answer.threshold:.2f}"
    if answer.answer:
        out.print(_answering_sentence(answer, out))
        out.print(Text(f"({confidence})", style=QUIET_STYLE))
    else:
        out.print(f"No answer: {NO_ANSWER[answer.no_answer_reason].format(confidence=confidence)}")
    if answer.explanation:
        out.print(Text(visible(_explained(answer.explanation)), style=QUIET_STYLE))
    for passage in answer.passages:
        out.print()
        _show_source(passage, out, with_text=True)


def show_passage(passage: Passage, out: Console) -> None:
    """Print a whole passage with its sentence highlighted, and its citation."""
    out.print(highlighted(passage.text, passage.highlights))
    _show_source(passage, out)
    out.print(Text(f"   SHA-256 {passage.citation.source_sha256}", style=QUIET_STYLE))


def highlighted(text: str, spans: Iterable[Span], *, style: str = HIGHLIGHT_STYLE) -> Text:
    """Return the text with the characters of the spans highlighted."""
    shown = Text(visible(text))
    for span in spans:
        shown.stylize(style, span.start, span.end)
    return shown


def _answering_sentence(answer: Answer, out: Console) -> Text:
    """Return the answering sentence; in a terminal, highlighted within its paragraph."""
    assert answer.answer is not None  # noqa: S101 - checked by the caller
    sentence = answer.answer.text
    for passage in answer.passages[:1] if out.is_terminal else ():
        start = passage.text.find(sentence)
        if start >= 0:
            return highlighted(passage.text, [Span(start=start, end=start + len(sentence))])
    return highlighted(sentence, [Span(start=0, end=len(sentence))])


def shortened(passage: Passage) -> Text:
    """Return a passage on one line with its highlighted sentences in bold; a long one is cut around the first."""
    text = highlighted(passage.text, passage.highlights, style=ANSWER_STYLE)
    if len(text) <= MAX_SHOWN_CHARACTERS:
        return text
    first = passage.highlights[0].start if passage.highlights else 0
    start = max(min(first - LEAD_CHARACTERS, len(text) - MAX_SHOWN_CHARACTERS), 0)
    start = _word_start(text.plain, start)
    end = min(start + MAX_SHOWN_CHARACTERS, len(text))
    if end < len(text):
        space = text.plain.rfind(" ", end - LEAD_CHARACTERS, end)
        end = end if space < 0 else space
    before, after = ELLIPSIS * (start > 0), ELLIPSIS * (end < len(text))
    return Text.assemble(before, text[start:end], after)


def _word_start(text: str, at: int) -> int:
    """Return the offset of the first word at or shortly after an offset; the offset itself in text without spaces."""
    space = text.find(" ", at - 1, at + LEAD_CHARACTERS) if at else -1
    return at if space < 0 else space + 1


def _show_source(passage: Passage, out: Console, *, with_text: bool = False) -> None:
    source = Text(f"{passage.rank}. {visible(passage.citation.formatted)}")
    out.print(source.append(f" ({passage.confidence:.2f})", style=QUIET_STYLE))
    if with_text:
        text = shortened(passage)
        out.print(Padding(text, (0, 0, 0, INDENT), expand=False) if out.is_terminal else Text(" " * INDENT) + text)
    out.print(Text(f"   {_place(passage.citation)}", style=QUIET_STYLE))
    for copy in passage.also_in:
        out.print(Text(f"   also in {_place(copy)}", style=QUIET_STYLE))
    if scores := passage.scores:
        parts = f"dense {scores.dense:.3f}, sentence {scores.sentence:.3f}, lexical {scores.lexical:.3f}"
        recency = "" if scores.recency is None else f", recency {scores.recency:.3f}"
        out.print(Text(f"   {parts}, fused {scores.fused:.3f}{recency}", style=QUIET_STYLE))


def _explained(explanation: Explanation) -> str:
    """Return one line with the text searched for, the text set aside, the restrictions, and the recency."""
    parts = [f"searched for: {explanation.text}"]
    parts += [f"set aside: {part}" for part in explanation.set_aside]
    parts += [f"with the phrase: {phrase}" for phrase in explanation.phrases]
    parts += [f"without: {phrase}" for phrase in explanation.excluded]
    if explanation.newest:
        parts.append(f"preferred: newest, half-life {explanation.half_life_days:g} days before {explanation.newest}")
    return "; ".join([*parts, *explanation.notes])


def _place(citation: Citation) -> str:
    return f"{visible(citation.source)}:{citation.line_start}"

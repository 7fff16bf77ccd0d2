"""Text for people: plain where it is piped, styled and wrapped where someone watches."""

from collections.abc import Iterable, Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from wherefrom.index.types import Answer, Citation, NoAnswerReason, Passage, Span

CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\ufffd")
HIGHLIGHT = "bold black on yellow"
QUIET = "dim"
NO_ANSWER: Mapping[NoAnswerReason | None, str] = {
    None: "",
    "below_threshold": "nothing here answers it well enough ({sure}). The closest passages:",
    "filters_matched_nothing": "no document passes the filters.",
    "index_empty": "the index is empty; add documents with: wherefrom index PATH",
}


def console(stream: TextIO) -> Console:
    """Make a console that wraps and styles only on a terminal, and takes no text for markup."""
    return Console(file=stream, markup=False, emoji=False, highlight=False, soft_wrap=not stream.isatty())


def visible(text: str) -> str:
    """Replace control characters: a source must not steer the reader's terminal."""
    return text.translate(CONTROLS)


def show_answer(answer: Answer, *, out: Console, warnings: Console) -> None:
    """Print the sentence that answers, how sure it is, and the numbered sources with the sentence of each."""
    for warning in answer.warnings:
        warnings.print(f"warning: {visible(warning)}")
    sure = f"confidence {answer.confidence:.2f}, threshold {answer.threshold:.2f}"
    if answer.answer:
        out.print(_sentence_in_place(answer, out))
        out.print(Text(f"({sure})", style=QUIET))
    else:
        out.print(f"No answer: {NO_ANSWER[answer.no_answer_reason].format(sure=sure)}")
    for passage in answer.passages:
        out.print()
        _show_source(passage, out)


def show_passage(passage: Passage, out: Console) -> None:
    """Print a whole passage with its sentence highlighted, and its citation."""
    out.print(highlighted(passage.text, passage.highlights))
    _show_source(passage, out)
    out.print(Text(f"   SHA-256 {passage.citation.source_sha256}", style=QUIET))


def highlighted(text: str, spans: Iterable[Span]) -> Text:
    """The text with what stands in the spans highlighted."""
    shown = Text(visible(text))
    for span in spans:
        shown.stylize(HIGHLIGHT, span.start, span.end)
    return shown


def _sentence_in_place(answer: Answer, out: Console) -> Text:
    """The answering sentence; where someone watches, highlighted in its paragraph."""
    assert answer.answer is not None  # noqa: S101 - the caller has looked
    sentence = answer.answer.text
    for passage in answer.passages[:1] if out.is_terminal else ():
        at = passage.text.find(sentence)
        if at >= 0:
            return highlighted(passage.text, [Span(start=at, end=at + len(sentence))])
    return highlighted(sentence, [Span(start=0, end=len(sentence))])


def _show_source(passage: Passage, out: Console) -> None:
    source = Text(f"{passage.rank}. {visible(passage.citation.formatted)}")
    out.print(source.append(f" ({passage.confidence:.2f})", style=QUIET))
    out.print(Text(f"   {_place(passage.citation)}", style=QUIET))
    for copy in passage.also_in:
        out.print(Text(f"   also in {_place(copy)}", style=QUIET))
    if scores := passage.scores:
        told = f"dense {scores.dense:.3f}, sentence {scores.sentence:.3f}, lexical {scores.lexical:.3f}"
        out.print(Text(f"   {told}, fused {scores.fused:.3f}", style=QUIET))


def _place(citation: Citation) -> str:
    return f"{visible(citation.source)}:{citation.line_start}"

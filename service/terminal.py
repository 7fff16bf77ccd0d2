"""Text for people: plain where it is piped, styled and wrapped where someone watches."""

from collections.abc import Mapping
from typing import TextIO

from rich.console import Console
from rich.text import Text

from index.types import Answer, Citation, NoAnswerReason, Passage

CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\ufffd")
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
    """Print the sentence that answers, how sure it is, and the numbered sources."""
    for warning in answer.warnings:
        warnings.print(f"warning: {visible(warning)}")
    sure = f"confidence {answer.confidence:.2f}, threshold {answer.threshold:.2f}"
    if answer.answer:
        out.print(Text(visible(answer.answer.text), style="bold"))
        out.print(Text(f"({sure})", style="dim"))
    else:
        out.print(f"No answer: {NO_ANSWER[answer.no_answer_reason].format(sure=sure)}")
    for passage in answer.passages:
        out.print()
        _show_passage(passage, out)


def _show_passage(passage: Passage, out: Console) -> None:
    out.print(f"{passage.rank}. {visible(passage.citation.formatted)}")
    out.print(Text(f"   {_place(passage.citation)}", style="dim"))
    for copy in passage.also_in:
        out.print(Text(f"   also in {_place(copy)}", style="dim"))
    if scores := passage.scores:
        told = f"dense {scores.dense:.3f}, sentence {scores.sentence:.3f}, lexical {scores.lexical:.3f}"
        out.print(Text(f"   {told}, fused {scores.fused:.3f}", style="dim"))


def _place(citation: Citation) -> str:
    return f"{visible(citation.source)}:{citation.line_start}"

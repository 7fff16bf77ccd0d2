"""Questions from the terminal: one, or one after another on a model that is opened once."""

import sys
from collections.abc import Callable, Iterator

import typer
from rich.console import Console

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.index.ranking.question_limits import check_limits, check_question
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.bootstrap import open_existing
from wherefrom.service.cli.rendering import console, show_answer, show_passage
from wherefrom.service.schemas.serialization import answer_as_json, json_bytes
from wherefrom.service.settings import Settings

PROMPT = "? "
HELP = "Ask in plain words. A number shows that passage whole; an empty line or Ctrl-D ends."
LEAVING = ("exit", "quit")


def ask(settings: Settings, question: str, options: AskOptions, *, as_json: bool) -> None:
    """Print the answer to one question; what cannot be asked is refused before the model loads."""
    check_question(question)
    check_limits(options)
    with open_existing(settings) as library:
        answer = library.answer(question, options)
    if as_json:
        typer.echo(json_bytes(answer_as_json(answer)))
    else:
        show_answer(answer, out=console(sys.stdout), warnings=console(sys.stderr))


def hold(settings: Settings, options: AskOptions, *, first: str | None, read: Callable[[str], str] = input) -> None:
    """Answer questions until an empty line or the end of the input; `read` prompts for each."""
    check_limits(options)
    out, told = console(sys.stdout), console(sys.stderr)
    _remember_lines()
    with open_existing(settings) as library:
        out.print(f"{library.info().documents} documents. {HELP}")
        answer = None
        for line in _lines(first, read):
            answer = _reply(line, answer, library, options, out=out, told=told)


def _remember_lines() -> None:
    """Let the arrow keys edit and bring back lines, where the platform has the module that does so."""
    try:
        import readline  # noqa: F401, PLC0415 - importing it is what changes `input`
    except ImportError:
        return


def _lines(first: str | None, read: Callable[[str], str]) -> Iterator[str]:
    if first is not None:
        yield first
    while True:
        try:
            line = read(PROMPT).strip()
        except EOFError:
            return
        if not line or line.lower() in LEAVING:
            return
        yield line


def _reply(
    line: str, before: Answer | None, library: Library, options: AskOptions, *, out: Console, told: Console
) -> Answer | None:
    """Answer a line and give the answer that the next line may point into; a refusal leaves the one before."""
    if line.isdecimal() and before is not None:
        _show_numbered(int(line), before, out)
        return before
    try:
        answer = library.answer(line, options)
    except WherefromError as error:
        told.print(f"wherefrom: {error}")
        return before
    show_answer(answer, out=out, warnings=told)
    out.print()
    return answer


def _show_numbered(number: int, answer: Answer, out: Console) -> None:
    for passage in answer.passages:
        if passage.rank == number:
            show_passage(passage, out)
            out.print()
            return
    out.print(f"there is no passage {number}")

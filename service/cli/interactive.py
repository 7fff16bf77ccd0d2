"""Questions in a terminal: a single one, or one after another with a model that is loaded once."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import typer
from rich.console import Console

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.index.ranking.question_limits import check_limits, check_question
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.bootstrap import open_existing
from wherefrom.service.cli.rendering import console, show_answer, show_passage, terminal_json
from wherefrom.service.schemas.serialization import answer_as_json, json_bytes
from wherefrom.service.settings import Settings

PROMPT = "? "
HELP = "Ask in plain words. A number shows that passage in full; an empty line or Ctrl-D ends."
FULL_HELP = (
    "Ask in plain words, for example: who objects to the radar?",
    '"A phrase" in quotation marks must occur in the passage, -word must not.',
    "A question may refer to the one before it: and what did he say about money?",
    "A number shows that passage of the last answer in full, with its SHA-256.",
    "help shows this; an empty line, exit, quit or Ctrl-D ends.",
)
HELP_WORDS = ("help", "?")
EXIT_WORDS = ("exit", "quit")


def ask_once(settings: Settings, question: str, options: AskOptions, *, as_json: bool) -> None:
    """Print the answer to one question; an invalid question is refused before the model loads."""
    check_question(question)
    check_limits(options)
    with open_existing(settings) as library:
        answer = library.answer(question, options)
    if as_json:
        typer.echo(terminal_json(json_bytes(answer_as_json(answer))))
    else:
        show_answer(answer, out=console(sys.stdout), warnings=console(sys.stderr))


def ask_repeatedly(
    settings: Settings, options: AskOptions, *, first: str | None, read: Callable[[str], str] = input
) -> None:
    """Answer questions until an empty line or the end of the input; `read` prompts for each."""
    check_limits(options)
    out, err = console(sys.stdout), console(sys.stderr)
    _enable_line_editing()
    with open_existing(settings) as library:
        out.print(f"{library.info().documents} documents. {HELP}")
        answer = None
        for line in _lines(first, read):
            answer = _reply(line, answer, library, options, out=out, err=err)


def _enable_line_editing() -> None:
    """Let the arrow keys edit lines and recall earlier ones, where the platform supports it."""
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
        if not line or line.lower() in EXIT_WORDS:
            return
        yield line


def _reply(
    line: str, previous: Answer | None, library: Library, options: AskOptions, *, out: Console, err: Console
) -> Answer | None:
    """Answer a line in the context of the answer before; return the answer that the next line may refer to."""
    if line.lower() in HELP_WORDS:
        for sentence in FULL_HELP:
            out.print(sentence)
        return previous
    if line.isdecimal() and previous is not None:
        _show_numbered(int(line), previous, out)
        return previous
    try:
        context = None if previous is None else previous.as_context()
        answer = library.answer(line, replace(options, context=context))
    except WherefromError as error:
        err.print(f"wherefrom: {error}")
        return previous
    show_answer(answer, out=out, warnings=err)
    out.print()
    return answer


def _show_numbered(number: int, answer: Answer, out: Console) -> None:
    for passage in answer.passages:
        if passage.rank == number:
            show_passage(passage, out)
            out.print()
            return
    out.print(f"there is no passage {number}")

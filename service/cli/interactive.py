"""Questions in a terminal: a single one, or several with a model that is loaded once."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.text import Text

from wherefrom.index.errors import WherefromError
from wherefrom.index.library import Library
from wherefrom.index.ranking.question_limits import check_limits, check_question
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.bootstrap import open_existing, open_writer
from wherefrom.service.cli.rendering import (
    QUIET_STYLE,
    console,
    count,
    show_answer,
    show_passage,
    terminal_json,
    visible,
)
from wherefrom.service.schemas.serialization import answer_as_json, json_bytes
from wherefrom.service.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from wherefrom.index.writing.answer_writer import AnswerWriter, OnSentence
    from wherefrom.index.writing.verdicts import CheckResult, CitedPassage, SentenceVerdict
    from wherefrom.index.writing.written_answer import WrittenAnswer, WrittenSentence
    from wherefrom.service.schemas.written import WrittenReply

PROMPT = "? "
HELP = "Ask in plain words. A number shows that passage in full; an empty line or Ctrl-D ends."
FULL_HELP = (
    "Ask in plain words, for example: who objects to the radar?",
    '"A phrase" in quotation marks must occur in the passage, -word must not.',
    "A question may refer to the one before it: and what did he say about money?",
    "A number shows that passage of the last answer in full, with its SHA-256.",
    "help shows this; an empty line, exit, quit or Ctrl-D ends.",
)
WRITTEN_TITLE = "Written from these passages:"
HELP_WORDS = ("help", "?")
EXIT_WORDS = ("exit", "quit")


def ask_once(settings: Settings, question: str, options: AskOptions, *, as_json: bool, written: bool = False) -> None:
    """Print the answer to one question; an invalid question is refused before the model loads.

    With `written`, it is also answered in sentences. Raise WriterUnavailable.
    """
    check_question(question)
    check_limits(options)
    with open_existing(settings) as library, opened_writing(settings, library, wanted=written) as writing:
        answer = library.answer(question, options)
        if as_json:
            reply = writing.reply(answer, explain=options.explain) if writing else answer
            typer.echo(terminal_json(json_bytes(answer_as_json(reply))))
            return
        out, err = console(sys.stdout), console(sys.stderr)
        show_answer(answer, out=out, warnings=err)
        if writing:
            writing.show(answer, out, err, explain=options.explain)


def ask_repeatedly(
    settings: Settings,
    options: AskOptions,
    *,
    first: str | None,
    read: Callable[[str], str] = input,
    written: bool = False,
) -> None:
    """Answer questions until an empty line or the end of the input; `read` prompts for each question.

    With `written`, they are also answered in sentences. Raise WriterUnavailable.
    """
    check_limits(options)
    out, err = console(sys.stdout), console(sys.stderr)
    _enable_line_editing()
    with open_existing(settings) as library, opened_writing(settings, library, wanted=written) as writing:
        out.print(f"{count(library.info().documents, 'document')}. {HELP}")
        answer = None
        for line in _lines(first, read):
            previous, answer = answer, _reply(line, answer, library, options, out=out, err=err)
            if writing and answer is not None and answer is not previous:
                writing.show(answer, out, err, explain=options.explain)
                out.print()


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


class Writing:
    """Writes from the passages of answers, in an event loop of its own."""

    def __init__(self, library: Library, writer: "AnswerWriter", runner: asyncio.Runner) -> None:
        self._library = library
        self._writer = writer
        self._runner = runner

    def reply(self, answer: Answer, *, explain: bool, on_sentence: "OnSentence | None" = None) -> "WrittenReply":
        """Return an answer with its written sentences, as `POST /v1/answer` does; without an answer there are none."""
        from wherefrom.service.schemas.written import WrittenReply  # noqa: PLC0415 - most questions need none

        if answer.answer is None:
            return WrittenReply.of(answer, None, (), answer.took_ms)
        writing = self._writer.write(answer, self._check, explain=explain, on_sentence=on_sentence)
        written, warnings = self._runner.run(writing)
        return WrittenReply.of(answer, written, warnings, answer.took_ms)

    def show(self, answer: Answer, out: Console, err: Console, *, explain: bool) -> None:
        """Print the sentences one by one, then how many failed their check, and the warnings."""
        if answer.answer is None:
            return
        ranks = {passage.passage_id: passage.rank for passage in answer.passages}
        out.print()
        out.print(Text(WRITTEN_TITLE, style=QUIET_STYLE))

        async def show_sentence(sentence: "WrittenSentence") -> None:
            markers = "".join(f"[{ranks[passage]}]" for passage in sentence.passages)
            out.print(Text(f"{visible(sentence.text)} {markers}"))
            _show_checks(sentence.checks, out)

        reply = self.reply(answer, explain=explain, on_sentence=show_sentence)
        if reply.written is not None:
            _show_end(reply.written, out)
        for warning in reply.warnings[len(answer.warnings) :]:
            err.print(f"warning: {visible(warning)}")

    async def _check(self, sentence: str, cited: "Sequence[CitedPassage]") -> "SentenceVerdict":
        return await asyncio.to_thread(lambda: self._library.sentence_checker().check(sentence, cited))


@contextmanager
def opened_writing(settings: Settings, library: Library, *, wanted: bool) -> Iterator[Writing | None]:
    """Provide the writer of the settings, `None` if none is wanted. Raise InvalidSetting, WriterUnavailable."""
    if not wanted:
        yield None
        return
    writer = open_writer(settings)
    if writer is None:
        raise InvalidSetting("writer", "--written needs one")
    with asyncio.Runner() as runner:
        try:
            yield Writing(library, writer, runner)
        finally:
            runner.run(writer.close())


def _show_end(written: "WrittenAnswer", out: Console) -> None:
    if written.status == "verbatim":
        out.print(Text("What was written is not the answer; the passages above are.", style=QUIET_STYLE))
    if written.rejected:
        out.print(Text(f"{count(written.rejected, 'sentence')} failed the check.", style=QUIET_STYLE))
    for rejection in written.rejections:
        _show_checks(rejection.checks, out)


def _show_checks(checks: "Sequence[CheckResult]", out: Console) -> None:
    for check in checks:
        detail = f": {visible(check.detail)}" if check.detail else ""
        out.print(Text(f"   {check.name} {'passed' if check.passed else 'failed'}{detail}", style=QUIET_STYLE))

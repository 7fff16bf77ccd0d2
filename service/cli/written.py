"""Written answers in a terminal: each sentence is printed once it has passed its check."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from wherefrom.index.library import Library
from wherefrom.index.types import Answer
from wherefrom.service.bootstrap import open_writer
from wherefrom.service.cli.rendering import QUIET_STYLE, count, visible
from wherefrom.service.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from wherefrom.index.writing.answer_writer import AnswerWriter, OnSentence
    from wherefrom.index.writing.verdicts import CheckResult, CitedPassage, SentenceVerdict
    from wherefrom.index.writing.written_answer import WrittenAnswer, WrittenSentence
    from wherefrom.service.schemas.written import WrittenReply

TITLE = "Written from these passages:"


class Writing:
    """Writes from the passages of answers, in an event loop of its own."""

    def __init__(self, library: Library, writer: "AnswerWriter", runner: asyncio.Runner) -> None:
        self._library = library
        self._writer = writer
        self._runner = runner

    def reply(self, answer: Answer, *, explain: bool, on_sentence: "OnSentence | None" = None) -> "WrittenReply":
        """Return an answer with what was written, as `POST /v1/answer` does; nothing is written without an answer."""
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
        out.print(Text(TITLE, style=QUIET_STYLE))

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

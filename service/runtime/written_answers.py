"""Written answers in an event loop: retrieval, then sentences that are checked in the library's worker threads."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.schemas.written import WrittenReply

if TYPE_CHECKING:
    from wherefrom.index.writing.answer_writer import OnSentence
    from wherefrom.index.writing.verdicts import CitedPassage, SentenceVerdict

NO_WRITER = "no writer is set up, so nothing is written; WHEREFROM_WRITER names one"


async def answer_in_sentences(library: AsyncLibrary, question: str, options: AskOptions) -> WrittenReply:
    """Answer a question, and write from its passages. Raise what `AsyncLibrary.ask` raises."""
    return await write_from(library, await library.ask(question, options), explain=options.explain)


async def write_from(
    library: AsyncLibrary, answer: Answer, *, explain: bool = False, on_sentence: OnSentence | None = None
) -> WrittenReply:
    """Write from the passages of an answer; nothing is written where there is no answer, or no writer.

    `on_sentence` is called with each sentence as soon as it has passed its check. Failures of the writer are warnings
    of the reply, which has the verbatim answer in any case.
    """
    if answer.status == "no_answer":
        return WrittenReply.of(answer, None, (), answer.took_ms)
    if library.writer is None:
        return WrittenReply.of(answer, None, (NO_WRITER,), answer.took_ms)

    async def check(sentence: str, cited: Sequence[CitedPassage]) -> SentenceVerdict:
        return await library.run(lambda opened: opened.sentence_checker().check(sentence, cited))

    started = time.perf_counter()
    written, warnings = await library.writer.write(answer, check, explain=explain, on_sentence=on_sentence)
    library.metrics.wrote_answer(written)
    took_ms = answer.took_ms + (time.perf_counter() - started) * 1000
    return WrittenReply.of(answer, written, warnings, took_ms)

"""Measures a writer on the questions on the seeds: the share of its sentences that is shown, and their correctness.

The questions are answered as in the service: retrieval, the writer, and the check of each sentence with the reader. The
shown sentences are checked again by a second checker, and every citation is verified against its file. The replies are
JSON lines on standard output, each with the original text of the model, which the service never shows; the figures are
on standard error.

Run: python -m wherefrom.eval.studies.written_replies local MODEL_FILE
"""

import asyncio
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from wherefrom.eval.datasets.questions import EVAL, SEEDS, Question, load_questions
from wherefrom.eval.measurement.seeds import indexed_seeds
from wherefrom.eval.metrics.citation_checks import citation_fault, citations_of
from wherefrom.eval.reports.text_report import TableRows, print_rows
from wherefrom.index.collection.audits import Claim
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.library import Library
from wherefrom.index.reading.loader import reader_of
from wherefrom.index.types import Answer, AskOptions
from wherefrom.index.writing.answer_writer import CITED_BY_SERVICE, AnswerWriter, cited_passage
from wherefrom.index.writing.sentence_check import SentenceChecker
from wherefrom.index.writing.verdicts import CheckResult, CitedPassage, SentenceVerdict
from wherefrom.index.writing.writers.loader import load_writer
from wherefrom.index.writing.writers.protocol import PROMPT_NAMES, WRITER_KINDS, Message, Writer, WriterKind
from wherefrom.index.writing.written_answer import WrittenAnswer, WrittenSentence

SECONDS = 120.0
Name = TypeVar("Name", bound=str)


class RecordingWriter:
    """Wraps a writer, and records its text."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.text = ""

    @property
    def kind(self) -> WriterKind:
        """The kind of the writer."""
        return self._writer.kind

    @property
    def model(self) -> str:
        """The name of the writer's model."""
        return self._writer.model

    @property
    def model_bytes(self) -> int | None:
        """The size of the writer's model in bytes, `None` if it is unknown."""
        return self._writer.model_bytes

    async def write(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Yield the pieces of the writer's text; `text` has all pieces so far."""
        self.text = ""
        async with aclosing(self._writer.write(messages, max_tokens=max_tokens)) as pieces:
            async for piece in pieces:
                self.text += piece
                yield piece

    async def close(self) -> None:
        """Stop the writer."""
        await self._writer.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to a question, its written answer, and the faults in what was shown.

    `text` is the original text of the model. `faults` are sentences that fail the second check, and citations that do
    not match their file; `citations` is the number of verified citations.
    """

    question: Question
    answer: Answer
    citations: int
    written: WrittenAnswer | None = None
    warnings: tuple[str, ...] = ()
    text: str = ""
    seconds: float = 0
    faults: tuple[str, ...] = ()


def main(  # noqa: PLR0913 - one argument per option
    kind: Annotated[str, typer.Argument(help="The kind of writer: openai or local.")],
    model: Annotated[str, typer.Argument(help="The model: a name on the server, or a folder or GGUF file.")],
    *,
    url: Annotated[str | None, typer.Option(help="Address of the API of a writer of the kind openai.")] = None,
    key: Annotated[str | None, typer.Option(envvar="WHEREFROM_WRITER_KEY", help="Key of the server's API.")] = None,
    prompt: Annotated[str | None, typer.Option(help="The prompt: answer or short; by default the service's.")] = None,
    count: Annotated[int, typer.Option(help="Number of questions to ask, spread evenly over the file.")] = 60,
    seconds: Annotated[float, typer.Option(help="Time limit of one answer, in seconds.")] = SECONDS,
    questions: Annotated[Path, typer.Option(help="The questions file.")] = EVAL / "questions.jsonl",
    seeds: Annotated[Path, typer.Option(help="The folder of the files to ask.")] = SEEDS,
) -> None:
    """Ask a writer questions, and report the sentences that are shown. Exit with 1 if anything shown is wrong."""
    chosen = spread([each for each in load_questions(questions) if each.kind == "answerable"], count)
    writer = RecordingWriter(load_writer(one_of(kind, WRITER_KINDS), model=model, url=url, key=key, seconds=seconds))
    name = None if prompt is None else one_of(prompt, PROMPT_NAMES)
    answer_writer = AnswerWriter(writer, seconds=seconds, prompt=name)
    embedder = load_embedder()
    checker = SentenceChecker(reader_of(embedder).get())
    replies: list[Reply] = []

    async def ask_all(library: Library) -> None:
        try:
            for question in chosen:
                reply = await reply_to(library, question, answer_writer, writer, checker)
                typer.echo(json.dumps(reply_json(reply), ensure_ascii=False))
                replies.append(reply)
        finally:
            await answer_writer.close()

    with indexed_seeds(seeds, embedder) as library:
        asyncio.run(ask_all(library))
    title = f"{writer.model}, {answer_writer.info.prompt}: {len(replies)} questions"
    print_rows(Console(stderr=True), title, rows(replies))
    if any(reply.faults for reply in replies):
        raise typer.Exit(1)


def one_of(text: str, names: Sequence[Name]) -> Name:
    """Return the name that equals a text. Raise BadParameter."""
    for name in names:
        if name == text:
            return name
    raise typer.BadParameter(f"{text!r} is none of {', '.join(names)}")


def spread(questions: Sequence[Question], count: int) -> Sequence[Question]:
    """Return `count` questions, or all if there are fewer, spread evenly over the file."""
    count = min(count, len(questions))
    return [questions[at * len(questions) // count] for at in range(count)]


async def reply_to(
    library: Library, question: Question, answer_writer: AnswerWriter, writer: RecordingWriter, checker: SentenceChecker
) -> Reply:
    """Answer a question as the service does, with a written answer, and check everything that is shown again."""

    async def check(sentence: str, cited: Sequence[CitedPassage]) -> SentenceVerdict:
        return await asyncio.to_thread(lambda: library.sentence_checker().check(sentence, cited))

    answer = await asyncio.to_thread(library.answer, question.question, AskOptions())
    if answer.status == "no_answer":
        return Reply(question=question, answer=answer, citations=sum(1 for _ in citations_of(answer)))
    started = time.perf_counter()
    shown: list[WrittenSentence] = []

    async def show(sentence: WrittenSentence) -> None:
        shown.append(sentence)

    written, warnings = await answer_writer.write(answer, check, explain=True, on_sentence=show)
    return Reply(
        question=question,
        answer=answer,
        written=written,
        warnings=warnings,
        text=writer.text,
        seconds=time.perf_counter() - started,
        faults=(*sentence_faults(checker, answer, shown), *citation_faults(library, answer)),
        citations=sum(1 for _ in citations_of(answer)),
    )


def sentence_faults(checker: SentenceChecker, answer: Answer, shown: Sequence[WrittenSentence]) -> Iterator[str]:
    """Yield the shown sentences that fail the check, or cite passages that were not retrieved."""
    passages = {passage.passage_id: passage for passage in answer.passages}
    for sentence in shown:
        if not sentence.passages or not set(sentence.passages) <= set(passages):
            yield f"cites what was not retrieved: {sentence.text}"
            continue
        verdict = checker.check(sentence.text, [cited_passage(passages[each]) for each in sentence.passages])
        yield from (f"fails the check of {name}: {sentence.text}" for name in failed_checks(verdict.checks))


def citation_faults(library: Library, answer: Answer) -> Iterator[str]:
    """Yield the citations that do not match their file, or that the library does not verify."""
    for citation in citations_of(answer):
        if fault := citation_fault(citation):
            yield fault
        claim = Claim(
            document_id=citation.document_id,
            cited_text=citation.cited_text,
            source_sha256=citation.source_sha256,
            segments=citation.segments,
        )
        verdict = library.check(claim)
        if not verdict.valid:
            yield f"{citation.document_id} is not verified: {verdict.reason}"


def failed_checks(checks: Sequence[CheckResult]) -> list[str]:
    """Return the names of the checks that failed."""
    return [check.name for check in checks if not check.passed]


def is_cited_by_service(sentence: WrittenSentence) -> bool:
    """Return whether the service added the citation of a sentence."""
    return any(check.detail == CITED_BY_SERVICE for check in sentence.checks)


def rows(replies: Sequence[Reply]) -> TableRows:
    """Return the figures of all replies, those of the second check included."""
    written = [reply.written for reply in replies if reply.written is not None]
    shown = [sentence for each in written for sentence in each.sentences]
    rejections = [rejection for each in written for rejection in each.rejections]
    withheld = sum(len(each.rejections) for each in written)
    causes = Counter(name for rejection in rejections for name in failed_checks(rejection.checks))
    warnings = Counter(
        re.sub(r"^[0-9]+ of [0-9]+", "more than half of the", text) for each in replies for text in each.warnings
    )
    counts = {
        "questions below the threshold: nothing is written": sum(reply.written is None for reply in replies),
        "replies with sentences": sum(each.status == "written" for each in written),
        "replies that are the verbatim passages": sum(each.status == "verbatim" for each in written),
        "sentences shown": len(shown),
        "  cited by the writer": sum(not is_cited_by_service(each) for each in shown),
        "  cited by the service": sum(map(is_cited_by_service, shown)),
        "sentences that failed their check": withheld,
        **{f"  failed {name}": count for name, count in causes.most_common()},
        "citations verified": sum(reply.citations for reply in replies),
        "faults in what is shown": sum(len(reply.faults) for reply in replies),
        **{f"warning: {text}": count for text, count in warnings.most_common()},
        "seconds of a written reply, median": f"{statistics.median(seconds):.1f}"
        if (seconds := times(replies))
        else "-",
    }
    return [["", "count"], *([name, str(count)] for name, count in counts.items())]


def times(replies: Sequence[Reply]) -> list[float]:
    """Return the duration of each written reply, in seconds."""
    return [reply.seconds for reply in replies if reply.written is not None]


def reply_json(reply: Reply) -> dict[str, object]:
    """Return a reply as an object for a line of JSON."""
    ranks = {passage.passage_id: passage.rank for passage in reply.answer.passages}
    written = reply.written
    return {
        "question": reply.question.question,
        "status": reply.answer.status,
        "verbatim": reply.answer.answer.text if reply.answer.answer else None,
        "model_text": reply.text,
        "written": written.status if written else None,
        "shown": [
            {
                "text": sentence.text,
                "passages": [ranks[each] for each in sentence.passages],
                "cited_by": "service" if is_cited_by_service(sentence) else "writer",
            }
            for sentence in (written.sentences if written else ())
        ],
        "withheld": [
            {check.name: check.detail for check in rejection.checks if not check.passed}
            for rejection in (written.rejections if written else ())
        ],
        "warnings": list(reply.warnings),
        "faults": list(reply.faults),
        "seconds": round(reply.seconds, 1),
    }


if __name__ == "__main__":
    typer.run(main)

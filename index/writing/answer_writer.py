"""Writes an answer in sentences, each passed on only after its check, within limits of time and size."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from wherefrom.index.types import Answer, Passage
from wherefrom.index.writing.cited_sentences import CitedSentence, SentenceParser
from wherefrom.index.writing.prompt import MAX_PASSAGES, Prompt, default_prompt, load_prompt
from wherefrom.index.writing.verdicts import CheckResult, CitedPassage, SentenceVerdict
from wherefrom.index.writing.writers.protocol import PromptName, Writer, WriterFailed
from wherefrom.index.writing.written_answer import RejectedSentence, WriterInfo, WrittenAnswer, WrittenSentence

MAX_PASSAGE_CHARACTERS = 12_000
"""Maximum number of characters of all passages in a prompt."""
MAX_SENTENCES = 8
MAX_CHARACTERS = 4_000
"""Maximum number of characters of a reply, after which the writer is stopped, even if it ignores `max_tokens`."""
DEFAULT_SECONDS = 20.0
REFUSAL = "no answer"
"""The text that the prompt asks a writer to write if the passages do not answer."""
CITATION_CHECK = "citation"
CITED_BY_SERVICE = "cited by the service: the writer cites no passage, and this one alone carries the sentence"
"""The detail of a passed citation check whose citation the service added."""
CITES_NOTHING = "it cites no passage, and none of those retrieved carries it alone"
VERBATIM = "; the answer is the verbatim passages"
Check = Callable[[str, Sequence[CitedPassage]], Awaitable[SentenceVerdict]]
"""Checks a sentence against the passages that it cites."""
OnSentence = Callable[[WrittenSentence], Awaitable[None]]
log = logging.getLogger(__name__)


class _Stopped(Exception):
    """The writer was stopped; the message says why."""


@dataclass(slots=True)
class _Draft:
    """The text written so far; `texts` has the sentences in lower case, to detect repetitions.

    `read` has the numbers of the passages in the present prompt.
    """

    passages: Mapping[int, Passage]
    read: Sequence[int] = ()
    sentences: list[WrittenSentence] = field(default_factory=list)
    rejections: list[RejectedSentence] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    refused: bool = False

    @property
    def size(self) -> int:
        return len(self.sentences) + len(self.rejections)

    def warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


class AnswerWriter:
    """Writes answers with one writer. Failures of the writer raise nothing; warnings report them."""

    def __init__(self, writer: Writer, *, seconds: float = DEFAULT_SECONDS, prompt: PromptName | None = None) -> None:
        """Create it; `seconds` limits the time for writing an answer, checks included.

        `prompt` defaults to the prompt for the size of the writer's model.
        """
        self._writer = writer
        self._seconds = seconds
        self._prompt: Prompt = load_prompt(prompt or default_prompt(writer.model_bytes))

    @property
    def info(self) -> WriterInfo:
        """The writer and its prompt."""
        return WriterInfo(
            kind=self._writer.kind,
            model=self._writer.model,
            prompt=self._prompt.name,
            prompt_sha256=self._prompt.sha256,
        )

    async def close(self) -> None:
        """Stop the writer, and release its resources."""
        await self._writer.close()

    async def write(
        self, answer: Answer, check: Check, *, explain: bool = False, on_sentence: OnSentence | None = None
    ) -> tuple[WrittenAnswer, tuple[str, ...]]:
        """Write from the passages of an answer; return the written answer and warnings about it.

        `on_sentence` is called with each sentence as soon as it has passed its check. If more than half of the
        sentences fail, the written answer is the verbatim one, although some sentences have been passed on.
        """
        passages = readable(answer.passages)[: self._prompt.max_passages]
        draft = _Draft(passages=dict(enumerate(passages, 1)))
        try:
            async with asyncio.timeout(self._seconds):
                question = answer.question if answer.follow_up is None else answer.follow_up.text
                await self._write(question, draft, check, on_sentence, explain=explain)
        except TimeoutError:
            draft.warn(f"the writer did not come to an end within {self._seconds:g} s")
        except _Stopped as stopped:
            draft.warn(f"the writer {stopped} and was stopped")
        except WriterFailed as error:
            draft.warn(f"the writer {error}")
        except Exception:
            log.exception("A written answer failed")
            draft.warn("a sentence could not be written or checked; the log of the service says why")
        return self._finished(draft, explain=explain)

    async def _write(
        self, question: str, draft: _Draft, check: Check, on_sentence: OnSentence | None, *, explain: bool
    ) -> None:
        """Prompt the writer with all passages, or with each in turn, as the prompt requires.

        Raise _Stopped, WriterFailed.
        """
        numbers = list(draft.passages)
        for read in [[number] for number in numbers] if self._prompt.one_by_one else [numbers]:
            draft.read = read
            async for sentence in self._sentences(question, [draft.passages[number].text for number in read]):
                await self._add(sentence, draft, check, on_sentence, explain=explain)

    async def _sentences(self, question: str, passages: Sequence[str]) -> AsyncGenerator[CitedSentence, None]:
        """Yield the sentences of one reply; if each passage has its own prompt, a reply is one line."""
        messages = self._prompt.messages(question, passages)
        parser, text, fed = SentenceParser(), "", 0
        async with aclosing(self._writer.write(messages, max_tokens=self._prompt.max_tokens)) as pieces:
            async for piece in pieces:
                text += piece
                line, ends, _ = text.lstrip().partition("\n") if self._prompt.one_by_one else (text, "", "")
                for sentence in parser.feed(line[fed:MAX_CHARACTERS]):
                    yield sentence
                fed = len(line)
                if ends:
                    break
                if len(text) > MAX_CHARACTERS:
                    raise _Stopped(f"wrote more than {MAX_CHARACTERS:,} characters")
        for sentence in parser.finish():
            yield sentence

    async def _add(
        self, sentence: CitedSentence, draft: _Draft, check: Check, on_sentence: OnSentence | None, *, explain: bool
    ) -> None:
        """Check a sentence, and count it or pass it on. Raise _Stopped."""
        if draft.size >= MAX_SENTENCES:
            raise _Stopped(f"wrote more than {MAX_SENTENCES} sentences")
        folded = sentence.text.casefold().strip(" .!\"'")
        if folded == REFUSAL and not sentence.numbers:
            draft.refused = True
            return
        if folded in draft.texts:
            if self._prompt.one_by_one:
                return  # the sentence was written for another passage already
            raise _Stopped("repeated itself")
        draft.texts.add(folded)
        verdict, cited = await self._verdict(sentence, draft, check)
        ids = tuple(passage.passage_id for passage in cited)
        if not verdict.passed:
            draft.rejections.append(RejectedSentence(passages=ids, checks=verdict.checks))
            return
        written = WrittenSentence(text=sentence.text, passages=ids, checks=verdict.checks if explain else ())
        draft.sentences.append(written)
        if on_sentence is not None:
            await on_sentence(written)

    async def _verdict(
        self, sentence: CitedSentence, draft: _Draft, check: Check
    ) -> tuple[SentenceVerdict, Sequence[Passage]]:
        """Return the verdict on a sentence, and its passages; a sentence that cites other passages fails unchecked.

        A sentence without a citation gets the first passage from which alone it follows, if there is one.
        """
        cited = [draft.passages[number] for number in sentence.numbers if number in draft.passages]
        unknown = [number for number in sentence.numbers if number not in draft.passages]
        if unknown:
            numbers = ", ".join(map(str, unknown))
            draft.warn("the writer cited passages that were not retrieved")
            return _failed(f"it cites {numbers}, and {len(draft.passages)} passages were retrieved"), cited
        if cited:
            return await check(sentence.text, [cited_passage(passage) for passage in cited]), cited
        nearest: SentenceVerdict | None = None
        for passage in [draft.passages[number] for number in draft.read]:
            verdict = await check(sentence.text, [cited_passage(passage)])
            if verdict.passed:
                return _with_citation(verdict, CITED_BY_SERVICE, passed=True), [passage]
            if nearest is None or _failures(verdict) < _failures(nearest):
                nearest = verdict
        if nearest is None:
            return _failed(CITES_NOTHING), []
        return _with_citation(nearest, CITES_NOTHING, passed=False), []

    def _finished(self, draft: _Draft, *, explain: bool) -> tuple[WrittenAnswer, tuple[str, ...]]:
        """Return the written answer, which is the verbatim one if no sentence passed or more than half failed."""
        if not draft.size and not draft.warnings:
            draft.warn(f"the writer {'found no answer in the passages' if draft.refused else 'wrote nothing'}")
        if not draft.size:
            draft.warnings[-1] += VERBATIM
        elif len(draft.rejections) * 2 > draft.size:
            draft.warn(f"{len(draft.rejections)} of {draft.size} written sentences failed their check{VERBATIM}")
        is_written = draft.size > 0 and len(draft.rejections) * 2 <= draft.size
        sentences = tuple(draft.sentences) if is_written else ()
        ranks = {passage.passage_id: passage.rank for passage in draft.passages.values()}
        written = WrittenAnswer(
            status="written" if is_written else "verbatim",
            text=" ".join(with_ranks(sentence, ranks) for sentence in sentences),
            sentences=sentences,
            rejected=len(draft.rejections),
            rejections=tuple(draft.rejections) if explain else (),
            writer=self.info,
        )
        return written, tuple(draft.warnings)


def readable(passages: Sequence[Passage]) -> Sequence[Passage]:
    """Return the first passages, as many as fit into MAX_PASSAGE_CHARACTERS, and at least one."""
    characters, count = 0, 0
    for passage in passages[:MAX_PASSAGES]:
        characters += len(passage.text)
        if count and characters > MAX_PASSAGE_CHARACTERS:
            break
        count += 1
    return passages[:count]


def with_ranks(sentence: WrittenSentence, ranks: Mapping[str, int]) -> str:
    """Return a sentence followed by the ranks of its passages in brackets."""
    return f"{sentence.text} {''.join(f'[{ranks[passage]}]' for passage in sentence.passages)}"


def cited_passage(passage: Passage) -> CitedPassage:
    """Return a passage in the form that checks read."""
    citation = passage.citation
    return CitedPassage(
        text=passage.text, title=citation.title, publisher=citation.publisher, published=citation.published
    )


def _failed(detail: str) -> SentenceVerdict:
    return SentenceVerdict(passed=False, checks=(CheckResult(name=CITATION_CHECK, passed=False, detail=detail),))


def _failures(verdict: SentenceVerdict) -> int:
    return sum(not check.passed for check in verdict.checks)


def _with_citation(verdict: SentenceVerdict, detail: str, *, passed: bool) -> SentenceVerdict:
    """Return a verdict with another result of the citation check."""
    citation = CheckResult(name=CITATION_CHECK, passed=passed, detail=detail)
    others = [check for check in verdict.checks if check.name != CITATION_CHECK]
    return SentenceVerdict(passed=verdict.passed, checks=(citation, *others))

import asyncio
import dataclasses
import threading
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from tests.support.documents import articles
from tests.support.library_samples import WordEmbedder, seeds_library
from wherefrom.index.arrays import Matrix
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions
from wherefrom.service.errors import Overloaded
from wherefrom.service.observability.metrics import Metrics
from wherefrom.service.runtime.batching import QuestionBatcher

OPTIONS = AskOptions(top_k=2, explain=True)
QUESTIONS = ["Who is the ambassador?", "What is THAAD for?", "Why does Russia object?", "What did Lavrov say?"]


class RecordingEmbedder(WordEmbedder):
    """An embedder that records its batches, waits for `go`, and fails on one word."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go = threading.Event()

    def encode(self, texts: Sequence[str]) -> Matrix:
        if any("?" in text for text in texts) or texts == ["first"]:
            self.batches.append(list(texts))
            self.go.wait(10)
        if any("unreadable" in text for text in texts):
            raise ValueError("unreadable")
        return super().encode(texts)


def run(
    data: Path, scenario: Callable[[QuestionBatcher, RecordingEmbedder, Library], Awaitable[None]], *, waiting: int = 9
) -> None:
    """Run a scenario in which the embedder waits until it is released."""

    async def play() -> None:
        embedder = RecordingEmbedder()
        with seeds_library(data, embedder=embedder) as library:
            batcher = QuestionBatcher(library, threads=2, max_waiting=waiting, metrics=Metrics())
            await scenario(batcher, embedder, library)
            batcher.close()

    asyncio.run(play())


async def ask_one(batcher: QuestionBatcher, question: str, options: AskOptions) -> Answer:
    (answer,) = await batcher.ask([question], options)
    return answer


async def gather(
    batcher: QuestionBatcher, embedder: RecordingEmbedder, questions: Sequence[str]
) -> list[asyncio.Task[Answer]]:
    """Ask a first question, and the others while it is being encoded."""
    tasks = [asyncio.create_task(ask_one(batcher, "first", OPTIONS))]
    while not embedder.batches:
        await asyncio.sleep(0.001)
    tasks += [asyncio.create_task(ask_one(batcher, question, OPTIONS)) for question in questions]
    while len(batcher) < len(questions):
        await asyncio.sleep(0.001)
    return tasks


def test_waiting_questions_are_encoded_together_and_answered_as_if_alone(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, library: Library) -> None:
        tasks = await gather(batcher, embedder, QUESTIONS)
        embedder.go.set()
        results = await asyncio.gather(*tasks)
        assert embedder.batches == [["first"], QUESTIONS]
        for question, answer in zip(["first", *QUESTIONS], results, strict=True):
            alone = library.answer(question, OPTIONS)
            assert answer == dataclasses.replace(alone, took_ms=answer.took_ms)

    run(tmp_path, scenario)


def test_a_question_that_cannot_be_encoded_fails_alone(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        tasks = await gather(batcher, embedder, [QUESTIONS[0], "unreadable?", QUESTIONS[1]])
        embedder.go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(result) for result in results] == [Answer, Answer, ValueError, Answer]

    run(tmp_path, scenario)


def test_a_cancelled_question_is_not_encoded(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        tasks = await gather(batcher, embedder, QUESTIONS)
        tasks[2].cancel()
        await asyncio.sleep(0)
        embedder.go.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(results[2], asyncio.CancelledError)
        assert embedder.batches[1] == [QUESTIONS[0], *QUESTIONS[2:]]

    run(tmp_path, scenario)


def test_the_questions_of_one_request_are_encoded_with_others_and_answered_in_order(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, library: Library) -> None:
        tasks = await gather(batcher, embedder, QUESTIONS[:1])
        together = asyncio.create_task(batcher.ask(QUESTIONS[1:], OPTIONS))
        while len(batcher) < 2:
            await asyncio.sleep(0.001)
        embedder.go.set()
        answers = await together
        assert embedder.batches == [["first"], QUESTIONS]
        for question, answer in zip(QUESTIONS[1:], answers, strict=True):
            assert answer == dataclasses.replace(library.answer(question, OPTIONS), took_ms=answer.took_ms)
        assert len(await asyncio.gather(*tasks)) == 2

    run(tmp_path, scenario)


def test_a_request_of_more_questions_than_a_batch_is_encoded_by_itself(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        many = [f"{question} ({number})" for question in QUESTIONS for number in range(3)]
        embedder.go.set()
        answers, single = await asyncio.gather(
            batcher.ask(many, OPTIONS), ask_one(batcher, "Who is the ambassador?", OPTIONS)
        )
        assert [answer.question for answer in answers] == many
        assert sorted(map(len, embedder.batches)) == [1, len(many)]
        assert single.passages

    run(tmp_path, scenario)


def test_no_question_waits_while_a_request_of_many_questions_is_encoded(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        many = [f"{question} ({number})" for question in QUESTIONS for number in range(3)]
        tasks = [asyncio.create_task(batcher.ask(many, OPTIONS))]
        while not embedder.batches:
            await asyncio.sleep(0.001)
        tasks.append(asyncio.create_task(batcher.ask(QUESTIONS[:1], OPTIONS)))
        async with asyncio.timeout(5):
            while len(embedder.batches) < 2:
                await asyncio.sleep(0.001)
        assert embedder.batches == [many, QUESTIONS[:1]]
        embedder.go.set()
        await asyncio.gather(*tasks)

    run(tmp_path, scenario)


def test_a_question_that_cannot_be_encoded_fails_its_whole_request_and_no_other(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        tasks = await gather(batcher, embedder, QUESTIONS[:1])
        together = asyncio.create_task(batcher.ask([QUESTIONS[1], "unreadable?"], OPTIONS))
        while len(batcher) < 2:
            await asyncio.sleep(0.001)
        embedder.go.set()
        with pytest.raises(ValueError, match="unreadable"):
            await together
        assert [type(answer) for answer in await asyncio.gather(*tasks)] == [Answer, Answer]

    run(tmp_path, scenario)


def test_a_request_counts_once_in_the_queue_however_many_questions_it_has(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        tasks = await gather(batcher, embedder, QUESTIONS[:1])
        together = asyncio.create_task(batcher.ask(QUESTIONS[1:], OPTIONS))
        while len(batcher) < 2:
            await asyncio.sleep(0.001)
        with pytest.raises(Overloaded):
            await batcher.ask(QUESTIONS, OPTIONS)
        embedder.go.set()
        await asyncio.gather(together, *tasks)

    run(tmp_path, scenario, waiting=2)


def test_a_fresh_question_is_encoded_although_its_answer_is_cached(tmp_path: Path) -> None:
    embedder = RecordingEmbedder()
    embedder.go.set()

    async def scenario() -> None:
        with Library.open(tmp_path, embedder=embedder, threshold=0.0, cached_answers=2) as library:
            library.put_many(articles(3))
            batcher = QuestionBatcher(library, threads=1, max_waiting=9, metrics=Metrics())
            for fresh in (False, False, True):
                await batcher.ask(QUESTIONS[:2], OPTIONS, fresh=fresh)
            assert embedder.batches == [QUESTIONS[:2]] * 2
            batcher.close()

    asyncio.run(scenario())


def test_a_question_is_refused_at_once_if_the_queue_is_full(tmp_path: Path) -> None:
    async def scenario(batcher: QuestionBatcher, embedder: RecordingEmbedder, _: Library) -> None:
        tasks = await gather(batcher, embedder, QUESTIONS[:2])
        with pytest.raises(Overloaded):
            await ask_one(batcher, QUESTIONS[2], OPTIONS)
        embedder.go.set()
        assert len(await asyncio.gather(*tasks)) == 3
        assert (await ask_one(batcher, QUESTIONS[2], OPTIONS)).passages

    run(tmp_path, scenario, waiting=2)


def test_a_repeated_question_is_answered_from_the_cache_until_something_changes(tmp_path: Path) -> None:
    embedder = RecordingEmbedder()
    embedder.go.set()

    async def scenario() -> None:
        with Library.open(tmp_path, embedder=embedder, threshold=0.0, cached_answers=2) as library:
            library.put_many(articles(3))
            batcher = QuestionBatcher(library, threads=1, max_waiting=9, metrics=Metrics())
            first, again = [await ask_one(batcher, QUESTIONS[0], OPTIONS) for _ in range(2)]
            assert first == dataclasses.replace(again, took_ms=first.took_ms)
            assert len(embedder.batches) == 1
            assert (await ask_one(batcher, QUESTIONS[0], AskOptions(top_k=1, explain=True))).passages == first.passages[
                :1
            ]
            library.remove(first.passages[0].citation.document_id)
            after = await ask_one(batcher, QUESTIONS[0], OPTIONS)
            assert after.index.documents == 2
            assert first.passages[0] not in after.passages
            batcher.close()

    asyncio.run(scenario())


def test_the_cache_of_answers_is_bounded(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), cached_answers=1) as library:
        library.put_many(articles(2))
        for question in QUESTIONS[:2]:
            library.ask(question)
        with library.searcher() as state:
            assert [state.cached_answer(question, AskOptions()) is None for question in QUESTIONS[:2]] == [True, False]

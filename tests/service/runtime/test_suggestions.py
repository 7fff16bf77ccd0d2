"""Suggested questions are answered by the service itself, from the documents that they were formed of."""

import asyncio
from pathlib import Path

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder, seeds_library
from wherefrom.index.library import Library
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.suggestions import MAX_SUGGESTIONS, Suggestions
from wherefrom.service.schemas.responses import Suggestion

ARTICLE = (
    "Mill\n\nAnn Otter, the owner of the mill on the hill, said that two cranes were lost in the storm on Monday.\n\n"
    "It was what they had been told by those who were there when it was over, and that was all of it.\n"
)


def suggested(library: Library) -> tuple[Suggestion, ...]:
    async def get() -> tuple[Suggestion, ...]:
        shared = AsyncLibrary(library, threads=2)
        try:
            return await Suggestions(shared).get()
        finally:
            shared.close()

    return asyncio.run(get())


def test_each_is_answered_from_its_document_which_no_other_names(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        found = suggested(library)
        assert 1 <= len(found) <= MAX_SUGGESTIONS
        assert len({each.document_id for each in found}) == len({each.question for each in found}) == len(found)
        for each in found:
            answer = library.ask(each.question)
            assert answer.answer is not None
            places = (answer.answer.citation, *answer.passages[0].also_in)
            assert each.document_id in [place.document_id for place in places]


def test_a_question_that_is_not_answered_is_not_suggested(tmp_path: Path) -> None:
    with seeds_library(tmp_path, threshold=1.0) as library:
        assert suggested(library) == ()


def test_an_empty_collection_suggests_nothing(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        assert suggested(library) == ()


def test_they_follow_the_collection_and_are_found_once_for_each_state(tmp_path: Path) -> None:
    async def follow(library: Library) -> None:
        shared = AsyncLibrary(library, threads=2)
        asked: list[str] = []

        async def try_all(questions: list[str], options: object) -> object:
            asked.extend(questions)
            return await AsyncLibrary.try_all(shared, questions, options)  # type: ignore[arg-type]

        shared.try_all = try_all  # type: ignore[assignment, method-assign]
        try:
            suggestions = Suggestions(shared)
            assert await suggestions.get() == ()
            library.put("mill", document(ARTICLE.encode()))
            first, second = await asyncio.gather(suggestions.get(), suggestions.get())
            assert [each.question for each in first] == ["How many cranes were lost in the storm on Monday?"]
            assert second == first
            assert len(asked) == len(set(asked)) > 1
        finally:
            shared.close()

    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        asyncio.run(follow(library))


def test_they_are_not_counted_as_questions(tmp_path: Path) -> None:
    async def get(library: Library) -> str:
        shared = AsyncLibrary(library, threads=2)
        try:
            await Suggestions(shared).get()
            return shared.metrics.exposition(library.status(), shared.waiting(), 0).decode()
        finally:
            shared.close()

    with seeds_library(tmp_path) as library:
        exposition = asyncio.run(get(library))
    assert not any(
        line.startswith("wherefrom_answers_total{") and not line.endswith(" 0.0") for line in exposition.splitlines()
    )

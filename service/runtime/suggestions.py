"""Suggested questions for a user who sees the collection for the first time.

They are formed from its articles, and the service has answered each one from the article that it was formed from.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from anyio import Lock

from wherefrom.index.collection.document_query import DocumentQuery
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskOptions, DocumentSummary
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.runtime.question_forms import FormedQuestion, form_questions
from wherefrom.service.schemas.responses import Suggestion

MAX_SUGGESTIONS = 6
TRIED_DOCUMENTS = 8
"""Number of the newest documents, and of the first ones by id, that questions are formed from."""
TRIED_QUESTIONS = 5
"""Maximum number of questions that are tried for a document."""


class Suggestions:
    """The suggestions for the current state of a collection, computed at the first request."""

    def __init__(self, library: AsyncLibrary) -> None:
        self._library = library
        self._lock = Lock()
        self._found: tuple[str, tuple[Suggestion, ...]] | None = None

    async def get(self) -> tuple[Suggestion, ...]:
        """Return at most MAX_SUGGESTIONS, one for each document. Raise Overloaded, TookTooLong."""
        async with self._lock:
            version = await self._library.run(Library.version)
            if self._found is None or self._found[0] != version:
                self._found = version, await self._find()
            return self._found[1]

    async def _find(self) -> tuple[Suggestion, ...]:
        found: dict[str, Suggestion] = {}
        kinds: Counter[str] = Counter()
        for document, formed in await self._library.run(_formed_questions):
            questions = [question.text for question in formed]
            answers = await self._library.try_all(questions, AskOptions(top_k=1)) if questions else ()
            answered = [
                question.text
                for question, answer in zip(formed, answers, strict=False)
                if question.text not in found and _is_answered(question, answer, document)
            ]
            if answered:
                text = min(answered, key=lambda each: kinds[_kind(each)])
                kinds[_kind(text)] += 1
                found[text] = Suggestion(question=text, document_id=document.document_id, title=document.title)
            if len(found) == MAX_SUGGESTIONS:
                break
        return tuple(found.values())


def _kind(question: str) -> str:
    """Return the first two words of a question, by which suggestions are varied."""
    return " ".join(question.split()[:2])


def _formed_questions(library: Library) -> Sequence[tuple[DocumentSummary, Sequence[FormedQuestion]]]:
    newest = library.select(DocumentQuery(sort="-published", limit=TRIED_DOCUMENTS)).documents
    first = library.documents(limit=TRIED_DOCUMENTS)
    mixed = (each for pair in zip_longest(newest, first) for each in pair if each is not None)
    documents = {document.document_id: document for document in mixed}.values()
    return [(document, tuple(_first_questions(library, document))) for document in documents]


def _first_questions(library: Library, document: DocumentSummary) -> Iterator[FormedQuestion]:
    texts = [paragraph.text for paragraph in library.paragraphs(document.document_id)]
    yield from islice(form_questions(document.title, texts), TRIED_QUESTIONS)


def _is_answered(question: FormedQuestion, answer: Answer, document: DocumentSummary) -> bool:
    """Return whether the answer is from the document that the question was formed from, and contains its `key`."""
    if answer.answer is None:
        return False
    passage = answer.passages[0]
    places = (answer.answer.citation, *passage.also_in)
    from_document = any(place.document_id == document.document_id for place in places)
    return from_document and question.key.lower() in answer.answer.text.lower()

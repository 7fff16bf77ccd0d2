"""Clients of the HTTP API for other processes and machines; they return the library's own types.

    with Client("http://127.0.0.1:8000") as wherefrom:
        answer = wherefrom.ask("why does Russia object to the X-band radar?")

`Client` blocks; `AsyncClient` has the same methods for an event loop.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import aclosing, closing
from typing import Self, TypeVar, Unpack

import httpx2
from pydantic import TypeAdapter, ValidationError

from wherefrom.index.collection.audits import Claim, Verdict
from wherefrom.index.collection.corrections import CorrectableField, Corrections
from wherefrom.index.collection.document_query import DocumentSort, FilterField
from wherefrom.index.types import (
    Answer,
    AskKeywords,
    Citation,
    DocumentSummary,
    Filters,
    Given,
    IndexInfo,
    MediaType,
)
from wherefrom.service.client import requests
from wherefrom.service.client.events import AnswerEvent, EventParser
from wherefrom.service.client.requests import Call
from wherefrom.service.quotations.files import QuotationFormat
from wherefrom.service.schemas.problem import Problem
from wherefrom.service.schemas.responses import DocumentDetail, DocumentList, FilterValues, Suggestion, Written
from wherefrom.service.schemas.written import WrittenReply

DEFAULT_URL = "http://127.0.0.1:8000"
TIMEOUT_SECONDS = 30.0
NO_METADATA = Given()
NO_FILTERS = Filters()
PAGE_DOCUMENTS = 100
T = TypeVar("T")
PROBLEM_ADAPTER = TypeAdapter(Problem)


class Refused(Exception):
    """The service refused the request; `problem` is the API's description of the error."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem


class Unreachable(Exception):
    """The service could not be reached, its reply broke off, or something else replied at its address."""


class Client:
    """A client of the service at `url`, safe for use from several threads. Calls raise Refused or Unreachable."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        api_key: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Create the client; it connects on its first call."""
        headers = _headers(api_key)
        self._http = httpx2.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, question: str, **options: Unpack[AskKeywords]) -> Answer:
        """Ask a question; if the collection does not answer it, the answer has the status `no_answer`."""
        return self._send(requests.ask(question, **options))

    def answer(self, question: str, **options: Unpack[AskKeywords]) -> WrittenReply:
        """Ask a question; return the answer with `written`, the sentences of the service's writer."""
        return self._send(requests.answer(question, **options))

    def stream_answer(self, question: str, **options: Unpack[AskKeywords]) -> Iterator[AnswerEvent]:
        """Ask a question; yield the Answer, each WrittenSentence after its check, and finally the WrittenReply.

        Only the WrittenReply counts: if most sentences failed their checks, it has none, although some were sent.
        Closing the iterator stops the writer.
        """
        call = requests.answer(question, stream=True, **options)
        try:
            with closing(self._http.send(_request(self._http, call), stream=True)) as response:
                if not response.is_success:
                    response.read()
                    _result(call, response)
                parser = EventParser()
                for line in response.iter_lines():
                    yield from parser.feed(line)
                _check_end(parser, response)
        except httpx2.TransportError as error:
            raise Unreachable(f"{_shown(self._http.base_url)}: {_reason(error)}") from error

    def ask_all(self, questions: Sequence[str], **options: Unpack[AskKeywords]) -> tuple[Answer, ...]:
        """Ask several questions; return the answers in the same order."""
        return self._send(requests.ask_all(questions, **options))

    def documents(self) -> tuple[DocumentSummary, ...]:
        """Return every document of the collection."""
        return self._send(requests.documents())

    def document_page(
        self,
        text: str = "",
        *,
        sort: DocumentSort = "document_id",
        limit: int = PAGE_DOCUMENTS,
        cursor: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> DocumentList:
        """Return a page of the documents that match; pass its `cursor` to get the next page."""
        call = requests.document_page(text, sort=sort, limit=limit, cursor=cursor, filters=filters)
        return self._send(call)

    def filter_values(self, *fields: FilterField, text: str = "", limit: int | None = None) -> FilterValues:
        """Return the values that filters accept, with their document counts; for all fields if none is given."""
        return self._send(requests.filter_values(*fields, text=text, limit=limit))

    def document(self, document_id: str) -> DocumentDetail:
        """Return a document with its paragraphs."""
        return self._send(requests.document(document_id))

    def raw(self, document_id: str) -> bytes:
        """Return the source of a document, byte for byte as it was indexed."""
        return self._send(requests.raw(document_id))

    def text(self, document_id: str) -> str:
        """Return the text that the offsets of a document's citations refer to."""
        return self._send(requests.text(document_id))

    def put(
        self, document_id: str, source: bytes, media_type: MediaType = "text/plain", given: Given = NO_METADATA
    ) -> Written:
        """Add or replace a document; the change is durable when this returns."""
        return self._send(requests.put(document_id, source, media_type, given))

    def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        etag: str | None = None,
    ) -> Written:
        """Correct metadata by hand, or restore values of the source; with `etag`, only if it is the current one."""
        return self._send(requests.correct(document_id, values, restored=restored, etag=etag))

    def delete(self, document_id: str) -> None:
        """Remove a document; the change is durable when this returns."""
        self._send(requests.delete(document_id))

    def verify(self, citation: Citation | Claim) -> Verdict:
        """Return whether a citation still holds."""
        return self._send(requests.verify(citation))

    def verify_all(self, citations: Sequence[Citation | Claim]) -> tuple[Verdict, ...]:
        """Return whether each citation still holds, in the same order."""
        return self._send(requests.verify_all(citations))

    def export_quotations(
        self,
        citations: Sequence[Citation | Claim],
        form: QuotationFormat = "markdown",
        *,
        notes: Sequence[str] = (),
    ) -> bytes:
        """Return a file of the cited texts, in order, with the notes at their positions; the service verifies each."""
        return self._send(requests.export_quotations(citations, form, notes))

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return questions that the collection answers, built from its titles, names and numbers."""
        return self._send(requests.suggestions())

    def index(self) -> IndexInfo:
        """Return the index's generation, model, and numbers of documents and passages."""
        return self._send(requests.index())

    def _send(self, call: Call[T]) -> T:
        try:
            response = self._http.send(_request(self._http, call))
        except httpx2.TransportError as error:
            raise Unreachable(f"{_shown(self._http.base_url)}: {_reason(error)}") from error
        return _result(call, response)


class AsyncClient:
    """`Client` for an event loop, with the same methods as coroutines."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        *,
        api_key: str | None = None,
        timeout: float = TIMEOUT_SECONDS,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Create the client; it connects on its first call."""
        headers = _headers(api_key)
        self._http = httpx2.AsyncClient(base_url=url, headers=headers, timeout=timeout, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(self, question: str, **options: Unpack[AskKeywords]) -> Answer:
        """Ask a question; if the collection does not answer it, the answer has the status `no_answer`."""
        return await self._send(requests.ask(question, **options))

    async def answer(self, question: str, **options: Unpack[AskKeywords]) -> WrittenReply:
        """Ask a question; return the answer with `written`, the sentences of the service's writer."""
        return await self._send(requests.answer(question, **options))

    async def stream_answer(self, question: str, **options: Unpack[AskKeywords]) -> AsyncIterator[AnswerEvent]:
        """Ask a question; yield the Answer, each WrittenSentence after its check, and finally the WrittenReply.

        Only the WrittenReply counts: if most sentences failed their checks, it has none, although some were sent.
        Closing the iterator stops the writer.
        """
        call = requests.answer(question, stream=True, **options)
        try:
            async with aclosing(await self._http.send(_request(self._http, call), stream=True)) as response:
                if not response.is_success:
                    await response.aread()
                    _result(call, response)
                parser = EventParser()
                async for line in response.aiter_lines():
                    for event in parser.feed(line):
                        yield event
                _check_end(parser, response)
        except httpx2.TransportError as error:
            raise Unreachable(f"{_shown(self._http.base_url)}: {_reason(error)}") from error

    async def ask_all(self, questions: Sequence[str], **options: Unpack[AskKeywords]) -> tuple[Answer, ...]:
        """Ask several questions; return the answers in the same order."""
        return await self._send(requests.ask_all(questions, **options))

    async def documents(self) -> tuple[DocumentSummary, ...]:
        """Return every document of the collection."""
        return await self._send(requests.documents())

    async def document_page(
        self,
        text: str = "",
        *,
        sort: DocumentSort = "document_id",
        limit: int = PAGE_DOCUMENTS,
        cursor: str | None = None,
        filters: Filters = NO_FILTERS,
    ) -> DocumentList:
        """Return a page of the documents that match; pass its `cursor` to get the next page."""
        call = requests.document_page(text, sort=sort, limit=limit, cursor=cursor, filters=filters)
        return await self._send(call)

    async def filter_values(self, *fields: FilterField, text: str = "", limit: int | None = None) -> FilterValues:
        """Return the values that filters accept, with their document counts; for all fields if none is given."""
        return await self._send(requests.filter_values(*fields, text=text, limit=limit))

    async def document(self, document_id: str) -> DocumentDetail:
        """Return a document with its paragraphs."""
        return await self._send(requests.document(document_id))

    async def raw(self, document_id: str) -> bytes:
        """Return the source of a document, byte for byte as it was indexed."""
        return await self._send(requests.raw(document_id))

    async def text(self, document_id: str) -> str:
        """Return the text that the offsets of a document's citations refer to."""
        return await self._send(requests.text(document_id))

    async def put(
        self, document_id: str, source: bytes, media_type: MediaType = "text/plain", given: Given = NO_METADATA
    ) -> Written:
        """Add or replace a document; the change is durable when this returns."""
        return await self._send(requests.put(document_id, source, media_type, given))

    async def correct(
        self,
        document_id: str,
        values: Corrections,
        *,
        restored: Collection[CorrectableField] = (),
        etag: str | None = None,
    ) -> Written:
        """Correct metadata by hand, or restore values of the source; with `etag`, only if it is the current one."""
        return await self._send(requests.correct(document_id, values, restored=restored, etag=etag))

    async def delete(self, document_id: str) -> None:
        """Remove a document; the change is durable when this returns."""
        await self._send(requests.delete(document_id))

    async def verify(self, citation: Citation | Claim) -> Verdict:
        """Return whether a citation still holds."""
        return await self._send(requests.verify(citation))

    async def verify_all(self, citations: Sequence[Citation | Claim]) -> tuple[Verdict, ...]:
        """Return whether each citation still holds, in the same order."""
        return await self._send(requests.verify_all(citations))

    async def export_quotations(
        self,
        citations: Sequence[Citation | Claim],
        form: QuotationFormat = "markdown",
        *,
        notes: Sequence[str] = (),
    ) -> bytes:
        """Return a file of the cited texts, in order, with the notes at their positions; the service verifies each."""
        return await self._send(requests.export_quotations(citations, form, notes))

    async def suggestions(self) -> tuple[Suggestion, ...]:
        """Return questions that the collection answers, built from its titles, names and numbers."""
        return await self._send(requests.suggestions())

    async def index(self) -> IndexInfo:
        """Return the index's generation, model, and numbers of documents and passages."""
        return await self._send(requests.index())

    async def _send(self, call: Call[T]) -> T:
        try:
            response = await self._http.send(_request(self._http, call))
        except httpx2.TransportError as error:
            raise Unreachable(f"{_shown(self._http.base_url)}: {_reason(error)}") from error
        return _result(call, response)


def _headers(api_key: str | None) -> dict[str, str]:
    """Return the header with a key, without the line end that a key read from a file has. Raise ValueError."""
    key = (api_key or "").strip()
    if not key.isascii() or not key.isprintable():
        raise ValueError("api_key has characters that no key has")
    return {"Authorization": f"Bearer {key}"} if key else {}


def _request(http: httpx2.Client | httpx2.AsyncClient, call: Call[T]) -> httpx2.Request:
    return http.build_request(
        call.method, call.path, content=call.body, headers=dict(call.headers), params=dict(call.query)
    )


def _result(call: Call[T], response: httpx2.Response) -> T:
    if response.is_success:
        try:
            return call.parse(response.content)
        except ValidationError as error:
            foreign = f"{_shown(response.url)}: the reply does not come from Wherefrom; what runs there?"
            raise Unreachable(foreign) from error
    try:
        problem = PROBLEM_ADAPTER.validate_json(response.content)
    except ValidationError:
        title = response.reason_phrase
        problem = Problem(
            type="about:blank", title=title, status=response.status_code, detail=title, instance=response.url.path
        )
    raise Refused(problem)


def _check_end(parser: EventParser, response: httpx2.Response) -> None:
    """Raise Unreachable if a stream did not end with its last event."""
    if not parser.ended:
        raise Unreachable(f"{_shown(response.url)}: the stream broke off before its last event")


def _shown(url: httpx2.URL) -> str:
    """Return an address without a user name and a password."""
    return str(url.copy_with(userinfo=b""))


def _reason(error: httpx2.TransportError) -> str:
    """Return the text of an error, or its kind where it has none: that of a broken connection may be empty."""
    return str(error) or type(error).__name__

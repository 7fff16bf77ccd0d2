import asyncio
from datetime import date
from pathlib import Path

import httpx2
import pytest

from tests.support.library_samples import FIRST, QUESTION, WordEmbedder
from tests.support.paths import SEEDS
from tests.support.servers.browsing import serving
from tests.support.servers.writer_server import writer_server
from wherefrom.index.collection.audits import Claim
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.field_conditions import FieldCondition, field_conditions
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, Filters, Given, Span
from wherefrom.service.client.client import AsyncClient, Client, Refused, Unreachable
from wherefrom.service.client.events import AnswerEvent
from wherefrom.service.schemas.written import WrittenReply, answer_event

ARTICLE = (
    b"The bakery on Mill Street sold its last loaf on Friday, after ninety years.\n\n"
    b"Its oven is for sale, the baker said on Friday.\n"
)
GIVEN = Given(title="Last loaf", publisher="The Eastport Post", authors=("Ann Otter",), published=date(2024, 2, 29))


def test_an_answer_has_the_library_s_own_types(service: str) -> None:
    with Client(service) as client:
        answer = client.ask(QUESTION, top_k=2, filters=Filters(publisher=("CHINA TOPIX",)), explain=True)
    assert answer.answer is not None
    assert answer.answer.citation.segments == (Span(start=3207, end=3406),)
    assert [passage.citation.document_id for passage in answer.passages] == [FIRST, FIRST]
    assert answer.passages[0].scores is not None


def test_a_document_is_put_read_cited_checked_and_deleted(service: str) -> None:
    with Client(service) as client:
        written = client.put("bakery.txt", ARTICLE, given=GIVEN)
        assert (written.change, written.document.publisher, written.document.published) == (
            "added",
            "The Eastport Post",
            date(2024, 2, 29),
        )
        assert client.put("bakery.txt", ARTICLE, given=GIVEN).change == "unchanged"
        assert client.raw("bakery.txt") == ARTICLE
        assert client.document("bakery.txt").title == "Last loaf"
        answer = client.ask("What did the bakery on Mill Street sell on Friday?")
        assert answer.answer is not None
        assert client.verify(answer.answer.citation).valid
        client.delete("bakery.txt")
        assert "bakery.txt" not in [each.document_id for each in client.documents()]
        assert not client.verify(answer.answer.citation).valid


def test_extra_fields_are_given_and_asked_for_with_their_types(service: str) -> None:
    given = Given(language="en", extra={"section": "trade", "year": 2024, "tags": ("bread", "money"), "opinion": False})
    with Client(service) as client:
        assert client.put("loaf.txt", ARTICLE, given=given).document.extra == given.extra
        assert client.document("loaf.txt").language == "en"
        conditions = (
            *field_conditions({"section": ["trade", "trade"], "opinion": False}),
            FieldCondition(name="year", minimum=2024, maximum=2024),
        )
        filters = Filters(extra=conditions, language=("en",))
        answer = client.ask('What did "the bakery" sell?', filters=filters, prefer="newest", explain=True)
        assert {passage.citation.document_id for passage in answer.passages} == {"loaf.txt"}
        assert answer.explanation is not None
        assert (answer.explanation.phrases, answer.explanation.prefer) == (("the bakery",), "newest")
        with pytest.raises(Refused, match=r"filters\.extra\.year"):
            client.ask("What?", filters=Filters(extra=field_conditions({"year": "2024"})))
        client.delete("loaf.txt")


def test_batches_are_answered_and_checked_in_order(service: str) -> None:
    with Client(service) as client:
        first, second = client.ask_all([QUESTION, "Which BTS song was most viewed?"], top_k=1)
        assert (first.status, second.status) == ("answered", "no_answer")
        citation = first.passages[0].citation
        wrong = Claim(document_id="none", cited_text="x", source_sha256="0" * 64, segments=())
        assert [verdict.valid for verdict in client.verify_all([citation, wrong])] == [True, False]
        assert client.index().passages >= 68


def test_documents_are_listed_by_pages_found_and_filtered(service: str) -> None:
    with Client(service) as client:
        first = client.document_page(sort="-published", limit=2)
        assert (first.total, len(first.documents)) == (6, 2)
        assert first.cursor is not None
        rest = client.document_page(sort="-published", limit=10, cursor=first.cursor)
        assert [*first.documents, *rest.documents] == sorted(
            client.documents(),
            key=lambda each: (each.published is None, each.published and -each.published.toordinal(), each.document_id),
        )
        assert rest.cursor is None
        (found,) = client.document_page("stance thaad").documents
        assert found.document_id == FIRST
        times = client.document_page(filters=Filters(publisher=("The Korea Times",), published_from=date(2016, 1, 1)))
        assert [each.publisher for each in times.documents] == ["The Korea Times"]
        with pytest.raises(Refused, match="cursor"):
            client.document_page(cursor="none")


def test_the_values_of_filters_are_listed_searched_and_limited(service: str) -> None:
    with Client(service) as client:
        values = client.filter_values()
        assert values.documents == 6
        assert values.extra is None
        assert values.publisher is not None
        assert "The Korea Times" in [each.value for each in values.publisher.values]
        korean = client.filter_values("publisher", text="korea", limit=1)
        assert korean.publisher is not None
        assert [(each.value, each.documents) for each in korean.publisher.values] == [("The Korea Times", 1)]
        assert (korean.agency, korean.month) == (None, None)


def test_the_values_of_extra_fields_are_listed_by_their_names(service: str) -> None:
    given = Given(extra={"section": "trade", "year": 2024, "tags": ("bread", "money"), "opinion": False})
    with Client(service) as client:
        client.put("loaf.txt", ARTICLE, given=given)
        extra = client.filter_values("extra").extra
        assert extra is not None
        assert {name: [each.value for each in counts.values] for name, counts in extra.items()} == {
            "section": ["trade"],
            "year": ["2024"],
            "tags": ["bread", "money"],
            "opinion": ["false"],
        }
        assert extra["section"].without == 6
        client.delete("loaf.txt")


def test_metadata_is_corrected_and_restored_only_of_the_state_that_was_seen(service: str) -> None:
    with Client(service) as client:
        before = client.put("loaf.txt", ARTICLE, given=GIVEN).document
        corrected = client.correct("loaf.txt", {"title": "Bread", "authors": (), "published": date(2020, 1, 2)})
        assert (corrected.document.title, corrected.document.authors) == ("Bread", ())
        assert corrected.document.published == date(2020, 1, 2)
        assert corrected.document.origins["title"] == "by-hand"
        with pytest.raises(Refused) as refused:
            client.correct("loaf.txt", {"title": "Loaf"}, etag=before.etag)
        assert refused.value.problem.status == 412
        restored = client.correct("loaf.txt", {}, restored=("title", "authors", "published"))
        assert restored.document == before
        client.delete("loaf.txt")


def test_quotations_are_exported_with_their_notes(service: str) -> None:
    with Client(service) as client:
        answer = client.ask(QUESTION, top_k=2)
        cited = [passage.citation for passage in answer.passages]
        text = client.export_quotations(cited, notes=["for the lead"]).decode()
        assert text.count("Note: ") == 1
        assert text.index("for the lead") < text.index("## 2")
        assert client.export_quotations(cited[:1], "docx").startswith(b"PK")
        first = cited[0]
        wrong = Claim(
            document_id=FIRST, cited_text="Invented.", source_sha256=first.source_sha256, segments=first.segments
        )
        with pytest.raises(ValueError, match="2 notes for 1 citations"):
            client.export_quotations(cited[:1], notes=["one", "two"])
        with pytest.raises(Refused, match="another text stands") as refused:
            client.export_quotations([wrong], "csv")
        assert refused.value.problem.field == "quotations.0"


def test_suggested_questions_are_answered(service: str) -> None:
    with Client(service) as client:
        suggested = client.suggestions()
        assert suggested
        assert {client.ask(each.question).status for each in suggested} == {"answered"}


def test_a_refusal_has_the_fields_of_the_problem(service: str) -> None:
    with Client(service) as client, pytest.raises(Refused, match="422 Unknown filter value") as refused:
        client.ask(QUESTION, filters=Filters(publisher=("Korea Times",)))
    problem = refused.value.problem
    assert (problem.status, problem.field, problem.close) == (422, "filters.publisher", ("The Korea Times", "Press TV"))
    with Client(service) as client, pytest.raises(Refused) as refused:
        client.document("none/..")
    assert refused.value.problem.status == 404


def test_an_error_without_a_problem_body_is_a_refusal_too() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(502, text="<h1>Bad gateway</h1>"))
    with Client(transport=transport) as client, pytest.raises(Refused) as refused:
        client.index()
    assert (refused.value.problem.status, refused.value.problem.title) == (502, "Bad Gateway")


def test_a_service_that_does_not_run_is_unreachable() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        client.index()


def test_no_error_shows_a_password_of_the_address() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text="<h1>Sign in</h1>"))
    with (
        Client("http://reader:secret@127.0.0.1:9") as client,
        pytest.raises(Unreachable, match=r"^http://127.*refused"),
    ):
        client.index()
    with Client("http://reader:secret@127.0.0.1:9", transport=transport) as client:
        with pytest.raises(Unreachable, match=r"^http://127.*the reply does not come from Wherefrom"):
            client.index()
        with pytest.raises(Unreachable, match=r"^http://127.*broke off"):
            list(client.stream_answer(QUESTION))


def test_a_reply_of_something_else_at_the_address_is_no_reply() -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text="<h1>Sign in</h1>"))
    with Client("http://127.0.0.1:8000", transport=transport) as client:
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1:8000/v1/index: the reply does not come from Wherefrom"):
            client.index()
        with pytest.raises(Unreachable, match="broke off before its last event"):
            list(client.stream_answer(QUESTION))


def test_a_stream_that_breaks_off_is_no_whole_answer(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        event = answer_event(library.ask(QUESTION))
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=event))

    async def awaited() -> list[AnswerEvent]:
        async with AsyncClient(transport=transport) as client:
            return [each async for each in client.stream_answer(QUESTION)]

    with Client(transport=transport) as client:
        events = client.stream_answer(QUESTION)
        assert isinstance(next(events), Answer)
        with pytest.raises(Unreachable, match="broke off"):
            next(events)
    with pytest.raises(Unreachable, match="broke off"):
        asyncio.run(awaited())


def test_a_key_from_a_file_is_sent_without_its_line_end_and_no_error_shows_a_key() -> None:
    seen: list[str] = []

    def answered(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["authorization"])
        return httpx2.Response(204)

    with Client(api_key="secret\n", transport=httpx2.MockTransport(answered)) as client:
        client.delete("a.txt")
    assert seen == ["Bearer secret"]
    for key in ("s\u00ebcret", "sec\nret"):
        with pytest.raises(ValueError, match="api_key has characters that no key has"):
            Client(api_key=key)


def test_the_key_is_sent() -> None:
    seen: list[httpx2.Headers] = []

    def answered(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers)
        return httpx2.Response(204)

    transport = httpx2.MockTransport(answered)
    with Client(api_key="secret", transport=transport) as client:
        client.delete("a.txt")
    assert seen[0]["authorization"] == "Bearer secret"


def test_a_document_that_is_too_large_is_refused_with_the_limit_by_both_clients(service: str) -> None:
    source = ARTICLE * 100_000

    async def awaited() -> None:
        async with AsyncClient(service) as client:
            await client.put("large.txt", source)

    with Client(service) as client, pytest.raises(Refused, match=r"the body is larger than \d+ bytes"):
        client.put("large.txt", source)
    with pytest.raises(Refused, match=r"the body is larger than \d+ bytes"):
        asyncio.run(awaited())


def test_a_broken_connection_is_named_even_if_its_error_has_no_text() -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("", request=request)

    with Client(transport=httpx2.MockTransport(broken)) as client, pytest.raises(Unreachable, match=r": ReadError$"):
        client.index()


def test_the_same_calls_can_be_awaited(service: str) -> None:
    async def run() -> None:
        async with AsyncClient(service) as client:
            answers = await asyncio.gather(*(client.ask(QUESTION, top_k=1) for _ in range(4)))
            assert {answer.answer and answer.answer.citation.document_id for answer in answers} == {FIRST}
            assert await client.raw(FIRST) == (SEEDS / FIRST).read_bytes()
            assert (await client.document(FIRST)).paragraphs[12].number == 13
            with pytest.raises(Refused):
                await client.delete("none")

    asyncio.run(run())


def test_both_clients_have_the_same_calls() -> None:
    def calls(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert calls(Client) == calls(AsyncClient)


def test_a_written_answer_has_the_library_s_own_types_whole_and_in_events(tmp_path: Path) -> None:
    with writer_server() as url:
        writer = {"WHEREFROM_WRITER": "openai", "WHEREFROM_WRITER_URL": url, "WHEREFROM_WRITER_MODEL": "quoting"}
        data = tmp_path / "data"
        with Library.open(data, embedder=load_embedder(None)) as library:
            list(ingest(library, [SEEDS]))
        with serving(data, **writer, WHEREFROM_WRITER_SECONDS="60") as address, Client(address) as client:
            reply = client.answer(QUESTION, explain=True)
            events = list(client.stream_answer(QUESTION, explain=True))
            with pytest.raises(Refused):
                list(client.stream_answer(" "))
            awaited = asyncio.run(stream_awaited(address))
    assert reply.written is not None
    assert [type(event) for event in events] == [type(event) for event in awaited]
    first, *sentences, last = events
    assert isinstance(first, Answer)
    assert isinstance(last, WrittenReply)
    assert tuple(sentences) == reply.written.sentences
    assert first.passages == reply.passages == last.passages
    assert last.written == reply.written


async def stream_awaited(address: str) -> list[AnswerEvent]:
    async with AsyncClient(address) as client:
        assert (await client.answer(QUESTION)).written is not None
        return [event async for event in client.stream_answer(QUESTION)]

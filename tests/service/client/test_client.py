import asyncio
from datetime import date

import httpx2
import pytest

from tests.support.library_samples import FIRST, QUESTION
from tests.support.paths import SEEDS
from wherefrom.index.collection.audits import Claim
from wherefrom.index.field_conditions import FieldCondition, field_conditions
from wherefrom.index.types import Filters, Given, Span
from wherefrom.service.client.client import AsyncClient, Client, Refused, Unreachable

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


def test_the_key_is_sent() -> None:
    seen: list[httpx2.Headers] = []

    def answered(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers)
        return httpx2.Response(204)

    transport = httpx2.MockTransport(answered)
    with Client(api_key="secret", transport=transport) as client:
        client.delete("a.txt")
    assert seen[0]["authorization"] == "Bearer secret"


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

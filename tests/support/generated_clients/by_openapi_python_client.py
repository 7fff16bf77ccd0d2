"""Uses the client that openapi-python-client generates: `python by_openapi_python_client.py URL KEY`."""

import datetime as dt
import sys

from made_by_python_client import AuthenticatedClient
from made_by_python_client.api.changes import delete_document, put_batch, put_document
from made_by_python_client.api.citations import verify
from made_by_python_client.api.collection import list_documents, send_raw, show_document, show_index, show_reading
from made_by_python_client.api.compatible import retrieve, search_vector_store
from made_by_python_client.api.health import live, metrics
from made_by_python_client.api.questions import ask, ask_batch, ask_by_url
from made_by_python_client.models import (
    Answer,
    ArticleBatch,
    AskBody,
    BatchBody,
    CitationBody,
    FilterBody,
    ListDocumentsSort,
    ManyCitationsBody,
    Problem,
    RetrievalBody,
    RetrievalProblem,
    SegmentBody,
    TextArticle,
    VectorStoreSearchBody,
    Verdict,
    Written,
)

QUESTION = "why does Russia object to the X-band radar?"
DATED, UNDATED = "000_3a64872121ddd60b.txt", "002_8dddc422d49da77a.txt"
DAY = dt.date(2016, 2, 2)
STORY = (
    "The bakery on Mill Street sold its last loaf on Friday, after ninety years.\n\n"
    "Its oven is for sale, the baker said on Friday to the people of the town."
)


def main(url: str, key: str) -> None:
    """Ask, read, list, put and remove; every response must be parsed into its model of the OpenAPI description."""
    client = AuthenticatedClient(base_url=url, token=key)

    answer = ask.sync(client=client, body=AskBody(question=QUESTION, top_k=3, explain=True))
    assert isinstance(answer, Answer), answer
    assert len(answer.passages) == 3
    assert answer.passages[0].scores.fused
    citation = answer.passages[0].citation
    assert citation.document_id == UNDATED
    assert (citation.published, citation.agency, citation.media_type.value) == (None, None, "text/plain")
    filters = FilterBody(published_from=DAY, publisher=["The Korea Times"])
    dated = ask.sync(client=client, body=AskBody(question=QUESTION, filters=filters))
    assert dated.passages[0].citation.published == DAY
    by_url = ask_by_url.sync(client=client, q=QUESTION, publisher=["CHINA TOPIX"], published_from=None)
    assert by_url.passages[0].citation.title == citation.title
    answers = ask_batch.sync(client=client, body=BatchBody(questions=[QUESTION, "Who?"])).answers
    assert [each.question for each in answers] == [QUESTION, "Who?"]

    claim = CitationBody(
        citation.document_id,
        citation.cited_text,
        citation.source_sha256,
        [SegmentBody(segment.start, segment.end) for segment in citation.segments],
    )
    verdict = verify.sync(client=client, body=claim)
    assert isinstance(verdict, Verdict), verdict
    assert verdict.valid
    assert [each.valid for each in verify.sync(client=client, body=ManyCitationsBody([claim, claim])).results] == [
        True,
        True,
    ]

    document = show_document.sync(DATED, client=client)
    assert (document.published, len(document.paragraphs)) == (DAY, 14)
    assert show_document.sync(UNDATED, client=client).published is None
    assert show_reading.sync(DATED, client=client).dropped
    assert "THAAD" in send_raw.sync(DATED, client=client)
    first = list_documents.sync(client=client, limit=2, sort=ListDocumentsSort("-published"))
    rest = list_documents.sync(client=client, cursor=first.cursor, sort=ListDocumentsSort("-published"))
    assert (first.total, len(first.documents), len(rest.documents), rest.cursor) == (5, 2, 3, None)

    article = TextArticle(text=STORY, title="Bakery closed", authors=["Ann Otter"], published=DAY)
    written = put_document.sync("bakery", client=client, body=article)
    assert isinstance(written, Written), written
    assert (written.change.value, written.document.published, written.document.url) == ("added", DAY, None)
    batch = ArticleBatch([TextArticle(text=STORY, id="bakery"), TextArticle(text="Home", id="menu")])
    results = put_batch.sync(client=client, body=batch).results
    assert [(each.document_id, each.change and each.change.value) for each in results] == [
        ("bakery", "updated"),
        ("menu", None),
    ]
    assert delete_document.sync_detailed("bakery", client=client).status_code == 204
    missing = show_document.sync("bakery", client=client)
    assert isinstance(missing, Problem), missing
    assert (missing.status, missing.type_) == (404, "urn:wherefrom:problem:document-not-found")

    assert show_index.sync(client=client).documents == 5
    assert live.sync(client=client).status.value == "live"
    assert "wherefrom" in metrics.sync(client=client)

    records = retrieve.sync(client=client, body=RetrievalBody("any", QUESTION)).records
    assert records[0].metadata.document_id == UNDATED
    refused = retrieve.sync(client=client, body=RetrievalBody("", QUESTION))
    assert isinstance(refused, RetrievalProblem), refused
    assert refused.error_code == 422
    page = search_vector_store.sync("any", client=client, body=VectorStoreSearchBody(query=[QUESTION]))
    assert page.data[0].content[0].text == records[0].content


if __name__ == "__main__":
    main(*sys.argv[1:])

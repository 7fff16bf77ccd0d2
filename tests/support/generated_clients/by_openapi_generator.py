"""Uses the Python client that openapi-generator generates: `python by_openapi_generator.py URL KEY`."""

import datetime as dt
import sys

from made_by_generator import ApiClient, ApiException, Configuration
from made_by_generator.api import ChangesApi, CitationsApi, CollectionApi, CompatibleApi, HealthApi, QuestionsApi
from made_by_generator.models import (
    Article,
    ArticleBatch,
    AskBody,
    BatchBody,
    CitationBody,
    FilterBody,
    Problem,
    RetrievalBody,
    SegmentBody,
    TextArticle,
    VectorStoreSearchBody,
    Verdict,
    VerifyBody,
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
    client = ApiClient(Configuration(host=url, access_token=key))
    questions, collection, changes = QuestionsApi(client), CollectionApi(client), ChangesApi(client)

    answer = questions.ask(AskBody(question=QUESTION, top_k=3, explain=True))
    assert len(answer.passages) == 3
    assert answer.passages[0].scores.fused
    citation = answer.passages[0].citation
    assert citation.document_id == UNDATED
    assert (citation.published, citation.agency, citation.media_type) == (None, None, "text/plain")
    filters = FilterBody(published_from=DAY, publisher=["The Korea Times"])
    dated = questions.ask(AskBody(question=QUESTION, filters=filters))
    assert dated.passages[0].citation.published == DAY
    by_url = questions.ask_by_url(q=QUESTION, publisher=["CHINA TOPIX"])
    assert by_url.passages[0].citation.title == citation.title
    answers = questions.ask_batch(BatchBody(questions=[QUESTION, "Who?"])).answers
    assert [each.question for each in answers] == [QUESTION, "Who?"]

    claim = CitationBody(
        document_id=citation.document_id,
        cited_text=citation.cited_text,
        source_sha256=citation.source_sha256,
        segments=[SegmentBody(start=segment.start, end=segment.end) for segment in citation.segments],
    )
    verdict = CitationsApi(client).verify(VerifyBody(claim)).actual_instance
    assert isinstance(verdict, Verdict), verdict
    assert verdict.valid

    document = collection.show_document(DATED)
    assert (document.published, len(document.paragraphs)) == (DAY, 14)
    assert collection.show_document(UNDATED).published is None
    assert collection.show_reading(DATED).dropped
    assert "THAAD" in collection.send_raw(DATED)
    first = collection.list_documents(limit=2, sort="-published")
    rest = collection.list_documents(cursor=first.cursor, sort="-published")
    assert (first.total, len(first.documents), len(rest.documents), rest.cursor) == (5, 2, 3, None)

    article = TextArticle(text=STORY, title="Bakery closed", authors=["Ann Otter"], published=DAY)
    written = changes.put_document("bakery", Article(article))
    assert (written.change, written.document.published, written.document.url) == ("added", DAY, None)
    batch = ArticleBatch(
        documents=[Article(TextArticle(text=STORY, id="bakery")), Article(TextArticle(text="Home", id="menu"))]
    )
    results = changes.put_batch(batch).results
    assert [(each.document_id, each.change) for each in results] == [("bakery", "updated"), ("menu", None)]
    changes.delete_document("bakery")
    try:
        collection.show_document("bakery")
    except ApiException as error:
        problem = Problem.from_json(error.body)
        assert (problem.status, problem.type) == (404, "urn:wherefrom:problem:document-not-found")
    else:
        raise AssertionError

    assert collection.show_index().documents == 5
    assert HealthApi(client).live().status == "live"
    assert "wherefrom" in HealthApi(client).metrics()

    compatible = CompatibleApi(client)
    records = compatible.retrieve(RetrievalBody(knowledge_id="any", query=QUESTION)).records
    assert records[0].metadata.document_id == UNDATED
    page = compatible.search_vector_store("any", VectorStoreSearchBody.from_dict({"query": QUESTION}))
    assert page.data[0].content[0].text == records[0].content


if __name__ == "__main__":
    main(*sys.argv[1:])

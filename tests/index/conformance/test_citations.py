"""What every engine quotes stands in the stored bytes, exactly."""

from pathlib import Path

import pytest

from tests.index.conformance.conftest import Collection
from tests.support.documents import articles, read
from tests.support.library_samples import QUESTION
from tests.support.paths import SEEDS
from wherefrom.index.collection.audits import Claim
from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.ingest import ingest
from wherefrom.index.types import Filters, Given

PAGE = """<html><head><title>Harbour</title></head><body><article><h1>Harbour</h1>
<p>The harbour of Eastport reopened&nbsp;on Tuesday &amp; the ferry left. It carried forty people.</p>
<h2>What was lost?</h2>
<p>Two cranes &lt;and&gt; one pier were lost in the storm, said the harbour master on Friday.</p>
</article></body></html>"""


def claims_of(collection: Collection) -> list[Claim]:
    """Return the claims of every citation that a question of the seeds is answered with."""
    answer = collection.ask(QUESTION, {"top_k": 40})
    citations = [passage.citation for passage in answer.passages]
    if answer.answer is not None:
        citations.append(answer.answer.citation)
    return [
        Claim(
            document_id=each.document_id,
            cited_text=each.cited_text,
            source_sha256=each.source_sha256,
            segments=each.segments,
        )
        for each in citations
    ]


def test_every_citation_of_the_seeds_verifies(collection: Collection) -> None:
    ingest(collection.library, [SEEDS])
    collection.library.refresh()
    claims = claims_of(collection)
    assert len(claims) > 10
    assert all(collection.library.check(claim).valid for claim in claims)
    audit = collection.library.verify()
    assert (audit.documents, audit.mismatches, audit.damaged) == (5, (), ())
    assert audit.paragraphs == collection.library.info().passages
    assert all(
        collection.library.verify_document(each.document_id).mismatches == () for each in collection.library.documents()
    )


def test_a_source_is_kept_byte_for_byte_with_the_file_that_it_was_read_from(
    collection: Collection, tmp_path: Path
) -> None:
    file = tmp_path / "latin.txt"
    file.write_bytes(
        "Der H\xe4ndler verkaufte zw\xf6lf gr\xfcne \xc4pfel.\r\n\r\nDanach ging er nach Hause.\r\n".encode("latin-1")
    )
    ingest(collection.library, [file])
    collection.library.refresh()
    (document,) = collection.library.documents()
    assert collection.library.raw(document.document_id) == file.read_bytes()
    source = collection.library.source(document.document_id)
    assert source.path == file
    assert collection.library.id_of(file) == document.document_id
    assert collection.library.paths() == (file,)
    assert collection.library.ids_from(file) == (document.document_id,)
    assert collection.library.sources() == (source,)
    assert collection.library.text(document.document_id) == file.read_bytes().decode(source.encoding)
    assert collection.library.verify().mismatches == ()


def test_segments_of_a_page_are_cited_through_its_markup(collection: Collection) -> None:
    collection.library.put("page", read(PAGE.encode(), source="page.html", media_type="text/html"))
    collection.library.refresh()
    audit = collection.library.verify()
    assert (audit.mismatches, audit.headings) == ((), 1)
    (heading,) = collection.library.headings("page")
    assert heading.text == "What was lost?"
    (first, *_) = collection.library.ask("what was lost in the storm?").passages
    assert "<and>" in first.text
    assert first.citation.cited_text == first.text
    assert collection.library.cite("page", first.citation.paragraph) == first.citation
    stored = collection.library.stored_text("page")
    assert stored.paragraphs == collection.library.paragraphs("page")
    assert stored.source == collection.library.source("page")


def test_paragraphs_and_digests_are_those_that_were_put(collection: Collection) -> None:
    items = list(articles(5))
    collection.library.put_batch(items)
    for document_id, document in items:
        assert collection.library.paragraphs(document_id) == document.paragraphs
        assert collection.library.raw(document_id) == document.raw
    etags = [each.etag for each in collection.library.documents()]
    assert len(set(etags)) == 5
    assert all(len(etag) == 64 for etag in etags)
    collection.restart()
    assert [each.etag for each in collection.library.documents()] == etags


@pytest.mark.parametrize(
    "name", ["raw", "text", "paragraphs", "headings", "source", "stored_text", "verify_document", "document"]
)
def test_an_unknown_document_is_not_found(collection: Collection, name: str) -> None:
    with pytest.raises(DocumentNotFound):
        getattr(collection.library, name)("nothing")
    assert collection.library.id_of(Path("nothing")) is None


def test_metadata_with_a_zero_character_is_stored_and_shown(collection: Collection) -> None:
    given = Given(title="Har\x00bour", publisher="Star\x00", extra={"zero\x00": "\x00"})
    collection.put("zero", "The harbour reopened on Tuesday after the storm.", given)
    assert collection.library.document("zero").title == given.title
    answer = collection.ask("when did the harbour reopen?", {"filters": Filters(publisher=("Star\x00",))})
    assert answer.passages[0].citation.title == given.title
    assert collection.library.verify().mismatches == ()

from wherefrom.index.types import DocumentSummary
from wherefrom.service.client.decoding import decode


def summary(**values: object) -> DocumentSummary:
    fields: dict[str, object] = dict.fromkeys(("title", "publisher", "agency", "published", "url"))
    fields |= {"document_id": "a", "etag": "1", "authors": (), "source": "a.txt", "source_sha256": "0"}
    fields |= {"media_type": "text/plain", "bytes": 4, "paragraphs": 1, **values}
    return DocumentSummary(**fields)  # type: ignore[arg-type]


def test_a_source_is_decoded_in_its_encoding() -> None:
    assert decode("Größe".encode("cp1252"), summary(encoding="cp1252")) == "Größe"


def test_invalid_bytes_are_replaced_where_the_document_says_so() -> None:
    assert decode(b"caf\xe9 caf\xc3\xa9", summary(encoding="utf-8", errors="replace")) == "caf\ufffd café"

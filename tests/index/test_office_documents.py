"""Files of office programs from folder to citation: found by a question, cited in the stored text, and verified."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.library_samples import WordEmbedder
from tests.support.office_files import FILES_OF, docx, docx_paragraph
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.sources.extractors.registry import FORMATS
from wherefrom.index.types import ExtractedCitation

PARAGRAPHS = [
    "The harbour authority of Southport will close its northern quay for eleven months, the council said on Monday.",
    "Inspectors had found cracks as wide as a hand in the footings – “two of nine piers” no longer carry any load.",
    "Ferries to the outer islands will leave from the coal dock meanwhile, which adds twenty minutes to each crossing.",
]
QUESTION = "where do the ferries to the outer islands leave from?"


def library_of(path: Path, raw: bytes) -> Library:
    path.write_bytes(raw)
    library = Library.open(path.parent / "data", embedder=WordEmbedder(), threshold=0.0)
    (result,) = ingest(library, [path])
    assert result.error is None
    return library


def paragraph(text: str, properties: str) -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize("module", sorted(FILES_OF))
def test_a_file_is_cited_in_its_stored_text(module: str, tmp_path: Path) -> None:
    media_type, suffix = next((name, each.suffixes[0]) for name, each in FORMATS.items() if each.module == module)
    raw = FILES_OF[module](PARAGRAPHS)
    with library_of(tmp_path / f"quay{suffix}", raw) as library:
        passage = library.ask(QUESTION).passages[0]
        citation = passage.citation
        assert isinstance(citation, ExtractedCitation) == (module != "markdown")
        assert citation.media_type == media_type
        assert passage.text == PARAGRAPHS[2]
        text = library.text(citation.document_id)
        assert "".join(text[span.start : span.end] for span in citation.segments) == PARAGRAPHS[2]
        if isinstance(citation, ExtractedCitation):
            assert citation.text_sha256 == sha256(text.encode()).hexdigest()
        else:
            assert text == raw.decode(citation.encoding, citation.errors)
        assert citation.source_sha256 == sha256(raw).hexdigest()
        audit = library.verify()
        assert audit.paragraphs == len(PARAGRAPHS)
        assert not audit.mismatches


def test_headings_items_and_rows_of_a_file_are_what_they_are(tmp_path: Path) -> None:
    heading = paragraph("A heading of more words than a line has", '<w:outlineLvl w:val="0"/>')
    item = paragraph("Coal dock, pier two", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    cells = "".join(f"<w:tc>{docx_paragraph(cell)}</w:tc>" for cell in ("Quay", "Closed"))
    row = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    raw = docx(docx_paragraph(PARAGRAPHS[0]) + heading + docx_paragraph(PARAGRAPHS[1]) + item + row)
    with library_of(tmp_path / "quay.docx", raw) as library:
        (document,) = library.documents()
        stored = library.stored_text(document.document_id)
        assert [each.text for each in stored.headings] == ["A heading of more words than a line has"]
        texts = [each.text for each in stored.paragraphs]
        assert texts == [PARAGRAPHS[0], PARAGRAPHS[1], "Coal dock, pier two", "Quay | Closed"]
        assert not library.verify().mismatches


def test_front_matter_tells_markdown_whatever_the_name(tmp_path: Path) -> None:
    text = "---\ntitle: The quay\ndate: 2024-03-04\nauthor: Mara Lind\n---\n\n" + "\n\n".join(PARAGRAPHS)
    with library_of(tmp_path / "quay.txt", text.encode()) as library:
        (document,) = library.documents()
        assert document.media_type == "text/markdown"
        assert (document.title, document.authors) == ("The quay", ("Mara Lind",))
        assert str(document.published) == "2024-03-04"

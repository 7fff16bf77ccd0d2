from pathlib import Path

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.documents import build_document, cut_to_news_length
from wherefrom.index.library import Library

TEXT = "Cats sleep all day. They hunt mice at night. Dogs bark. Birds sing in the morning, and so on."


def test_a_long_paragraph_is_cut_without_loss() -> None:
    cut = cut_to_news_length(TEXT)
    assert " ".join(cut) == TEXT
    assert len(cut) > 1
    assert cut_to_news_length(TEXT) == cut


def test_citations_of_a_built_document_match_its_bytes(tmp_path: Path) -> None:
    document = build_document("s", ["One sentence. And another.", "A second paragraph."])
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0) as library:
        library.put("s", document)
        answer = library.ask("second paragraph")
    for passage in answer.passages:
        span = passage.citation.segments[0]
        assert document.raw.decode()[span.start : span.end] == passage.text


def test_the_spans_of_one_paragraph_cover_its_bytes() -> None:
    text = "Cats. They sleep \U0001f408 all day. They hunt mice."
    document = build_document("corpus.jsonl#cats", [text])
    (paragraph,) = document.paragraphs
    (span,) = paragraph.segments
    decoded = document.raw.decode(document.encoding)
    assert decoded[span.start : span.end] == paragraph.text == text
    assert " ".join(text[sentence.start : sentence.end] for sentence in paragraph.sentences) == text
    assert len(paragraph.sentences) == 3

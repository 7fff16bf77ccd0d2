from pathlib import Path

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.stories import news_length, story_document
from wherefrom.index.library import Library

TEXT = "Cats sleep all day. They hunt mice at night. Dogs bark. Birds sing in the morning, and so on."


def test_a_long_paragraph_is_cut_to_one_or_two_sentences_and_loses_nothing() -> None:
    cut = news_length(TEXT)
    assert " ".join(cut) == TEXT
    assert len(cut) > 1
    assert news_length(TEXT) == cut


def test_a_story_is_a_document_whose_citations_hold(tmp_path: Path) -> None:
    document = story_document("s", ["One sentence. And another.", "A second paragraph."])
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0) as library:
        library.put("s", document)
        answer = library.ask("second paragraph")
    for passage in answer.passages:
        span = passage.citation.segments[0]
        assert document.raw.decode()[span.start : span.end] == passage.text

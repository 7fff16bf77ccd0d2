"""Delta segments are merged when there are too many, whatever is left alive in them."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.library import Library
from wherefrom.index.segments.segment_set import MAX_SEGMENTS
from wherefrom.index.sources.json_article import parse_article

LIGHTHOUSE = "The lighthouse of Westport went dark on Sunday, its keeper told the harbour master."
FERRY = "The ferry of Eastport sank on day {}, its captain said to the paper."
STOP_WORDS = "It was to be, and it was not to be."


def put(library: Library, document_id: str, text: str, **fields: Any) -> None:  # noqa: ANN401
    library.put(document_id, extract(parse_article({"text": text, **fields}, source=document_id)))


@pytest.mark.parametrize("text", [LIGHTHOUSE, STOP_WORDS])
@pytest.mark.parametrize("replacements", range(MAX_SEGMENTS - 2, MAX_SEGMENTS + 1))
def test_only_a_document_without_terms_of_fields_or_of_text_is_left(
    tmp_path: Path, text: str, replacements: int
) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        put(library, "base", "The mill of Southport was bought on Tuesday.", title="Mill bought")
        library.refresh()
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        for number in range(replacements):
            put(library, "gone", FERRY.format(number), title=f"Ferry {number}", publisher="The Post")
            assert library.ask("which ferry sank?").passages
        library.remove("gone")
        put(library, "left", text)
        found = library.ask("what was said?", top_k=50).passages
        assert {each.citation.document_id for each in found} == {"base", "left"}

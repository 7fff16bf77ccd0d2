import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.support.eval_samples import answer_of, citation, passage
from tests.support.library_samples import QUESTION, seeds_library
from wherefrom.eval.metrics.citation_checks import citation_fault, citations_of
from wherefrom.index.types import Citation, Span

TEXT = "One two\u2028 three. Four\nfive."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text(TEXT, encoding="utf-16")
    return path


def cited(path: Path, **fields: object) -> Citation:
    values: dict[str, Any] = {
        "source": str(path),
        "source_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "encoding": "utf-16",
        "cited_text": "two five.",
        "segments": (Span(start=4, end=8), Span(start=21, end=26)),
    }
    return citation(**(values | fields))


def test_a_citation_of_several_segments_matches_its_source(source: Path) -> None:
    assert citation_fault(cited(source)) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"cited_text": "two Five."}, "the source has 'two five.', not 'two Five.'"),
        ({"segments": (Span(start=4, end=8),)}, "the source has 'two'"),
        ({"segments": (), "cited_text": ""}, "the source has ''"),
        ({"source_sha256": "0" * 64}, "SHA-256 differs"),
        ({"encoding": "ascii"}, "cannot be decoded as ascii"),
        ({"encoding": "no-such"}, "cannot be decoded as no-such"),
        ({"source": "/nowhere/at/all.txt"}, "cannot be read"),
    ],
)
def test_a_fault_describes_why_a_citation_does_not_match(source: Path, fields: dict[str, object], reason: str) -> None:
    assert reason in str(citation_fault(cited(source, **fields)))


def test_citations_include_copies_and_the_answering_sentence() -> None:
    first, copy, second = citation("a"), citation("b"), citation("c")
    answer = answer_of(confidence=0.9, answered=True, passages=[passage(1, first, copy), passage(2, second)])
    assert list(citations_of(answer)) == [first, first, copy, second]


def test_every_citation_of_a_real_answer_matches_its_source(tmp_path: Path) -> None:
    with seeds_library(tmp_path) as library:
        citations = list(citations_of(library.ask(QUESTION, top_k=10)))
    assert len(citations) == 11
    assert [citation_fault(citation) for citation in citations] == [None] * 11

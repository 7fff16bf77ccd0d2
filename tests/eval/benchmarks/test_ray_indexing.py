import json
from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import articles
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.benchmarks.ray_indexing import (
    CommandTimes,
    IndexDifference,
    compare_indexes,
    index_seconds,
    section_of,
    write_articles,
)
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.index.arrays import Matrix
from wherefrom.index.library import Library


class RoundedEmbedder(WordEmbedder):
    """The same model, rounded otherwise."""

    def encode(self, texts: list[str]) -> Matrix:  # type: ignore[override]
        vectors = super().encode(texts)
        vectors[:, 1] += np.float32(2**-18)
        return vectors


def stored(data: Path, embedder: WordEmbedder, count: int) -> Path:
    with Library.open(data, embedder=embedder) as library:
        library.put_many(articles(count))
    return data


def test_documents_are_compared_by_their_digests_and_vectors_by_their_largest_difference(tmp_path: Path) -> None:
    first = stored(tmp_path / "first", WordEmbedder(), 5)
    assert compare_indexes(first, first) == IndexDifference(documents=5, other_digests=0, largest=0.0)
    rounded = compare_indexes(first, stored(tmp_path / "rounded", RoundedEmbedder(), 5))
    assert (rounded.other_digests, rounded.largest) == (0, 2**-18)
    assert compare_indexes(first, stored(tmp_path / "fewer", WordEmbedder(), 3)).other_digests == 2


def test_the_first_articles_of_a_corpus_are_written(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(f"{json.dumps({'id': str(number)})}\n" for number in range(5)))
    assert [write_articles(corpus, tmp_path / "some", limit) for limit in (1, 3, 9)] == [1, 3, 5]
    assert (tmp_path / "some").read_text() == corpus.read_text()


def test_a_command_that_fails_is_an_error_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match="cannot be indexed"):
        index_seconds(tmp_path / "gone.jsonl", tmp_path / "data", (), {})


def test_the_section_has_the_medians_and_the_rate_without_the_start() -> None:
    times = {
        "plain": CommandTimes(whole=[12.0, 14.0, 13.0], start=[3.0, 3.0, 9.0]),
        "on ray": CommandTimes(whole=[12.0], start=[7.0]),
    }
    difference = IndexDifference(documents=101, other_digests=0, largest=3e-7)
    text = section_of(times, difference, name="scifact", articles=101, rounds=3).text
    assert text.startswith("## Indexing on Ray\n\n101 articles of scifact, one JSON Lines file")
    assert "| 101 articles, s | 13.0 | 12.0 |" in text
    assert "| one article: the start, s | 3.0 | 7.0 |" in text
    assert "| articles/s, without the start | 10.0 | 20.0 |" in text
    assert "2.00 times" in text
    assert "of 101 documents, 0 have another digest; no number of a vector differs by more than 3.0e-07" in text

"""The scale curve measures the real search on a deterministic corpus."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.benchmarks.scale.measures import measure_base
from wherefrom.eval.benchmarks.scale.run import as_markdown
from wherefrom.eval.benchmarks.scale.synthetic_corpus import SentencePool, build_base, save_questions
from wherefrom.index.ranking.query import encode
from wherefrom.index.scoring.late_interaction import pack

EMBEDDER = WordEmbedder()
SENTENCES = [line for seed in range(12) for line in prose(seed, 8).decode().splitlines() if line.endswith(".")]


@pytest.fixture(scope="module")
def pool() -> SentencePool:
    return SentencePool(
        sentences=SENTENCES,
        vectors=EMBEDDER.encode(SENTENCES),
        tokens=[pack(EMBEDDER.encode(["one", "two"]))],
        questions=[encode(f"Who repaired the bridge number {number}?", EMBEDDER) for number in range(5)],
    )


def test_rows_are_real_first_and_then_synthetic(pool: SentencePool) -> None:
    rows = [row for document in pool.documents(300) for row in document.rows]
    assert len(rows) == 300
    assert rows[0].text.startswith(SENTENCES[0])
    np.testing.assert_array_equal(rows[0].sentences[0], pool.vectors[0])
    lengths = [float(np.linalg.norm(row.vector)) for row in rows] + [
        float(np.linalg.norm(r.sentences[0])) for r in rows
    ]
    np.testing.assert_allclose(lengths, 1, atol=1e-5)
    again = [row for document in pool.documents(300) for row in document.rows]
    np.testing.assert_array_equal(again[-1].vector, rows[-1].vector)
    assert again[-1].text == rows[-1].text
    assert len({row.vector.tobytes() for row in rows}) > 250


def test_a_size_is_measured_and_tabulated(pool: SentencePool, tmp_path: Path) -> None:
    save_questions(pool.questions, tmp_path)
    build_base(pool, tmp_path, 60)
    point = measure_base(tmp_path, 60)
    assert (point.paragraphs, point.questions) == (60, 5)
    assert (point.recall_paragraphs, point.recall_sentences) == (1.0, 1.0)
    assert point.rss_mb > point.rss_files_mb > 0
    table = as_markdown([point, point], real_sentences=len(SENTENCES))
    assert table.startswith("| paragraphs | 60 | 60 |\n| --- | ---: | ---: |\n")
    assert f"The first {len(SENTENCES):,} sentences" in table

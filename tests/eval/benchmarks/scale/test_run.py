"""The scale curve measures the real search on rows that are the same each time."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.benchmarks.scale.bases import keep_questions, make
from wherefrom.eval.benchmarks.scale.measures import measured
from wherefrom.eval.benchmarks.scale.points import Point, as_markdown
from wherefrom.eval.benchmarks.scale.rows import Real
from wherefrom.index.ranking.query import encode
from wherefrom.index.scoring.late_interaction import pack

EMBEDDER = WordEmbedder()
SENTENCES = [line for seed in range(12) for line in prose(seed, 8).decode().splitlines() if line.endswith(".")]


@pytest.fixture(scope="module")
def real() -> Real:
    return Real(
        sentences=SENTENCES,
        vectors=EMBEDDER.encode(SENTENCES),
        tokens=[pack(EMBEDDER.encode(["one", "two"]))],
        questions=[encode(f"Who repaired the bridge number {number}?", EMBEDDER) for number in range(5)],
    )


def test_rows_are_real_first_and_then_drawn_around_real_ones(real: Real) -> None:
    rows = [row for document in real.documents(300) for row in document.rows]
    assert len(rows) == 300
    assert rows[0].text.startswith(SENTENCES[0])
    np.testing.assert_array_equal(rows[0].sentences[0], real.vectors[0])
    lengths = [float(np.linalg.norm(row.vector)) for row in rows] + [
        float(np.linalg.norm(r.sentences[0])) for r in rows
    ]
    np.testing.assert_allclose(lengths, 1, atol=1e-5)
    again = [row for document in real.documents(300) for row in document.rows]
    np.testing.assert_array_equal(again[-1].vector, rows[-1].vector)
    assert again[-1].text == rows[-1].text
    assert len({row.vector.tobytes() for row in rows}) > 250


def test_a_size_is_measured_and_shown(real: Real, tmp_path: Path) -> None:
    keep_questions(real.questions, tmp_path)
    make(real, tmp_path, 60)
    point = Point(**measured(tmp_path, 60))
    assert (point.paragraphs, point.questions) == (60, 5)
    assert (point.recall_paragraphs, point.recall_sentences) == (1.0, 1.0)
    assert point.rss_mb > point.rss_files_mb > 0
    shown = as_markdown([point, point], real_sentences=len(SENTENCES))
    assert shown.startswith("| paragraphs | 60 | 60 |\n| --- | ---: | ---: |\n")
    assert f"The first {len(SENTENCES):,} sentences" in shown

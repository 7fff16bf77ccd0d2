"""The bases that the scale curve is measured on, made once and without a catalog, and the questions they are asked."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from wherefrom.eval.benchmarks.scale.rows import Real
from wherefrom.index.cleaning.extract import CLEANER_VERSION
from wherefrom.index.ranking.query import Query
from wherefrom.index.segments import base_store
from wherefrom.index.storage import schema

QUESTIONS = "questions.npy"


def keep_questions(questions: Sequence[Query], data: Path) -> None:
    """Write the questions for the processes that ask them."""
    np.save(data / QUESTIONS, np.array(list(questions), dtype=object))


def make(real: Real, data: Path, size: int) -> None:
    """Make a base of so many paragraphs, unless it is there."""
    folder = data / f"{size}"
    if (folder / "made.json").exists():
        return
    manifest = _manifest(size, real.vectors.shape[1])
    started = time.perf_counter()
    base_store.write_base(real.documents(size), manifest, folder)
    (folder / "made.json").write_text(json.dumps({"seconds": time.perf_counter() - started, "manifest": manifest}))


def _manifest(size: int, dimension: int) -> Mapping[str, str]:
    names = ("model", "model_sha256", "model_files")
    counts = {"dimension": dimension, "documents": -(-size // 10), "passages": size, "revision": 1}
    return {**dict.fromkeys(names, "scale"), "cleaner": CLEANER_VERSION, "corpus": schema.EMPTY_CORPUS} | {
        name: str(count) for name, count in counts.items()
    }

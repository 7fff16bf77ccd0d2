"""Fit the threshold of the reader in the check of written sentences: the lowest log-odds of a supporting passage.

The checks without a reader decide most cases. The threshold is the highest that keeps KEPT_SHARE of the sentences that
follow and pass those checks, on the half of the pairs that is not held out. Fit it again after each training of the
reader, which changes the scale of its log-odds.

Run: python -m wherefrom.eval.training.fit_sentence_check BENCH_FOLDER
"""

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.datasets.made_pairs import written_pairs
from wherefrom.eval.datasets.questions import SEEDS
from wherefrom.eval.datasets.written_pairs import PAIRS, WrittenPair
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.reading.loader import reader_of
from wherefrom.index.reading.protocol import Reader
from wherefrom.index.writing.sentence_check import THRESHOLD, SentenceChecker

KEPT_SHARE = 0.99
WEIGHTS = "reader.npz"
OUT = Path(str(files("wherefrom.index.writing") / THRESHOLD))


def main(
    bench: Annotated[Path, typer.Argument(help="The folder with newsqa and articles.")],
    out: Annotated[Path, typer.Option(help="The file of the threshold.")] = OUT,
) -> None:
    """Fit the threshold on one half of the pairs, write it, and print what it does on both."""
    reader = reader_of(load_embedder()).get()
    if reader is None:
        typer.echo("the model has no reader", err=True)
        raise typer.Exit(1)
    pairs = written_pairs(PAIRS, SEEDS, bench)
    built_on = [pair for pair in pairs if not pair.held_out]
    checker = SentenceChecker(None)
    passing = [pair for pair in built_on if checker.check(pair.sentence, pair.passages).passed]
    following = support([pair for pair in passing if pair.follows], reader)
    threshold = round(float(np.quantile(following, 1 - KEPT_SHARE, method="lower")), 2)
    out.write_text(json.dumps({"min_answers": threshold, "reader_sha256": reader_digest()}) + "\n", encoding="utf-8")
    typer.echo(f"threshold {threshold}, fitted on {len(following)} sentences that follow and pass")
    for name, group in (("built on", built_on), ("held out", [pair for pair in pairs if pair.held_out])):
        for follows in (True, False):
            scores = support([pair for pair in group if pair.follows == follows], reader)
            label = "follow" if follows else "do not follow"
            typer.echo(f"{name}: {np.mean(scores >= threshold):.3f} of {len(scores)} that {label} reach it")


def support(pairs: Sequence[WrittenPair], reader: Reader) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Return for each pair the highest log-odds of any of its passages to support the sentence; shape (len(pairs),)."""
    return np.array([max(each.answers for each in reader.read(pair.sentence, pair.passages)) for pair in pairs])


def reader_digest() -> str:
    """Return the SHA-256 of the reader's weights in the package."""
    return hashlib.sha256((files("wherefrom.index.reading") / WEIGHTS).read_bytes()).hexdigest()


if __name__ == "__main__":
    typer.run(main)

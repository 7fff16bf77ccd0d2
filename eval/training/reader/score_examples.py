"""Add the scores of a teacher to training examples.

Of an example, the passage with the answer and the first others are kept, and scored; the rest is left out.

Run: python -m wherefrom.eval.training.reader.score_examples EXAMPLES --model MPNET --teacher TEACHER --out SCORED
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from tokenizers import Tokenizer
from torch import nn

from wherefrom.eval.training.reader.batches import Group, pair_batch
from wherefrom.eval.training.reader.examples import ReaderExample, limited, load_examples, save_examples
from wherefrom.eval.training.reader.fit_reader import FURTHER_MAX_EXAMPLES
from wherefrom.eval.training.reader.fit_teacher import TeacherReader
from wherefrom.eval.training.reader.training_loop import TrainingData, training_data
from wherefrom.index.arrays import Matrix

NEGATIVES = 4
"""Number of passages without the answer that are kept."""
NEAR_MISS_PASSAGES = 3
"""Number of passages of a question without an answer that are kept."""
UNLABELLED_PASSAGES = 4
BATCH = 48
"""Number of pairs that are scored at once."""


def shortened(example: ReaderExample) -> ReaderExample:
    """Return an example with the passages to score only, the one with the answer first."""
    others = [text for at, text in enumerate(example.passages) if at != example.place]
    if example.place >= 0:
        return replace(example, passages=(example.passages[example.place], *others[:NEGATIVES]), place=0)
    return replace(example, passages=tuple(others[: NEAR_MISS_PASSAGES if example.labelled else UNLABELLED_PASSAGES]))


def scored(model: nn.Module, data: TrainingData) -> list[ReaderExample]:
    """Return the examples with the scores that a model gives to each of their passages."""
    groups = [
        Group(question=each.question, passages=each.passages, answered=False, span=None) for each in data.examples
    ]
    scores = _pair_scores(model, [(group, at) for group in groups for at in range(len(group.passages))], data)
    ends = np.cumsum([len(group.passages) for group in groups])
    return [
        replace(example, relevance=tuple(of_pairs[:, 0].tolist()), answers=tuple(of_pairs[:, 1].tolist()))
        for example, of_pairs in zip(data.examples, np.split(scores, ends[:-1]), strict=True)
    ]


def _pair_scores(model: nn.Module, pairs: Sequence[tuple[Group, int]], data: TrainingData) -> Matrix:
    """Return the relevance and the log-odds of an answer of pairs, shape (pairs, 2)."""
    lengths = [data.questions.length(group.question) + data.passages.length(group.passages[at]) for group, at in pairs]
    order = np.argsort(lengths, kind="stable")
    scores = np.zeros((len(pairs), 2), np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            of_pairs, _ = model(pair_batch([pairs[row] for row in rows], data.questions, data.passages))
            scores[rows] = of_pairs.float().numpy()
    return scores


def main(
    examples: Annotated[list[Path], typer.Argument(help="JSON lines files of examples.")],
    model: Annotated[Path, typer.Option(help="The folder of all-mpnet-base-v2.")],
    teacher: Annotated[Path, typer.Option(help="The checkpoint of fit_teacher.")],
    out: Annotated[Path, typer.Option(help="The JSON lines file to write.")],
) -> None:
    """Write the examples with scores."""
    chosen = [shortened(example) for example in limited(load_examples(examples), FURTHER_MAX_EXAMPLES)]
    reader = TeacherReader(model)
    reader.load_state_dict(torch.load(teacher)["model"])
    data = training_data(chosen, Tokenizer.from_file(str(model / "tokenizer.json")))
    for source, count in save_examples(out, scored(reader.eval(), data)).items():
        typer.echo(f"{source}: {count:,} examples")


if __name__ == "__main__":
    typer.run(main)

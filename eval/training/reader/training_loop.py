"""The training loop of a reader: a falling learning rate, and a checkpoint from which training resumes."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import typer
from tokenizers import Tokenizer
from torch import nn

from wherefrom.eval.training.reader.batches import NEGATIVES, EncodedTexts, Group, draw_group
from wherefrom.eval.training.reader.examples import ReaderExample
from wherefrom.eval.training.reader.losses import step_losses
from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS

GROUPS = 16
"""Number of questions of a training step."""
HEAD_RATE_FACTOR = 3.0
"""How many times as high the learning rate of the heads is."""
WARM_UP_STEPS = 40
CHECKPOINT_SECONDS = 300
REPORT_STEPS = 50
SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """Examples, and their questions and passages as tokens; `negatives` is the number that `draw_group` takes."""

    examples: Sequence[ReaderExample]
    questions: EncodedTexts
    passages: EncodedTexts
    negatives: int


def training_data(examples: Sequence[ReaderExample], tokenizer: Tokenizer, negatives: int = NEGATIVES) -> TrainingData:
    """Return the examples with their texts as tokens, cut as the reader cuts them."""
    tokenizer.no_padding()
    questions = EncodedTexts(tokenizer, MAX_QUESTION_TOKENS)
    passages = EncodedTexts(tokenizer, MAX_PASSAGE_TOKENS)
    questions.add(example.question for example in examples)
    passages.add(text for example in examples for text in example.passages)
    return TrainingData(examples=examples, questions=questions, passages=passages, negatives=negatives)


def train(
    model: nn.Module,
    heads: Sequence[nn.Parameter],
    data: TrainingData,
    checkpoint: Path,
    *,
    seconds: float,
    learning_rate: float,
) -> None:
    """Train for `seconds` in all, with a falling learning rate; the time stored in a checkpoint is included.

    `heads` are the parameters of the model that are trained faster.
    """
    of_heads = set(heads)
    others = [each for each in model.parameters() if each.requires_grad and each not in of_heads]
    optimiser = torch.optim.AdamW(
        [{"params": others, "lr": 0.0}, {"params": list(heads), "lr": 0.0}], weight_decay=0.01, fused=True
    )
    spent, steps = 0.0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        spent, steps = saved["seconds"], saved["steps"]
    random = np.random.default_rng(SEED + steps)
    started = saved_at = time.monotonic()
    losses: list[tuple[float, ...]] = []
    model.train()
    for groups in _steps(data, random):
        elapsed = spent + time.monotonic() - started
        if elapsed >= seconds:
            break
        share = min((steps + 1) / WARM_UP_STEPS, 1) * (1 - elapsed / seconds) + 0.01
        for group, factor in zip(optimiser.param_groups, (1.0, HEAD_RATE_FACTOR), strict=True):
            group["lr"] = learning_rate * factor * share
        parts = step_losses(model, groups, data.questions, data.passages)
        loss = torch.stack(parts).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        steps += 1
        losses.append(tuple(part.item() for part in parts))
        if steps % REPORT_STEPS == 0:
            means = np.mean(losses[-REPORT_STEPS:], axis=0).round(3).tolist()
            typer.echo(f"{steps} steps, {elapsed:.0f} s: relevance, answers, span {json.dumps(means)}")
        if time.monotonic() - saved_at > CHECKPOINT_SECONDS:
            saved_at = time.monotonic()
            _save(checkpoint, model, optimiser, elapsed, steps)
    _save(checkpoint, model, optimiser, seconds, steps)
    model.eval()


def _save(path: Path, model: nn.Module, optimiser: torch.optim.Optimizer, seconds: float, steps: int) -> None:
    """Replace the checkpoint atomically, so that there is always a complete one."""
    temporary = path.with_suffix(".tmp")
    saved = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "seconds": seconds, "steps": steps}
    torch.save(saved, temporary)
    temporary.replace(path)


def _steps(data: TrainingData, random: np.random.Generator) -> Iterator[list[Group]]:
    """Yield the groups of each step, epoch after epoch."""
    while True:
        order = random.permutation(len(data.examples))
        for start in range(0, len(order) - GROUPS + 1, GROUPS):
            examples = [data.examples[at] for at in order[start : start + GROUPS]]
            yield [draw_group(example, data.passages, random, data.negatives) for example in examples]

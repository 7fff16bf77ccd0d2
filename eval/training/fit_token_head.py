"""Train the token head and the weights of the second stage further, on SQuAD and NewsQA.

Writes `index/embedding/token_head.npz` and `index/scoring/ranking.json`, and starts from what they hold. The first
ones were trained on SQuAD alone, from the principal components of its tokens.

Every answerable question is asked of its own article and of a collection of several. The loss is the negative log
likelihood of the paragraphs with the answer among the first candidates. The projection, the importance of the
question's tokens and the four weights are trained together; a penalty keeps projection and importance near their start.
The articles and stories that are held out are for `wherefrom.eval.training.fit_calibration` and for the figures of the
studies. Training needs PyTorch.

Run: python -m wherefrom.eval.training.fit_token_head BENCH_FOLDER
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch.nn import functional

from wherefrom.eval.training.token_head_examples import RankingExample, examples, training_collections
from wherefrom.index.embedding import token_head
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.scoring import fusion
from wherefrom.index.scoring.late_interaction import SOFT_MIN_SHARPNESS

EPOCHS = 3
BATCH_SIZE = 16
LEARNING_RATES = {"projection": 1e-4, "importance": 1e-3, "stage": 1.5e-3, "late": 1.5e-2}
START_PENALTY = 1e-3
"""Weight of the squared distance of projection and importance from their initial values in the loss."""
SEED = 0


class Head(torch.nn.Module):
    """The trained parameters.

    The score of a candidate is that of `wherefrom.index.scoring.fusion.second_stage` for short paragraphs.
    """

    def __init__(self, start: token_head.TokenHead, weights: fusion.SecondStageWeights) -> None:
        super().__init__()
        self.projection = torch.nn.Parameter(torch.tensor(start.projection))
        self.importance = torch.nn.Parameter(torch.tensor(start.importance))
        self.bias = torch.nn.Parameter(torch.tensor(start.bias))
        self.stage = torch.nn.Parameter(torch.tensor([weights.vectors, weights.lexical]))
        self.late = torch.nn.Parameter(torch.tensor([weights.mean, weights.soft_min]))

    def forward(self, example: RankingExample, projected: torch.Tensor) -> torch.Tensor:
        """Return one score per candidate; `projected` has the projected tokens of the collection, one per row."""
        question = functional.normalize(example.question @ self.projection, dim=1)
        cosines = question @ projected[example.tokens].T
        owners = example.owners.expand(len(question), -1)
        best = torch.full((len(question), len(example.correct)), -1.0).scatter_reduce(1, owners, cosines, "amax")
        raw = functional.softplus(token_head.IMPORTANCE_SCALE * (example.question @ self.importance) + self.bias)
        weights = raw / raw.sum()
        soft_min = -torch.logsumexp(torch.log(weights)[:, None] - SOFT_MIN_SHARPNESS * best, 0) / SOFT_MIN_SHARPNESS
        return example.scores @ self.stage + self.late[0] * (weights @ best) + self.late[1] * soft_min

    def project(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return unit-length projections of token vectors."""
        return functional.normalize(tokens @ self.projection, dim=1)


def main(
    bench: Annotated[Path, typer.Argument(help="A folder with squad2 and newsqa.")],
    head_out: Path = token_head.TOKEN_HEAD_FILE,
    weights_out: Path = fusion.SHIPPED,
) -> None:
    """Train, and write the token head and the weights."""
    embedder = load_embedder()
    start = token_head.token_head_for(embedder.identity)
    if start is None:
        raise typer.BadParameter(f"there is no head of {embedder.identity.name} to start from")
    collections = [list(examples(each, embedder)) for each in training_collections(bench)]
    head = train(Head(start, fusion.SecondStageWeights.load("head")), collections)
    np.savez(
        head_out,
        projection=head.projection.detach().numpy().astype(np.float16),
        importance=head.importance.detach().numpy(),
        bias=np.float32(head.bias.item()),
        model_sha256=np.array(embedder.identity.sha256),
    )
    shipped = json.loads(fusion.SHIPPED.read_text(encoding="utf-8"))
    shipped["head"] = scaled_weights(head, shipped["head"]["mean"])
    lines = (f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in shipped.items())
    weights_out.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def scaled_weights(head: Head, mean: float) -> Mapping[str, float]:
    """Return the four trained weights by name, times a factor that makes the weight of the mean cosine `mean`.

    The factor does not change the order. It keeps the scale of the scores, which the reader's weight and depth are for.
    """
    factor = mean / head.late[0].item()
    values = [round(value * factor, 4) for value in (*head.stage.tolist(), *head.late.tolist())]
    return dict(zip(("vectors", "lexical", "mean", "soft_min"), values, strict=True))


def train(head: Head, collections: Sequence[Sequence[tuple[torch.Tensor, RankingExample]]]) -> Head:
    """Train a head and return it; a batch has questions on one collection, whose tokens are projected once."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    start, importance = head.projection.detach().clone(), head.importance.detach().clone()
    groups = [
        {"params": [head.stage, head.bias], "lr": LEARNING_RATES["stage"]},
        {"params": [head.late], "lr": LEARNING_RATES["late"]},
        {"params": [head.importance], "lr": LEARNING_RATES["importance"]},
        {"params": [head.projection], "lr": LEARNING_RATES["projection"]},
    ]
    optimiser = torch.optim.Adam(groups)
    batches = [each[at : at + BATCH_SIZE] for each in collections for at in range(0, len(each), BATCH_SIZE)]
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, EPOCHS * len(batches))
    for _ in range(EPOCHS):
        for number in random.permutation(len(batches)):
            loss = _loss(head, batches[number]) + START_PENALTY * ((head.projection - start) ** 2).sum()
            loss = loss + START_PENALTY * ((head.importance - importance) ** 2).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return head


def _loss(head: Head, batch: Sequence[tuple[torch.Tensor, RankingExample]]) -> torch.Tensor:
    projected = head.project(batch[0][0])
    losses = []
    for _, example in batch:
        log_likelihood = torch.log_softmax(head(example, projected), 0)
        losses.append(-torch.logsumexp(log_likelihood[example.correct], 0))
    return torch.stack(losses).sum() / BATCH_SIZE


if __name__ == "__main__":
    typer.run(main)

"""Trains the token head and the weights of the second stage on SQuAD: `index/token_head.npz` and `index/ranking.json`.

Every answerable question is asked of its article cut to news length. Of the first candidates the paragraph with the
answer should come first: the projection, the importance of the question's tokens and the four weights are moved
together, by gradient, until it does. The projection starts from the tokens' principal components and is held near
them. One fifth of the articles is left out, for `wherefrom.eval.training.fit_calibration` and for the figures. It needs PyTorch.

Run: python -m wherefrom.eval.training.fit_token_head SQUAD_FOLDER
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch.nn import functional

from wherefrom.eval.training.token_head_examples import Example, examples, training
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding import token_head
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.scoring import fusion
from wherefrom.index.scoring.late_interaction import SOFT_MIN_SHARPNESS

KEPT = 64
EPOCHS = 3
BATCH = 16
NEAR_START = 1e-3
SEED = 0


class Head(torch.nn.Module):
    """What is trained; the score of a candidate is that of `wherefrom.index.scoring.fusion.refine` among short paragraphs."""

    def __init__(self, projection: torch.Tensor) -> None:
        super().__init__()
        self.projection = torch.nn.Parameter(projection.clone())
        self.importance = torch.nn.Parameter(torch.zeros(len(projection)))
        self.bias = torch.nn.Parameter(torch.tensor(0.5))
        self.stage = torch.nn.Parameter(torch.tensor([0.2, 0.6]))
        self.late = torch.nn.Parameter(torch.tensor([15.0, 3.0]))

    def forward(self, example: Example, projected: torch.Tensor) -> torch.Tensor:
        """A score a candidate."""
        asked = functional.normalize(example.question @ self.projection, dim=1)
        cosines = asked @ projected[example.tokens].T
        owners = example.owners.expand(len(asked), -1)
        best = torch.full((len(asked), len(example.right)), -1.0).scatter_reduce(1, owners, cosines, "amax")
        raw = functional.softplus(token_head.IMPORTANCE_SCALE * (example.question @ self.importance) + self.bias)
        weights = raw / raw.sum()
        soft_min = -torch.logsumexp(torch.log(weights)[:, None] - SOFT_MIN_SHARPNESS * best, 0) / SOFT_MIN_SHARPNESS
        return example.scores @ self.stage + self.late[0] * (weights @ best) + self.late[1] * soft_min

    def project(self, tokens: torch.Tensor) -> torch.Tensor:
        """Token vectors as they are compared."""
        return functional.normalize(tokens @ self.projection, dim=1)


def fit(
    squad: Annotated[Path, typer.Argument(help="A SQuAD 2.0 folder in BEIR form.")],
    head_out: Path = token_head.TOKEN_HEAD_FILE,
    weights_out: Path = fusion.SHIPPED,
) -> None:
    """Train and write both files."""
    embedder = load_embedder()
    articles = [list(examples(each, embedder)) for each in training(squad)]
    head = train(articles)
    np.savez(
        head_out,
        projection=head.projection.detach().numpy().astype(np.float16),
        importance=head.importance.detach().numpy(),
        bias=np.float32(head.bias.item()),
        model_sha256=np.array(embedder.identity.sha256),
    )
    values = [round(value, 4) for value in (*head.stage.tolist(), *head.late.tolist())]
    names = ("vectors", "lexical", "mean", "soft_min")
    shipped = json.loads(fusion.SHIPPED.read_text(encoding="utf-8"))
    shipped["head"] = dict(zip(names, values, strict=True))
    weights_out.write_text(json.dumps(shipped, indent=2) + "\n", encoding="utf-8")


def train(articles: Sequence[Sequence[tuple[torch.Tensor, Example]]]) -> Head:
    """The trained head: batches are of one article each, whose tokens are projected once."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    start = _principal(np.concatenate([asked[0][0].numpy() for asked in articles if asked]))
    head = Head(start)
    groups = [
        {"params": [head.stage, head.bias], "lr": 5e-3},
        {"params": [head.late], "lr": 5e-2},
        {"params": [head.importance], "lr": 3e-3},
        {"params": [head.projection], "lr": 3e-4},
    ]
    optimiser = torch.optim.Adam(groups)
    batches = [asked[at : at + BATCH] for asked in articles for at in range(0, len(asked), BATCH)]
    falling = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, EPOCHS * len(batches))
    for _ in range(EPOCHS):
        for number in random.permutation(len(batches)):
            loss = _loss(head, batches[number]) + NEAR_START * ((head.projection - start) ** 2).sum()
            loss = loss + NEAR_START * (head.importance**2).sum()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            falling.step()
    return head


def _loss(head: Head, batch: Sequence[tuple[torch.Tensor, Example]]) -> torch.Tensor:
    projected = head.project(batch[0][0])
    losses = []
    for _, example in batch:
        likely = torch.log_softmax(head(example, projected), 0)
        losses.append(-torch.logsumexp(likely[example.right], 0))
    return torch.stack(losses).sum() / BATCH


def _principal(tokens: Matrix) -> torch.Tensor:
    """The first principal directions of a sample of tokens, a column each."""
    drawn = np.random.default_rng(SEED).choice(len(tokens), min(20_000, len(tokens)), replace=False)
    _, _, directions = np.linalg.svd(tokens[drawn], full_matrices=False)
    return torch.from_numpy(np.ascontiguousarray(directions[:KEPT].T))


if __name__ == "__main__":
    typer.run(fit)

"""Train the token head and the weights of the second stage on SQuAD.

Writes `index/embedding/token_head.npz` and `index/scoring/ranking.json`.

Every answerable question is asked of its own article, cut to paragraphs of news length. The loss is the negative log
likelihood of the paragraphs with the answer among the first candidates. The projection, the importance of the
question's tokens and the four weights are trained together; the projection is initialised with the principal
components of the tokens, and a penalty keeps it near them. One fifth of the articles is held out for
`wherefrom.eval.training.fit_calibration` and for the figures of the studies. Training needs PyTorch.

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

from wherefrom.eval.training.token_head_examples import RankingExample, examples, training_collections
from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding import token_head
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.scoring import fusion
from wherefrom.index.scoring.late_interaction import SOFT_MIN_SHARPNESS

DIMENSION = 64
"""Length of a projected token vector."""
EPOCHS = 3
BATCH_SIZE = 16
START_PENALTY = 1e-3
"""Weight of the squared distance of projection and importance from their initial values in the loss."""
SEED = 0


class Head(torch.nn.Module):
    """The trained parameters.

    The score of a candidate is that of `wherefrom.index.scoring.fusion.second_stage` for short paragraphs.
    """

    def __init__(self, projection: torch.Tensor) -> None:
        super().__init__()
        self.projection = torch.nn.Parameter(projection.clone())
        self.importance = torch.nn.Parameter(torch.zeros(len(projection)))
        self.bias = torch.nn.Parameter(torch.tensor(0.5))
        self.stage = torch.nn.Parameter(torch.tensor([0.2, 0.6]))
        self.late = torch.nn.Parameter(torch.tensor([15.0, 3.0]))

    def forward(self, example: RankingExample, projected: torch.Tensor) -> torch.Tensor:
        """Return one score per candidate; `projected` has the projected tokens of the article, one per row."""
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
    squad: Annotated[Path, typer.Argument(help="A SQuAD 2.0 folder in BEIR form.")],
    head_out: Path = token_head.TOKEN_HEAD_FILE,
    weights_out: Path = fusion.SHIPPED,
) -> None:
    """Train, and write the token head and the weights."""
    embedder = load_embedder()
    articles = [list(examples(each, embedder)) for each in training_collections(squad)]
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


def train(articles: Sequence[Sequence[tuple[torch.Tensor, RankingExample]]]) -> Head:
    """Return the trained head; a batch has questions on one article, whose tokens are projected once."""
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    start = _principal(np.concatenate([batch[0][0].numpy() for batch in articles if batch]))
    head = Head(start)
    groups = [
        {"params": [head.stage, head.bias], "lr": 5e-3},
        {"params": [head.late], "lr": 5e-2},
        {"params": [head.importance], "lr": 3e-3},
        {"params": [head.projection], "lr": 3e-4},
    ]
    optimiser = torch.optim.Adam(groups)
    batches = [
        of_article[at : at + BATCH_SIZE] for of_article in articles for at in range(0, len(of_article), BATCH_SIZE)
    ]
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.05, EPOCHS * len(batches))
    for _ in range(EPOCHS):
        for number in random.permutation(len(batches)):
            loss = _loss(head, batches[number]) + START_PENALTY * ((head.projection - start) ** 2).sum()
            loss = loss + START_PENALTY * (head.importance**2).sum()
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


def _principal(tokens: Matrix) -> torch.Tensor:
    """Return the first principal directions of a sample of tokens, one per column."""
    drawn = np.random.default_rng(SEED).choice(len(tokens), min(20_000, len(tokens)), replace=False)
    _, _, directions = np.linalg.svd(tokens[drawn], full_matrices=False)
    return torch.from_numpy(np.ascontiguousarray(directions[:DIMENSION].T))


if __name__ == "__main__":
    typer.run(main)

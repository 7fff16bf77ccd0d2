"""Fits the confidence model on outside questions and writes `index/confidence.json`; never on the seeds' questions.

Every collection is asked its own questions, near misses among them, and as many that another collection answers. Of
SQuAD only the articles that the token head was not trained on are taken, of news all stories.

Run: python -m wherefrom.eval.training.fit_calibration SQUAD_FOLDER NEWS_FOLDER
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from wherefrom.eval.datasets.beir import CORPUS, QUERIES
from wherefrom.eval.datasets.small_collections import (
    FOLDS,
    NEWS,
    Collection,
    OutsideQuestion,
    news_collections,
    squad_collections,
)
from wherefrom.eval.datasets.stories import story_document
from wherefrom.eval.metrics.calibration_metrics import auc, calibration_error
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.scoring.calibration import SHIPPED, Features

NAMES = tuple(field.name for field in fields(Features))
HELD_OUT = 0
"""The fifth of SQuAD's articles that `wherefrom.eval.training.fit_token_head` leaves out."""
THRESHOLD = 0.35
"""Refuses 98.7 % of what another collection answers, in cross-validation, and answers 94.7 % of what this one does."""
SEED = 20160202
SHARES = {"answerable": 0.68, "near_miss": 0.08, "elsewhere": 0.24}
"""What share of the weight each sort of question has: answerable ones as in the news questions, and people ask about
what is not there at all more often than about what is nearly there."""

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What was measured of the top passage for a question, and whether that passage answers it."""

    features: Features
    cosine: float
    right: bool
    sort: str
    collection: str


def fit(
    squad: Annotated[Path, typer.Argument(help="A SQuAD 2.0 folder in BEIR form.")],
    news: Annotated[Path, typer.Argument(help="A folder with articles.jsonl.")],
    out: Path = SHIPPED,
) -> None:
    """Fit the model and write it with the figures that cross-validation gives it."""
    collections = [*squad_collections(squad, HELD_OUT), *news_collections(news)]
    found = list(examples(collections, load_embedder()))
    data = [squad / CORPUS, squad / QUERIES, news / "articles.jsonl", NEWS]
    model = {
        "made_by": "python -m wherefrom.eval.training.fit_calibration, from SQuAD 2.0 (CC BY-SA 4.0) and our own questions on news",
        "data_sha256": {path.name: sha256(path.read_bytes()).hexdigest() for path in data},
        "examples": len(found),
        "cross_validated": cross_validate(found),
        **_weights(*_arrays(found)[:3]),
        "threshold": THRESHOLD,
    }
    out.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    typer.echo(out.read_text(encoding="utf-8"))


def examples(collections: Sequence[Collection], embedder: Embedder) -> Iterator[Example]:
    """Ask every collection its own questions, and those that the next one answers."""
    for collection, other in zip(collections, [*collections[1:], collections[0]], strict=True):
        moved = [OutsideQuestion(text=each.text, golds=frozenset()) for each in other.questions if each.golds]
        with (
            TemporaryDirectory() as data,
            Library.open(Path(data), embedder=embedder) as library,
        ):
            library.put_many((id_, story_document(id_, texts)) for id_, texts in collection.stories.items())
            for question in collection.questions:
                yield _example(library, question, "answerable" if question.golds else "near_miss", collection)
            for question in moved[: len(collection.questions)]:
                yield _example(library, question, "elsewhere", collection)


def _example(library: Library, question: OutsideQuestion, sort: str, collection: Collection) -> Example:
    top = library.score_passages(question.text)[0]
    place = (top.paragraph.stored.source.document_id, top.paragraph.stored.paragraph.number)
    return Example(
        features=top.features,
        cosine=top.scores.dense,
        right=place in question.golds,
        sort=sort,
        collection=collection.name,
    )


def cross_validate(found: Sequence[Example]) -> Mapping[str, float]:
    """The figures on collections that the model was not fitted on, weighted as it is fitted."""
    values, right, weights, collections = _arrays(found)
    probabilities = np.empty(len(found))
    for train, test in GroupKFold(FOLDS).split(values, right, collections):
        model = LogisticRegression(C=np.inf, max_iter=10_000)
        model.fit(values[train], right[train], sample_weight=weights[train])
        probabilities[test] = model.predict_proba(values[test])[:, 1]
    sorts = np.array([example.sort for example in found])
    figures = {f"auc_answerable_against_{sort}": _auc(probabilities, sorts, sort) for sort in list(SHARES)[1:]}
    drawn = np.random.default_rng(SEED).choice(len(found), size=len(found), p=weights / weights.sum())
    figures["expected_calibration_error"] = calibration_error(probabilities[drawn], right[drawn])
    cosine = np.array([example.cosine for example in found])
    figures |= {f"top_cosine_auc_against_{sort}": _auc(cosine, sorts, sort) for sort in list(SHARES)[1:]}
    for sort in SHARES:
        figures[f"refused_{sort}"] = float((probabilities[sorts == sort] < THRESHOLD).mean())
    return {name: round(figure, 4) for name, figure in figures.items()}


def _auc(scores: Numbers, sorts: npt.NDArray[np.str_], negative: str) -> float:
    chosen = (sorts == "answerable") | (sorts == negative)
    return auc(scores[chosen], sorts[chosen] == "answerable")


def _weights(values: Numbers, right: Flags, weights: Numbers) -> Mapping[str, object]:
    model = LogisticRegression(C=np.inf, max_iter=10_000).fit(values, right, sample_weight=weights)
    rounded = {name: round(float(weight), 4) for name, weight in zip(NAMES, model.coef_[0], strict=True)}
    return {"weights": rounded, "intercept": round(float(model.intercept_[0]), 4)}


def _arrays(found: Sequence[Example]) -> tuple[Numbers, Flags, Numbers, npt.NDArray[np.str_]]:
    values = np.array([[asdict(example.features)[name] for name in NAMES] for example in found])
    right = np.array([example.right for example in found])
    counts = {sort: sum(example.sort == sort for example in found) for sort in SHARES}
    weights = np.array([SHARES[example.sort] * len(found) / counts[example.sort] for example in found])
    return values, right, weights, np.array([example.collection for example in found])


if __name__ == "__main__":
    typer.run(fit)

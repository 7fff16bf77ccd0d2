"""Fit the evidence of the searches, a part of confidence, in `index/scoring/confidence.json`.

It is a logistic model on small collections; its weighted sum is one feature of
`wherefrom.eval.training.fit_calibration`. The seeds' questions are never used.

Every collection is asked its own questions, including near misses, and at most as many questions of another
collection. SQuAD contributes only the articles that the token head was not trained on, the news all stories.

Run: python -m wherefrom.eval.training.fit_evidence SQUAD_FOLDER NEWS_FOLDER
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.datasets.small_collections import (
    FOLDS,
    HELD_OUT_FOLD,
    NEWS_QUESTIONS,
    NEWS_STORIES,
    Collection,
    CollectionQuestion,
    news_collections,
    squad_collections,
)
from wherefrom.eval.metrics.calibration_metrics import Flags, Numbers, auc, calibration_error
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.scoring.calibration import EVIDENCE, SHIPPED, Features

FEATURE_NAMES = ("shortfall", "sentence", "missing")
THRESHOLD = 0.35
"""The threshold of the reported figures: in cross-validation it refuses 98.7 % of another collection's questions, and
answers 94.7 % of the answerable ones."""
SEED = 20160202
SHARES = {"answerable": 0.68, "near_miss": 0.08, "elsewhere": 0.24}
"""Share of each kind of question in the total weight. The share of answerable questions is that of the news questions;
users ask about missing topics more often than they ask near misses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceExample:
    """The features of the top passage of a question, its cosine, and whether it answers the question.

    `kind` is one of the keys of `SHARES`.
    """

    features: Features
    cosine: float
    correct: bool
    kind: str
    collection: str


def main(
    squad: Annotated[Path, typer.Argument(help="A SQuAD 2.0 folder in BEIR form.")],
    news: Annotated[Path, typer.Argument(help="A folder with articles.jsonl.")],
    out: Path = SHIPPED,
) -> None:
    """Fit the model, and write it with its cross-validated figures beside the models of the efforts."""
    collections = [*squad_collections(squad, HELD_OUT_FOLD), *news_collections(news)]
    fitted_on = list(examples(collections, load_embedder()))
    data = [squad / CORPUS, squad / QUERIES, news / NEWS_STORIES, NEWS_QUESTIONS]
    model = {
        "made_by": "python -m wherefrom.eval.training.fit_evidence, "
        "from SQuAD 2.0 (CC BY-SA 4.0) and our own questions on news",
        "data_sha256": {path.name: sha256(path.read_bytes()).hexdigest() for path in data},
        "examples": len(fitted_on),
        "cross_validated": cross_validate(fitted_on),
        **_weights(*_arrays(fitted_on)[:3]),
    }
    stored = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    out.write_text(json.dumps(stored | {EVIDENCE: model}, indent=2) + "\n", encoding="utf-8")
    typer.echo(out.read_text(encoding="utf-8"))


def examples(collections: Sequence[Collection], embedder: Embedder) -> Iterator[EvidenceExample]:
    """Ask every collection its own questions, and at most as many that the next collection answers."""
    for collection, other in zip(collections, [*collections[1:], collections[0]], strict=True):
        elsewhere = [CollectionQuestion(text=each.text, golds=frozenset()) for each in other.questions if each.golds]
        with (
            TemporaryDirectory() as data,
            Library.open(Path(data), embedder=embedder) as library,
        ):
            library.put_many((id_, build_document(id_, texts)) for id_, texts in collection.stories.items())
            for question in collection.questions:
                yield _example(library, question, "answerable" if question.golds else "near_miss", collection)
            for question in elsewhere[: len(collection.questions)]:
                yield _example(library, question, "elsewhere", collection)


def _example(library: Library, question: CollectionQuestion, kind: str, collection: Collection) -> EvidenceExample:
    top = library.score_passages(question.text, effort="fast")[0]
    stored = top.paragraph.stored
    paragraph = ParagraphRef(document_id=stored.source.document_id, paragraph=stored.paragraph.number)
    return EvidenceExample(
        features=top.features,
        cosine=top.scores.dense,
        correct=paragraph in question.golds,
        kind=kind,
        collection=collection.name,
    )


def cross_validate(examples: Sequence[EvidenceExample]) -> Mapping[str, float]:
    """Return the figures of models on collections that they were not fitted on, with `SHARES` as weights of the kinds.

    The calibration error is that of a weighted resample.
    """
    values, correct, weights, collections = _arrays(examples)
    probabilities = np.empty(len(examples))
    for train, test in GroupKFold(FOLDS).split(values, correct, collections):
        model = LogisticRegression(C=np.inf, max_iter=10_000)
        model.fit(values[train], correct[train], sample_weight=weights[train])
        probabilities[test] = model.predict_proba(values[test])[:, 1]
    kinds = np.array([example.kind for example in examples])
    figures = {f"auc_answerable_against_{kind}": _auc(probabilities, kinds, kind) for kind in list(SHARES)[1:]}
    drawn = np.random.default_rng(SEED).choice(len(examples), size=len(examples), p=weights / weights.sum())
    figures["expected_calibration_error"] = calibration_error(probabilities[drawn], correct[drawn])
    cosine = np.array([example.cosine for example in examples])
    figures |= {f"top_cosine_auc_against_{kind}": _auc(cosine, kinds, kind) for kind in list(SHARES)[1:]}
    for kind in SHARES:
        figures[f"refused_{kind}"] = float((probabilities[kinds == kind] < THRESHOLD).mean())
    return {name: round(figure, 4) for name, figure in figures.items()}


def _auc(scores: Numbers, kinds: npt.NDArray[np.str_], negative: str) -> float:
    chosen = (kinds == "answerable") | (kinds == negative)
    return auc(scores[chosen], kinds[chosen] == "answerable")


def _weights(values: Numbers, correct: Flags, weights: Numbers) -> Mapping[str, object]:
    model = LogisticRegression(C=np.inf, max_iter=10_000).fit(values, correct, sample_weight=weights)
    rounded = {name: round(float(weight), 4) for name, weight in zip(FEATURE_NAMES, model.coef_[0], strict=True)}
    return {"weights": rounded, "intercept": round(float(model.intercept_[0]), 4)}


def _arrays(examples: Sequence[EvidenceExample]) -> tuple[Numbers, Flags, Numbers, npt.NDArray[np.str_]]:
    """Return features, outcomes, weights and collections, one row per example."""
    values = np.array([[getattr(example.features, name) for name in FEATURE_NAMES] for example in examples])
    correct = np.array([example.correct for example in examples])
    counts = {kind: sum(example.kind == kind for example in examples) for kind in SHARES}
    weights = np.array([SHARES[example.kind] * len(examples) / counts[example.kind] for example in examples])
    return values, correct, weights, np.array([example.collection for example in examples])


if __name__ == "__main__":
    typer.run(main)

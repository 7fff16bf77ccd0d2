"""Fits the confidence model on outside questions and writes `index/confidence.json`; never run on the seeds' questions.

The data is a SQuAD 2.0 folder in BEIR form, whose queries say `answerable`. Its articles are asked as one collection,
and each article as a collection of its own, so that the model holds for five documents as for five hundred. What
cannot be answered is of two sorts: a question written to look answerable from that very article, and a question about
another one.

Run: python -m eval.fit_confidence SQUAD_FOLDER
"""

import json
from collections import defaultdict
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

from eval.beir import CORPUS, QRELS, QUERIES, BeirDocument, joined
from eval.beir_scores import as_document
from eval.certainty import auc, calibration_error
from eval.jsonl import Row, read_lines, read_rows
from index.confidence import SHIPPED, Features
from index.embedder import Embedder, Matrix, ModelIdentity, Reading, load_embedder
from index.library import Library

NAMES = tuple(field.name for field in fields(Features))
THRESHOLD = 0.5
FOLDS = 5
SEED = 20160202
SHARES = {"answerable": 0.5, "near_miss": 0.1, "elsewhere": 0.4}
"""What share of the weight each sort of question has, whatever their numbers in the data.

People ask about what is not there more often than they ask what was written to mislead a reader of that very paragraph.
"""

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, whether its own paragraph answers it, that paragraph, and the article that it is about."""

    text: str
    answerable: bool
    document: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What was measured of the top passage for a question, and whether that passage answers it."""

    features: Features
    cosine: float
    right: bool
    sort: str
    article: str


class CachingEmbedder:
    """An embedder that encodes each text once, since every collection asks the same questions of the same texts."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Matrix] = {}
        self._read: dict[tuple[str, str], Reading] = {}

    @property
    def identity(self) -> ModelIdentity:
        """Which model makes the vectors."""
        return self._embedder.identity

    def encode(self, texts: Sequence[str]) -> Matrix:
        """The vectors, from memory where they are known."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known |= dict(zip(new, self._embedder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._embedder.encode([])

    def read(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """The readings, from memory where they are known."""
        pairs = list(zip(texts, contexts, strict=True))
        new = list(dict.fromkeys(pair for pair in pairs if pair not in self._read))
        readings = self._embedder.read([text for text, _ in new], [context for _, context in new])
        self._read |= dict(zip(new, readings, strict=True))
        return [self._read[pair] for pair in pairs]


def fit(squad: Annotated[Path, typer.Argument(help="A SQuAD 2.0 folder in BEIR form.")], out: Path = SHIPPED) -> None:
    """Fit the model and write it with the figures that cross-validation gives it."""
    rows = list(read_rows(squad / CORPUS))
    asked = questions(squad, {row.text("id"): row.text("title") for row in rows})
    embedder = CachingEmbedder(load_embedder())
    embedder.read([question.text for question in asked], [""] * len(asked))
    found = list(examples(rows, asked, embedder))
    model = {
        "made_by": "python -m eval.fit_confidence, from SQuAD 2.0 development questions (CC BY-SA 4.0)",
        "data_sha256": {name: sha256((squad / name).read_bytes()).hexdigest() for name in (CORPUS, QUERIES)},
        "examples": len(found),
        "cross_validated": cross_validate(found),
        **_weights(*_arrays(found)[:3]),
        "threshold": THRESHOLD,
    }
    out.write_text(json.dumps(model, indent=2) + "\n", encoding="utf-8")
    typer.echo(out.read_text(encoding="utf-8"))


def questions(squad: Path, articles: Mapping[str, str]) -> tuple[Asked, ...]:
    """Every question with the paragraph that it was written for."""
    paragraph_of = dict(line.split("\t")[:2] for _, line in read_lines(squad / QRELS[0]))
    return tuple(
        Asked(
            text=row.text("text").strip(),
            answerable=row.flag("answerable"),
            document=paragraph_of[row.text("id")],
            article=articles[paragraph_of[row.text("id")]],
        )
        for row in read_rows(squad / QUERIES)
    )


def examples(rows: Sequence[Row], asked: Sequence[Asked], embedder: Embedder) -> Iterator[Example]:
    """Ask every question of the whole corpus and of its own article, and as many of other articles of each."""
    whole = [BeirDocument(id=row.text("id"), text=joined(row.text("title"), row.text("text"))) for row in rows]
    yield from _ask(whole, asked, embedder)
    articles = defaultdict(list)
    for row in rows:
        articles[row.text("title")].append(BeirDocument(id=row.text("id"), text=joined("", row.text("text"))))
    random = np.random.default_rng(SEED)
    for article, documents in sorted(articles.items()):
        own = [question for question in asked if question.article == article]
        others = [question for question in asked if question.article != article and question.answerable]
        drawn = random.choice(len(others), size=len(own), replace=False)
        yield from _ask(documents, [*own, *(others[number] for number in drawn)], embedder)


def _ask(documents: Sequence[BeirDocument], asked: Sequence[Asked], embedder: Embedder) -> Iterator[Example]:
    here = {document.id for document in documents}
    with TemporaryDirectory(prefix="wherefrom-fit-") as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many((document.id, *as_document(document, document.id)) for document in documents)
        for question in asked:
            top = library.examine(question.text)[0]
            sort = ("answerable" if question.answerable else "near_miss") if question.document in here else "elsewhere"
            right = sort == "answerable" and top.stored.source.document_id == question.document
            features, cosine = top.features, top.scores.dense
            yield Example(features=features, cosine=cosine, right=right, sort=sort, article=question.article)


def cross_validate(found: Sequence[Example]) -> Mapping[str, float]:
    """The figures on questions about articles that the model was not fitted on, weighted as it is fitted."""
    values, right, weights, articles = _arrays(found)
    probabilities = np.empty(len(found))
    for train, test in GroupKFold(FOLDS).split(values, right, articles):
        model = LogisticRegression(C=np.inf, max_iter=10_000)
        model.fit(values[train], right[train], sample_weight=weights[train])
        probabilities[test] = model.predict_proba(values[test])[:, 1]
    sorts = np.array([example.sort for example in found])
    figures = {f"auc_answerable_against_{sort}": _auc(probabilities, sorts, sort) for sort in list(SHARES)[1:]}
    drawn = np.random.default_rng(SEED).choice(len(found), size=len(found), p=weights / weights.sum())
    figures["expected_calibration_error"] = calibration_error(probabilities[drawn], right[drawn])
    cosine = np.array([example.cosine for example in found])
    figures |= {f"top_cosine_auc_against_{sort}": _auc(cosine, sorts, sort) for sort in list(SHARES)[1:]}
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
    return values, right, weights, np.array([example.article for example in found])


if __name__ == "__main__":
    typer.run(fit)

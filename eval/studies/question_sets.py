"""The sets of questions that the engine is studied on, each with the collections that it is asked of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.eval.datasets.beir import BeirQuery, load_beir
from wherefrom.eval.datasets.locations import DOCS, EVAL, SEEDS
from wherefrom.eval.datasets.questions import JudgedQuestion, Place, load_questions, locate
from wherefrom.eval.datasets.small_collections import Collection, OutsideQuestion, news_collections, squad_collections
from wherefrom.eval.datasets.stories import story_document
from wherefrom.eval.measurement.beir_scores import indexed_corpus, judge_query
from wherefrom.eval.measurement.runs import Ranking, judge
from wherefrom.eval.measurement.seeds import indexed_seeds
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.studies.candidate_scores import Passage
from wherefrom.eval.training.fit_calibration import HELD_OUT
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library

PAGE = DOCS / "retrieval.md"
"""What is told of the studies, between marks that commands write at."""
Says = Callable[[Place, str], bool]
Judge = Callable[[Sequence[Passage]], Ranking]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that its collection answers, how a ranking is judged, and whether a sentence of a paragraph answers.

    Where `says` is null only whole passages were judged.
    """

    text: str
    judge: Judge
    says: Says | None = None


Asking = tuple[Library, Sequence[Asked]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A set of questions by name. Its paragraphs are `short` where late interaction counts, and may follow others."""

    name: str
    measures: Sequence[str]
    short: bool
    follow: bool
    open: Callable[[], Iterator[Asking]]


def studies(bench: Path, data: Path, embedder: Embedder) -> Sequence[Study]:
    """All of them; `bench` has squad2, scifact and articles, and `data` keeps the indexes of the first two."""
    seeds, outside = partial(_seeds, embedder=embedder), partial(_outside, embedder=embedder)
    beir = partial(_beir, data=data, embedder=embedder)
    news, cut = partial(news_collections, bench / "articles"), partial(squad_collections, bench / "squad2", HELD_OUT)
    squad, scifact = bench / "squad2", bench / "scifact"
    places = partial(Study, measures=("hit@1", "hit@5", "mrr@10"), short=True)
    return (
        places(name="seeds", follow=True, open=partial(seeds, EVAL / "questions.jsonl")),
        places(name="seeds, hard", follow=True, open=partial(seeds, EVAL / "questions_hard.jsonl")),
        places(name="news", follow=True, open=partial(outside, news)),
        places(name="SQuAD, left out and cut", follow=True, open=partial(outside, cut)),
        places(name="SQuAD", follow=False, open=partial(beir, squad)),
        Study(name="SciFact", measures=("ndcg@10",), short=False, follow=False, open=partial(beir, scifact)),
    )


def _seeds(questions: Path, embedder: Embedder) -> Iterator[Asking]:
    with indexed_seeds(SEEDS, embedder) as library:
        judged = locate(load_questions(questions), library.paragraphs, questions)
        yield library, [_of_seeds(each) for each in judged if each.places]


def _of_seeds(judged: JudgedQuestion) -> Asked:
    golds = frozenset(judged.places)
    return Asked(text=judged.question.question, judge=partial(_judge_places, golds), says=judged.answered_by)


def _outside(collections: Callable[[], Iterator[Collection]], embedder: Embedder) -> Iterator[Asking]:
    for collection in collections():
        asked = [_of_outside(question) for question in collection.questions if question.golds]
        with TemporaryDirectory() as folder, Library.open(Path(folder), embedder=embedder) as library:
            library.put_many((id_, story_document(id_, texts)) for id_, texts in collection.stories.items())
            yield library, asked


def _of_outside(question: OutsideQuestion) -> Asked:
    golds = frozenset(Place(document_id=id_, paragraph=number) for id_, number in question.golds)
    return Asked(
        text=question.text,
        judge=partial(_judge_places, golds),
        says=lambda place, text: question.answered_by((place.document_id, place.paragraph), text),
    )


def _beir(path: Path, data: Path, embedder: Embedder) -> Iterator[Asking]:
    folder = load_beir(path)
    with indexed_corpus(folder, data, embedder=embedder, bar=progress_bar) as library:
        yield library, [Asked(text=query.text, judge=partial(_judge_query, query)) for query in folder.queries]


def _judge_places(golds: frozenset[Place], ranked: Sequence[Passage]) -> Ranking:
    return judge([set(passage) for passage in ranked], golds)


def _judge_query(query: BeirQuery, ranked: Sequence[Passage]) -> Ranking:
    return judge_query(query, [place.document_id for passage in ranked for place in passage])

"""The question sets of the studies, each with its collections."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.eval.datasets.beir import BeirQuery, load_beir
from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.questions import EVAL, SEEDS, JudgedQuestion, ParagraphRef, load_questions, locate_golds
from wherefrom.eval.datasets.small_collections import (
    HELD_OUT_FOLD,
    Collection,
    CollectionQuestion,
    news_collections,
    squad_collections,
)
from wherefrom.eval.measurement.beir import indexed_corpus, judge_query
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.measurement.runs import JudgedRanking, judge
from wherefrom.eval.measurement.seeds import indexed_seeds
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.studies.candidate_scores import PassageRefs
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library

AnswerCheck = Callable[[ParagraphRef, str], bool]
"""Takes a paragraph and a part of its text; returns whether that part contains the answer."""
RankingJudge = Callable[[Sequence[PassageRefs]], JudgedRanking]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyQuestion:
    """An answerable question, with functions that judge its rankings and check a sentence for the answer.

    `contains_answer` is `None` where only whole passages were judged.
    """

    text: str
    judge: RankingJudge
    contains_answer: AnswerCheck | None = None


AskedCollection = tuple[Library, Sequence[StudyQuestion]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """A named set of questions.

    `short_paragraphs` says that late interaction applies to its paragraphs, and `consecutive_paragraphs` that a
    paragraph may have a preceding one. `open` yields each collection, indexed, with its questions.
    """

    name: str
    measures: Sequence[str]
    short_paragraphs: bool
    consecutive_paragraphs: bool
    open: Callable[[], Iterator[AskedCollection]]


def question_sets(bench: Path, data: Path, embedder: Embedder) -> Sequence[QuestionSet]:
    """Return all sets; `bench` has squad2, scifact and articles, and `data` keeps the indexes of the BEIR corpora."""
    seeds, small = partial(_seeds, embedder=embedder), partial(_small_collections, embedder=embedder)
    beir = partial(_beir, data=data, embedder=embedder)
    news = partial(news_collections, bench / "articles")
    cut_squad = partial(squad_collections, bench / "squad2", HELD_OUT_FOLD)
    squad, scifact = bench / "squad2", bench / "scifact"
    paragraphs = partial(QuestionSet, measures=("hit@1", "hit@5", "mrr@10"), short_paragraphs=True)
    stories = partial(paragraphs, consecutive_paragraphs=True)
    return (
        stories(name="seeds", open=partial(seeds, EVAL / "questions.jsonl")),
        stories(name="seeds, hard", open=partial(seeds, EVAL / "questions_hard.jsonl")),
        stories(name="news", open=partial(small, news)),
        stories(name="SQuAD, left out and cut", open=partial(small, cut_squad)),
        paragraphs(name="SQuAD", consecutive_paragraphs=False, open=partial(beir, squad)),
        QuestionSet(
            name="SciFact",
            measures=("ndcg@10",),
            short_paragraphs=False,
            consecutive_paragraphs=False,
            open=partial(beir, scifact),
        ),
    )


def _seeds(questions: Path, embedder: Embedder) -> Iterator[AskedCollection]:
    with indexed_seeds(SEEDS, embedder) as library:
        judged = locate_golds(load_questions(questions), library.paragraphs, questions)
        yield library, [_seeds_question(question) for question in judged if question.gold_paragraphs]


def _seeds_question(judged: JudgedQuestion) -> StudyQuestion:
    return StudyQuestion(
        text=judged.question.question,
        judge=partial(_judge_paragraphs, frozenset(judged.gold_paragraphs)),
        contains_answer=judged.answered_by,
    )


def _small_collections(
    collections: Callable[[], Iterator[Collection]], embedder: Embedder
) -> Iterator[AskedCollection]:
    for collection in collections():
        questions = [_collection_question(question) for question in collection.questions if question.golds]
        with TemporaryDirectory() as folder, Library.open(Path(folder), embedder=embedder) as library:
            library.put_many((id_, build_document(id_, texts)) for id_, texts in collection.stories.items())
            yield library, questions


def _collection_question(question: CollectionQuestion) -> StudyQuestion:
    return StudyQuestion(
        text=question.text,
        judge=partial(_judge_paragraphs, question.golds),
        contains_answer=question.answered_by,
    )


def _beir(path: Path, data: Path, embedder: Embedder) -> Iterator[AskedCollection]:
    folder = load_beir(path)
    with indexed_corpus(folder, read_corpus(folder, as_is=True), data, embedder=embedder, bar=progress_bar) as library:
        yield library, [StudyQuestion(text=query.text, judge=partial(_judge_query, query)) for query in folder.queries]


def _judge_paragraphs(golds: frozenset[ParagraphRef], ranked: Sequence[PassageRefs]) -> JudgedRanking:
    return judge([set(passage) for passage in ranked], golds)


def _judge_query(query: BeirQuery, ranked: Sequence[PassageRefs]) -> JudgedRanking:
    return judge_query(query, [paragraph.document_id for passage in ranked for paragraph in passage])

"""The outside sets of the study: documents on which maps are fitted, and sets of questions about other documents.

Maps are fitted on the stories of NewsQA and the articles of SQuAD that the reader and the token head were trained on;
the questions are about the other stories and articles, about the news stories, and SciFact's claims.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from wherefrom.eval.datasets.beir import BeirQuery, load_beir
from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.datasets.small_collections import (
    FOLDS,
    HELD_OUT_FOLD,
    CollectionQuestion,
    news_collections,
    squad_collections,
)
from wherefrom.eval.measurement.beir import judge_query
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.measurement.runs import JudgedRanking, judge
from wherefrom.eval.studies.candidate_scores import PassageRefs
from wherefrom.eval.studies.question_sets import StudyQuestion
from wherefrom.eval.training.asked_questions import newsqa
from wherefrom.index.types import Document

Asked = TypeVar("Asked", CollectionQuestion, BeirQuery)
MERGED = 3
"""Number of paragraphs of a story that are joined, so that maps are fitted on paragraphs of many sentences too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSet:
    """The documents of a collection by id, the questions that they answer, and near misses without an answer."""

    name: str
    documents: Mapping[str, Document]
    questions: Sequence[StudyQuestion]
    near_misses: Sequence[str] = ()


def fit_documents(bench: Path, stories: int) -> Mapping[str, Document]:
    """Return documents for the maps: the first stories of NewsQA's training part, and SQuAD's training articles.

    Each comes with short paragraphs and with long ones; the part of an id before the slash is the article.
    """
    texts: dict[str, Sequence[str]] = {}
    training, _ = newsqa(bench / "newsqa", held_out_stories=False)
    for story in sorted(training)[:stories]:
        paragraphs = training[story]
        texts[f"{story}/short"] = paragraphs
        starts = range(0, len(paragraphs), MERGED)
        texts[f"{story}/long"] = [" ".join(paragraphs[start : start + MERGED]) for start in starts]
    titles = {row.id: row.title for row in load_beir(bench / "squad2").documents}
    short = [
        each for fold in range(FOLDS) if fold != HELD_OUT_FOLD for each in squad_collections(bench / "squad2", fold)
    ]
    for collection in short:
        texts[f"{collection.name}/short"] = collection.stories[collection.name]
    fitted = {collection.name for collection in short}
    for row in load_beir(bench / "squad2").documents:
        if titles[row.id] in fitted:
            long = texts.get(f"{row.title}/long", ())
            texts[f"{row.title}/long"] = [*long, " ".join(row.text.split())]
    return {id_: build_document(id_, of_one) for id_, of_one in texts.items()}


def outside_sets(bench: Path, questions: int, documents: int) -> Iterator[OutsideSet]:
    """Yield the sets, with at most `questions` questions each, and SciFact with at most `documents` abstracts."""
    yield _newsqa(bench, questions)
    yield _squad_cut(bench, questions)
    yield _news(bench, questions)
    yield _squad_whole(bench, questions)
    yield _scifact(bench, questions, documents)


def _newsqa(bench: Path, count: int) -> OutsideSet:
    stories, asked = newsqa(bench / "newsqa", held_out_stories=True)
    questions = [
        CollectionQuestion(
            text=question.text,
            golds=frozenset(ParagraphRef(document_id=question.story, paragraph=at) for at in question.paragraphs),
            answers=tuple(stripped for answer in question.answers if (stripped := answer.strip().rstrip(".,;"))),
        )
        for question in asked
    ]
    return _story_set("NewsQA, left out", stories, questions, count)


def _squad_cut(bench: Path, count: int) -> OutsideSet:
    collections = list(squad_collections(bench / "squad2", HELD_OUT_FOLD))
    stories = {id_: texts for collection in collections for id_, texts in collection.stories.items()}
    questions = [question for collection in collections for question in collection.questions]
    return _story_set("SQuAD, left out and cut", stories, questions, count)


def _news(bench: Path, count: int) -> OutsideSet:
    collections = list(news_collections(bench / "articles"))
    stories = {id_: texts for collection in collections for id_, texts in collection.stories.items()}
    questions = [question for collection in collections for question in collection.questions]
    return _story_set("news", stories, questions, count)


def _story_set(
    name: str, stories: Mapping[str, Sequence[str]], questions: Sequence[CollectionQuestion], count: int
) -> OutsideSet:
    chosen = _sample([question for question in questions if question.golds], count)
    return OutsideSet(
        name=name,
        documents={id_: build_document(id_, texts) for id_, texts in sorted(stories.items())},
        questions=[
            StudyQuestion(
                text=question.text, judge=partial(_judge, question.golds), contains_answer=question.answered_by
            )
            for question in chosen
        ],
        near_misses=[question.text for question in _sample([each for each in questions if not each.golds], count)],
    )


def _squad_whole(bench: Path, count: int) -> OutsideSet:
    """Return all of SQuAD's paragraphs, each a document, with the questions of the articles that are left out."""
    folder = load_beir(bench / "squad2")
    left_out = {collection.name for collection in squad_collections(bench / "squad2", HELD_OUT_FOLD)}
    own = {row.id for row in folder.documents if row.title in left_out}
    answers = {
        (question.text, gold.document_id): question
        for collection in squad_collections(bench / "squad2", HELD_OUT_FOLD)
        for question in collection.questions
        for gold in question.golds
    }
    titles = {row.id: row.title for row in folder.documents}
    queries = _sample([query for query in folder.queries if query.relevant & own], count)
    questions = []
    for query in queries:
        question = next((answers.get((query.text.strip(), titles[id_])) for id_ in query.relevant if id_ in own), None)
        check = partial(_contains, query.relevant, question.answers) if question else None
        questions.append(StudyQuestion(text=query.text, judge=partial(_judge_query, query), contains_answer=check))
    documents = {row.id: build_document(row.id, [" ".join(row.text.split())]) for row in folder.documents}
    return OutsideSet(name="SQuAD, whole paragraphs", documents=documents, questions=questions)


def _scifact(bench: Path, count: int, documents: int) -> OutsideSet:
    """Return SciFact's claims over a collection of the abstracts that are relevant to them and other abstracts."""
    folder = load_beir(bench / "scifact")
    queries = _sample(folder.queries, count)
    corpus = read_corpus(folder, as_is=True).documents
    relevant = {id_ for query in queries for id_ in query.relevant}
    others = [id_ for id_ in sorted(corpus) if id_ not in relevant][: max(documents - len(relevant), 0)]
    chosen = sorted({id_ for id_ in relevant if id_ in corpus} | set(others))
    questions = [StudyQuestion(text=query.text, judge=partial(_judge_query, query)) for query in queries]
    return OutsideSet(name="SciFact", documents={id_: corpus[id_] for id_ in chosen}, questions=questions)


def _sample(questions: Sequence[Asked], count: int) -> Sequence[Asked]:
    """Return `count` questions, sampled by the hash of their texts."""
    return sorted(questions, key=lambda each: sha256(each.text.encode()).digest())[:count]


def _contains(relevant: frozenset[str], answers: Sequence[str], paragraph: ParagraphRef, text: str) -> bool:
    return paragraph.document_id in relevant and any(answer.casefold() in text.casefold() for answer in answers)


def _judge(golds: frozenset[ParagraphRef], ranked: Sequence[PassageRefs]) -> JudgedRanking:
    return judge([set(passage) for passage in ranked], golds)


def _judge_query(query: BeirQuery, ranked: Sequence[PassageRefs]) -> JudgedRanking:
    ids = dict.fromkeys(paragraph.document_id for passage in ranked for paragraph in passage)
    return judge_query(query, list(ids))

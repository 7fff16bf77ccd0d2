"""Training examples of the token head: questions with the candidates and scores that the engine gives them.

The questions are SQuAD's on articles cut to news length, outside the held-out fold, and NewsQA's on stories outside the
held-out ones. Each is asked of its own article alone, and of a collection of several.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.datasets.small_collections import (
    FOLDS,
    HELD_OUT_FOLD,
    Collection,
    CollectionQuestion,
    squad_collections,
)
from wherefrom.eval.training.asked_questions import newsqa
from wherefrom.index.arrays import Rows
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.ranking.ranker import SECOND_STAGE_DEPTH
from wherefrom.index.scoring import fusion
from wherefrom.index.text.analyzer import terms

ARTICLES_TOGETHER, STORIES_TOGETHER = 4, 40
"""Number of SQuAD's articles, and of NewsQA's stories, in a collection of several."""
SEED = 0
MAX_CANDIDATES = 16
"""Number of candidates of an example; further paragraphs with the answer are added."""
ALL_PARAGRAPHS = 10_000
"""More than any collection has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphTokens:
    """The positions of a paragraph's tokens among those of its collection, and the number of its terms."""

    rows: Rows
    terms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingExample:
    """The token vectors of a question, and its candidates.

    `scores`, shape (candidates, 2), are the standardised scores, `tokens` the positions of the candidates' tokens in
    the collection, `owners` the candidate of each of these tokens, and `correct` is true for candidates with the
    answer.
    """

    question: torch.Tensor
    scores: torch.Tensor
    tokens: torch.Tensor
    owners: torch.Tensor
    correct: torch.Tensor


def training_collections(bench: Path) -> Iterator[Collection]:
    """Yield the articles and stories as collections of one and of several; `bench` holds squad2 and newsqa."""
    squad = [
        each for fold in range(FOLDS) if fold != HELD_OUT_FOLD for each in squad_collections(bench / "squad2", fold)
    ]
    news = list(_newsqa_collections(bench / "newsqa"))
    for articles, size in ((squad, ARTICLES_TOGETHER), (news, STORIES_TOGETHER)):
        yield from articles
        for start in range(0, len(articles), size):
            yield _joined(articles[start : start + size])


def _newsqa_collections(folder: Path) -> Iterator[Collection]:
    stories, asked = newsqa(folder, held_out_stories=False)
    for story, texts in stories.items():
        questions = [
            CollectionQuestion(
                text=question.text,
                golds=frozenset(ParagraphRef(document_id=story, paragraph=number) for number in question.paragraphs),
            )
            for question in asked
            if question.story == story
        ]
        yield Collection(name=story, stories={story: texts}, questions=questions)


def _joined(collections: Sequence[Collection]) -> Collection:
    """Return one collection of the stories of several; its questions are shuffled, so that batches are mixed."""
    questions = [question for collection in collections for question in collection.questions]
    order = np.random.default_rng(SEED).permutation(len(questions))
    return Collection(
        name=collections[0].name,
        stories={story: texts for collection in collections for story, texts in collection.stories.items()},
        questions=[questions[at] for at in order],
    )


def examples(collection: Collection, embedder: Embedder) -> Iterator[tuple[torch.Tensor, RankingExample]]:
    """Yield the collection's token vectors with each question about it whose answer is among the candidates."""
    documents = [(story, build_document(story, texts)) for story, texts in collection.stories.items()]
    vectors = [
        each.tokens
        for texts in collection.stories.values()
        for each in embedder.embed_in_context(texts, ["", *texts[:-1]])
    ]
    tokens = torch.from_numpy(np.concatenate(vectors))
    ends = np.cumsum([0, *map(len, vectors)]).tolist()
    places = [(story, paragraph.number) for story, document in documents for paragraph in document.paragraphs]
    paragraphs = {
        place: ParagraphTokens(rows=np.arange(start, end), terms=len(terms(collection.stories[place[0]][place[1] - 1])))
        for place, start, end in zip(places, ends, ends[1:], strict=False)
    }
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many(documents)
        for question in collection.questions:
            if question.golds:
                example = _example(library, question, embedder, paragraphs)
                if example.correct.any():
                    yield tokens, example


def _example(
    library: Library,
    question: CollectionQuestion,
    embedder: Embedder,
    paragraphs: Mapping[tuple[str, int], ParagraphTokens],
) -> RankingExample:
    ranked = library.rank(question.text, top_k=ALL_PARAGRAPHS)
    lexical = {(hit.document_id, hit.number): hit.scores.lexical for hit in ranked}
    hits = ranked[:SECOND_STAGE_DEPTH]
    before = np.array([lexical.get((hit.document_id, hit.number - 1), 0.0) for hit in hits])
    own = np.array([hit.scores.lexical for hit in hits])
    own_paragraphs = [paragraphs[hit.document_id, hit.number] for hit in hits]
    counts = np.array([each.terms for each in own_paragraphs], dtype=np.int64)
    scores = np.stack(
        [
            fusion.standardise(np.array([hit.scores.dense + hit.scores.sentence for hit in hits])),
            fusion.standardise(fusion.add_context(own, before, fusion.context_share(counts))),
        ],
        axis=1,
    )
    answers = [ParagraphRef(document_id=hit.document_id, paragraph=hit.number) in question.golds for hit in hits]
    chosen = [at for at, is_answer in enumerate(answers) if at < MAX_CANDIDATES or is_answer]
    ranges = [own_paragraphs[at].rows for at in chosen]
    (embedding,) = embedder.embed_in_context([question.text], [""])
    return RankingExample(
        question=torch.from_numpy(embedding.tokens),
        scores=torch.from_numpy(scores[chosen].astype(np.float32)),
        tokens=torch.from_numpy(np.concatenate(ranges)),
        owners=torch.from_numpy(np.repeat(np.arange(len(chosen)), [len(each) for each in ranges])),
        correct=torch.tensor([answers[at] for at in chosen]),
    )

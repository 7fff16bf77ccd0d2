"""Training examples of the token head: SQuAD questions with the candidates and scores that the engine gives them."""

from collections.abc import Iterator, Sequence
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
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.ranking.ranker import SECOND_STAGE_DEPTH
from wherefrom.index.scoring import fusion
from wherefrom.index.text.analyzer import terms

MAX_CANDIDATES = 12
"""Number of candidates of an example; further paragraphs with the answer are added."""
ALL_PARAGRAPHS = 1_000
"""More than any article has: in a collection of one article, every paragraph is a candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingExample:
    """The token vectors of a question, and its candidates.

    `scores`, shape (candidates, 2), are the standardised scores, `tokens` the positions of the candidates' tokens in
    the article, `owners` the candidate of each of these tokens, and `correct` is true for candidates with the answer.
    """

    question: torch.Tensor
    scores: torch.Tensor
    tokens: torch.Tensor
    owners: torch.Tensor
    correct: torch.Tensor


def training_collections(squad: Path) -> Iterator[Collection]:
    """Yield all articles outside the held-out fold."""
    for fold in range(FOLDS):
        if fold != HELD_OUT_FOLD:
            yield from squad_collections(squad, fold)


def examples(collection: Collection, embedder: Embedder) -> Iterator[tuple[torch.Tensor, RankingExample]]:
    """Yield the article's token vectors with each question about it whose answer is among the candidates."""
    (story, texts), *_ = collection.stories.items()
    embeddings = embedder.embed_in_context(texts, ["", *texts[:-1]])
    tokens = torch.from_numpy(np.concatenate([each.tokens for each in embeddings]))
    starts = np.cumsum([0, *(len(each.tokens) for each in embeddings)])
    lengths = [len(terms(text)) for text in texts]
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many([(story, build_document(story, texts))])
        for question in collection.questions:
            if question.golds:
                example = _example(library, question, embedder, starts, lengths)
                if example.correct.any():
                    yield tokens, example


def _example(
    library: Library,
    question: CollectionQuestion,
    embedder: Embedder,
    starts: np.ndarray[tuple[int], np.dtype[np.int64]],
    lengths: Sequence[int],
) -> RankingExample:
    ranked = library.rank(question.text, top_k=ALL_PARAGRAPHS)
    lexical = {(hit.document_id, hit.number): hit.scores.lexical for hit in ranked}
    hits = ranked[:SECOND_STAGE_DEPTH]
    before = np.array([lexical.get((hit.document_id, hit.number - 1), 0.0) for hit in hits])
    own = np.array([hit.scores.lexical for hit in hits])
    counts = np.array([lengths[hit.number - 1] for hit in hits], dtype=np.int64)
    scores = np.stack(
        [
            fusion.standardise(np.array([hit.scores.dense + hit.scores.sentence for hit in hits])),
            fusion.standardise(fusion.add_context(own, before, fusion.context_share(counts))),
        ],
        axis=1,
    )
    answers = [ParagraphRef(document_id=hit.document_id, paragraph=hit.number) in question.golds for hit in hits]
    chosen = [at for at, is_answer in enumerate(answers) if at < MAX_CANDIDATES or is_answer]
    ranges = [np.arange(starts[hits[at].number - 1], starts[hits[at].number]) for at in chosen]
    (embedding,) = embedder.embed_in_context([question.text], [""])
    return RankingExample(
        question=torch.from_numpy(embedding.tokens),
        scores=torch.from_numpy(scores[chosen].astype(np.float32)),
        tokens=torch.from_numpy(np.concatenate(ranges)),
        owners=torch.from_numpy(np.repeat(np.arange(len(chosen)), [len(each) for each in ranges])),
        correct=torch.tensor([answers[at] for at in chosen]),
    )

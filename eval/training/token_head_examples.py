"""What the token head learns from: questions of SQuAD with their candidates, as the engine finds and scores them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from wherefrom.eval.datasets.small_collections import FOLDS, Collection, OutsideQuestion, Place, squad_collections
from wherefrom.eval.datasets.stories import story_document
from wherefrom.eval.training.fit_calibration import HELD_OUT
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library
from wherefrom.index.ranking.ranker import SECOND_STAGE_DEPTH
from wherefrom.index.scoring import fusion
from wherefrom.index.text.analyzer import terms

CANDIDATES = 12
EVERY_PARAGRAPH = 1_000
"""More than an article has, all of which are candidates in a collection of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question's tokens; for each candidate its standardised scores, its tokens' places, and whether it answers."""

    question: torch.Tensor
    scores: torch.Tensor
    tokens: torch.Tensor
    owners: torch.Tensor
    right: torch.Tensor


def training(squad: Path) -> Iterator[Collection]:
    """All articles but those that are held out."""
    for fold in range(FOLDS):
        if fold != HELD_OUT:
            yield from squad_collections(squad, fold)


def examples(collection: Collection, embedder: Embedder) -> Iterator[tuple[torch.Tensor, Example]]:
    """The article's token vectors with each answerable question about it whose answer is among the candidates."""
    (story, texts), *_ = collection.stories.items()
    read = embedder.embed_in_context(texts, ["", *texts[:-1]])
    everything = torch.from_numpy(np.concatenate([each.tokens for each in read]))
    starts = np.cumsum([0, *(len(each.tokens) for each in read)])
    lengths = [len(terms(text)) for text in texts]
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many([(story, story_document(story, texts))])
        for question in collection.questions:
            if question.golds:
                example = _example(library, question, embedder, starts, lengths)
                if example.right.any():
                    yield everything, example


def _example(
    library: Library,
    question: OutsideQuestion,
    embedder: Embedder,
    starts: np.ndarray[tuple[int], np.dtype[np.int64]],
    lengths: Sequence[int],
) -> Example:
    everything = library.rank(question.text, top_k=EVERY_PARAGRAPH)
    lexical = {(hit.document_id, hit.number): hit.scores.lexical for hit in everything}
    hits = everything[:SECOND_STAGE_DEPTH]
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
    places: list[Place] = [(hit.document_id, hit.number) for hit in hits]
    kept = [at for at, place in enumerate(places) if at < CANDIDATES or place in question.golds]
    ranges = [np.arange(starts[places[at][1] - 1], starts[places[at][1]]) for at in kept]
    (reading,) = embedder.embed_in_context([question.text], [""])
    return Example(
        question=torch.from_numpy(reading.tokens),
        scores=torch.from_numpy(scores[kept].astype(np.float32)),
        tokens=torch.from_numpy(np.concatenate(ranges)),
        owners=torch.from_numpy(np.repeat(np.arange(len(kept)), [len(each) for each in ranges])),
        right=torch.tensor([places[at] in question.golds for at in kept]),
    )

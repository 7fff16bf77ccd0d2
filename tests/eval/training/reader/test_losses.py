"""The losses of a training step, on a model that returns given scores."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from wherefrom.eval.training.reader.batches import EncodedTexts, Group, PairBatch, draw_group
from wherefrom.eval.training.reader.examples import ReaderExample
from wherefrom.eval.training.reader.losses import step_losses
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder

PASSAGES = ("Alice pays.", "Nobody pays for that.", "It rained in the whole of the north.")
"""Passages of different lengths, so that the scores of a pair can be found by its length."""


class GivenScores(nn.Module):
    """A model with the same scores for each pair of a number of tokens."""

    def __init__(self, scores: Mapping[int, Sequence[float]]) -> None:
        super().__init__()
        self.scores = scores

    def forward(self, batch: PairBatch) -> tuple[Tensor, Tensor]:
        lengths = batch.filled.sum(1).int().tolist()
        return torch.tensor([self.scores[length] for length in lengths]), torch.zeros(*batch.input_ids.shape, 2)


@pytest.fixture
def texts() -> EncodedTexts:
    tokenizer = Tokenizer.from_file(str(Path(model_folder(DEFAULT_MODEL)) / "tokenizer.json"))
    tokenizer.no_padding()
    texts = EncodedTexts(tokenizer, 48)
    texts.add(["Who pays?", *PASSAGES])
    return texts


def losses(texts: EncodedTexts, group: Group, relevance: Sequence[float], answers: Sequence[float]) -> list[float]:
    question = texts.length(group.question)
    scores = {
        question + texts.length(passage) - 1: (of_relevance, of_answers)
        for passage, of_relevance, of_answers in zip(group.passages, relevance, answers, strict=True)
    }
    return [float(loss) for loss in step_losses(GivenScores(scores), [group], texts, texts)]


def group(*, answered: bool, labelled: bool = True, teacher: Sequence[Sequence[float]] | None = None) -> Group:
    scores = None if teacher is None else torch.tensor(teacher, dtype=torch.float32)
    return Group(
        question="Who pays?", passages=PASSAGES, answered=answered, span=None, labelled=labelled, teacher=scores
    )


def test_without_a_teacher_the_first_passage_is_to_be_the_most_relevant(texts: EncodedTexts) -> None:
    right = losses(texts, group(answered=True), (5, 0, 0), (5, -5, -5))
    wrong = losses(texts, group(answered=True), (0, 5, 0), (-5, 5, -5))

    assert right[0] < 0.1
    assert wrong[0] > 3
    assert right[1] < 0.1
    assert wrong[1] > 3


def test_a_near_miss_without_a_teacher_says_nothing_about_relevance(texts: EncodedTexts) -> None:
    relevance, answers, _ = losses(texts, group(answered=False), (5, 0, 0), (-5, -5, -5))

    assert relevance == 0
    assert answers < 0.1


def test_without_a_label_the_teacher_is_followed(texts: EncodedTexts) -> None:
    taught = group(answered=False, labelled=False, teacher=[(0, -5), (5, 5), (0, -5)])

    as_teacher = losses(texts, taught, (0, 5, 0), (-5, 5, -5))
    otherwise = losses(texts, taught, (5, 0, 0), (5, -5, -5))

    assert as_teacher[0] < 0.1
    assert otherwise[0] > 1
    assert as_teacher[1] < 0.1
    assert otherwise[1] > 1


def test_label_and_teacher_count_half_each(texts: EncodedTexts) -> None:
    taught = group(answered=True, teacher=[(0, -5), (5, 5), (0, -5)])
    scores = ((1.0, 0.0, -1.0), (0.5, -0.5, -1.0))

    both = losses(texts, taught, *scores)
    of_label = losses(texts, group(answered=True), *scores)
    of_teacher = losses(texts, group(answered=False, labelled=False, teacher=[(0, -5), (5, 5), (0, -5)]), *scores)

    assert both[0] == pytest.approx((of_label[0] + 2 * of_teacher[0]) / 2)
    assert both[1] == pytest.approx((of_label[1] + 2 * of_teacher[1]) / 2)


def test_passages_are_drawn_with_their_own_scores(texts: EncodedTexts) -> None:
    example = ReaderExample(
        source="newsqa",
        question="Who pays?",
        passages=PASSAGES,
        place=1,
        start=0,
        end=6,
        relevance=(0.0, 1.0, 2.0),
        answers=(10.0, 11.0, 12.0),
    )

    drawn = draw_group(example, texts, np.random.default_rng(0))

    assert drawn.passages[0] == PASSAGES[1]
    assert drawn.teacher is not None
    expected = [(PASSAGES.index(text), 10 + PASSAGES.index(text)) for text in drawn.passages]
    assert drawn.teacher.tolist() == [list(each) for each in expected]

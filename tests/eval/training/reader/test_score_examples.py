"""The scores of a teacher, added to examples."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from wherefrom.eval.training.reader.batches import PairBatch
from wherefrom.eval.training.reader.examples import ReaderExample
from wherefrom.eval.training.reader.score_examples import scored, shortened
from wherefrom.eval.training.reader.training_loop import training_data
from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder


class LengthScores(nn.Module):
    """A model whose relevance is the number of the passage's tokens, its log-odds the number of all tokens."""

    def forward(self, batch: PairBatch) -> tuple[Tensor, Tensor]:
        scores = torch.stack([batch.in_passage.sum(1), batch.filled.sum(1)], dim=1)
        return scores, torch.zeros(*batch.input_ids.shape, 2)


def example(place: int, *, labelled: bool = True) -> ReaderExample:
    passages = tuple("rain " * (number + 1) for number in range(8))
    return ReaderExample(source="newsqa", question="Who pays?", passages=passages, place=place, labelled=labelled)


def test_the_passage_with_the_answer_comes_first_and_four_others_are_kept() -> None:
    short = shortened(example(6))

    assert short.place == 0
    assert [len(text.split()) for text in short.passages] == [7, 1, 2, 3, 4]


def test_questions_without_an_answer_or_a_label_keep_the_first_passages() -> None:
    near_miss = shortened(example(-1))
    unlabelled = shortened(example(-1, labelled=False))

    assert (near_miss.place, [len(text.split()) for text in near_miss.passages]) == (-1, [1, 2, 3])
    assert (unlabelled.place, [len(text.split()) for text in unlabelled.passages]) == (-1, [1, 2, 3, 4])


def test_each_passage_gets_its_own_scores() -> None:
    examples = [shortened(example(6)), shortened(example(-1)), shortened(example(2))]
    tokenizer = Tokenizer.from_file(str(Path(model_folder(DEFAULT_MODEL)) / "tokenizer.json"))

    with_scores = scored(LengthScores(), training_data(examples, tokenizer))

    assert [each.passages for each in with_scores] == [each.passages for each in examples]
    for each in with_scores:
        passage_tokens = [len(text.split()) + 1 for text in each.passages]
        assert each.relevance == tuple(map(float, passage_tokens))
        assert each.answers == tuple(float(tokens + 5) for tokens in passage_tokens)

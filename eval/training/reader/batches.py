"""The training batches of the reader: padded pairs of a question and a passage, as tensors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from wherefrom.eval.training.reader.examples import ReaderExample

NEGATIVES = 4
"""Number of passages without the answer in a group. They are drawn anew each time; higher ranks are more likely. A
question without an answer has one passage less in its group than the others have negatives."""
DRAWN_FROM = 12
RANK_DECAY = 0.2
SPAN_WEIGHT_OF_NO_ANSWER = 0.3


class EncodedTexts:
    """Texts as tokens, each encoded once."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self.encodings: dict[str, Encoding] = {}

    def add(self, texts: Iterable[str]) -> None:
        """Encode the texts that are new."""
        self._tokenizer.enable_truncation(self._max_tokens)
        new = [text for text in dict.fromkeys(texts) if text not in self.encodings]
        self.encodings.update(zip(new, self._tokenizer.encode_batch(new), strict=True))

    def length(self, text: str) -> int:
        """Return the number of tokens of a text, special tokens included."""
        return len(self.encodings[text])


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A question with passages; the first has the answer if `answered`, from token `span[0]` to token `span[1]`.

    Token 0 is the special token before the passage. `span` is `None` without an answer, or if its tokens are truncated.
    If the group is not `labelled`, it is not known whether a passage answers. `teacher`, shape (passages, 2), is the
    relevance and the log-odds of an answer that the teacher gives to each passage, `None` without a teacher.
    """

    question: str
    passages: tuple[str, ...]
    answered: bool
    span: tuple[int, int] | None
    labelled: bool = True
    teacher: Tensor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairBatch:
    """Padded pairs: token ids, masks and targets.

    `input_ids`, `in_passage` and `filled` have shape (pairs, width). `starts` and `ends`, shape (pairs,), are the
    positions of the answer's first and last token, 0 for no answer; `span_weights`, shape (pairs,), are the weights of
    the pairs in the loss of the span.
    """

    input_ids: Tensor
    in_passage: Tensor
    filled: Tensor
    starts: Tensor
    ends: Tensor
    span_weights: Tensor


def draw_group(
    example: ReaderExample, passages: EncodedTexts, random: np.random.Generator, negatives: int = NEGATIVES
) -> Group:
    """Return an example's question with randomly drawn passages, for one training step."""
    others = [at for at in range(min(len(example.passages), DRAWN_FROM)) if at != example.place]
    answered = example.place >= 0
    if answered:
        weights = np.exp(-RANK_DECAY * np.arange(len(others)))
        count = min(negatives, len(others))
        drawn = random.choice(others, count, replace=False, p=weights / weights.sum()).tolist() if count else []
        chosen = [example.place, *drawn]
    else:
        chosen = [others[0], *random.permutation(others[1:])[: negatives - 2].tolist()]
    gold = example.passages[chosen[0]]
    return Group(
        question=example.question,
        passages=tuple(example.passages[at] for at in chosen),
        answered=answered,
        span=_token_span(passages.encodings[gold].offsets, example.start, example.end) if answered else None,
        labelled=example.labelled,
        teacher=(
            torch.tensor([(example.relevance[at], example.answers[at]) for at in chosen]) if example.relevance else None
        ),
    )


def pair_batch(pairs: Sequence[tuple[Group, int]], questions: EncodedTexts, passages: EncodedTexts) -> PairBatch:
    """Return a batch of pairs, each a group and the position of a passage in it."""
    lengths = [questions.length(group.question) for group, _ in pairs]
    input_ids, filled = pad(
        [
            torch.tensor(questions.encodings[group.question].ids + passages.encodings[group.passages[at]].ids[1:])
            for group, at in pairs
        ]
    )
    in_passage = filled.clone()
    starts, ends, weights = [], [], []
    for row, (group, at) in enumerate(pairs):
        length = lengths[row]
        in_passage[row, :length] = False
        has_answer = group.answered and at == 0
        start, end = group.span if has_answer and group.span else (1 - length, 1 - length)
        starts.append(length + start - 1)
        ends.append(length + end - 1)
        weights.append(_span_weight(group, has_answer=has_answer))
    return PairBatch(
        input_ids=input_ids,
        in_passage=in_passage.float(),
        filled=filled.float(),
        starts=torch.tensor(starts),
        ends=torch.tensor(ends),
        span_weights=torch.tensor(weights),
    )


def pad(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return tensors of different lengths as one matrix, padded with 0, and a mask that is true outside the padding."""
    lengths = torch.tensor([len(row) for row in rows])
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True), torch.arange(int(lengths.max())) < lengths[
        :, None
    ]


def _span_weight(group: Group, *, has_answer: bool) -> float:
    if not group.labelled or (has_answer and group.span is None):
        return 0.0
    return 1.0 if has_answer else SPAN_WEIGHT_OF_NO_ANSWER


def _token_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    inside = [at for at, (first, last) in enumerate(offsets) if last > first and last > start and first < end]
    return (inside[0], inside[-1]) if inside else None

"""The training batches of the reader: padded pairs of a question and a passage, as tensors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from wherefrom.eval.training.reader_examples import ReaderExample

NEGATIVES = 4
"""Number of passages without the answer in a group. They are drawn anew each time; higher ranks are more likely."""
NEAR_MISS_PASSAGES = 3
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
    """

    question: str
    passages: tuple[str, ...]
    answered: bool
    span: tuple[int, int] | None


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


def draw_group(example: ReaderExample, passages: EncodedTexts, random: np.random.Generator) -> Group:
    """Return an example's question with randomly drawn passages, for one training step."""
    others = [text for at, text in enumerate(example.passages[:DRAWN_FROM]) if at != example.place]
    if example.place < 0:
        first, rest = others[:1], others[1:]
        drawn = random.permutation(len(rest))[: NEAR_MISS_PASSAGES - 1].tolist()
        return Group(
            question=example.question, passages=(*first, *(rest[at] for at in drawn)), answered=False, span=None
        )
    gold = example.passages[example.place]
    weights = np.exp(-RANK_DECAY * np.arange(len(others)))
    count = min(NEGATIVES, len(others))
    drawn = random.choice(len(others), count, replace=False, p=weights / weights.sum()).tolist() if count else []
    return Group(
        question=example.question,
        passages=(gold, *(others[at] for at in drawn)),
        answered=True,
        span=_token_span(passages.encodings[gold].offsets, example.start, example.end),
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
        weights.append((1.0 if group.span else 0.0) if has_answer else SPAN_WEIGHT_OF_NO_ANSWER)
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


def _token_span(offsets: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    inside = [at for at, (first, last) in enumerate(offsets) if last > first and last > start and first < end]
    return (inside[0], inside[-1]) if inside else None

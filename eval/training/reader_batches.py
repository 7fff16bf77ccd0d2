"""What the reader is trained on, as tensors: states after the lower layers, and pairs of a question and a passage.

The lower layers are not trained, so the states of every text are computed once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertModel

from wherefrom.eval.training.reader_examples import ReaderExample

Offsets = Sequence[tuple[int, int]]
STATES_BATCH = 64
NEGATIVES = 4
"""Passages without the answer beside the one with it; drawn anew each time, the first of the ranking most often."""
NEAR_MISS_PASSAGES = 3
DRAWN_FROM = 12
RANK_DECAY = 0.2
SPAN_WEIGHT_OF_NO_ANSWER = 0.3


class TextStates:
    """The states of texts after the lower layers, float16, and the characters of their tokens."""

    def __init__(self, bert: BertModel, tokenizer: Tokenizer, separate_layers: int, max_tokens: int) -> None:
        self._bert = bert
        bert.train(mode=False)
        self._tokenizer = tokenizer
        self._layers = bert.encoder.layer[:separate_layers]
        self._max_tokens = max_tokens
        self.states: dict[str, Tensor] = {}
        self.offsets: dict[str, Offsets] = {}

    @torch.no_grad()
    def add(self, texts: Iterable[str]) -> None:
        """Compute the states of the texts that are new."""
        self._tokenizer.enable_truncation(self._max_tokens)
        new = [text for text in dict.fromkeys(texts) if text not in self.states]
        encodings = self._tokenizer.encode_batch(new)
        order = sorted(range(len(new)), key=lambda at: len(encodings[at]))
        for start in range(0, len(order), STATES_BATCH):
            batch = order[start : start + STATES_BATCH]
            ids, mask = pad([torch.tensor(encodings[at].ids) for at in batch])
            with torch.autocast("cpu", torch.bfloat16):
                tokens = self._bert.embeddings(ids)
                for layer in self._layers:
                    tokens = first_output(layer(tokens, mask[:, None, None, :]))
            for row, at in enumerate(batch):
                self.states[new[at]] = tokens[row, : len(encodings[at])].to(torch.float16).clone()
                self.offsets[new[at]] = encodings[at].offsets


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A question with passages; the first has the answer if `answered`, at the tokens from `span[0]` to `span[1]`.

    The tokens count from the first of the passage, its special one; `span` is `None` where the tokens were cut off.
    """

    question: str
    passages: tuple[str, ...]
    answered: bool
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairBatch:
    """Padded pairs: states of shape (pairs, width, dimension), and masks and targets.

    `in_passage` and `filled` have shape (pairs, width); `starts` and `ends`, shape (pairs,), are the tokens of the
    answer, 0 for none; `span_weights`, shape (pairs,), is what each pair counts in the loss of the span.
    """

    states: Tensor
    in_passage: Tensor
    filled: Tensor
    starts: Tensor
    ends: Tensor
    span_weights: Tensor


def draw_group(example: ReaderExample, passages: TextStates, random: np.random.Generator) -> Group:
    """Return the passages of an example for one step."""
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
        span=_token_span(passages.offsets[gold], example.start, example.end),
    )


def pair_batch(pairs: Sequence[tuple[Group, int]], questions: TextStates, passages: TextStates) -> PairBatch:
    """Return a batch of pairs, each a group and the position of a passage in it."""
    of_question = [questions.states[group.question] for group, _ in pairs]
    of_passage = [passages.states[group.passages[at]][1:] for group, at in pairs]
    states, filled = pad([torch.cat(both) for both in zip(of_question, of_passage, strict=True)])
    in_passage = filled.clone()
    starts, ends, weights = [], [], []
    for row, (group, at) in enumerate(pairs):
        length = len(of_question[row])
        in_passage[row, :length] = False
        has_answer = group.answered and at == 0
        start, end = group.span if has_answer and group.span else (1 - length, 1 - length)
        starts.append(length + start - 1)
        ends.append(length + end - 1)
        weights.append((1.0 if group.span else 0.0) if has_answer else SPAN_WEIGHT_OF_NO_ANSWER)
    return PairBatch(
        states=states.float(),
        in_passage=in_passage.float(),
        filled=filled.float(),
        starts=torch.tensor(starts),
        ends=torch.tensor(ends),
        span_weights=torch.tensor(weights),
    )


def pad(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return tensors of different lengths as one table, padded with 0, and a mask of what is filled."""
    lengths = torch.tensor([len(row) for row in rows])
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True), torch.arange(int(lengths.max())) < lengths[
        :, None
    ]


def first_output(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Return the tokens of a layer's output, which is a tuple in some versions of transformers."""
    return output[0] if isinstance(output, tuple) else output


def _token_span(offsets: Offsets, start: int, end: int) -> tuple[int, int] | None:
    inside = [at for at, (first, last) in enumerate(offsets) if last > first and last > start and first < end]
    return (inside[0], inside[-1]) if inside else None

"""The losses of a reader's training step, from labels and from the scores of a teacher."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from wherefrom.eval.training.reader.batches import EncodedTexts, Group, PairBatch, pair_batch

PARTS = 4
"""Number of parts into which the pairs of a step are split by length, so that there is little padding."""
SPAN_LOSS_WEIGHT = 0.5
FIRST_WEIGHT = 2.0
"""Weight of the first passage of a group in the loss of whether a passage answers; the others have 1."""
TEACHER_SHARE = 0.5
"""Share of the teacher's scores in the target of a group that has labels too."""
UNLABELLED_WEIGHT = 0.5
"""Weight of a group for which only the teacher's scores are a target."""
NO_SCORE = -1e4


def step_losses(
    model: nn.Module, groups: Sequence[Group], questions: EncodedTexts, passages: EncodedTexts
) -> tuple[Tensor, Tensor, Tensor]:
    """Return three losses, each a scalar: relevance, whether each passage answers, and the span of the answer."""
    pairs = [(group, at) for group in groups for at in range(len(group.passages))]
    lengths = [questions.length(group.question) + passages.length(group.passages[at]) for group, at in pairs]
    order = np.argsort(lengths, kind="stable")
    scores: dict[int, Tensor] = {}
    span_losses, span_weights = [], 0.0
    for part in np.array_split(order, min(PARTS, len(pairs))):
        batch = pair_batch([pairs[at] for at in part], questions, passages)
        with torch.autocast("cpu", torch.bfloat16):
            of_pairs, of_tokens = model(batch)
        scores.update(zip(part.tolist(), of_pairs.float(), strict=True))
        span_losses.append(_span_loss(of_tokens.float(), batch))
        span_weights += float(batch.span_weights.sum())
    ends = np.cumsum([len(group.passages) for group in groups]).tolist()
    starts = [0, *ends[:-1]]
    table = torch.stack([scores[at] for at in range(len(pairs))])
    of_groups = [table[start:end] for start, end in zip(starts, ends, strict=True)]
    relevance = [_relevance_loss(group, each[:, 0]) for group, each in zip(groups, of_groups, strict=True)]
    answers = [_answers_loss(group, each[:, 1]) for group, each in zip(groups, of_groups, strict=True)]
    return (
        torch.stack([loss for loss in relevance if loss is not None] or [table.sum() * 0]).mean(),
        torch.cat(answers).mean(),
        SPAN_LOSS_WEIGHT * torch.stack(span_losses).sum() / max(span_weights, 1.0) / 2,
    )


def _relevance_loss(group: Group, scores: Tensor) -> Tensor | None:
    """Return the cross-entropy of the softmax over a group with its target, `None` without a target.

    The target is the passage with the answer, the softmax of the teacher's relevance, or the mean of both.
    """
    log_shares = torch.log_softmax(scores, 0)
    of_label = -log_shares[0] if group.answered else None
    if group.teacher is None:
        return of_label
    of_teacher = -(torch.softmax(group.teacher[:, 0], 0) * log_shares).sum()
    if of_label is None:
        return UNLABELLED_WEIGHT * of_teacher
    return (1 - TEACHER_SHARE) * of_label + TEACHER_SHARE * of_teacher


def _answers_loss(group: Group, scores: Tensor) -> Tensor:
    """Return the weighted cross-entropy of whether each passage answers, shape (passages,)."""
    label = torch.zeros(len(scores))
    label[0] = float(group.answered)
    weights = torch.ones(len(scores))
    weights[0] = FIRST_WEIGHT
    if group.teacher is None:
        target = label
    elif group.labelled:
        target = (1 - TEACHER_SHARE) * label + TEACHER_SHARE * group.teacher[:, 1].sigmoid()
    else:
        target, weights = group.teacher[:, 1].sigmoid(), UNLABELLED_WEIGHT * weights
    return functional.binary_cross_entropy_with_logits(scores, target, weight=weights, reduction="none")


def _span_loss(scores: Tensor, batch: PairBatch) -> Tensor:
    """Return the weighted sum of the losses of first and last token; the first token of a pair means no answer."""
    allowed = batch.in_passage.bool()
    allowed[:, 0] = True
    scores = scores.masked_fill(~allowed[..., None], NO_SCORE)
    first = functional.cross_entropy(scores[..., 0], batch.starts, reduction="none")
    last = functional.cross_entropy(scores[..., 1], batch.ends, reduction="none")
    return (batch.span_weights * (first + last)).sum()

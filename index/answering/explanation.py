"""The explanation of how a question was understood, for `explain`."""

from datetime import date

from wherefrom.index.conversation import FollowUp
from wherefrom.index.ranking.question_syntax import ParsedQuestion
from wherefrom.index.scoring.recency import UNDATED, Recency
from wherefrom.index.types import AskOptions, Explanation


def explain(
    asked: ParsedQuestion, options: AskOptions, recency: Recency | None, follow_up: FollowUp | None = None
) -> Explanation | None:
    """Return the text that was searched for, its restrictions, and the day and half-life that recency is computed with.

    Returns `None` for a question of plain text that is ranked without recency or context.
    """
    plain = not (asked.phrases or asked.excluded or asked.notes or asked.set_aside)
    if recency is None and plain and not (follow_up and follow_up.is_follow_up):
        return None
    newest = UNDATED if recency is None else recency.newest
    return Explanation(
        text=follow_up.text if follow_up else asked.text,
        phrases=asked.phrases,
        excluded=asked.excluded,
        prefer=options.prefer,
        half_life_days=None if recency is None else recency.half_life_days,
        newest=date.fromordinal(newest) if newest != UNDATED else None,
        notes=asked.notes,
        set_aside=asked.set_aside,
    )

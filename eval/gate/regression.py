"""The conditions that close the gate: figures below their floors, rankings no better than a baseline, answered debris.

Floors apply to means. In addition, the run that was pinned with them is compared question by question: a significantly
lower measure closes the gate even if it is above its floor.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wherefrom.eval.gate.floors import Floors
from wherefrom.eval.measurement.baselines import BASELINES
from wherefrom.eval.measurement.runs import Run
from wherefrom.eval.measurement.scorecard import Scorecard
from wherefrom.eval.measurement.seeds import Digests
from wherefrom.eval.measurement.significance import Difference

DECIMALS = 4
REPIN = "if the change is intended, run `wherefrom-eval --pin`, and with `--lower` where a floor falls"


def gate_failures(pinned: Floors, digests: Digests, card: Scorecard, runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the reasons why the gate is closed, one line each; none if it is open."""
    changed = tuple(_changed_data(pinned.digests, digests))
    return changed or (*_below_floors(pinned.floors, card), *_below_baselines(card), *_answered_debris(runs))


def regressions(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield a line for each measure that is significantly lower than in the pinned run, with the worse questions."""
    for each in differences:
        if each.fell:
            yield (
                f"{each.measure} fell from {each.before:.{DECIMALS}f} to {each.now:.{DECIMALS}f}, "
                f"p {each.p:.3f}: worse on {', '.join(each.worse)}"
            )


def _changed_data(pinned: Digests, now: Digests) -> Iterator[str]:
    if pinned.questions_sha256 != now.questions_sha256:
        yield f"the questions are not those that the floors were pinned on; {REPIN}"
    if pinned.seeds_sha256 != now.seeds_sha256:
        yield f"the seeds are not those that the floors were pinned on; {REPIN}"


def _below_floors(floors: Mapping[str, float], card: Scorecard) -> Iterator[str]:
    for name, floor in floors.items():
        if not card.values[name] >= floor:
            yield f"{name} is {card.values[name]:.{DECIMALS}f}, below its floor {floor:.{DECIMALS}f}"


def _below_baselines(card: Scorecard) -> Iterator[str]:
    own = card.rankings["wherefrom"]["mrr@10"].value
    for system in BASELINES:
        other = card.rankings[system]["mrr@10"].value
        if not own > other:
            yield f"mrr@10 is {own:.{DECIMALS}f}, not better than {system}'s {other:.{DECIMALS}f}"


def _answered_debris(runs: Sequence[Run]) -> Iterator[str]:
    for run in runs:
        question = run.judged.question
        if question.kind == "debris" and not run.refused:
            yield f"{question.id}: a question about debris was answered: {question.question}"

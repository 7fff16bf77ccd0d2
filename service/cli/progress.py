"""Progress bars: items done, their total, the rate, and the remaining time."""

from collections import deque
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

WINDOW_SECONDS = 60.0
"""Period over which the rate is computed; documents come in portions, and unchanged ones take no time."""
SAMPLE_SECONDS = 0.5
MIN_SECONDS = 2.0
"""Time before which no rate is shown."""


def progress_bar(err: Console) -> Progress:
    """Return a progress bar that is shown only in a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}"),
        Pace(),
    )
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


class Pace(ProgressColumn):
    """A column with items per second and the remaining time."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: dict[TaskID, deque[tuple[float, float]]] = {}

    def render(self, task: Task) -> Text:
        """Return the rate over the last minute and the remaining time at that rate; empty until they are known."""
        now = task.get_time()
        samples = self._samples.setdefault(task.id, deque([(now, task.completed)]))
        if now - samples[-1][0] >= SAMPLE_SECONDS:
            samples.append((now, task.completed))
        while len(samples) > 1 and now - samples[0][0] > WINDOW_SECONDS:
            samples.popleft()
        started_at, completed = samples[0]
        if now - started_at < MIN_SECONDS or task.completed <= completed:
            return Text("")
        rate = (task.completed - completed) / (now - started_at)
        text = f"{rate:,.0f}/s" if rate >= 1 else f"{rate * 60:,.0f}/min"
        if task.total is not None:
            left = timedelta(seconds=round(max(task.total - task.completed, 0) / rate))
            text += f", {left} left"
        return Text(text)

"""Progress bars: how much is done of how much, how fast, and how long it will take."""

from collections import deque
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

WINDOW_SECONDS = 60.0
"""The pace is that of this time; documents come in portions, and some are unchanged and take no time."""
SAMPLE_SECONDS = 0.5
MIN_SECONDS = 2.0
"""The pace is not shown before this time."""


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
    """Items per second, and the time that is left."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: dict[TaskID, deque[tuple[float, float]]] = {}

    def render(self, task: Task) -> Text:
        """Return the pace over the last minute and the time left at that pace; empty until they are known."""
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

"""Progress bars on standard error; none is shown if standard error is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import Progress

Advance = Callable[[int], None]
"""Takes the number of steps completed since the last call."""
ProgressBar = Callable[[str, int], AbstractContextManager[Advance]]
"""Takes a label and the total number of steps; `progress_bar` is the implementation that draws."""


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Advance]:
    """Show a bar while the context is open; yield the function that advances it."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(label, total=total)
        yield lambda done: bars.advance(task, done)

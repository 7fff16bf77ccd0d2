"""A progress bar on standard error when a person watches, and nothing at all when nobody does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that takes how many more of `total` are done."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(label, total=total)
        yield lambda done: bars.advance(task, done)

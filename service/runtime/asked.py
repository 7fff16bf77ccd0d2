"""A question that someone waits for, answered at one state of the collection, and its answer told to the event loop.

Any thread may settle questions, and does not wait for the loop; whoever has gone meanwhile is told nothing.
"""

import asyncio
import dataclasses
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from wherefrom.index.answering.searcher import Searcher
from wherefrom.index.library import Library
from wherefrom.index.ranking.query import Query
from wherefrom.index.types import Answer, AskOptions

SECONDS_TOGETHER = 0.005
"""For how long answers are gathered before they are told: waking the event loop costs as much as a twentieth of one."""
Outcome = Answer | Exception


@dataclasses.dataclass(slots=True, kw_only=True, eq=False)
class Asked:
    """A question that waits for its answer since `came`, and as the searches take it once it is encoded."""

    question: str
    options: AskOptions
    came: float
    done: asyncio.Future[Answer]
    query: Query | None = None


Find = Callable[[Searcher, Asked], Answer | None]


def settle(library: Library, batch: Sequence[Asked], find: Find) -> list[Asked]:
    """Tell what is found for each question at the state of now, or what went wrong; give back the others."""
    left: list[Asked] = []
    told: list[tuple[Asked, Outcome]] = []
    since = time.perf_counter()
    if not batch:
        return left
    try:
        with library.searcher() as searcher:
            for asked in batch:
                outcome = _outcome(find, searcher, asked)
                if outcome is None:
                    left.append(asked)
                else:
                    told.append((asked, outcome))
                if time.perf_counter() - since > SECONDS_TOGETHER:
                    tell(told)
                    told, since = [], time.perf_counter()
    except Exception as error:  # noqa: BLE001 - told to whoever asked, and has not been told an answer
        told += [(asked, error) for asked in batch]
        left = []
    tell(told)
    return left


def _outcome(find: Find, searcher: Searcher, asked: Asked) -> Outcome | None:
    try:
        found = find(searcher, asked)
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        return error
    return found and dataclasses.replace(found, took_ms=(time.perf_counter() - asked.came) * 1000)


def tell(told: Sequence[tuple[Asked, Outcome]]) -> None:
    """Give the event loop answers, or what went wrong; any thread may."""
    if told:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            told[0][0].done.get_loop().call_soon_threadsafe(_take_in, told)


def _take_in(told: Sequence[tuple[Asked, Outcome]]) -> None:
    for asked, outcome in told:
        if asked.done.done():  # whoever asked has gone, or has been told
            continue
        if isinstance(outcome, Exception):
            asked.done.set_exception(outcome)
        else:
            asked.done.set_result(outcome)

"""What was sent and what was acknowledged, so that it can be said what a collection may hold.

A unit is one document, or three that are always written by one batch, so that they may never be seen in different
states. One client alone changes a unit, one change after the other.
"""

import threading
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.support.documents import prose

State = int | None
"""The number of the body that the documents of a unit have, `None` if they are not there."""
MAX_PARAGRAPHS = 6
MAX_SHOWN = 5
"""Examples of each kind of mistake."""


@dataclass(kw_only=True)
class Unit:
    """Documents that are changed together, and the states that they may be in."""

    names: tuple[str, ...]
    possible: set[State] = field(default_factory=lambda: {None})
    sent: int = 0

    def next_number(self) -> int:
        """Return the number of a body that was not sent before."""
        self.sent += 1
        return self.sent


def body(name: str, number: int) -> bytes:
    """Return the body of a document with this number; each has words that no other has."""
    seed = number_in(name, number)
    return prose(seed, 1 + seed % MAX_PARAGRAPHS)


def number_in(name: str, number: int) -> int:
    """Return the number that stands in each paragraph of a body."""
    return zlib.crc32(f"{name} {number}".encode())


class Ledger:
    """All units, what was sent for them, and everything that should not have happened. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: dict[str, tuple[str, int]] = {}
        self.units: dict[str, Unit] = {}
        self.counts: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.examples: list[str] = []

    def add_unit(self, *names: str) -> Unit:
        """Add a unit that is not there yet."""
        unit = Unit(names=names)
        with self._lock:
            self.units.update(dict.fromkeys(names, unit))
        return unit

    def will_send(self, unit: Unit, number: State) -> None:
        """Record a change before it is sent."""
        if number is not None:
            digests = {sha256(body(name, number)).hexdigest(): (name, number) for name in unit.names}
            with self._lock:
                self._bodies.update(digests)
        unit.possible.add(number)

    def number_of(self, name: str, digest: str) -> State:
        """Return which body of a document has a digest; `None` if none that was sent for it has."""
        with self._lock:
            known = self._bodies.get(digest)
        return known[1] if known is not None and known[0] == name else None

    def count(self, kind: str) -> None:
        """Count something that may happen."""
        with self._lock:
            self.counts[kind] += 1

    def report(self, kind: str, detail: str) -> None:
        """Count something that should not have happened."""
        with self._lock:
            self.wrong[kind] += 1
            if self.wrong[kind] <= MAX_SHOWN:
                self.examples.append(f"{kind}: {detail}")

    def check_stored(self, unit: Unit, stored: Mapping[str, bytes | None], where: str) -> None:
        """Check the bodies of a unit's documents, read after its last change; `None` for one that is not there."""
        states = set(self._states(unit, stored, where))
        if len(states) > 1:
            self.report("half a change", f"{where}: {unit.names} are {states}")
        for state in states - unit.possible:
            self.report("lost", f"{where}: {unit.names} is {state}, and may be {unit.possible}")

    def _states(self, unit: Unit, stored: Mapping[str, bytes | None], where: str) -> Iterable[State]:
        for name in unit.names:
            raw = stored[name]
            number = None if raw is None else self.number_of(name, sha256(raw).hexdigest())
            if raw is not None and number is None:
                self.report("not what was sent", f"{where}: {name}")
            yield number

    def check_answer(self, answer: Mapping[str, Any], where: str) -> None:
        """Check that each citation of an answer holds, and that it shows each unit in one state."""
        cited: dict[int, set[State]] = {}
        for passage in answer["passages"]:
            for citation in (passage["citation"], *passage["also_in"]):
                name = citation["document_id"]
                number = self.number_of(name, citation["source_sha256"])
                if number is None:
                    self.report("not what was sent", f"{where} cites {name}")
                    continue
                cited.setdefault(id(self.units[name]), set()).add(number)
                text = body(name, number).decode(citation["encoding"])
                slices = " ".join(text[each["start"] : each["end"]] for each in citation["segments"])
                if " ".join(slices.split()) != " ".join(citation["cited_text"].split()):
                    self.report("citation does not hold", f"{where} cites {name}")
        for states in cited.values():
            if len(states) > 1:
                self.report("half a change", f"{where} cites a unit in the states {states}")


def same_answers(answers: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether answers are the same, the time that they took aside."""
    first, *others = ({**answer, "took_ms": 0} for answer in answers)
    return all(other == first for other in others)

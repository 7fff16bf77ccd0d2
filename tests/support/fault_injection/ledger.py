"""Records changes sent and acknowledged, from which the possible contents of a collection follow.

A unit is one document, or three documents that are always written in one batch, so that a reader must never see them
in different states. Each unit is changed by one client only, one change at a time.
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
"""The number of the current body of a unit's documents, `None` if they are not stored."""
MAX_PARAGRAPHS = 6
MAX_SHOWN = 5
"""Maximum number of examples that are recorded for each kind of error."""


@dataclass(kw_only=True)
class Unit:
    """Documents that are changed together, and their possible states; `sent` is the number of the last body."""

    names: tuple[str, ...]
    possible: set[State] = field(default_factory=lambda: {None})
    sent: int = 0

    def next_number(self) -> int:
        """Return the number of a new body."""
        self.sent += 1
        return self.sent


def body(name: str, number: int) -> bytes:
    """Return the body of a document with this number; each has unique words."""
    seed = number_in(name, number)
    return prose(seed, 1 + seed % MAX_PARAGRAPHS)


def number_in(name: str, number: int) -> int:
    """Return the number in the text of each paragraph of a body."""
    return zlib.crc32(f"{name} {number}".encode())


class Ledger:
    """All units, the bodies sent for them, and counts of events and errors. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: dict[str, tuple[str, int]] = {}
        self.units: dict[str, Unit] = {}
        self.counts: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.examples: list[str] = []

    def add_unit(self, *names: str) -> Unit:
        """Add a unit whose documents are not stored yet."""
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
        """Return the number of the body with this digest that was sent for a document, `None` without such a body."""
        with self._lock:
            known = self._bodies.get(digest)
        return known[1] if known is not None and known[0] == name else None

    def count(self, kind: str) -> None:
        """Count an event that is not an error."""
        with self._lock:
            self.counts[kind] += 1

    def report(self, kind: str, detail: str) -> None:
        """Count an error, and record the first MAX_SHOWN of its kind."""
        with self._lock:
            self.wrong[kind] += 1
            if self.wrong[kind] <= MAX_SHOWN:
                self.examples.append(f"{kind}: {detail}")

    def check_stored(self, unit: Unit, stored: Mapping[str, bytes | None], where: str) -> None:
        """Check the bodies of a unit's documents, read after its last change; `None` is a document not stored."""
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
        """Check that each citation of an answer is of a body that was sent, and that each unit is in one state."""
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
    """Return whether answers are equal except for their times."""
    first, *others = ({**answer, "took_ms": 0} for answer in answers)
    return all(other == first for other in others)

"""Kills random parts of a cluster at random times, reproducibly from a seed, and restarts them."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import psycopg

from tests.support.cluster import MilvusLite, Postgres
from tests.support.servers.cluster_service import ClusterService

Fault = Literal["service", "milvus", "backend ended", "backend killed", "postgres restarted"]
DECK: Sequence[Fault] = (
    *("service", "milvus", "backend ended"),
    *("service", "milvus", "backend killed"),
    *("service", "milvus", "postgres restarted", "backend ended"),
)
"""The faults, repeated as needed and shuffled: three in ten are in a service, three in Milvus, four in PostgreSQL."""
LONGEST_OUTAGE_SECONDS = 4.0
WAIT_SECONDS = 180.0


class Faults:
    """Kills parts of a cluster, and starts them again."""

    def __init__(
        self,
        chance: random.Random,
        services: Sequence[ClusterService],
        postgres: Postgres,
        milvus: MilvusLite,
        dsn: str,
    ) -> None:
        self._chance = chance
        self._services = services
        self._postgres = postgres
        self._milvus = milvus
        self._dsn = dsn
        self.done: Counter[str] = Counter()
        self.ended_by_themselves: Counter[str] = Counter()

    def inject(self, kills: int, seconds: float) -> None:
        """Inject `kills` faults in `seconds`, each at a random time in its own interval of equal length."""
        faults = [DECK[number % len(DECK)] for number in range(kills)]
        self._chance.shuffle(faults)
        began = time.monotonic()
        for number, fault in enumerate(faults):
            at = began + (number + self._chance.random()) * seconds / kills
            self.wait(max(0.0, at - time.monotonic()))
            self._inject(fault)
            self.done[fault] += 1
        self.wait(max(0.0, began + seconds - time.monotonic()))

    def wait(self, seconds: float) -> None:
        """Wait, and restart services that have ended, as a container runtime does."""
        deadline = time.monotonic() + seconds
        while True:
            for service in self._services:
                if not service.is_running():
                    self.ended_by_themselves["while serving" if service.is_serving() else "while starting"] += 1
                    service.start()
            if (left := deadline - time.monotonic()) <= 0:
                return
            time.sleep(min(left, 0.1))

    def _inject(self, fault: Fault) -> None:
        if fault == "service":
            service = self._serving()
            service.kill()
            time.sleep(self._outage() / 2)
            service.start()
        elif fault == "milvus":
            self._milvus.kill()
            self.wait(self._outage())
            self._milvus.start()
        elif fault == "postgres restarted":
            self._postgres.stop()
            self.wait(self._outage())
            self._postgres.start()
        else:
            self._kill_backend(signal.SIGTERM if fault == "backend ended" else signal.SIGKILL)

    def _outage(self) -> float:
        return self._chance.uniform(0, LONGEST_OUTAGE_SECONDS)

    def _serving(self) -> ClusterService:
        """Wait for a service that is serving, and return one at random."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not (serving := [each for each in self._services if each.is_running() and each.is_serving()]):
            assert time.monotonic() < deadline, "no service serves"
            self.wait(0.1)
        return self._chance.choice(serving)

    def _kill_backend(self, number: signal.Signals) -> None:
        """Send a signal to a backend of PostgreSQL; after SIGKILL, PostgreSQL ends all backends and recovers."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                if backends := self._postgres.backends(self._dsn):
                    os.kill(self._chance.choice(backends), number)
                    return
            except (psycopg.OperationalError, ProcessLookupError):  # still recovering, or the backend has just ended
                pass
            assert time.monotonic() < deadline, "no service is connected to PostgreSQL"
            self.wait(0.1)

"""Mixed load on two services of one cluster while parts of it are killed.

`python -m tests.support.fault_injection.run` prints one JSON object, and exits with 1 if anything acknowledged was
lost, or anything else is wrong.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.cluster import MilvusLite, Postgres, milvus_lite
from tests.support.fault_injection import final_checks
from tests.support.fault_injection.faults import Faults
from tests.support.fault_injection.ledger import Ledger
from tests.support.fault_injection.load import Asker, Writer, start_threads
from tests.support.servers.cluster_service import ClusterService

SERVICES = 2
WRITERS, ASKERS = 3, 2
DURABLE = ("max_connections=100",)
"""PostgreSQL with its default durability: committed data survives a crash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The duration of the load in seconds, the number of faults in that time, and the seed of both."""

    seconds: float
    kills: int
    seed: int
    real_model: bool = False


def run(plan: Plan, folder: Path) -> Mapping[str, Any]:
    """Start a cluster, put it under load while parts of it are killed, check it, and return the figures."""
    database = Postgres(DURABLE)
    try:
        with milvus_lite(folder / "milvus") as milvus:
            return _run_on(plan, folder, database, milvus)
    finally:
        database.close()


def _run_on(plan: Plan, folder: Path, database: Postgres, milvus: MilvusLite) -> Mapping[str, Any]:
    dsn = database.new_database()
    ledger = Ledger()
    chance = random.Random(plan.seed)
    services = [
        ClusterService(f"service-{number}", folder, dsn, milvus.uri, real_model=plan.real_model)
        for number in range(1, SERVICES + 1)
    ]
    callers: list[Writer | Asker] = [
        *(Writer(f"writer-{number}", services, ledger, random.Random(chance.random())) for number in range(WRITERS)),
        *(Asker(services, ledger, random.Random(chance.random())) for _ in range(ASKERS)),
    ]
    try:
        for service in services:
            service.start()
        for service in services:
            service.wait_until_ready()
        faults = Faults(chance, services, database, milvus, dsn)
        end = threading.Event()
        began = time.monotonic()
        threads = start_threads(callers, end)
        try:
            faults.inject(plan.kills, plan.seconds)
        finally:
            end.set()
            for thread in threads:
                thread.join()
        loaded_seconds, stopped = time.monotonic() - began, time.monotonic()
        for service in services:
            faults.wait(0)
            service.wait_until_ready()
        recovery_seconds = time.monotonic() - stopped
        if faults.ended_by_themselves["while serving"]:
            ledger.report("ended by itself", str(faults.ended_by_themselves))
        held = final_checks.check_documents(services, ledger)
        asked = final_checks.check_answers(services, ledger, held, folder / "data", real_model=plan.real_model)
        verified = final_checks.check_verify(services[0], ledger)
        final_checks.check_logs(services, ledger)
        return {
            "seed": plan.seed,
            "model": "all-MiniLM-L6-v2" if plan.real_model else "words",
            "seconds_under_load": round(loaded_seconds, 1),
            "kills": faults.done.total(),
            "kills_by_part": dict(sorted(faults.done.items())),
            "starts_that_failed": faults.ended_by_themselves["while starting"],
            "requests": dict(sorted(ledger.counts.items())),
            "longest_request_seconds": round(max(each.longest_seconds for each in callers), 1),
            "seconds_until_ready_at_the_end": round(recovery_seconds, 1),
            "documents_at_the_end": len(held),
            "answers_compared": asked,
            "verify": verified,
            "connections_to_postgresql_at_the_end": final_checks.check_database(dsn, ledger),
            "wrong": dict(ledger.wrong),
            "examples": ledger.examples,
        }
    finally:
        for service in services:
            service.kill()
        for caller in callers:
            caller.close()


def main() -> None:
    """Run with the flags of the command line, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="time under load")
    parser.add_argument("--kills", type=int, default=30, help="how often something is killed in that time")
    parser.add_argument("--seed", type=int, default=1, help="seed of the load and of the faults")
    parser.add_argument("--real-model", action="store_true", help="the default model, not a bag of words")
    parser.add_argument("--folder", type=Path, help="an empty folder that keeps the logs of the services")
    given = parser.parse_args()
    plan = Plan(seconds=given.seconds, kills=given.kills, seed=given.seed, real_model=given.real_model)
    with tempfile.TemporaryDirectory(prefix="wherefrom-faults-") as folder:
        figures = run(plan, given.folder or Path(folder))
    sys.stdout.write(f"{json.dumps(figures, indent=2)}\n")
    sys.exit(1 if figures["wrong"] else 0)


if __name__ == "__main__":
    main()

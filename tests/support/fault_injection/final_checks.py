"""Checks after the load has ended and everything runs again."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from tests.support.documents import read
from tests.support.fault_injection.ledger import Ledger, number_in, same_answers
from tests.support.fault_injection.load import QUESTIONS, REQUEST_SECONDS, answers_of
from tests.support.library_samples import WordEmbedder
from tests.support.servers.cluster_service import ClusterService
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.library import Library
from wherefrom.index.types import AskOptions
from wherefrom.service.schemas.serialization import answer_bytes

QUESTIONS_ON_DOCUMENTS = 20
QUIET_SECONDS = 30.0


def check_documents(services: Sequence[ClusterService], ledger: Ledger) -> dict[str, bytes]:
    """Compare the documents of each service with the ledger, and return those of the last one by id."""
    held: dict[str, bytes] = {}
    for service in services:
        held = documents_of(service)
        where = f"at the end in {service.name}"
        for name in set(held) - set(ledger.units):
            ledger.report("not what was sent", f"{where}: {name}")
        for unit in {id(each): each for each in ledger.units.values()}.values():
            ledger.check_stored(unit, {name: held.get(name) for name in unit.names}, where)
    return held


def documents_of(service: ClusterService) -> dict[str, bytes]:
    """Return the bytes of each document of a service by id."""
    with httpx2.Client(base_url=service.url, timeout=REQUEST_SECONDS) as client:
        names: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = client.get("/v1/documents", params={"limit": 100, **cursor}).raise_for_status().json()
            names += [each["document_id"] for each in page["documents"]]
            if page["cursor"] is None:
                break
            cursor = {"cursor": page["cursor"]}
        return {name: client.get(f"/v1/documents/{name}/raw").raise_for_status().content for name in names}


def check_answers(
    services: Sequence[ClusterService], ledger: Ledger, held: Mapping[str, bytes], data: Path, *, real_model: bool
) -> int:
    """Check that every service gives the answers of a data folder with the same documents; return their number."""
    questions = [
        *QUESTIONS,
        *(
            f"Which report was filed as number {number_in(name, ledger.units[name].sent)}.0?"
            for name in sorted(held)[:QUESTIONS_ON_DOCUMENTS]
        ),
    ]
    answers = {service.name: answers_of(service, questions) for service in services}
    answers["a data folder"] = _answers_of_a_data_folder(questions, held, data, real_model=real_model)
    for each in zip(questions, *answers.values(), strict=True):
        question, *given = each
        for where, answer in zip(answers, given, strict=True):
            ledger.check_answer(answer, f"at the end {where}")
        if not same_answers(given):
            ledger.report("different answers", question)
    return len(questions)


def _answers_of_a_data_folder(
    questions: Sequence[str], held: Mapping[str, bytes], data: Path, *, real_model: bool
) -> list[Mapping[str, Any]]:
    embedder = load_embedder() if real_model else WordEmbedder()
    with Library.open(data, embedder=embedder, threshold=None if real_model else 0.0) as library:
        library.put_batch([(name, read(raw, source=name, media_type="text/plain")) for name, raw in held.items()])
        options = AskOptions(top_k=20, explain=True)
        return [json.loads(answer_bytes(library.answer(question, options))) for question in questions]


def check_verify(service: ClusterService, ledger: Ledger) -> str:
    """Check that `wherefrom verify` passes, and return its output."""
    done = service.run("verify")
    if done.returncode:
        ledger.report("verify fails", f"{done.stdout}{done.stderr}")
    return done.stdout.strip()


def check_logs(services: Sequence[ClusterService], ledger: Ledger) -> None:
    """Check that no service has logged a traceback."""
    for service in services:
        for part in service.log.read_text().split("Traceback (most recent call last)")[1:]:
            ledger.report("traceback in the log", f"{service.name}: {part[-1_500:]}")


def check_database(dsn: str, ledger: Ledger) -> int:
    """Check that no connection holds a lock or a transaction for long; return the number of connections."""
    query = """SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'),
        count(*) FILTER (WHERE state <> 'idle' AND state_change < clock_timestamp() - interval '10 seconds'), count(*)
        FROM pg_stat_activity WHERE application_name = 'wherefrom'"""
    deadline = time.monotonic() + QUIET_SECONDS
    with psycopg.connect(dsn, autocommit=True) as connection:
        while True:
            locks, busy, connections = connection.execute(query).fetchone() or (0, 0, 0)
            if not locks and not busy:
                return int(connections)
            if time.monotonic() > deadline:
                ledger.report("left behind", f"{locks} locks, {busy} connections that are busy")
                return int(connections)
            time.sleep(0.05)

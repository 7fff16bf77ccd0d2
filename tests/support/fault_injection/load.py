"""Clients that write, delete and ask through every service, and check each response."""

import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from tests.support.fault_injection.ledger import Ledger, State, Unit, body
from tests.support.servers.cluster_service import ClusterService

REQUEST_SECONDS = 120.0
"""Time limit of a request, in seconds. Exceeding it is an error: the services limit their waits for parts that hang."""
PAUSE_SECONDS = 0.15
UNITS_PER_WRITER = 5
QUESTIONS = (
    "Who repaired the bridge in Lisbon?",
    "What did the museum measure?",
    "Which election was postponed near the border?",
    "What did an engineer say about the telescope?",
    "Who questioned the treaty on the island?",
)
UNAVAILABLE = 503
DECLARED = {"engine-unavailable", "index-locked", "overloaded", "took-too-long", "not-ready"}
NOT_BEGUN = {"index-locked", "overloaded", "not-ready"}
"""Problem types of changes that were refused before they began."""
NOTHING_CHANGED = "nothing was changed"


class Caller:
    """Sends requests to the services from one thread, and checks that every error is a declared one."""

    def __init__(self, services: Sequence[ClusterService], ledger: Ledger, chance: random.Random) -> None:
        self._services = services
        self.ledger = ledger
        self.chance = chance
        self._clients = {each.name: httpx2.Client(base_url=each.url, timeout=REQUEST_SECONDS) for each in services}
        self.longest_seconds = 0.0

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def any_service(self) -> ClusterService:
        """Return a random service."""
        return self.chance.choice(self._services)

    def other(self, service: ClusterService) -> ClusterService:
        """Return a random service other than this one."""
        return self.chance.choice([each for each in self._services if each is not service])

    def send(
        self,
        service: ClusterService,
        kind: str,
        method: str,
        path: str,
        **content: Any,  # noqa: ANN401 - as of the client
    ) -> httpx2.Response | None:
        """Send a request and return its response, `None` if the connection broke or the request timed out.

        A timeout, a connection broken by a running service, and an undeclared error are reported.
        """
        process, was_serving, began = service.started, service.is_serving(), time.monotonic()
        try:
            response = self._clients[service.name].request(method, path, **content)
        except httpx2.TimeoutException:
            self.ledger.report("no response", f"{method} {path} through {service.name}")
            return None
        except httpx2.TransportError as error:
            self.ledger.count(f"{kind}: connection broken")
            time.sleep(PAUSE_SECONDS)
            if was_serving and service.started == process and service.is_running():
                self.ledger.report("connection broken", f"{method} {path} through {service.name}: {error}")
            return None
        self.longest_seconds = max(self.longest_seconds, time.monotonic() - began)
        slug = problem_of(response)
        self.ledger.count(f"{kind}: {slug or response.status_code}")
        if response.status_code >= 500 and (
            response.status_code != UNAVAILABLE or slug not in DECLARED or "retry-after" not in response.headers
        ):
            self.ledger.report("undeclared error", f"{method} {path} through {service.name}: {response.text}")
        return response


def problem_of(response: httpx2.Response) -> str:
    """Return the problem type of a response, "" if it is not a problem."""
    if response.headers.get("content-type") != "application/problem+json":
        return ""
    return str(response.json()["type"]).rpartition(":")[2]


class Writer(Caller):
    """Changes its own units, reads them back, and checks that questions find what is searchable."""

    def __init__(self, name: str, services: Sequence[ClusterService], ledger: Ledger, chance: random.Random) -> None:
        super().__init__(services, ledger, chance)
        names = [f"{name}-{number}" for number in range(UNITS_PER_WRITER)]
        self._units = [
            *(ledger.add_unit(each) for each in names[2:]),
            *(ledger.add_unit(*(f"{each}-{part}" for part in "abc")) for each in names[:2]),
        ]

    def step(self) -> None:
        """Change or read a random unit."""
        unit = self.chance.choice(self._units)
        acts = (self._read, self._batch, self._batch) if len(unit.names) > 1 else (
            self._read, self._put, self._put, self._put_searchable, self._delete
        )  # fmt: skip
        self.chance.choice(acts)(unit, self.any_service())

    def _put(self, unit: Unit, service: ClusterService, **parameters: str) -> bool:
        (name,), number = unit.names, unit.next_number()
        before = self._begin(unit, number)
        response = self.send(
            service,
            "put",
            "PUT",
            f"/v1/documents/{name}",
            content=body(name, number),
            headers={"content-type": "text/plain"},
            params=parameters,
        )
        self._end(unit, number, before, response, {200, 201})
        if response is not None and response.status_code == 201 and None not in before:
            self.ledger.report("lost", f"{name} was added again: it may have been {before}")
        return response is not None and response.is_success

    def _put_searchable(self, unit: Unit, service: ClusterService) -> None:
        if not self._put(unit, service, wait="searchable"):
            return
        (name,), number = unit.names, unit.sent
        asked = self.other(service)
        question = {"question": "What was filed as a report?", "top_k": 20, "filters": {"document_id": [name]}}
        response = self.send(asked, "ask", "POST", "/v1/ask", json=question)
        if response is None or response.status_code == UNAVAILABLE:
            return
        if not response.is_success:
            self.ledger.report("not found", f"{name} {number} through {asked.name}: {response.text}")
            return
        answer = response.json()
        self.ledger.check_answer(answer, f"an answer of {asked.name}")
        found = {
            (each["document_id"], self.ledger.number_of(each["document_id"], each["source_sha256"]))
            for passage in answer["passages"]
            for each in (passage["citation"], *passage["also_in"])
        }
        if (name, number) not in found:
            self.ledger.report("not found", f"{name} {number} through {asked.name}, found {found}")

    def _delete(self, unit: Unit, service: ClusterService) -> None:
        (name,) = unit.names
        before = self._begin(unit, None)
        response = self.send(service, "delete", "DELETE", f"/v1/documents/{name}")
        self._end(unit, None, before, response, {204, 404})
        if response is not None and response.status_code == 404 and None not in before:
            self.ledger.report("lost", f"{name} was gone before it was deleted: it may have been {before}")

    def _batch(self, unit: Unit, service: ClusterService) -> None:
        number = unit.next_number()
        before = self._begin(unit, number)
        lines = [json.dumps({"id": name, "text": body(name, number).decode()}) for name in unit.names]
        response = self.send(
            service,
            "batch",
            "POST",
            "/v1/documents:batch",
            content="\n".join(lines),
            headers={"content-type": "application/x-ndjson"},
        )
        self._end(unit, number, before, response, {200})
        if response is not None and response.is_success and '"error":null' not in response.text.replace(" ", ""):
            self.ledger.report("refused", response.text)

    def _read(self, unit: Unit, service: ClusterService) -> None:
        stored: dict[str, bytes | None] = {}
        for name in unit.names:
            response = self.send(service, "read", "GET", f"/v1/documents/{name}/raw")
            if response is None or response.status_code not in {200, 404}:
                return
            stored[name] = response.content if response.is_success else None
        self.ledger.check_stored(unit, stored, f"read through {service.name}")

    def _begin(self, unit: Unit, number: State) -> set[State]:
        before = set(unit.possible)
        self.ledger.will_send(unit, number)
        return before

    def _end(
        self, unit: Unit, number: State, before: set[State], response: httpx2.Response | None, done: set[int]
    ) -> None:
        """Record the result of a change; without a definite response, the unit may be in the old or the new state."""
        if response is not None and response.status_code in done:
            unit.possible = {number}
            self.ledger.count("changes acknowledged")
        elif response is not None and (
            problem_of(response) in NOT_BEGUN or NOTHING_CHANGED in response.json().get("detail", "")
        ):
            unit.possible = before
            self.ledger.count("changes refused")
        else:
            self.ledger.count("changes uncertain")
            if response is not None and response.status_code < 500:
                self.ledger.report("unexpected response", response.text)


class Asker(Caller):
    """Asks random questions, one at a time."""

    def step(self) -> None:
        """Ask a random question of a random service, and check the answer."""
        service = self.any_service()
        question = {"question": self.chance.choice(QUESTIONS), "top_k": self.chance.choice((5, 20))}
        response = self.send(service, "ask", "POST", "/v1/ask", json=question)
        if response is not None and response.is_success:
            self.ledger.check_answer(response.json(), f"an answer of {service.name}")


def start_threads(callers: Sequence[Writer | Asker], end: threading.Event) -> list[threading.Thread]:
    """Start a thread for each caller, which repeats its step until `end` is set."""

    def work(caller: Writer | Asker) -> None:
        while not end.is_set():
            try:
                caller.step()
            except Exception as error:  # noqa: BLE001 - errors of the load itself are reported too
                caller.ledger.report("load failed", repr(error))
            time.sleep(caller.chance.uniform(0, 2 * PAUSE_SECONDS))

    threads = [threading.Thread(target=work, args=[caller]) for caller in callers]
    for thread in threads:
        thread.start()
    return threads


def answers_of(service: ClusterService, questions: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return the answers of a service to questions, with all scores."""
    with httpx2.Client(base_url=service.url, timeout=REQUEST_SECONDS) as client:
        responses = [
            client.post("/v1/ask", json={"question": question, "top_k": 20, "explain": True}) for question in questions
        ]
    return [response.raise_for_status().json() for response in responses]

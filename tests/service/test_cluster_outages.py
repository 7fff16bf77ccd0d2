"""A service on a cluster whose Milvus or PostgreSQL is unreachable, hangs or is restarted."""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx2
import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from tests.support.cluster import ClusterServers, connections_to
from tests.support.cluster import cluster_servers as started_cluster
from tests.support.documents import prose
from tests.support.servers.cluster_service import ClusterService

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

TEXT = {"content-type": "text/plain"}
REQUESTS = 10
WAIT_SECONDS = 90.0
MAX_SESSIONS = 4 + 4 + 2 + 1 + 1
"""Questions, other calls, embedding, one change, and the thread that brings Milvus up to date."""
MAX_CHANNELS = 1
SPARE_THREADS = 2 + 2 * 4
"""Of gRPC, which starts and ends threads of its own, and of the pool of searches, which grows to two for each of four
questions while Milvus hangs, and stays so. Each request of an outage that left one would leave some 30."""
Act = Callable[[ClusterServers], None]
OUTAGES: dict[str, tuple[str, Act, Act]] = {
    "Milvus is unreachable": ("Milvus", lambda c: c.milvus.kill(), lambda c: c.milvus.start()),
    "Milvus hangs": ("Milvus", lambda c: c.milvus.pause(), lambda c: c.milvus.resume()),
    "PostgreSQL is unreachable": ("PostgreSQL", lambda c: c.postgres.stop(), lambda c: c.postgres.start()),
    "PostgreSQL hangs": ("PostgreSQL", lambda c: c.postgres.pause(), lambda c: c.postgres.resume()),
}
numbers = count()


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest) -> Iterator[ClusterServers]:
    """Yield servers that a test may stop, and start again."""
    request.getfixturevalue("cluster_servers")  # skips without the packages
    with started_cluster() as started:
        yield started


@pytest.fixture(scope="module")
def service(servers: ClusterServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterService]:
    """Yield a service with some documents."""
    folder = tmp_path_factory.mktemp("service")
    started = ClusterService("service", folder, servers.postgres.new_database(), servers.milvus.uri)
    started.start()
    try:
        started.wait_until_ready()
        for number in range(5):
            httpx2.put(f"{started.url}/v1/documents/story-{number}", content=prose(number), headers=TEXT)
        started.wait_until_ready()
        yield started
    finally:
        started.kill()


def ask(service: ClusterService) -> httpx2.Response:
    """Ask a question that was not asked before, since cached answers are given during an outage of Milvus."""
    question = f"Which report was filed as number {next(numbers)}.1?"
    return httpx2.post(f"{service.url}/v1/ask", json={"question": question}, timeout=WAIT_SECONDS)


def put(service: ClusterService, **parameters: str) -> httpx2.Response:
    """Put a document that is not there yet."""
    number = next(numbers)
    return httpx2.put(
        f"{service.url}/v1/documents/new-{number}",
        content=prose(1_000 + number),
        headers=TEXT,
        params=parameters,
        timeout=WAIT_SECONDS,
    )


def ready(service: ClusterService) -> httpx2.Response:
    return httpx2.get(f"{service.url}/readyz", timeout=WAIT_SECONDS)


def at_once(call: Callable[[ClusterService], httpx2.Response], service: ClusterService) -> list[httpx2.Response]:
    """Return the responses to requests that are sent at the same time."""
    with ThreadPoolExecutor(REQUESTS) as pool:
        return list(pool.map(call, [service] * REQUESTS))


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_declared(response: httpx2.Response, *slugs: str) -> bool:
    """Return whether a response is a 503 of one of these types that says when to try again."""
    return (
        response.status_code == 503
        and int(response.headers["retry-after"]) > 0
        and response.json()["type"].rpartition(":")[2] in slugs
    )


def threads(service: ClusterService) -> int:
    return len(list(Path(f"/proc/{service.pid}/task").iterdir()))


def threads_in_use(service: ClusterService) -> int:
    """Return the number of threads after some requests of each kind at once."""
    assert all(response.status_code == 200 for response in at_once(ask, service))
    assert all(response.status_code == 201 for response in at_once(put, service))
    return threads(service)


def check_nothing_is_left(service: ClusterService, servers: ClusterServers, threads_before: int) -> None:
    """Wait until there are no more threads and connections than are needed; requests let idle threads end."""
    left = (0, 0, 0)

    def is_over() -> bool:
        nonlocal left
        ready(service)
        ports = (servers.postgres.port, servers.milvus.port)
        left = (threads(service), *(connections_to(service.pid, port) for port in ports))  # type: ignore[assignment]
        limits = (threads_before + SPARE_THREADS, MAX_SESSIONS, MAX_CHANNELS)
        return all(number <= limit for number, limit in zip(left, limits, strict=True))

    try:
        eventually(is_over)
    except AssertionError:
        names = sorted((each / "comm").read_text().strip() for each in Path(f"/proc/{service.pid}/task").iterdir())
        raise AssertionError((left, threads_before, names)) from None


@pytest.mark.parametrize("outage", OUTAGES)
def test_an_outage_is_a_declared_error_and_ends_by_itself(
    outage: str, service: ClusterService, servers: ClusterServers
) -> None:
    part, begin, end = OUTAGES[outage]
    threads_before = threads_in_use(service)
    begin(servers)
    try:
        asked = at_once(ask, service)
        assert all(is_declared(each, "engine-unavailable", "took-too-long") for each in asked), [
            each.text for each in asked
        ]
        assert any(f"{part} cannot be used now" in each.json()["detail"] for each in asked)
        eventually(lambda: f"{part} cannot be used now" in ready(service).text)
        assert is_declared(ready(service), "not-ready")
        assert httpx2.get(f"{service.url}/livez").status_code == 200
        if part == "Milvus":
            assert put(service).status_code == 201
            assert is_declared(put(service, wait="searchable"), "engine-unavailable", "took-too-long")
        else:
            assert is_declared(put(service), "engine-unavailable")
        for path in ("/metrics", "/v1/documents", "/v1/index"):
            response = httpx2.get(f"{service.url}{path}", timeout=WAIT_SECONDS)
            assert response.status_code == 200 or is_declared(response, "engine-unavailable")
    finally:
        end(servers)
    service.wait_until_ready()
    assert all(response.status_code == 200 for response in at_once(ask, service))
    assert put(service, wait="searchable").status_code == 201
    check_nothing_is_left(service, servers, threads_before)
    assert "Traceback" not in service.lines()


@pytest.mark.parametrize("part", ["Milvus", "PostgreSQL"])
def test_a_restart_is_survived_by_itself(part: str, service: ClusterService, servers: ClusterServers) -> None:
    _, begin, end = OUTAGES[f"{part} is unreachable"]
    threads_before = threads_in_use(service)
    begin(servers)
    end(servers)
    for responses in (at_once(ask, service), at_once(put, service)):
        assert all(each.is_success or is_declared(each, "engine-unavailable") for each in responses)
    service.wait_until_ready()
    assert all(response.status_code == 200 for response in at_once(ask, service))
    check_nothing_is_left(service, servers, threads_before)
    assert "Traceback" not in service.lines()


@pytest.mark.parametrize("outage", OUTAGES)
def test_a_service_ends_during_an_outage(outage: str, servers: ClusterServers, tmp_path: Path) -> None:
    _, begin, end = OUTAGES[outage]
    service = ClusterService("service", tmp_path, servers.postgres.new_database(), servers.milvus.uri)
    service.start()
    try:
        service.wait_until_ready()
        begin(servers)
        try:
            with ThreadPoolExecutor(1) as pool:
                waiting = pool.submit(ask, service)
                assert is_declared(waiting.result(), "engine-unavailable", "took-too-long")
            assert service.terminate(WAIT_SECONDS) == 0
        finally:
            end(servers)
    finally:
        service.kill()


def test_a_service_starts_during_an_outage_of_milvus(servers: ClusterServers, tmp_path: Path) -> None:
    service = ClusterService("service", tmp_path, servers.postgres.new_database(), servers.milvus.uri)
    servers.milvus.kill()
    try:
        service.start()
        eventually(service.is_serving)
        assert put(service).status_code == 201
        assert is_declared(ready(service), "not-ready")
    finally:
        servers.milvus.start()
    try:
        service.wait_until_ready()
        assert ask(service).json()["index"]["documents"] == 1
    finally:
        service.kill()

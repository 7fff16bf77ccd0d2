"""The connection to a Milvus that fails and comes back."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pymilvus")

from tests.support.cluster import MilvusLite, milvus_lite
from wherefrom.index.cluster.milvus_connection import MilvusConnection
from wherefrom.index.errors import EngineUnavailable

WAIT_SECONDS = 60.0


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MilvusLite]:
    """Yield a server that a test may stop."""
    request.getfixturevalue("cluster_servers")  # skips without the packages
    with milvus_lite(tmp_path / "milvus") as started:
        yield started


@pytest.fixture
def connection(server: MilvusLite) -> Iterator[MilvusConnection]:
    opened = MilvusConnection(server.uri)
    yield opened
    opened.close()


def fail(connection: MilvusConnection) -> None:
    with pytest.raises(EngineUnavailable, match="Milvus cannot be used now: refused"), connection.client():
        raise ConnectionError("refused")


def test_calls_run_side_by_side(connection: MilvusConnection) -> None:
    with connection.client() as one, connection.client() as other:
        assert one is other


def test_after_a_failure_one_call_tries_and_the_others_fail_at_once(connection: MilvusConnection) -> None:
    fail(connection)
    with connection.client():
        for _ in range(3):
            with pytest.raises(EngineUnavailable, match="refused"), connection.client():
                raise AssertionError
    with connection.client(), connection.client():
        pass
    assert connection.failures == 1


def test_a_call_that_milvus_refuses_keeps_no_other_one_waiting(connection: MilvusConnection) -> None:
    fail(connection)
    with pytest.raises(EngineUnavailable, match="does not exist"), connection.client() as client:
        client.query("nothing", filter="id > 0", timeout=10)
    with connection.client(), connection.client():
        pass
    assert connection.failures == 1


def test_a_milvus_that_is_killed_is_found_again(server: MilvusLite, connection: MilvusConnection) -> None:
    with connection.client() as client:
        assert client.list_collections(timeout=5) == []
    server.kill()
    with pytest.raises(EngineUnavailable), connection.client() as client:
        client.list_collections(timeout=5)
    assert connection.failures == 1
    server.start()
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with connection.client() as client:
                assert client.list_collections(timeout=5) == []
        except EngineUnavailable:  # a busy machine takes longer than one call
            assert time.monotonic() < deadline
        else:
            return


def test_a_call_that_hangs_ends_when_the_connection_is_closed(server: MilvusLite, connection: MilvusConnection) -> None:
    with connection.client() as client:
        client.list_collections(timeout=5)
    has_begun = threading.Event()
    errors: list[Exception] = []

    def call() -> None:
        try:
            with connection.client() as client:
                has_begun.set()
                client.list_collections(timeout=3_600)
        except EngineUnavailable as error:
            errors.append(error)

    thread = threading.Thread(target=call)
    server.pause()
    try:
        thread.start()
        has_begun.wait()
        connection.close()
        thread.join()
    finally:
        server.resume()
    assert len(errors) == 1
    with pytest.raises(EngineUnavailable, match="was closed"), connection.client():
        raise AssertionError

"""Calls that overlap are counted each, and their time once."""

import pytest

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from tests.support.cluster import ClusterServers
from wherefrom.eval.measurement.engine_calls import Calls, Interval, watched_calls
from wherefrom.index.cluster.database.connections import Session


@pytest.mark.parametrize(
    ("intervals", "seconds"),
    [
        ([], 0.0),
        ([(1.0, 2.0), (4.0, 4.5)], 1.5),
        ([(4.0, 6.0), (1.0, 5.0)], 5.0),
        ([(1.0, 9.0), (2.0, 3.0), (8.0, 10.0)], 9.0),
    ],
)
def test_the_time_is_that_in_which_a_call_is_under_way(intervals: list[Interval], seconds: float) -> None:
    assert Calls.of(intervals) == Calls(number=len(intervals), seconds=seconds)


def test_statements_are_counted_until_they_are_taken(cluster_servers: ClusterServers) -> None:
    with Session(cluster_servers.postgres.new_database()) as session:
        with watched_calls() as calls:
            session.db.execute("SELECT pg_sleep(0.01)")
            session.db.execute("SELECT 1")
            milvus, postgres = calls.take()
            assert (milvus.number, postgres.number) == (0, 2)
            assert postgres.seconds >= 0.01
            assert calls.take()[1] == Calls(number=0, seconds=0.0)
        session.db.execute("SELECT 1")
        assert calls.take()[1].number == 0

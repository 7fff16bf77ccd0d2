"""Version, shards and flush of a Milvus server, without the code of the cluster engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymilvus import MilvusClient

FLUSH_SECONDS = 600


@contextmanager
def milvus_client(uri: str) -> Iterator[Any]:
    """Yield a client, which is untyped, and close it at the end."""
    client = MilvusClient(uri)
    try:
        yield client
    finally:
        client.close()


def server_name(uri: str) -> str:
    """Return the name and the version of a server, such as "Milvus 2.3.5" or "Milvus Lite 3.2.2"."""
    with milvus_client(uri) as client:
        version = str(client.get_server_version())
    name, separator, number = version.partition("-")
    if separator and name == "milvus_lite":
        return f"Milvus Lite {number}"
    number = version.removeprefix("v").removesuffix("-lite")  # the suffix of the server in the package `milvus`
    return f"Milvus {number}"


def shards_of(uri: str, collection: str) -> int:
    """Return the number of shards of a collection."""
    with milvus_client(uri) as client:
        return int(client.describe_collection(collection)["num_shards"])


def flush(uri: str, collection: str) -> None:
    """Flush a collection: the server stores all rows in sealed segments, which it searches faster than new rows."""
    with milvus_client(uri) as client:
        client.flush(collection, timeout=FLUSH_SECONDS)

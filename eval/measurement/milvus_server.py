"""What a Milvus server says of itself, asked without the code of the cluster engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymilvus import MilvusClient

FLUSH_SECONDS = 600


@contextmanager
def milvus_client(uri: str) -> Iterator[Any]:
    """Yield a client, which has no types, and close it."""
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
    number = version.removeprefix("v").removesuffix("-lite")  # the package's build of the server says so
    return f"Milvus {number}"


def shards_of(uri: str, collection: str) -> int:
    """Return the number of shards of a collection."""
    with milvus_client(uri) as client:
        return int(client.describe_collection(collection)["num_shards"])


def flush(uri: str, collection: str) -> None:
    """Let a server store all rows of a collection in segments, which it searches faster than those just added."""
    with milvus_client(uri) as client:
        client.flush(collection, timeout=FLUSH_SECONDS)

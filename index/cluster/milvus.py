"""Milvus: the collections of a build, their rows, and searches.

A build has two collections: paragraphs, with a vector and the weights of their terms, and sentences. Their rows never
change. For filters, each row has its version, the revision at which the version was born, its publication date, the
hashes of its field keys, and the numbers in its extra fields.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from wherefrom.index.arrays import Matrix
from wherefrom.index.cluster.milvus_connection import MilvusConnection

Kind = Literal["paragraphs", "sentences"]
KINDS: tuple[Kind, ...] = ("paragraphs", "sentences")
TIMEOUT_SECONDS = 10.0
"""Time limit of one call to Milvus for a question."""
WRITE_SECONDS = 120.0
MAX_LIMIT = 16_384
"""Maximum number of rows that Milvus returns."""
MAX_KEYS = 4_096
"""Maximum number of keys of a row: the capacity of an array in Milvus."""
NO_TERMS = {0: 1e-6}
"""The weights of a paragraph without terms, since Milvus stores no empty vector; no term has the number 0."""
NOT_LOADED = 101
"""The code of Milvus's error for a collection that is not in memory."""
SENTENCE_BITS = 20
"""A paragraph has fewer sentences than 2 ** SENTENCE_BITS."""
SEARCH_THREADS = 32
"""Maximum number of concurrent searches besides the first one of each question."""
UNKNOWN_TIME = 0
"""The time of a write for which Milvus returned none: Milvus Lite, which has no other readers, never returns one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that a search found: its id, the key of its paragraph's text, and its score, higher is better."""

    row: int
    text_key: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The layout of new collections: the number of shards, and whether paragraphs have term weights.

    Milvus before 2.4 has no sparse vectors. Without term weights no paragraph is found by its terms alone, so this is
    for measurements of such a server only.
    """

    shards: int = 1
    has_terms: bool = True


ONE_SHARD = Layout()


class Milvus:
    """The collections in Milvus. Thread-safe. Every method raises EngineUnavailable if Milvus cannot be used."""

    def __init__(self, uri: str, layout: Layout = ONE_SHARD) -> None:
        self._layout = layout
        self._connection = MilvusConnection(uri)
        self._threads = ThreadPoolExecutor(SEARCH_THREADS, thread_name_prefix="wherefrom-search")

    @property
    def failures(self) -> int:
        """The number of calls that did not reach Milvus or got no answer in time."""
        return self._connection.failures

    def close(self) -> None:
        """Close the connection; calls that run fail."""
        self._connection.close()
        self._threads.shutdown()

    def create(self, build: str, dimension: int) -> None:
        """Create the collections of a build; those of an earlier attempt are dropped."""
        from pymilvus import DataType  # noqa: PLC0415 - an extra

        with self._connection.client() as client:
            for kind in KINDS:
                schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
                schema.add_field("id", DataType.INT64, is_primary=True)
                schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
                for name in ("text_key", "version", "born", "published"):
                    schema.add_field(name, DataType.INT64)
                schema.add_field("keys", DataType.ARRAY, element_type=DataType.INT64, max_capacity=MAX_KEYS)
                schema.add_field("numbers", DataType.JSON)
                indexes = client.prepare_index_params()
                indexes.add_index("vector", index_type="FLAT", metric_type="IP")
                if kind == "sentences":
                    schema.add_field("paragraph", DataType.INT64)
                elif self._layout.has_terms:
                    schema.add_field("terms", DataType.SPARSE_FLOAT_VECTOR)
                    indexes.add_index("terms", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
                name = collection_name(build, kind)
                if client.has_collection(name, timeout=TIMEOUT_SECONDS):
                    client.drop_collection(name, timeout=WRITE_SECONDS)
                client.create_collection(
                    name,
                    schema=schema,
                    index_params=indexes,
                    num_shards=self._layout.shards,
                    consistency_level="Strong",
                    timeout=WRITE_SECONDS,
                )

    def has(self, build: str) -> bool:
        """Return whether both collections of a build are there."""
        with self._connection.client() as client:
            return all(client.has_collection(collection_name(build, kind), timeout=TIMEOUT_SECONDS) for kind in KINDS)

    def drop(self, build: str) -> None:
        """Drop the collections of a build."""
        with self._connection.client() as client:
            for kind in KINDS:
                client.drop_collection(collection_name(build, kind), timeout=WRITE_SECONDS)

    def put(self, build: str, kind: Kind, rows: Sequence[Mapping[str, object]]) -> int:
        """Add rows, and return the time of the write by Milvus's clock; UNKNOWN_TIME without rows.

        Rows with ids that exist already are replaced.
        """
        left_out = () if self._layout.has_terms else ("terms",)
        stored = [{name: value for name, value in row.items() if name not in left_out} for row in rows]
        if not stored:
            return UNKNOWN_TIME
        with self._connection.client() as client:
            # `MilvusClient.upsert` returns what this does without the time.
            connection = client._get_connection()  # noqa: SLF001
            written = connection.upsert_rows(collection_name(build, kind), stored, timeout=WRITE_SECONDS)
        return int(written.timestamp)

    def delete_versions(self, build: str, versions: Sequence[int]) -> None:
        """Delete the rows of some versions."""
        with self._connection.client() as client:
            for kind in KINDS:
                condition = f"version in {list(versions)}"
                client.delete(collection_name(build, kind), filter=condition, timeout=WRITE_SECONDS)

    def count(self, build: str, kind: Kind, expression: str) -> int:
        """Return the number of rows of a collection for which an expression holds."""
        name = collection_name(build, kind)
        found = self._reading(
            name,
            lambda client: client.query(
                name,
                filter=expression,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=WRITE_SECONDS,
            ),
        )
        return int(found[0]["count(*)"])

    def nearest(
        self, build: str, kind: Kind, vector: Matrix, *, limit: int, expression: str, written: int = UNKNOWN_TIME
    ) -> list[Hit]:
        """Return the rows whose vectors have the highest cosine with a vector, best first.

        The search sees all writes up to the time `written`. With UNKNOWN_TIME it waits for all writes before its start.
        """
        return self._search(build, kind, "vector", vector.tolist(), limit, expression, written)

    def heaviest(
        self, build: str, weights: Mapping[int, float], *, limit: int, expression: str, written: int = UNKNOWN_TIME
    ) -> list[Hit]:
        """Return the paragraphs whose term weights have the highest inner product with `weights`, best first.

        Returns nothing without weights, or from collections without term weights. `written` is as in `nearest`.
        """
        if not weights or not self._layout.has_terms:
            return []
        return self._search(build, "paragraphs", "terms", dict(weights), limit, expression, written)

    def at_once(self, searches: Sequence[Callable[[], list[Hit]]]) -> list[list[Hit]]:
        """Run searches concurrently and return their results. Raises the error of a search that fails."""
        first, *others = searches
        waiting = [self._threads.submit(search) for search in others]
        return [first(), *(each.result() for each in waiting)]

    def _search(
        self, build: str, kind: Kind, field: str, query: object, limit: int, expression: str, written: int
    ) -> list[Hit]:
        name = collection_name(build, kind)
        consistency: dict[str, object] = {"consistency_level": "Strong"}
        if written != UNKNOWN_TIME:
            consistency = {"consistency_level": "Customized", "guarantee_timestamp": written}
        found = self._reading(
            name,
            lambda client: client.search(
                name,
                data=[query],
                anns_field=field,
                limit=limit,
                filter=expression,
                output_fields=["text_key"],
                search_params={"metric_type": "IP"},
                timeout=TIMEOUT_SECONDS,
                **consistency,
            )[0],
        )
        return [Hit(hit["id"], hit["entity"]["text_key"], hit["distance"]) for hit in found]

    def _reading(self, collection: str, read: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - Milvus has no types
        """Return the result of a call; load the collection first if Milvus does not have it in memory."""
        from pymilvus import MilvusException  # noqa: PLC0415 - an extra

        with self._connection.client() as client:
            try:
                return read(client)
            except MilvusException as error:
                if error.code != NOT_LOADED:
                    raise
                client.load_collection(collection, timeout=WRITE_SECONDS)
                return read(client)


def collection_name(build: str, kind: Kind) -> str:
    """Return the name of a collection of a build."""
    return f"{build}_{kind}"

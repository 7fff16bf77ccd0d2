"""The engines that every test of the conformance suite runs against."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.cluster import ClusterServers
from tests.support.documents import read
from tests.support.library_samples import WordEmbedder
from wherefrom.index.answering.query_engine import QueryEngine
from wherefrom.index.embedded import EmbeddedEngine
from wherefrom.index.engine import Change, Engine
from wherefrom.index.library import Library
from wherefrom.index.types import Answer, AskKeywords, Document, Given, Precondition

OpenEngine = Callable[[], Engine]
"""Opens an engine on the collection of a test, which is empty at first and stays when the engine is closed."""


@dataclass(kw_only=True)
class Collection:
    """A collection in one engine, as the tests use it; `library` is open."""

    open_engine: OpenEngine
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Open the engine."""
        self.library = self.another()

    def another(self) -> Library:
        """Open the engine once more beside the one that is open."""
        engine = self.open_engine()
        return Library(engine, QueryEngine(engine, WordEmbedder(), threshold=0.0, cached_answers=8), Path())

    def restart(self) -> None:
        """Close the engine and open it again."""
        self.library.close()
        self.open()

    def put(
        self, document_id: str, text: str, given: Given | None = None, *, precondition: Precondition | None = None
    ) -> Change:
        """Put a text and wait until questions find it."""
        change = self.library.put(document_id, plain(document_id, text, given), precondition=precondition)
        self.library.refresh()
        return change

    def ask(self, question: str, options: AskKeywords | None = None) -> Answer:
        """Ask a question, and check every citation of the answer against the stored bytes."""
        answer = self.library.ask(question, **(options or {}))
        for passage in answer.passages:
            for citation in (passage.citation, *passage.also_in):
                raw = self.library.raw(citation.document_id).decode(citation.encoding)
                slices = " ".join(raw[span.start : span.end] for span in citation.segments)
                assert " ".join(slices.split()) == citation.cited_text
        return answer

    def found(self, question: str, options: AskKeywords | None = None) -> list[str]:
        """Return the ids of the documents of the passages, best first."""
        return [passage.citation.document_id for passage in self.ask(question, options).passages]


def plain(document_id: str, text: str, given: Given | None = None) -> Document:
    """Extract the document from a plain text."""
    return read(text.encode(), source=f"{document_id}.txt", media_type="text/plain", given=given or Given())


@pytest.fixture(params=["cluster", "embedded"])
def open_engine(request: pytest.FixtureRequest, tmp_path: Path) -> OpenEngine:
    """Return what opens each of the engines on a new collection."""
    if request.param == "embedded":
        return lambda: EmbeddedEngine.open(tmp_path / "data", WordEmbedder())
    from wherefrom.index.cluster.engine import ClusterEngine  # noqa: PLC0415 - an extra
    from wherefrom.index.cluster.milvus import ONE_SHARD, Layout  # noqa: PLC0415

    servers: ClusterServers = request.getfixturevalue("cluster_servers")
    dsn = servers.postgres.new_database()
    dense = os.environ.get("DENSE_MILVUS_URI")  # a server without sparse vectors: tests.support.run_on_cluster
    layout = Layout(shards=2, has_terms=False) if dense else ONE_SHARD
    return lambda: ClusterEngine.open(dsn, dense or servers.milvus.uri, WordEmbedder(), layout=layout)


@pytest.fixture
def collection(open_engine: OpenEngine) -> Iterator[Collection]:
    """Yield an empty collection in each of the engines."""
    opened = Collection(open_engine=open_engine)
    yield opened
    opened.library.close()

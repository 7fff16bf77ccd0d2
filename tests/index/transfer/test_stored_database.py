"""A collection that was moved to a cluster comes back the same; this needs PostgreSQL and Milvus."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.cluster import ClusterServers
from tests.support.documents import document, prose
from tests.support.library_samples import FIRST, WordEmbedder
from tests.support.transfers import NoEmbedder, contents, varied_library
from wherefrom.index.errors import IndexDamaged, IndexUnusable
from wherefrom.index.transfer.move import move_to_engine
from wherefrom.index.transfer.parquet_export import export, export_collection
from wherefrom.index.transfer.parquet_import import import_export

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from wherefrom.index.cluster.database.connections import Session
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.transfer.stored_database import open_database


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a varied collection, which no test may change."""
    folder = tmp_path_factory.mktemp("moved") / "data"
    varied_library(folder).close()
    return folder


@pytest.fixture
def engine(cluster_servers: ClusterServers, data: Path) -> Iterator[tuple[str, ClusterEngine]]:
    """Yield a database to which the collection was moved, and its engine."""
    dsn = cluster_servers.postgres.new_database()
    with closing(ClusterEngine.open(dsn, cluster_servers.milvus.uri, WordEmbedder())) as opened:
        move_to_engine(data, opened, NoEmbedder(), together=opened.transaction)
        yield dsn, opened


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_export_of_a_cluster_is_that_of_the_folder_byte_for_byte_and_can_be_imported(
    engine: tuple[str, ClusterEngine], data: Path, tmp_path: Path
) -> None:
    seen: list[str] = []
    with open_database(engine[0]) as collection:
        export_collection(collection, tmp_path / "from-cluster", seen.append)
        assert len(seen) == collection.identity.documents
    export(data, tmp_path / "from-folder")
    assert files(tmp_path / "from-cluster") == files(tmp_path / "from-folder")
    import_export(tmp_path / "from-cluster", tmp_path / "back", NoEmbedder())
    assert contents(tmp_path / "back") == contents(data)


def test_an_export_is_one_state_whatever_is_written_meanwhile(
    engine: tuple[str, ClusterEngine], data: Path, tmp_path: Path
) -> None:
    dsn, opened = engine
    written = document(prose(7), "later")

    def on_document(document_id: str) -> None:
        if document_id == FIRST:
            opened.put([("later", written)], opened.embed([("later", written)]))
            opened.remove("story-001")

    with open_database(dsn) as collection:
        export_collection(collection, tmp_path / "from-cluster", on_document)
    assert (opened.has("later"), opened.has("story-001")) == (True, False)
    export(data, tmp_path / "from-folder")
    assert files(tmp_path / "from-cluster") == files(tmp_path / "from-folder")


@pytest.mark.parametrize(
    "change",
    [
        b"UPDATE vectors SET tokens = '\\x00' WHERE paragraph = (SELECT min(paragraph) FROM vectors)",
        b"UPDATE paragraphs SET text = '\\x41' WHERE paragraph = (SELECT min(paragraph) FROM paragraphs)",
        b"UPDATE versions SET dropped = '[[0,1,\"menu\"]]', raw = '\\x41' WHERE version = 1",
    ],
)
def test_a_damaged_database_is_not_exported(engine: tuple[str, ClusterEngine], tmp_path: Path, change: bytes) -> None:
    with Session(engine[0]) as session:
        session.db.execute(change)
    with open_database(engine[0]) as collection, pytest.raises(IndexDamaged, match="not those that were stored"):
        export_collection(collection, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_an_index_is_told(cluster_servers: ClusterServers) -> None:
    with pytest.raises(IndexUnusable, match="holds no index"), open_database(cluster_servers.postgres.new_database()):
        pass

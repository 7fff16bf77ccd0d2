import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.documents import document, prose
from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from tests.support.limited import as_nobody
from tests.support.servers.word_server import word_server
from tests.support.transfers import (
    NoEmbedder,
    OtherEmbedder,
    QuestionsOnlyEmbedder,
    answers,
    contents,
    run_until_killed,
    varied_library,
)
from wherefrom.index.embedded import EmbeddedEngine
from wherefrom.index.embedding.paragraph_vectors import embed_documents
from wherefrom.index.errors import IndexDamaged, IndexMismatch, IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.storage.connection import Connection
from wherefrom.index.transfer.move import move_to_engine, move_to_folder
from wherefrom.index.types import Citation
from wherefrom.service.client.client import Client


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of a varied collection, which no test may change."""
    folder = tmp_path_factory.mktemp("moved") / "data"
    varied_library(folder).close()
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path / "data") as opened:
        yield opened


def test_a_moved_index_holds_and_answers_the_same_and_nothing_is_embedded(data: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    totals: list[int] = []
    moved = move_to_folder(data, tmp_path / "target", NoEmbedder(), seen.append, totals.append)
    assert totals == [len(seen)] == [moved.documents]
    assert contents(tmp_path / "target") == contents(data)
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_what_is_written_while_an_index_is_moved_is_moved_too(library: Library, tmp_path: Path) -> None:
    def on_document(document_id: str) -> None:
        if document_id == FIRST:
            library.put("later", document(prose(7), "later"))
            library.correct(FIRST, {"title": "A later title"})
            library.remove("000_3a64872121ddd60b.txt")

    move_to_folder(library.data, tmp_path / "target", NoEmbedder(), on_document)
    with Library.open(tmp_path / "target", embedder=QuestionsOnlyEmbedder(), threshold=0.0) as moved:
        assert moved.documents() == library.documents()
        assert moved.document(FIRST).title == "A later title"
        assert answers(moved) == answers(library)


def test_a_killed_move_leaves_no_index_and_goes_on_where_it_was(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    assert len(run_until_killed("move", data, target, 45)) == 45
    assert not target.exists()
    with closing(EmbeddedEngine.open(tmp_path / "target.partial", NoEmbedder())) as partial:
        assert partial.status().documents > 0
        partial.remove(partial.documents(limit=1)[0].document_id)
        other = document(prose(8), "other")
        partial.put([("other", other)], [embed_documents([other], WordEmbedder())[0]])
    move_to_folder(data, target, NoEmbedder())
    assert contents(target) == contents(data)


def test_what_a_move_with_another_model_left_is_not_used(data: Path, tmp_path: Path) -> None:
    seeds_library(tmp_path / "target.partial", embedder=OtherEmbedder()).close()
    move_to_folder(data, tmp_path / "target", NoEmbedder())
    assert contents(tmp_path / "target") == contents(data)


def test_an_engine_that_holds_other_documents_holds_the_same_afterwards(data: Path, tmp_path: Path) -> None:
    seeds_library(tmp_path / "other").close()
    with closing(EmbeddedEngine.open(tmp_path / "other", NoEmbedder())) as engine:
        engine.correct(FIRST, {"title": "Another title"})
        engine.correct("004_0830149b06589483.txt", {"publisher": "Another publisher"})
        move_to_engine(data, engine, NoEmbedder())
    assert contents(tmp_path / "other") == contents(data)


def test_another_model_and_a_target_that_holds_something_are_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch, match="was made with the model words"):
        move_to_folder(library.data, tmp_path / "target", OtherEmbedder())
    with pytest.raises(IndexUnusable, match="not empty"):
        move_to_folder(library.data, library.data.parent, NoEmbedder())
    with pytest.raises(IndexUnusable, match="inside of"):
        move_to_folder(library.data, library.data / "below", NoEmbedder())
    with pytest.raises(IndexUnusable, match="holds no index"):
        move_to_folder(tmp_path / "nothing", tmp_path / "target", NoEmbedder())
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_read_only_folder_can_be_moved() -> None:
    with tempfile.TemporaryDirectory() as home:
        data, elsewhere = Path(home) / "data", Path(home) / "elsewhere"
        seeds_library(data).close()
        elsewhere.mkdir()
        Path(home).chmod(0o755)
        elsewhere.chmod(0o777)
        data.chmod(0o555)
        try:
            with as_nobody():
                assert move_to_folder(data, elsewhere / "target", NoEmbedder()).documents == 5
        finally:
            data.chmod(0o755)
        assert contents(elsewhere / "target") == contents(data)


def test_a_link_into_the_data_folder_is_no_place_elsewhere(library: Library, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(library.data)
    with pytest.raises(IndexUnusable, match="name a folder elsewhere"):
        move_to_folder(library.data, tmp_path / "link" / "copy", WordEmbedder())


def test_a_copy_that_is_not_equal_is_refused(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(EmbeddedEngine.open(tmp_path / "other", NoEmbedder())) as engine:
        monkeypatch.setattr(engine, "correct", lambda *_, **__: "unchanged")
        library.correct(FIRST, {"title": "A better title"})
        with pytest.raises(IndexDamaged, match=FIRST):
            move_to_engine(library.data, engine, NoEmbedder())


def test_damaged_vectors_are_not_copied(library: Library, tmp_path: Path) -> None:
    connection = Connection(library.data / CATALOG)
    connection.sqlite.execute("UPDATE vectors SET tokens = x'00' WHERE paragraph_id = 20")
    connection.close()
    with pytest.raises(IndexDamaged, match="the vectors of"):
        move_to_folder(library.data, tmp_path / "target", NoEmbedder())
    assert not (tmp_path / "target").exists()


def test_a_service_answers_every_question_while_its_index_is_moved(tmp_path: Path) -> None:
    varied_library(tmp_path / "data").close()
    with word_server(tmp_path / "data") as server, Client(server.url) as client:
        expected = [passage.citation for passage in client.ask(QUESTION).passages]
        is_moved = threading.Event()
        replies: list[list[Citation]] = []

        def ask() -> None:
            while not is_moved.is_set() or not replies:
                replies.append([passage.citation for passage in client.ask(QUESTION).passages])

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            move_to_folder(tmp_path / "data", tmp_path / "target", NoEmbedder())
        finally:
            is_moved.set()
            asking.join()
        assert replies
        assert all(reply == expected for reply in replies)
    assert contents(tmp_path / "target") == contents(tmp_path / "data")

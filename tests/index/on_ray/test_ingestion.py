"""An index that Ray workers make is the one that is made without them; this starts a real cluster, which takes long."""

import json
import os
import signal
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.support.documents import prose, read
from tests.support.library_samples import WordEmbedder
from tests.support.paths import ROOT, SEEDS
from tests.support.ray_workers import WaitingEmbedder, waiting_process
from tests.support.transfers import NoEmbedder, answers
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.embedding.paragraph_vectors import embed_documents
from wherefrom.index.errors import IndexUnusable, SourceRejected
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.on_ray.ingestion import (
    ARTICLE_BYTES,
    FILES_PER_TASK,
    MAX_PARTS,
    PreparedArticles,
    RayIngestion,
    RayWorkers,
    grouped,
    parts_of,
    ray_cluster,
)
from wherefrom.index.on_ray.workers import PORTION_DOCUMENTS, FileTask, Prepared, key_of
from wherefrom.index.transfer.stored_documents import open_collection
from wherefrom.index.types import Document, RawSource

FILES = 120
LINES = 200
"""Articles of the file of which each worker gets parts."""
WAIT_SECONDS = 300.0
"""A busy machine takes minutes to start a cluster."""


def write_stories(folder: Path) -> Path:
    """Write files of one article and of several, one that is refused, and one that is there twice."""
    folder.mkdir()
    for seed in range(FILES):
        (folder / f"story-{seed:03}.txt").write_bytes(prose(seed, 6))
    lines = [json.dumps({"id": f"line-{seed}", "text": prose(500 + seed).decode()}) for seed in range(LINES)]
    (folder / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert len(parts_of(FileTask(number=0, path=folder / "lines.jsonl", source="lines.jsonl"))) > LINES / 64 > 3
    (folder / "menu.txt").write_bytes(b"\x00\x01\x02")
    (folder / "twice.txt").write_bytes(prose(3, 6))
    return folder


@pytest.mark.filterwarnings("ignore")
def test_two_ray_workers_make_the_same_index_though_one_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    stories, pids = write_stories(tmp_path / "stories"), tmp_path / "pids"
    pids.mkdir()
    with Library.open(tmp_path / "alone", embedder=WordEmbedder(), threshold=0.0) as alone:
        expected = ingest(alone, [SEEDS, stories])
        expected_answers, info = answers(alone), alone.info()
    workers = RayWorkers(count=2, load=partial(WaitingEmbedder, pids), identity=WordEmbedder.identity)

    def kill_one() -> None:
        killed.append(waiting_process(pids, seconds=WAIT_SECONDS))
        os.kill(killed[0], signal.SIGKILL)
        (pids / "go").touch()

    killed: list[int] = []
    killing = threading.Thread(target=kill_one)
    killing.start()
    with ray_cluster(), Library.open(tmp_path / "data", embedder=NoQuestionsNoDocuments(), threshold=0.0) as library:
        results = tuple(RayIngestion(library, [SEEDS, stories], workers, extract=extract).results())
        killing.join()
        assert (results, len(killed)) == (expected, 1)
        again = list(RayIngestion(library, [SEEDS, stories], workers, extract=extract).results())
        assert {result.change for result in again} == {"unchanged", None}
        library.refresh()
        assert (library.info(), answers(library)) == (info, expected_answers)
        assert library.verify().mismatches == ()
    with open_collection(tmp_path / "alone") as first, open_collection(tmp_path / "data") as second:
        for one, other in zip(first.documents(), second.documents(), strict=True):
            assert (one.digest, one.path) == (other.digest, other.path)
            for vectors, others in zip(one.vectors or (), other.vectors or (), strict=True):
                assert np.abs(vectors.paragraph - others.paragraph).max() < 1e-5
                assert np.abs(vectors.sentences - others.sentences).max() < 1e-5


class NoQuestionsNoDocuments(NoEmbedder):
    """The test model in the process that stores: it embeds questions, and no document."""

    encode = WordEmbedder.encode

    def embed_in_context(self, texts, contexts):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
        assert all(len(text) < 100 for text in texts)
        return WordEmbedder().embed_in_context(texts, contexts)


def prepared(number: int, source: RawSource) -> Prepared:
    document = extract(source)
    return Prepared(
        number=number, key=key_of(source), document=document, vectors=embed_documents([document], WordEmbedder())[0]
    )


def story(seed: int) -> RawSource:
    return RawSource(name=f"story-{seed}", raw=prose(seed))


def must_not_extract(source: RawSource) -> Document:
    raise AssertionError(source)


def test_articles_are_taken_by_what_their_reading_depends_on_and_others_are_read_here(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        read_here = []

        def read_and_note(source: RawSource) -> Document:
            read_here.append(source.name)
            return read(source.raw, source=source.name)

        entries = [prepared(0, story(1)), prepared(0, story(2)), Prepared(number=0), prepared(2, story(3))]
        articles = PreparedArticles(library, read_and_note).start(each for each in [*entries, Prepared(number=2)])
        articles.begin(0)
        second, first = articles.extract(story(2)), articles.extract(story(1))
        assert first.raw == prose(1)
        vectors = articles.embed([("second", second), ("first", first)])
        assert [len(each or ()) for each in vectors] == [len(second.paragraphs), len(first.paragraphs)]
        articles.extract(story(9))
        articles.begin(1)
        articles.extract(story(3))
        articles.begin(2)
        articles.extract(story(3))
        assert read_here == ["story-9", "story-3"]


def file_task(path: Path, size: int, number: int = 0) -> FileTask:
    with path.open("wb") as file:
        file.truncate(size)
    return FileTask(number=number, path=path, source=path.name, known=frozenset({"hash"}))


@pytest.mark.parametrize("name", ["lines.jsonl", "lines.jsonl.gz", "pages.warc", "posts.csv", "mails.mbox"])
def test_a_file_of_many_articles_has_parts_without_gaps_and_the_last_one_has_no_end(tmp_path: Path, name: str) -> None:
    parts = parts_of(file_task(tmp_path / name, 5 * PORTION_DOCUMENTS * ARTICLE_BYTES))
    assert [part.first for part in parts] == [PORTION_DOCUMENTS * number for number in range(5)]
    assert [part.stop for part in parts] == [*(part.first for part in parts[1:]), None]
    assert all(part.is_part and not part.known for part in parts)


def test_a_small_file_and_one_of_a_single_article_have_no_parts(tmp_path: Path) -> None:
    for name, size in (("lines.jsonl", 1_000), ("paper.pdf", 10**7), ("story.html", 10**7)):
        task = file_task(tmp_path / name, size)
        assert parts_of(task) == [task]
    gone = FileTask(number=0, path=tmp_path / "gone.jsonl", source="gone.jsonl")
    assert parts_of(gone) == [gone]


def test_the_number_of_parts_has_a_limit(tmp_path: Path) -> None:
    parts = parts_of(file_task(tmp_path / "lines.jsonl", 10 * MAX_PARTS * PORTION_DOCUMENTS * ARTICLE_BYTES))
    assert len(parts) == MAX_PARTS


def test_a_worker_gets_several_files_or_one_part_and_every_worker_gets_some(tmp_path: Path) -> None:
    files = [file_task(tmp_path / f"{number:02}.txt", 10, number) for number in range(40)]
    parts = parts_of(file_task(tmp_path / "lines.jsonl", 2 * PORTION_DOCUMENTS * ARTICLE_BYTES, 40))
    after = file_task(tmp_path / "99.txt", 10, 41)
    groups = grouped([*files, *parts, after], 2)
    assert [task for group in groups for task in group] == [*files, *parts, after]
    assert [len(group) for group in groups] == [FILES_PER_TASK, FILES_PER_TASK, 8, 1, 1, 1]
    assert [len(group) for group in grouped(files[:5], 2)] == [3, 2]


def test_a_refusal_of_a_worker_is_one_here(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        refused = Prepared(number=0, key=key_of(story(1)), reason="it holds no article")
        articles = PreparedArticles(library, must_not_extract).start(each for each in [refused])
        articles.begin(0)
        with pytest.raises(SourceRejected, match="story-1: it holds no article"):
            articles.extract(story(1))


def test_without_ray_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(IndexUnusable, match=r"pip install 'wherefrom\[ray\]'"), ray_cluster():
        pass


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999", "head..example:1"])
def test_an_address_at_which_nothing_listens_is_refused_at_once(address: str) -> None:
    with pytest.raises(IndexUnusable, match=f"no Ray cluster answers at {address}: "), ray_cluster(address):
        pass

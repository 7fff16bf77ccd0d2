"""The newest snapshot follows every change, and answers as an index built fresh from the same documents would."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import articles, document, prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.library import Library
from wherefrom.index.search.snapshot_refresher import SnapshotRefresher
from wherefrom.index.segments import base_store
from wherefrom.index.segments.base_format import FORMAT
from wherefrom.index.storage.catalog import CATALOG, Catalog
from wherefrom.index.storage.connection import Connection
from wherefrom.index.types import Answer, Filters

QUESTIONS = (
    "Who repaired the bridge in Lisbon?",
    "What did the museum measure near the border on Tuesday?",
    "report filed as number 7.1",
    "committee",
)


def answers(library: Library) -> list[Answer]:
    """Everything that is said of the questions, with and without filters, apart from the time it took."""
    ids = tuple(summary.document_id for summary in library.documents())[::3]
    asked = [library.ask(question, top_k=40, explain=True) for question in QUESTIONS]
    asked += [library.ask(question, top_k=40, filters=Filters(document_id=ids), explain=True) for question in QUESTIONS]
    return [replace(answer, took_ms=0.0) for answer in asked]


def fresh(library: Library, data: Path) -> list[Answer]:
    """The answers of a library that was given the same documents and nothing else."""
    with Library.open(data, embedder=WordEmbedder(), threshold=0.0) as made:
        ids = [summary.document_id for summary in library.documents()]
        made.put_batch([(name, document(library.raw(name), library.source(name).source)) for name in ids])
        assert made.info() == library.info()
        return answers(made)


def change(library: Library, chance: random.Random, names: Sequence[str]) -> None:
    """Put or remove a document; few texts for many names, so that there are copies, and updates to the same."""
    name = chance.choice(names)
    if chance.random() < 0.3 and library.has(name):
        library.remove(name)
    else:
        raw = prose(chance.randrange(20), chance.randint(1, 5))
        library.put(name, document(raw, f"{name}.txt"))


@pytest.mark.parametrize("seed", range(6))
def test_answers_are_those_of_a_fresh_index_whatever_the_history(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wherefrom.index.segments.flat_index.MAX_UNQUANTIZED_ROWS", 60 if seed % 2 else 5_000)
    chance = random.Random(seed)
    names = [f"story-{number:02}" for number in range(30)]
    with Library.open(tmp_path / "lived", embedder=WordEmbedder(), threshold=0.0) as library:
        library.put_many(articles(chance.choice([0, 10, 25])))
        for step in range(40):
            change(library, chance, names)
            if chance.random() < 0.5:
                library.ask(chance.choice(QUESTIONS))
            if step == chance.randrange(40):
                library.refresh()
        assert answers(library) == fresh(library, tmp_path / "fresh")
    with Library.open(tmp_path / "lived", embedder=WordEmbedder(), threshold=0.0) as again:
        assert answers(again) == fresh(again, tmp_path / "fresh again")


def test_a_merge_behind_the_questions_changes_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.index.search.snapshot_refresher.MIN_MERGE_ROWS", 40)
    with Library.open(tmp_path / "data", embedder=WordEmbedder(), threshold=0.0) as library:
        library.put_many(articles(10))
        before = answers(library)
        library.put_many(list(articles(30))[10:])
        after = answers(library)
        while not list((tmp_path / "data" / base_store.DERIVED_FOLDER).glob(f"{FORMAT}-*")):
            time.sleep(0.01)
            library.ask(QUESTIONS[0])
        library.remove("story-029")
        assert before != after != answers(library)
        assert answers(library) == fresh(library, tmp_path / "fresh")


def test_a_base_of_other_documents_is_never_used(tmp_path: Path) -> None:
    for name, seeds in (("one", (1, 2)), ("two", (3, 4))):
        with Library.open(tmp_path / name, embedder=WordEmbedder()) as library:
            for seed in seeds:
                library.put(f"story-{seed}", document(prose(seed)))
            library.refresh()
    (base,) = (tmp_path / "one" / base_store.DERIVED_FOLDER).iterdir()
    base.rename(tmp_path / "two" / base_store.DERIVED_FOLDER / base.name)
    with Library.open(tmp_path / "two", embedder=WordEmbedder(), threshold=0.0) as library:
        assert answers(library) == fresh(library, tmp_path / "fresh")


def test_a_start_after_few_changes_makes_no_base_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put_many(articles(40))
        library.refresh()
        library.put("one", document(prose(1, 2)))
    monkeypatch.setattr("wherefrom.index.segments.base_store.build", lambda *_: pytest.fail("a base was made"))
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        assert library.ask("report filed as number 1.1", top_k=1).passages[0].citation.document_id == "one"


def test_a_question_of_an_earlier_state_leaves_a_merged_base_to_later_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder(), threshold=0.0) as library:
        library.put("first", document(prose(1, 3), "first.txt"))
        refresher = SnapshotRefresher(tmp_path, WordEmbedder().identity, CLEANER_VERSION)
        catalog = Catalog(Connection(tmp_path / CATALOG))
        with catalog.connection.snapshot():
            refresher.at(catalog)
        library.put("second", document(prose(2, 3), "second.txt"))
        with catalog.connection.snapshot():
            held = catalog.revision()
            library.put("third", document(prose(3, 3), "third.txt"))
            refresher._merge()
            monkeypatch.setattr(base_store, "build", None)
            earlier = refresher.at(catalog)
        with catalog.connection.snapshot():
            later = refresher.at(catalog)
            assert later is not None
            assert later.revision == catalog.revision() == held + 1
        assert later.segment_set.delta_rows == 0, "the merged base has every row"
        assert earlier is not None
        assert earlier.revision == held
        catalog.close()

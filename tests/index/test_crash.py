"""An indexing process that is really killed, at random moments: whole documents only, and nothing said is lost."""

import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.documents import prose
from tests.support.library_samples import WordEmbedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.types import Answer

ROUNDS = 20
FILES = 40
QUESTIONS = ("Who repaired the bridge in Lisbon?", "What did the museum measure?", "report filed as number 7.1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "stories"
    home.mkdir()
    for seed in range(FILES):
        (home / f"story-{seed:03}.txt").write_bytes(prose(seed, 6))
    return home


def index_until_killed(data: Path, folder: Path, after: int) -> list[str]:
    """The files that the process said were in, before it was killed on saying that `after` of them were."""
    command = [sys.executable, "-m", "tests.support.crash_driver", str(data), str(folder)]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            change, source = line.split(maxsplit=1)
            if change != "unchanged":
                said.append(Path(source.strip()).name)
            if len(said) >= after:
                process.kill()
                break
        said += [line.split()[1].rpartition("/")[2] for line in process.stdout if line.startswith("added ")]
    return said


def answers(library: Library) -> list[Answer]:
    return [replace(library.ask(question, top_k=20), took_ms=0.0) for question in QUESTIONS]


def test_a_killed_indexer_leaves_whole_documents_and_finishing_it_leaves_no_trace(folder: Path, tmp_path: Path) -> None:
    with Library.open(tmp_path / "whole", embedder=WordEmbedder()) as whole:
        ingest(whole, [folder])
        expected = answers(whole)
        expected_info = whole.info()
    chance = random.Random(20160202)
    for _ in range(ROUNDS):
        data = tmp_path / "data"
        said = index_until_killed(data, folder, chance.randrange(1, FILES))
        with Library.open(data, embedder=WordEmbedder()) as library:
            stored = {summary.document_id: summary.paragraphs for summary in library.documents()}
            assert set(said) <= set(stored)
            assert all(len(library.paragraphs(name)) == count > 0 for name, count in stored.items())
            assert library.verify().mismatches == ()
            ingest(library, [folder])
            assert library.info() == expected_info
            assert answers(library) == expected
        shutil.rmtree(data)

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from tests.support.eval_samples import BTS, RADAR, beir_folder, write_jsonl
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.studies.unanswerable import load_question_texts, main, measure_refusals

Run = Callable[..., Result]


@pytest.fixture
def unanswerable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setattr("wherefrom.index.embedding.loader.load_embedder", lambda *_, **__: WordEmbedder())
    app = Typer()
    app.command()(main)
    return lambda *arguments: CliRunner().invoke(app, [*map(str, arguments), "--data", str(tmp_path / "data")])


def test_every_query_of_a_folder_is_asked_with_or_without_judgements(tmp_path: Path) -> None:
    assert len(load_question_texts(beir_folder(tmp_path))) == 3


def test_a_questions_file_can_be_asked(tmp_path: Path) -> None:
    assert load_question_texts(write_jsonl(tmp_path / "q.jsonl", [RADAR, BTS])) == (RADAR["question"], BTS["question"])


@pytest.mark.parametrize(("threshold", "refused"), [(0.0, 0), (1.01, 2)])
def test_answered_questions_are_listed_by_descending_confidence(tmp_path: Path, threshold: float, refused: int) -> None:
    with seeds_library(tmp_path, threshold=threshold) as library:
        result = measure_refusals(["zebra?", QUESTION], library, progress_bar)
    assert result.refused.value == refused / 2
    assert len(result.answered) == 2 - refused
    confidences = [answer.confidence for answer in result.answered]
    assert confidences == sorted(confidences, reverse=True)


def test_a_folders_questions_are_asked_of_the_seeds(unanswerable: Run, tmp_path: Path) -> None:
    result = unanswerable(beir_folder(tmp_path / "tiny"))
    assert result.exit_code == 0
    assert "questions of tiny, asked of seeds" in result.stdout


def test_questions_of_the_seeds_are_asked_of_a_folder(unanswerable: Run, tmp_path: Path) -> None:
    questions = write_jsonl(tmp_path / "q.jsonl", [RADAR, BTS])
    values = json.loads(unanswerable(questions, "--beir", beir_folder(tmp_path / "tiny"), "--json").stdout)
    assert values["questions"] == 2
    assert values["no_answer"] == 1 - len(values["answered"]) / 2
    assert values["interval"][0] <= values["no_answer"] <= values["interval"][1]


def test_questions_that_cannot_be_read_exit_2(unanswerable: Run, tmp_path: Path) -> None:
    result = unanswerable(tmp_path / "none.jsonl")
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr

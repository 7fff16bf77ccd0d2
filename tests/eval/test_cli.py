import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from tests.support.eval_samples import BTS, RADAR, beir_folder, write_jsonl
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.cli import evaluate
from wherefrom.index.errors import ModelUnavailable

Run = Callable[..., Result]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "questions.jsonl", [RADAR, BTS])


@pytest.fixture
def wherefrom_eval(monkeypatch: pytest.MonkeyPatch, questions: Path, tmp_path: Path) -> Run:
    monkeypatch.setattr("wherefrom.index.embedding.loader.load_embedder", lambda *_, **__: WordEmbedder())
    app = Typer()
    app.command()(evaluate)

    def run(*options: str) -> Result:
        settings = ["--questions", str(questions), "--data", str(tmp_path / "data")]
        return CliRunner().invoke(app, [*settings, *options])

    return run


def test_the_report_contains_the_figures(wherefrom_eval: Run) -> None:
    result = wherefrom_eval()
    assert result.exit_code == 0
    assert "5 documents, 68 passages" in result.stdout
    assert "wherefrom  1.000" in result.stdout


def test_json_option_prints_one_object_to_standard_output(wherefrom_eval: Run) -> None:
    values = json.loads(wherefrom_eval("--json").stdout)
    assert values["metrics"]["hit@1"] == 1
    assert [record["id"] for record in values["records"]] == ["radar", "bts"]


def test_two_runs_print_the_same_bytes(wherefrom_eval: Run) -> None:
    assert wherefrom_eval("--json").stdout_bytes == wherefrom_eval("--json").stdout_bytes


def test_effort_option_is_used(wherefrom_eval: Run) -> None:
    assert wherefrom_eval("--effort", "careful").exit_code == 0
    assert wherefrom_eval("--effort", "slow").exit_code == 2


def test_gate_without_floors_explains_how_to_pin_them(wherefrom_eval: Run) -> None:
    result = wherefrom_eval("--gate")
    assert result.exit_code == 2
    assert "wherefrom-eval --pin" in result.stderr


def test_a_figure_below_its_floor_exits_1(wherefrom_eval: Run, questions: Path) -> None:
    assert wherefrom_eval("--pin").exit_code in {0, 2}
    floors = json.loads(questions.with_name("floors.json").read_text(encoding="utf-8"))
    floors["floors"]["ndcg@10"] = 1.5
    questions.with_name("floors.json").write_text(json.dumps(floors), encoding="utf-8")
    result = wherefrom_eval("--gate")
    assert result.exit_code == 1
    assert "ndcg@10 is 1.0000, below its floor 1.5000" in result.stderr


def test_a_later_run_is_compared_with_a_saved_one(wherefrom_eval: Run, questions: Path, tmp_path: Path) -> None:
    saved = str(tmp_path / "run.json")
    wherefrom_eval("--save-run", saved)
    result = wherefrom_eval("--compare", saved)
    assert result.exit_code == 0
    assert "against the earlier run" in result.stdout
    assert json.loads(wherefrom_eval("--compare", saved, "--json").stdout)["metrics"]["hit@1"] == 1
    write_jsonl(questions, [RADAR])
    changed = wherefrom_eval("--compare", saved)
    assert changed.exit_code == 2
    assert "is a run on different data" in changed.stderr


def test_a_beir_run_can_be_compared(wherefrom_eval: Run, tmp_path: Path) -> None:
    folder, saved = str(beir_folder(tmp_path / "tiny")), str(tmp_path / "run.json")
    wherefrom_eval("--beir", folder, "--save-run", saved)
    assert "ndcg@10" in wherefrom_eval("--beir", folder, "--compare", saved).stdout.partition("against")[2]


def test_html_option_writes_a_page(wherefrom_eval: Run, tmp_path: Path) -> None:
    assert wherefrom_eval("--html", str(tmp_path / "page.html")).exit_code == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_pinning_saves_the_baseline_run(wherefrom_eval: Run, questions: Path) -> None:
    wherefrom_eval("--pin")
    saved = str(questions.with_name("baseline.json"))
    assert "against the earlier run" in wherefrom_eval("--compare", saved).stdout


def test_lowering_a_floor_without_the_flag_exits_1(wherefrom_eval: Run, questions: Path) -> None:
    wherefrom_eval("--pin")
    floors = questions.with_name("floors.json")
    floors.write_text(floors.read_text(encoding="utf-8").replace('"ndcg@10": 1.0', '"ndcg@10": 1.5'), encoding="utf-8")
    refused = wherefrom_eval("--pin")
    assert refused.exit_code == 1
    assert "--lower" in refused.stderr
    assert wherefrom_eval("--pin", "--lower").exit_code == 0


def test_changed_questions_close_the_gate(wherefrom_eval: Run, questions: Path) -> None:
    wherefrom_eval("--pin")
    write_jsonl(questions, [RADAR, BTS | {"id": "other"}])
    result = wherefrom_eval("--gate")
    assert result.exit_code == 1
    assert "the questions are not those that the floors were pinned on" in result.stderr


def test_invalid_questions_exit_2_and_name_the_line(wherefrom_eval: Run, questions: Path) -> None:
    write_jsonl(questions, [RADAR, RADAR])
    result = wherefrom_eval()
    assert result.exit_code == 2
    assert "line 2, id: 'radar' is on line 1 already" in result.stderr


def test_a_missing_seeds_folder_exits_2(wherefrom_eval: Run, tmp_path: Path) -> None:
    result = wherefrom_eval("--seeds", str(tmp_path / "nowhere"))
    assert result.exit_code == 2
    assert "is not a folder" in result.stderr


def test_a_model_that_cannot_be_loaded_exits_2(wherefrom_eval: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise ModelUnavailable("gone: no such model")

    monkeypatch.setattr("wherefrom.index.embedding.loader.load_embedder", unavailable)
    result = wherefrom_eval("--model", "gone")
    assert result.exit_code == 2
    assert "gone: no such model" in result.stderr


def test_a_beir_folder_is_measured(wherefrom_eval: Run, tmp_path: Path) -> None:
    folder = str(beir_folder(tmp_path / "tiny"))
    values = json.loads(wherefrom_eval("--beir", folder, "--json").stdout)
    assert (values["questions"], values["documents"]) == (2, 3)
    report = wherefrom_eval("--beir", folder)
    assert "tiny: 2 questions, 3 documents" in report.stdout


def test_a_beir_folder_is_measured_as_it_is_on_request(wherefrom_eval: Run, tmp_path: Path) -> None:
    folder, saved = str(beir_folder(tmp_path / "tiny")), str(tmp_path / "run.json")
    assert "was cleaned as `wherefrom index` cleans it" in wherefrom_eval("--beir", folder).stdout
    assert "was taken as it is" in wherefrom_eval("--beir", folder, "--as-is", "--save-run", saved).stdout
    compared = wherefrom_eval("--beir", folder, "--compare", saved).stdout
    assert "ndcg@10" in compared.partition("against")[2]
    assert wherefrom_eval("--as-is").exit_code == 2


def test_an_invalid_beir_folder_exits_2(wherefrom_eval: Run, tmp_path: Path) -> None:
    result = wherefrom_eval("--beir", str(tmp_path))
    assert result.exit_code == 2
    assert "corpus.jsonl: cannot be read" in result.stderr


@pytest.mark.parametrize(
    "options", [("--beir", ".", "--gate"), ("--beir", ".", "--pin"), ("--lower",), ("--effort", "careful", "--gate")]
)
def test_options_that_cannot_be_combined_exit_2(wherefrom_eval: Run, options: tuple[str, ...]) -> None:
    assert wherefrom_eval(*options).exit_code == 2


def test_written_sentences_are_measured_in_halves(wherefrom_eval: Run) -> None:
    values = json.loads(wherefrom_eval("--written", "--json").stdout)
    assert set(values) == {"all", "built on", "held out"}
    assert values["all"]["number"]["passed"] == 0


def test_pairs_of_benchmarks_are_for_written_sentences_alone(wherefrom_eval: Run, tmp_path: Path) -> None:
    result = wherefrom_eval("--bench", str(tmp_path))
    assert result.exit_code == 2
    assert "--written" in result.stderr

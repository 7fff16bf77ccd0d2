import json
from pathlib import Path

import pytest

from tests.support.eval_samples import run_of, write_jsonl
from tests.support.library_samples import seeds_library
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.gate.floors import GATED_FIGURES, FloorsLowered, load_floors, pin
from wherefrom.eval.measurement.scorecard import score_runs
from wherefrom.eval.measurement.seeds import Digests, digest_data

DIGESTS = Digests(questions_sha256="q" * 64, seeds_sha256="s" * 64)
RUNS = [run_of("a"), run_of("b"), run_of("c", "near_miss", confidence=0.1), run_of("d", "debris", confidence=0.1)]
WORSE = [*RUNS[:1], run_of("b", gold_rank=3, baseline=4), *RUNS[2:]]


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    return tmp_path / "floors.json"


def test_pinning_raises_floors(floors: Path) -> None:
    pin(floors, DIGESTS, score_runs(WORSE), lower=False)
    pin(floors, DIGESTS, score_runs(RUNS), lower=False)
    assert load_floors(floors).floors["hit@1"] == 1


def test_pinning_lower_floors_requires_the_lower_flag(floors: Path) -> None:
    pin(floors, DIGESTS, score_runs(RUNS), lower=False)
    before = floors.read_bytes()
    with pytest.raises(FloorsLowered, match=r"hit@1 \(1.0 to 0.5\).*--lower"):
        pin(floors, DIGESTS, score_runs(WORSE), lower=False)
    assert floors.read_bytes() == before
    pin(floors, DIGESTS, score_runs(WORSE), lower=True)
    assert load_floors(floors).floors["hit@1"] == 0.5


def test_a_floor_is_never_rounded_up(floors: Path) -> None:
    runs = [run_of("a"), run_of("b", gold_rank=2, baseline=4), run_of("c", gold_rank=None), *RUNS[2:]]
    pinned = pin(floors, DIGESTS, score_runs(runs), lower=False).floors
    assert all(pinned[name] <= score_runs(runs).values[name] for name in GATED_FIGURES)


def test_an_undefined_figure_cannot_be_pinned(floors: Path) -> None:
    with pytest.raises(EvalDataError, match="cannot pin refusal_precision"):
        pin(floors, DIGESTS, score_runs(RUNS[:2]), lower=True)
    assert not floors.exists()


def test_missing_floors_raise_an_error_that_explains_how_to_pin(floors: Path) -> None:
    with pytest.raises(EvalDataError, match="no floors are pinned; run `wherefrom-eval --pin`"):
        load_floors(floors)


@pytest.mark.parametrize("text", ["oops", "[]", "{}", json.dumps({"questions_sha256": "", "seeds_sha256": ""})])
def test_an_invalid_floors_file_is_an_error(floors: Path, text: str) -> None:
    floors.write_text(text, encoding="utf-8")
    with pytest.raises(EvalDataError, match="is not a floors file"):
        load_floors(floors)


def test_digests_change_with_the_questions_and_with_the_seeds(tmp_path: Path) -> None:
    questions = write_jsonl(tmp_path / "questions.jsonl", [{"id": "a"}])
    with seeds_library(tmp_path / "data") as library:
        documents = library.documents()
    before = digest_data(questions, documents)
    assert digest_data(questions, reversed(documents)) == before
    assert digest_data(questions, documents[1:]).seeds_sha256 != before.seeds_sha256
    write_jsonl(questions, [{"id": "b"}])
    assert digest_data(questions, documents).questions_sha256 != before.questions_sha256

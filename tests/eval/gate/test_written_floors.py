from pathlib import Path

import pytest

from tests.eval.measurement.test_written import PAIRS
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.gate.floors import FloorsLowered
from wherefrom.eval.gate.written_floors import load_written_floors, pin_written, written_failures
from wherefrom.eval.measurement.written import CheckedPair, check_pairs
from wherefrom.index.writing.sentence_check import SentenceVerdict

CHECKED = check_pairs(PAIRS)
ALL_REFUSED = tuple(CheckedPair(pair=each.pair, verdict=SentenceVerdict(passed=False, checks=())) for each in CHECKED)


def test_the_gate_is_open_for_the_pinned_figures(tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    pin_written(CHECKED, floors, lower=False)
    assert list(written_failures(CHECKED, load_written_floors(floors))) == []


def test_a_kind_below_its_floor_is_named(tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    pin_written(CHECKED, floors, lower=False)
    reasons = list(written_failures(ALL_REFUSED, load_written_floors(floors)))
    assert any("shortened: 0.000 is below the floor 1.0" in reason for reason in reasons)


def test_floors_fall_only_if_that_is_allowed(tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    pin_written(CHECKED, floors, lower=False)
    with pytest.raises(FloorsLowered, match="shortened"):
        pin_written(ALL_REFUSED, floors, lower=False)
    pin_written(ALL_REFUSED, floors, lower=True)
    assert load_written_floors(floors).floors["shortened"] == 0


def test_other_pairs_than_the_pinned_ones_close_the_gate(tmp_path: Path) -> None:
    floors = tmp_path / "floors.json"
    pin_written(CHECKED, floors, lower=False)
    (reason,) = written_failures(CHECKED[1:], load_written_floors(floors))
    assert "wherefrom-eval --written --pin" in reason


def test_missing_floors_say_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(EvalDataError, match="wherefrom-eval --written --pin"):
        load_written_floors(tmp_path / "none.json")

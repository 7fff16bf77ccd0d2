from pathlib import Path

import pytest

from tests.support.eval_samples import write_jsonl
from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.written_pairs import FOLLOWING, NOT_FOLLOWING, load_pairs, save_pairs


def test_the_pairs_written_by_hand_have_every_kind_in_both_halves_of_the_stories() -> None:
    pairs = load_pairs()
    assert len(pairs) >= 200
    assert {pair.kind for pair in pairs} == {*FOLLOWING, *NOT_FOLLOWING}
    assert {pair.held_out for pair in pairs} == {True, False}
    assert len({pair.id for pair in pairs}) == len(pairs)


def test_saved_pairs_are_read_back(tmp_path: Path) -> None:
    save_pairs(tmp_path / "pairs.jsonl", load_pairs())
    assert load_pairs(tmp_path / "pairs.jsonl") == load_pairs()


def test_an_unknown_kind_is_named_with_its_line(tmp_path: Path) -> None:
    row = {"id": "a", "kind": "rumour", "sentence": "b", "passages": ["c"], "story": "d"}
    with pytest.raises(EvalDataError, match=r"line 1, kind"):
        load_pairs(write_jsonl(tmp_path / "pairs.jsonl", [row]))

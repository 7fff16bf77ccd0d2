from pathlib import Path

import pytest

from wherefrom.eval.studies import mutated_files
from wherefrom.eval.studies.mutated_files import limits, main, mutated, read_mutations

SENTENCE = b"The harbour authority of Southport will close its northern quay for eleven months, it said on Monday.\n"
STORY = SENTENCE * 5


def test_a_seed_always_gives_the_same_damage_and_seed_0_none() -> None:
    assert mutated(STORY, 0) == STORY
    assert mutated(STORY, 7) == mutated(STORY, 7) != STORY
    assert len({mutated(STORY, seed) for seed in range(30)}) > 20


def test_each_mutation_is_read_or_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(STORY)
    outcome = read_mutations(tmp_path / "a.txt", 5)
    assert outcome.mutations == outcome.read + outcome.refused == 5
    assert outcome.broken == []


def test_a_page_of_a_pdf_has_a_time_of_its_own() -> None:
    assert limits("a.pdf", b"/Page /Page")[0] == 2 * limits("a.txt", STORY)[0]


def test_a_broken_limit_is_told_with_its_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(STORY)
    monkeypatch.setattr(mutated_files, "limits", lambda _name, _raw: (0.0, 1000.0))
    monkeypatch.setattr(mutated_files, "study", read_mutations)
    assert main(tmp_path, 2) == 1
    assert "seed 1: " in capsys.readouterr().out

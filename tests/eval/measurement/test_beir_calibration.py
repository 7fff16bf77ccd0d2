from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.eval_samples import beir_folder
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.datasets.beir import BeirFolder, load_beir
from wherefrom.eval.measurement.beir_calibration import TOGETHER, answers, certainty_json, measure_certainty
from wherefrom.eval.measurement.beir_scores import indexed_corpus
from wherefrom.eval.progress import progress_bar
from wherefrom.index.library import Library


@pytest.fixture
def folder(tmp_path: Path) -> BeirFolder:
    return load_beir(beir_folder(tmp_path / "tiny"))


@pytest.fixture
def library(folder: BeirFolder, tmp_path: Path) -> Iterator[Library]:
    with indexed_corpus(folder, tmp_path / "data", embedder=WordEmbedder(), bar=progress_bar) as opened:
        yield opened


def test_only_questions_that_say_so_have_no_answer(folder: BeirFolder) -> None:
    assert [query.id for query in folder.unanswerable] == ["q3"]
    assert [query.id for query in folder.queries] == ["q1", "q2"]


def test_confidence_is_told_beside_the_highest_cosine(folder: BeirFolder, library: Library) -> None:
    certainty = measure_certainty(folder, library, progress_bar)
    assert certainty is not None
    assert (certainty.answerable, certainty.unanswerable) == (2, 1)
    values = {name: figure.value for name, figure in certainty.figures.items()}
    assert set(values) == {
        "refusal_precision",
        "refusal_recall",
        "confidence_auc",
        "confidence_ece",
        "top_cosine_auc",
        "auc_over_top_cosine",
    }
    assert values["top_cosine_auc"] == 1
    assert values["auc_over_top_cosine"] == values["confidence_auc"] - 1


def test_a_folder_whose_questions_all_have_an_answer_is_left_alone(folder: BeirFolder, library: Library) -> None:
    assert measure_certainty(replace(folder, unanswerable=()), library, progress_bar) is None


def test_the_record_has_null_where_a_figure_has_no_interval(folder: BeirFolder, library: Library) -> None:
    certainty = measure_certainty(folder, library, progress_bar)
    assert certainty is not None
    record = certainty_json(certainty)
    intervals = record["intervals"]
    assert isinstance(intervals, dict)
    assert intervals["confidence_ece"] == [None, None]
    assert record["unanswerable"] == 1


def test_questions_read_together_are_answered_as_if_alone(tmp_path: Path) -> None:
    asked = [QUESTION, "who is the minister?", *(f"what about {number}?" for number in range(TOGETHER))]
    with seeds_library(tmp_path) as seeds:
        told = [replace(answer, took_ms=0.0) for answer in answers(seeds, asked)]
        assert told == [replace(seeds.ask(question, top_k=1), took_ms=0.0) for question in asked]

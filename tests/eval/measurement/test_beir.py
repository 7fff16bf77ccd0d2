from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.eval_samples import beir_folder, write_jsonl
from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.datasets.beir import BeirFolder, BeirQuery, load_beir
from wherefrom.eval.measurement.beir import (
    BATCH_SIZE,
    answer_in_batches,
    indexed_corpus,
    judge_query,
    measure_beir,
    measure_calibration,
)
from wherefrom.eval.measurement.corpus_reading import read_corpus
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.reports.json_report import beir_json, calibration_json
from wherefrom.index.arrays import Matrix
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.embedding.token_head import TokenHead
from wherefrom.index.library import Library

KEYS = ["ndcg@10", "mrr@10", "hit@1", "hit@5", "recall@100", "questions", "documents"]


class CountingEmbedder(WordEmbedder):
    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.texts.extend(texts)
        return super().encode(texts)


@pytest.fixture
def folder(tmp_path: Path) -> BeirFolder:
    return load_beir(beir_folder(tmp_path / "tiny"))


@pytest.fixture
def library(folder: BeirFolder, tmp_path: Path) -> Iterator[Library]:
    with indexed_corpus(
        folder, read_corpus(folder, as_is=True), tmp_path / "data", embedder=WordEmbedder(), bar=progress_bar
    ) as opened:
        yield opened


def query(judgements: dict[str, int]) -> BeirQuery:
    return BeirQuery(id="q", text="?", judgements=judgements)


def test_a_tiny_corpus_is_ranked_by_every_system(tmp_path: Path) -> None:
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measured = beir_json(measure_beir(folder, tmp_path / "data", as_is=True, embedder=WordEmbedder(), bar=progress_bar))
    assert list(measured) == [*KEYS, "bm25", "dense", "rrf", "reading", "certainty"]
    assert (measured["questions"], measured["documents"]) == (2, 3)
    assert measured["hit@1"] == 1
    assert measured["recall@100"] == 1
    for system in ("bm25", "dense", "rrf"):
        baseline = measured[system]
        assert isinstance(baseline, dict)
        assert list(baseline) == KEYS


def test_a_second_run_embeds_only_the_queries(tmp_path: Path) -> None:
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    first, second = CountingEmbedder(), CountingEmbedder()
    before = measure_beir(folder, tmp_path / "data", as_is=True, embedder=first, bar=progress_bar)
    assert measure_beir(folder, tmp_path / "data", as_is=True, embedder=second, bar=progress_bar) == before
    assert any("moon" in text for text in first.texts)
    assert set(second.texts) == {query.text for query in (*folder.queries, *folder.unanswerable)}


def test_the_index_folder_is_named_by_corpus_hash_and_model(tmp_path: Path) -> None:
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measure_beir(folder, tmp_path / "data", as_is=True, embedder=WordEmbedder(), bar=progress_bar)
    assert [path.name for path in (tmp_path / "data" / "eval").iterdir()] == [
        f"tiny-{folder.corpus_sha256[:12]}-as-is-{CLEANER_VERSION}-{WordEmbedder.identity.sha256[:8]}"
    ]


def test_the_index_folder_is_also_named_by_the_token_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ones = np.ones((2, 2), dtype=np.float32)
    head = TokenHead(projection=ones, importance=ones[0], bias=0.0, sha256="abcdef0123456789")
    monkeypatch.setattr("wherefrom.eval.measurement.beir.token_head_for", lambda _: head)
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measure_beir(folder, tmp_path / "data", as_is=True, embedder=WordEmbedder(), bar=progress_bar)
    (made,) = (tmp_path / "data" / "eval").iterdir()
    assert made.name.endswith(f"-{WordEmbedder.identity.sha256[:8]}-abcdef01")


def test_progress_advances_for_every_document_and_query(tmp_path: Path) -> None:
    steps: dict[str, int] = {}

    @contextmanager
    def bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
        steps[label] = 0

        def advance(done: int) -> None:
            steps[label] += done
            assert steps[label] <= total

        yield advance

    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measure_beir(folder, tmp_path / "data", as_is=True, embedder=WordEmbedder(), bar=bar)
    assert steps == {"indexing tiny": 3, "asking tiny": 2, "asking whether tiny answers": 3}


def test_a_document_of_several_paragraphs_ranks_once_where_its_first_paragraph_does(tmp_path: Path) -> None:
    path = beir_folder(tmp_path / "tiny")
    story = "\n\n".join(
        f"Cats hunt mice at night in the {place}, and they sleep there all day long, says the keeper of the cats."
        for place in ("garden", "cellar", "kitchen", "attic")
    )
    prose = "The moon pulls the sea, and the water rises twice a day, which every sailor of the harbour knows by heart."
    write_jsonl(
        path / "corpus.jsonl",
        [{"id": "cats", "text": story}, {"id": "tides", "text": prose}, {"id": "bread", "text": ""}],
    )
    folder = load_beir(path)
    scores = measure_beir(folder, tmp_path / "data", as_is=False, embedder=WordEmbedder(), bar=progress_bar)
    assert len(scores.reading.documents["cats"].paragraphs) == 4
    assert scores.rankings["wherefrom"]["hit@1"].value == 1
    assert scores.saved.measures["recall@100"] == {"q1": 1.0, "q2": 0.5}


def test_an_empty_document_counts_but_is_not_indexed(tmp_path: Path) -> None:
    path = beir_folder(tmp_path / "tiny")
    rows = (path / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    write_jsonl(path / "corpus.jsonl", [*rows, {"id": "void", "title": "", "text": " "}])
    scores = measure_beir(load_beir(path), tmp_path / "data", as_is=True, embedder=WordEmbedder(), bar=progress_bar)
    assert scores.documents == 4


def test_gains_are_the_judgements_in_the_order_of_the_ranking() -> None:
    ranking = judge_query(query({"a": 2, "b": 1, "c": 0, "gone": 1}), ["c", "b", "x", "a"])
    assert list(ranking.gains) == [0, 1, 0, 2]
    assert sorted(ranking.judgements) == [1, 1, 2]


@pytest.mark.parametrize(("judgements", "gains"), [({"a": 1}, (1,)), ({"q": 1}, (1, 0))])
def test_a_document_with_the_querys_id_is_left_out_unless_judged(
    judgements: dict[str, int], gains: tuple[float, ...]
) -> None:
    assert judge_query(query(judgements), ["q", "a"]).gains == gains


def test_only_the_first_hundred_ranks_count() -> None:
    assert len(judge_query(query({"1": 1}), [str(number) for number in range(101)]).gains) == 100


def test_only_queries_marked_unanswerable_have_no_answer(folder: BeirFolder) -> None:
    assert [query.id for query in folder.unanswerable] == ["q3"]
    assert [query.id for query in folder.queries] == ["q1", "q2"]


def test_calibration_figures_include_the_highest_cosine(folder: BeirFolder, library: Library) -> None:
    calibration = measure_calibration(folder, library, progress_bar)
    assert calibration is not None
    assert (calibration.answerable, calibration.unanswerable) == (2, 1)
    values = {name: figure.value for name, figure in calibration.figures.items()}
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


def test_a_question_with_a_phrase_that_occurs_nowhere_is_refused_and_not_answered_first(
    folder: BeirFolder, library: Library
) -> None:
    asked = replace(folder, unanswerable=(BeirQuery(id="u", text='who wrote "The Silent Harbour"?', judgements={}),))
    calibration = measure_calibration(asked, library, progress_bar)
    assert calibration is not None
    last = calibration.outcomes[-1]
    assert (last.refused, last.answerable, last.first_answers, last.confidence) == (True, False, False, 0.0)


def test_a_folder_without_unanswerable_queries_has_no_calibration(folder: BeirFolder, library: Library) -> None:
    assert measure_calibration(replace(folder, unanswerable=()), library, progress_bar) is None


def test_the_json_interval_is_null_for_a_figure_without_one(folder: BeirFolder, library: Library) -> None:
    calibration = measure_calibration(folder, library, progress_bar)
    assert calibration is not None
    record = calibration_json(calibration)
    intervals = record["intervals"]
    assert isinstance(intervals, dict)
    assert intervals["confidence_ece"] == [None, None]
    assert record["unanswerable"] == 1


def test_batched_questions_are_answered_like_single_ones(tmp_path: Path) -> None:
    questions = [QUESTION, "who is the minister?", *(f"what about {number}?" for number in range(BATCH_SIZE))]
    with seeds_library(tmp_path) as seeds:
        answers = [replace(answer, took_ms=0.0) for answer in answer_in_batches(seeds, questions)]
        assert answers == [replace(seeds.ask(question, top_k=1), took_ms=0.0) for question in questions]

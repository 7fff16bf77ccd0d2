from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.eval_samples import beir_folder, write_jsonl
from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.beir import BeirDocument, BeirQuery, load_beir
from wherefrom.eval.measurement.beir_scores import as_document, beir_json, judge_query, measure_beir
from wherefrom.eval.progress import progress_bar
from wherefrom.index.arrays import Matrix

KEYS = ["ndcg@10", "mrr@10", "hit@1", "hit@5", "recall@100", "questions", "documents"]


class CountingEmbedder(WordEmbedder):
    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.texts.extend(texts)
        return super().encode(texts)


def query(judgements: dict[str, int]) -> BeirQuery:
    return BeirQuery(id="q", text="?", judgements=judgements)


def test_a_tiny_corpus_is_ranked_by_every_system(tmp_path: Path) -> None:
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measured = beir_json(measure_beir(folder, tmp_path / "data", embedder=WordEmbedder(), bar=progress_bar))
    assert list(measured) == [*KEYS, "bm25", "dense", "rrf", "certainty"]
    assert (measured["questions"], measured["documents"]) == (2, 3)
    assert measured["hit@1"] == 1
    assert measured["recall@100"] == 1
    for system in ("bm25", "dense", "rrf"):
        baseline = measured[system]
        assert isinstance(baseline, dict)
        assert list(baseline) == KEYS


def test_a_second_run_embeds_the_queries_alone(tmp_path: Path) -> None:
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    first, second = CountingEmbedder(), CountingEmbedder()
    before = measure_beir(folder, tmp_path / "data", embedder=first, bar=progress_bar)
    assert measure_beir(folder, tmp_path / "data", embedder=second, bar=progress_bar) == before
    assert any("moon" in text for text in first.texts)
    assert set(second.texts) == {query.text for query in (*folder.queries, *folder.unanswerable)}


def test_the_index_is_kept_under_the_name_and_hash_of_the_corpus(tmp_path: Path) -> None:
    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measure_beir(folder, tmp_path / "data", embedder=WordEmbedder(), bar=progress_bar)
    assert [path.name for path in (tmp_path / "data" / "eval").iterdir()] == [
        f"tiny-{folder.corpus_sha256[:12]}-{WordEmbedder.identity.sha256[:8]}"
    ]


def test_progress_is_told_of_every_document_and_query(tmp_path: Path) -> None:
    told: dict[str, int] = {}

    @contextmanager
    def bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
        told[label] = 0

        def advance(done: int) -> None:
            told[label] += done
            assert told[label] <= total

        yield advance

    folder = load_beir(beir_folder(tmp_path / "tiny"))
    measure_beir(folder, tmp_path / "data", embedder=WordEmbedder(), bar=bar)
    assert told == {"indexing tiny": 3, "asking tiny": 2, "asking whether tiny answers": 3}


def test_an_empty_document_counts_but_is_never_found(tmp_path: Path) -> None:
    path = beir_folder(tmp_path / "tiny")
    rows = (path / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    write_jsonl(path / "corpus.jsonl", [*rows, {"id": "void", "title": "", "text": " "}])
    scores = measure_beir(load_beir(path), tmp_path / "data", embedder=WordEmbedder(), bar=progress_bar)
    assert scores.documents == 4


def test_gains_are_the_judgements_in_the_order_of_the_ranking() -> None:
    ranking = judge_query(query({"a": 2, "b": 1, "c": 0, "gone": 1}), ["c", "b", "x", "a"])
    assert list(ranking.gains) == [0, 1, 0, 2]
    assert sorted(ranking.judgements) == [1, 1, 2]


@pytest.mark.parametrize(("judgements", "gains"), [({"a": 1}, (1,)), ({"q": 1}, (1, 0))])
def test_a_querys_own_document_is_passed_over_unless_judged(
    judgements: dict[str, int], gains: tuple[float, ...]
) -> None:
    assert judge_query(query(judgements), ["q", "a"]).gains == gains


def test_no_more_than_a_hundred_places_count() -> None:
    assert len(judge_query(query({"1": 1}), [str(number) for number in range(101)]).gains) == 100


def test_a_row_becomes_a_document_of_one_paragraph_that_tiles_its_bytes() -> None:
    text = "Cats. They sleep \U0001f408 all day. They hunt mice."
    document = as_document(BeirDocument(id="cats", text=text), "corpus.jsonl#cats")
    (paragraph,) = document.paragraphs
    (span,) = paragraph.segments
    decoded = document.raw.decode(document.encoding)
    assert decoded[span.start : span.end] == paragraph.text == text
    assert " ".join(text[sentence.start : sentence.end] for sentence in paragraph.sentences) == text
    assert len(paragraph.sentences) == 3

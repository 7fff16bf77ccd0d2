from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.cluster import ClusterServers
from tests.support.library_samples import WordEmbedder
from tests.support.paths import SEEDS
from wherefrom.eval.datasets.questions import EVAL
from wherefrom.eval.measurement.runs import JudgedRanking
from wherefrom.index.errors import EngineUnavailable
from wherefrom.index.library import Library
from wherefrom.index.transfer.move import move_to_engine
from wherefrom.index.types import Hit, Scores

pytest.importorskip("psycopg")
pytest.importorskip("pymilvus")

from wherefrom.eval.studies.engines import (
    ATTEMPTS,
    AskedQuestion,
    Comparison,
    compare_all,
    differences,
    evenly_spread,
    figure_rows,
    figures,
    fill_with_seeds,
    places,
    rank_when_available,
    reason_of_difference,
    rows,
)
from wherefrom.index.cluster.engine import ClusterEngine


def hit(document_id: str, fused: float, dense: float = 0.5) -> Hit:
    scores = Scores(dense=dense, sentence=0.5, lexical=1.0, fused=fused)
    return Hit(document_id=document_id, number=1, scores=scores)


def first_is_a(hits: Sequence[Hit]) -> JudgedRanking:
    return JudgedRanking(gains=tuple(float(each.document_id == "a") for each in hits), judgements=(1.0,))


def compared(id_: str, embedded: Sequence[Hit], cluster: Sequence[Hit], reason: str = "") -> Comparison:
    return Comparison(
        question=AskedQuestion(id=id_, text=f"{id_}?", judge=first_is_a),
        embedded=embedded,
        cluster=cluster,
        embedded_seconds=0.001,
        cluster_seconds=0.002,
        reason=reason,
    )


A, B, C = hit("a", 3.0), hit("b", 2.0), hit("c", 1.0)


def test_both_engines_rank_the_seeds_alike(tmp_path: Path, cluster_servers: ClusterServers) -> None:
    embedder, dsn = WordEmbedder(), cluster_servers.postgres.new_database()
    with Library.open(tmp_path / "data", embedder=embedder) as embedded:
        asked = evenly_spread(fill_with_seeds(embedded, SEEDS, EVAL / "questions.jsonl"), 20)
        engine = ClusterEngine.open(dsn, cluster_servers.milvus.uri, embedder)
        with Library.on_engine(engine, embedder, data=tmp_path) as cluster:
            move_to_engine(tmp_path / "data", engine, embedder, together=engine.transaction)
            cluster.refresh()
            comparisons = compare_all(asked, embedded, cluster, embedder)
    assert list(differences(comparisons)) == []
    assert all(each.embedded == each.cluster for each in comparisons)
    assert [row[-1] for row in figure_rows(figures(comparisons))] == ["significant", "no", "no"]


def test_the_shares_count_order_set_and_scores_apart() -> None:
    other_scores = [hit("a", 3.5), hit("b", 2.5)]
    comparisons = [
        compared("same", [A, B], [A, B]),
        compared("scores", [A, B], other_scores),
        compared("order", [A, B], [B, A]),
        compared("set", [A, B], [A, C]),
    ]
    table = {row[0]: row[1] for row in rows(comparisons)}
    assert table["the same 10 in the same order"] == "50.00 %"
    assert table["the same 10 in any order"] == "75.00 %"
    assert table["the same scores to the last bit"] == "25.00 %"


def test_a_figure_that_falls_for_many_questions_is_significant_and_for_one_is_not() -> None:
    fallen = [compared(f"fallen {number}", [A, B], [B, A]) for number in range(8)]
    same = [compared(f"same {number}", [A, B], [A, B]) for number in range(8)]
    hit_at_1, ndcg = figures([*fallen, *same])
    assert (hit_at_1.before, hit_at_1.now, len(hit_at_1.worse)) == (1.0, 0.5, 8)
    assert [row[-1] for row in figure_rows([hit_at_1, ndcg])[1:]] == ["yes", "yes"]
    assert [row[-1] for row in figure_rows(figures([fallen[0], *same]))[1:]] == ["no", "no"]


def test_a_difference_names_the_question_its_ranks_and_the_reason() -> None:
    lines = list(differences([compared("same", [A], [A]), compared("mill", [A, B, C], [A, C, B], "the reason")]))
    assert lines == ["mill (mill?): ranks 2, 3; at 2, b 1 (2.000000) embedded, c 1 (1.000000) cluster: the reason"]
    assert list(differences([compared("mill", [A, B], [A], "why")])) == ["mill (mill?): 2 and 1 paragraphs: why"]


def test_the_reason_is_other_candidates_or_other_scores_or_another_order() -> None:
    assert reason_of_difference([A, B, C], [A]) == "2 candidates of the embedded engine alone, such as ('b', 1)"
    both = reason_of_difference([A, B], [A, C])
    assert both.startswith("1 candidates of the embedded engine alone, such as ('b', 1); 1 candidates of the cluster")
    scores = reason_of_difference([A, B], [A, hit("b", 2.25, dense=0.25)])
    assert scores == (
        "the same candidates with other scores; the largest differences: dense 0.25, sentence 0, lexical 0, fused 0.25"
    )
    assert reason_of_difference([A, B], [B, A]) == "the same candidates with the same scores, in another order"


def test_questions_are_spread_evenly() -> None:
    asked = [AskedQuestion(id=str(number), text="?", judge=None) for number in range(10)]
    assert [each.id for each in evenly_spread(asked, 4)] == ["0", "2", "5", "7"]
    assert evenly_spread(asked, None) == evenly_spread(asked, 10) == asked
    assert places([A, B]) == [("a", 1), ("b", 1)]


class Failing:
    """A library whose engine cannot be used the first times."""

    def __init__(self, times: int) -> None:
        self.remaining = times

    def rank(self, question: str, *, top_k: int) -> Sequence[Hit]:
        self.remaining -= 1
        if self.remaining >= 0:
            raise EngineUnavailable("Milvus", question)
        return [A, B, C][:top_k]


def test_an_engine_that_does_not_answer_in_time_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.eval.studies.engines.PAUSE_SECONDS", 0.0)
    assert rank_when_available(Failing(ATTEMPTS - 1), "mill?", 2) == [A, B]  # type: ignore[arg-type]
    with pytest.raises(EngineUnavailable, match="mill"):
        rank_when_available(Failing(ATTEMPTS), "mill?", 2)  # type: ignore[arg-type]

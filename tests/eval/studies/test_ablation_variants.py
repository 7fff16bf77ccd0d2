"""The full variant must rank as the engine does, and single parts as the baselines do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.library_samples import QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.baselines import baselines
from wherefrom.eval.studies.ablation_variants import CUMULATIVE, FULL, LEAVE_ONE_OUT, Variant, rank_variants
from wherefrom.eval.studies.candidate_scores import collect_scores
from wherefrom.index.library import Library
from wherefrom.index.types import Hit

QUESTIONS = (QUESTION, "who is China's foreign minister?", "what did North Korea test on January 6?", "zebra")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path) as opened:
        yield opened


def ranked(library: Library, variant: Variant) -> list[list[ParagraphRef]]:
    rankings = []
    for candidates in collect_scores(library, WordEmbedder(), QUESTIONS, reembed=True):
        order = rank_variants(candidates, [variant])[variant]
        rankings.append([candidates.passages[at][0] for at in order.tolist()])
    return rankings


def paragraphs(hits: Sequence[Hit]) -> list[ParagraphRef]:
    return [ParagraphRef(document_id=hit.document_id, paragraph=hit.number) for hit in hits]


def test_the_full_variant_ranks_as_the_engine_does(library: Library) -> None:
    plain = replace(FULL, tokens="whole")  # `WordEmbedder` has no token head
    assert ranked(library, plain) == [paragraphs(library.rank(question, top_k=100)) for question in QUESTIONS]


@pytest.mark.parametrize(
    ("row", "system"),
    [("BM25", "bm25"), ("paragraph vectors", "dense"), ("RRF of BM25 and paragraph vectors", "rrf")],
)
def test_single_parts_and_rank_fusion_equal_the_baselines(library: Library, row: str, system: str) -> None:
    expected = [paragraphs({**baselines(library, question, 20)}[system]) for question in QUESTIONS]  # type: ignore[index]
    assert [each[:20] for each in ranked(library, CUMULATIVE[row])] == expected


def test_every_variant_ranks_every_candidate_once(library: Library) -> None:
    (candidates,) = collect_scores(library, WordEmbedder(), [QUESTION], reembed=True)
    variants = [*CUMULATIVE.values(), *LEAVE_ONE_OUT.values()]
    for order in rank_variants(candidates, variants).values():
        assert sorted(order.tolist()) == list(range(len(candidates.passages)))


def test_variants_do_not_affect_each_other(library: Library) -> None:
    (candidates,) = collect_scores(library, WordEmbedder(), [QUESTION], reembed=True)
    by_variant = rank_variants(candidates, [*CUMULATIVE.values(), *LEAVE_ONE_OUT.values()])
    for variant, order in by_variant.items():
        assert order.tolist() == rank_variants(candidates, [variant])[variant].tolist()


def test_every_variant_without_a_part_is_different() -> None:
    assert len(set(LEAVE_ONE_OUT.values())) == len(LEAVE_ONE_OUT)
    assert FULL not in LEAVE_ONE_OUT.values()

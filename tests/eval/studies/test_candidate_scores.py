from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.studies.candidate_scores import CandidateScores, collect_scores
from wherefrom.index.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path) as opened:
        yield opened


def scores(library: Library, *, reembed: bool = True) -> CandidateScores:
    (gathered,) = collect_scores(library, WordEmbedder(), [QUESTION], reembed=reembed)
    return gathered


def test_scores_are_those_of_the_library(library: Library) -> None:
    gathered = scores(library)
    at = {passage[0]: position for position, passage in enumerate(gathered.passages)}
    hits = library.rank(QUESTION, top_k=5)
    for hit in hits:
        position = at[ParagraphRef(document_id=hit.document_id, paragraph=hit.number)]
        own = gathered.dense[position], gathered.sentence[position], gathered.lexical[position]
        assert own == (hit.scores.dense, hit.scores.sentence, hit.scores.lexical)


def test_a_first_paragraph_has_no_preceding_score(library: Library) -> None:
    gathered = scores(library)
    preceding = {
        passage[0].paragraph: score for passage, score in zip(gathered.passages, gathered.preceding, strict=True)
    }
    assert preceding[1] == 0
    assert max(gathered.preceding) > 0


def test_tokens_are_embedded_again_on_request(library: Library) -> None:
    assert set(scores(library, reembed=False).tokens.candidates) == {"head", "alike"}
    assert set(scores(library).tokens.candidates) == {"head", "alike", "whole", "alone"}


def test_whole_tokens_of_a_model_without_a_head_match_like_stored_ones(library: Library) -> None:
    gathered = scores(library)
    positions = np.arange(len(gathered.passages))
    head, whole = (gathered.tokens.match(kind, positions) for kind in ("head", "whole"))
    np.testing.assert_allclose(head.match.mean, whole.match.mean, atol=1e-6)
    assert head.counts.tolist() == whole.counts.tolist()


def test_a_match_gives_values_for_some_of_its_positions(library: Library) -> None:
    match = scores(library).tokens.match("head", np.array([1, 4, 9]))
    mean, soft_min, tokens = match.of(np.array([9, 1]))
    assert mean.tolist() == match.match.mean[[2, 0]].tolist()
    assert soft_min.tolist() == match.match.soft_min[[2, 0]].tolist()
    assert tokens == match.counts[[2, 0]].mean()


def test_the_radar_paragraph_is_a_candidate_with_its_place(library: Library) -> None:
    assert ParagraphRef(document_id=FIRST, paragraph=13) in {passage[0] for passage in scores(library).passages}

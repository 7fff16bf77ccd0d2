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


def scores_of(library: Library, *, reread: bool = True) -> CandidateScores:
    (candidates,) = collect_scores(library, WordEmbedder(), [QUESTION], reread=reread)
    return candidates


def test_scores_equal_those_of_the_engine(library: Library) -> None:
    candidates = scores_of(library)
    at = {passage[0]: position for position, passage in enumerate(candidates.passages)}
    hits = library.rank(QUESTION, top_k=5)
    for hit in hits:
        position = at[ParagraphRef(document_id=hit.document_id, paragraph=hit.number)]
        own = candidates.dense[position], candidates.sentence[position], candidates.lexical[position]
        assert own == (hit.scores.dense, hit.scores.sentence, hit.scores.lexical)


def test_a_first_paragraph_has_no_score_before_it(library: Library) -> None:
    candidates = scores_of(library)
    before = {
        passage[0].paragraph: score for passage, score in zip(candidates.passages, candidates.before, strict=True)
    }
    assert before[1] == 0
    assert max(candidates.before) > 0


def test_tokens_are_reread_on_request(library: Library) -> None:
    assert set(scores_of(library, reread=False).matcher.packed) == {"head", "alike"}
    assert set(scores_of(library).matcher.packed) == {"head", "alike", "whole", "alone"}


def test_without_a_token_head_whole_tokens_are_those_of_the_index(library: Library) -> None:
    candidates = scores_of(library)
    positions = np.arange(len(candidates.passages))
    head, whole = (candidates.matcher.match(variant, positions) for variant in ("head", "whole"))
    np.testing.assert_allclose(head.met.mean, whole.met.mean, atol=1e-6)
    assert head.counts.tolist() == whole.counts.tolist()


def test_matches_can_be_selected_by_position(library: Library) -> None:
    matches = scores_of(library).matcher.match("head", np.array([1, 4, 9]))
    mean, least, tokens = matches.of(np.array([9, 1]))
    assert mean.tolist() == matches.met.mean[[2, 0]].tolist()
    assert least.tolist() == matches.met.least[[2, 0]].tolist()
    assert tokens == matches.counts[[2, 0]].mean()


def test_the_radar_paragraph_is_a_candidate(library: Library) -> None:
    assert ParagraphRef(document_id=FIRST, paragraph=13) in {passage[0] for passage in scores_of(library).passages}

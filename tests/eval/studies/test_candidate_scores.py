from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.library_samples import FIRST, QUESTION, WordEmbedder, seeds_library
from wherefrom.eval.datasets.questions import Place
from wherefrom.eval.studies.candidate_scores import Evidence, gather
from wherefrom.index.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with seeds_library(tmp_path) as opened:
        yield opened


def evidence(library: Library, *, reread: bool = True) -> Evidence:
    (found,) = gather(library, WordEmbedder(), [QUESTION], reread=reread)
    return found


def test_scores_are_those_that_the_engine_gives(library: Library) -> None:
    found = evidence(library)
    at = {passage[0]: position for position, passage in enumerate(found.passages)}
    hits = library.rank(QUESTION, top_k=5)
    for hit in hits:
        position = at[Place(document_id=hit.document_id, paragraph=hit.number)]
        own = found.dense[position], found.sentence[position], found.lexical[position]
        assert own == (hit.scores.dense, hit.scores.sentence, hit.scores.lexical)


def test_a_first_paragraph_has_none_before_it(library: Library) -> None:
    found = evidence(library)
    before = {passage[0].paragraph: score for passage, score in zip(found.passages, found.before, strict=True)}
    assert before[1] == 0
    assert max(found.before) > 0


def test_tokens_are_read_again_where_that_is_wanted(library: Library) -> None:
    assert set(evidence(library, reread=False).reader.packed) == {"head", "alike"}
    assert set(evidence(library).reader.packed) == {"head", "alike", "whole", "alone"}


def test_a_model_without_a_head_meets_whole_tokens_as_the_index_keeps_them(library: Library) -> None:
    found = evidence(library)
    positions = np.arange(len(found.passages))
    head, whole = (found.reader.meet(tokens, positions) for tokens in ("head", "whole"))
    np.testing.assert_allclose(head.met.mean, whole.met.mean, atol=1e-6)
    assert head.counts.tolist() == whole.counts.tolist()


def test_a_meeting_tells_of_the_positions_asked_for(library: Library) -> None:
    met = evidence(library).reader.meet("head", np.array([1, 4, 9]))
    mean, least, tokens = met.of(np.array([9, 1]))
    assert mean.tolist() == met.met.mean[[2, 0]].tolist()
    assert least.tolist() == met.met.least[[2, 0]].tolist()
    assert tokens == met.counts[[2, 0]].mean()


def test_the_radar_paragraph_is_a_candidate_with_its_place(library: Library) -> None:
    assert Place(document_id=FIRST, paragraph=13) in {passage[0] for passage in evidence(library).passages}

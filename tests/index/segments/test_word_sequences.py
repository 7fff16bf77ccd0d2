"""Phrases are found where their words follow each other in one row, and nowhere else."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.segments.columns import in_memory
from wherefrom.index.segments.word_sequences import WordColumn, WordSequences

ROWS = st.lists(st.lists(st.sampled_from("abc"), max_size=6), max_size=30)
PHRASE = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4)


def sequences(rows: Sequence[Sequence[str]]) -> WordSequences:
    column = WordColumn(in_memory)
    for row in rows:
        column.append(row)
    return column.finish()


def holds(row: Sequence[str], phrase: Sequence[str]) -> bool:
    return any(row[at : at + len(phrase)] == phrase for at in range(len(row)))


@given(ROWS, PHRASE, st.booleans())
def test_exactly_the_rows_that_hold_a_phrase_are_found(rows: list[list[str]], phrase: list[str], among: bool) -> None:  # noqa: FBT001 - given by hypothesis
    wanted = [number for number, row in enumerate(rows) if holds(row, phrase)]
    candidates = np.array([number for number, row in enumerate(rows) if phrase[0] in row], dtype=np.int64)
    found = sequences(rows).rows_with(phrase, candidates if among else None)
    assert found.tolist() == wanted


@given(st.lists(st.sampled_from(("a b", "b a", "b", "")), min_size=60, max_size=80))
def test_a_few_candidates_among_many_rows_give_the_same(texts: list[str]) -> None:
    rows = [text.split() for text in [*texts, "c d", "d c", "c"]]
    candidates = np.array([len(rows) - 3, len(rows) - 2], dtype=np.int64)
    assert sequences(rows).rows_with(["c", "d"], candidates).tolist() == [len(rows) - 3]

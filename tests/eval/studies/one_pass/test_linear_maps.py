from pathlib import Path

import numpy as np
import pytest

from wherefrom.eval.studies.one_pass.linear_maps import (
    FORMS,
    Pooled,
    fit,
    load_maps,
    mean_cosines,
    save_maps,
    transform,
)
from wherefrom.index.arrays import Matrix, unit

TEXTS, DIMENSION = 600, 8


def random_rows(seed: int) -> Matrix:
    return unit(np.random.default_rng(seed).standard_normal((TEXTS, DIMENSION)).astype(np.float32))


ALONE, SURROUNDINGS = random_rows(1), random_rows(2)
POOLED = Pooled(
    plain=unit(ALONE @ np.diag(np.linspace(0.5, 1, DIMENSION)).astype(np.float32) + 0.6 * SURROUNDINGS),
    special=unit(ALONE + 0.3 * SURROUNDINGS),
    surroundings=SURROUNDINGS,
)
HELD_OUT = np.arange(TEXTS) % 5 == 0


def test_a_map_takes_out_what_comes_from_the_surroundings() -> None:
    maps = fit(POOLED, ALONE, HELD_OUT)
    cosines = mean_cosines(POOLED.where(HELD_OUT), ALONE[HELD_OUT], maps)
    assert list(cosines) == list(FORMS)
    assert max(cosines["as it is"], cosines["shifted"], cosines["mapped"]) < 0.9
    assert cosines["mapped with surroundings"] > 0.98


def test_vectors_have_unit_length_in_every_form() -> None:
    maps = fit(POOLED, ALONE, HELD_OUT)
    for form in FORMS:
        assert np.linalg.norm(transform(form, POOLED, maps), axis=1) == pytest.approx(1, abs=1e-5)


def test_the_shift_is_the_mean_difference_of_the_texts_that_are_not_held_out() -> None:
    moved = Pooled(plain=POOLED.plain, special=POOLED.special, surroundings=POOLED.surroundings)
    targets = moved.plain + np.float32(0.25)
    assert fit(moved, targets, HELD_OUT).shift == pytest.approx(np.full(DIMENSION, 0.25), abs=1e-5)


def test_a_form_that_is_fitted_needs_a_map() -> None:
    assert np.array_equal(transform("as it is", POOLED, None), unit(POOLED.plain))
    assert np.array_equal(transform("special tokens", POOLED, None), unit(POOLED.special))
    with pytest.raises(ValueError, match="no map was fitted"):
        transform("mapped", POOLED, None)


def test_maps_are_read_as_they_were_written(tmp_path: Path) -> None:
    maps = {"alone/sentence": fit(POOLED, ALONE, HELD_OUT), "after one/paragraph": fit(POOLED, SURROUNDINGS, HELD_OUT)}
    save_maps(tmp_path / "maps.npz", maps)
    stored = load_maps(tmp_path / "maps.npz")
    assert set(stored) == set(maps)
    for name, each in maps.items():
        for form in FORMS:
            assert np.array_equal(transform(form, POOLED, stored[name]), transform(form, POOLED, each))


def test_several_parts_are_joined_in_order() -> None:
    first, second = POOLED.where(HELD_OUT), POOLED.where(~HELD_OUT)
    joined = Pooled.joined([first, second])
    assert np.array_equal(joined.plain, np.concatenate([first.plain, second.plain]))
    assert np.array_equal(joined.surroundings, np.concatenate([first.surroundings, second.surroundings]))

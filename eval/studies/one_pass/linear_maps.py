"""Maps from pooled vectors to those of the same text embedded alone: a shift, or a map fitted by ridge regression.

They are chosen and compared on documents that are left out of the fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from wherefrom.index.arrays import Mask, Matrix, unit

Form = Literal["as it is", "special tokens", "shifted", "mapped", "mapped with surroundings"]
"""How a pooled vector is used: unchanged; as a mean that includes the special tokens; with the mean difference from the
vectors of texts alone added; or through a linear map of it, or of it and the vector of its surroundings."""
FORMS: tuple[Form, ...] = get_args(Form)
MAPPED: tuple[Form, ...] = ("mapped", "mapped with surroundings")
PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
"""Ridge penalties that are tried; the inputs have unit length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Pooled vectors of texts, each of shape (texts, dimension): without and with special tokens, and of surroundings.

    The surroundings of a sentence are its paragraph, those of a paragraph its window.
    """

    plain: Matrix
    special: Matrix
    surroundings: Matrix

    @classmethod
    def joined(cls, parts: Sequence["Pooled"]) -> "Pooled":
        """Return the vectors of several parts, one after another."""
        return cls(
            plain=np.concatenate([part.plain for part in parts]),
            special=np.concatenate([part.special for part in parts]),
            surroundings=np.concatenate([part.surroundings for part in parts]),
        )

    def where(self, chosen: Mask) -> "Pooled":
        """Return the vectors of some texts."""
        return Pooled(plain=self.plain[chosen], special=self.special[chosen], surroundings=self.surroundings[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """The fitted maps of one part of a pass, float32: `shift` has shape (dimension,).

    The matrices have a row per input, the last one for a constant, and shape (inputs + 1, dimension).
    """

    shift: Matrix
    mapped: Matrix
    mapped_with_surroundings: Matrix

    def apply(self, form: Form, pooled: Pooled) -> Matrix:
        """Return unit vectors of texts in a form."""
        if form == "shifted":
            return unit(unit(pooled.plain) + self.shift)
        matrix = self.mapped if form == "mapped" else self.mapped_with_surroundings
        return unit(_inputs(form, pooled) @ matrix)


def transform(form: Form, pooled: Pooled, maps: Maps | None) -> Matrix:
    """Return unit vectors of texts in a form; those that are fitted need `maps`."""
    if form == "as it is":
        return unit(pooled.plain)
    if form == "special tokens":
        return unit(pooled.special)
    if maps is None:
        raise ValueError(f"no map was fitted for vectors that are {form}")
    return maps.apply(form, pooled)


def fit(pooled: Pooled, targets: Matrix, held_out: Mask) -> Maps:
    """Fit maps to target vectors on the texts that are not held out; the penalty is the best one on those that are."""
    kept = pooled.where(~held_out)
    difference = targets[~held_out] - unit(kept.plain)
    matrices = {form: _best(form, pooled, targets, held_out) for form in MAPPED}
    return Maps(
        shift=difference.mean(axis=0),
        mapped=matrices["mapped"],
        mapped_with_surroundings=matrices["mapped with surroundings"],
    )


def mean_cosines(pooled: Pooled, targets: Matrix, maps: Maps) -> Mapping[Form, float]:
    """Return by form the mean cosine with the targets."""
    return {form: float((transform(form, pooled, maps) * targets).sum(axis=1).mean()) for form in FORMS}


def save_maps(path: Path, maps: Mapping[str, Maps]) -> None:
    """Write maps by name to an .npz file."""
    arrays = {
        f"{name}/{field}": value
        for name, each in maps.items()
        for field, value in (
            ("shift", each.shift),
            ("mapped", each.mapped),
            ("mapped_with_surroundings", each.mapped_with_surroundings),
        )
    }
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)


def load_maps(path: Path) -> dict[str, Maps]:
    """Read what `save_maps` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        names = sorted({key.rsplit("/", 1)[0] for key in stored.files})
        return {
            name: Maps(
                shift=stored[f"{name}/shift"],
                mapped=stored[f"{name}/mapped"],
                mapped_with_surroundings=stored[f"{name}/mapped_with_surroundings"],
            )
            for name in names
        }


def _inputs(form: Form, pooled: Pooled) -> Matrix:
    parts = [unit(pooled.plain)]
    if form == "mapped with surroundings":
        parts.append(unit(pooled.surroundings))
    return np.concatenate([*parts, np.ones((len(pooled.plain), 1), dtype=np.float32)], axis=1)


def _best(form: Form, pooled: Pooled, targets: Matrix, held_out: Mask) -> Matrix:
    inputs = _inputs(form, pooled).astype(np.float64)
    fitted, left_out = inputs[~held_out], inputs[held_out]
    gram, product = fitted.T @ fitted, fitted.T @ targets[~held_out]
    matrices = [np.linalg.solve(gram + penalty * np.eye(len(gram)), product) for penalty in PENALTIES]
    cosines = [
        (unit((left_out @ matrix).astype(np.float32)) * targets[held_out]).sum(axis=1).mean() for matrix in matrices
    ]
    return matrices[int(np.argmax(cosines))].astype(np.float32)

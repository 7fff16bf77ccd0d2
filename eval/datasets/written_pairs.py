"""Pairs of a sentence and its cited passages, labelled as following or not; about half of the stories are held out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from wherefrom.eval.datasets.jsonl import Row, read_rows
from wherefrom.eval.datasets.questions import EVAL

PAIRS = EVAL / "written_pairs.jsonl"
FOLLOWING = ("shortened", "merged", "passive", "report", "spelling", "verbatim", "paraphrase")
NOT_FOLLOWING = (
    *("number", "date", "name", "place", "negation", "modality", "speaker"),
    *("other_passage", "joined", "quotation", "order"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPair:
    """A sentence and its cited passages; `kind` is one of FOLLOWING or NOT_FOLLOWING, `story` determines the half."""

    id: str
    kind: str
    sentence: str
    passages: tuple[str, ...]
    story: str

    @property
    def follows(self) -> bool:
        """Whether the sentence follows from the passages."""
        return self.kind in FOLLOWING

    @property
    def held_out(self) -> bool:
        """Whether the pair is in the held-out half, which is not used in the development of the check."""
        return is_held_out(self.story)


def is_held_out(story: str) -> bool:
    """Return whether a story belongs to the held-out half."""
    return sha256(f"written {story}".encode()).digest()[0] % 2 == 1


def load_pairs(path: Path = PAIRS) -> tuple[WrittenPair, ...]:
    """Read the pairs of a JSON Lines file. Raise EvalDataError."""
    return tuple(_pair(row) for row in read_rows(path))


def save_pairs(path: Path, pairs: Iterable[WrittenPair]) -> None:
    """Write pairs as JSON Lines."""
    lines = (json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)
    path.write_text("".join(lines), encoding="utf-8")


def _pair(row: Row) -> WrittenPair:
    kind = row.text("kind")
    if kind not in (*FOLLOWING, *NOT_FOLLOWING):
        raise row.error("kind", f"is none of {', '.join((*FOLLOWING, *NOT_FOLLOWING))}")
    return WrittenPair(
        id=row.text("id"),
        kind=kind,
        sentence=row.text("sentence"),
        passages=_texts(row, "passages"),
        story=row.text("story"),
    )


def _texts(row: Row, field: str) -> tuple[str, ...]:
    value = row.values.get(field)
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise row.error(field, "must be a list of strings")
    return tuple(map(str, value))

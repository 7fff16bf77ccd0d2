"""What a collection's segments hold and which of their documents are alive: a large base, and small ones since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from wherefrom.index.arrays import Mask, Rows
from wherefrom.index.segments.segment import Documents, Segment
from wherefrom.index.segments.segment_merge import join

SMALL_ONES = 6
"""Small segments that there may be beside the base before they are joined into one."""
DELTA_BITS = 18
"""Fewer documents than 2 ** this are ever beside a base, and fewer than 2 ** 25 in one."""
MODULUS = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A segment, which of its documents are alive, and where each id is; a base is ordered by id and needs no table."""

    segment: Segment
    alive: Mask
    places: Mapping[str, int] | None

    @classmethod
    def base(cls, segment: Segment) -> Self:
        """A segment that is ordered by id, all of it alive."""
        return cls(segment=segment, alive=np.ones(len(segment.documents), dtype=bool), places=None)

    @classmethod
    def small(cls, segment: Segment) -> Self:
        """A segment in any order, all of it alive."""
        places = {document_id.decode(): at for at, document_id in enumerate(segment.documents.ids)}
        return cls(segment=segment, alive=np.ones(len(segment.documents), dtype=bool), places=places)

    def find(self, document_id: str) -> int | None:
        """Which document alive has this id; null if none has."""
        documents = self.segment.documents
        at = documents.find(document_id) if self.places is None else self.places.get(document_id)
        return at if at is not None and self.alive[at] else None

    def without(self, gone: Sequence[int]) -> Self:
        """The part with these documents dead."""
        if not gone:
            return self
        alive = self.alive.copy()
        alive[list(gone)] = False
        return replace(self, alive=alive)

    @property
    def dead_rows(self) -> int:
        """How many rows are of dead documents."""
        return 0 if self.alive.all() else int(np.count_nonzero(~self.alive[self.segment.document_rows]))


class Holdings:
    """The base and the small segments beside it, with the sum of the digests of all that is alive. Never changed."""

    def __init__(self, parts: tuple[Part, ...], corpus: int, order: "BaseOrder | None" = None) -> None:
        self.parts = parts
        self.corpus = corpus
        self._order = order or BaseOrder(parts[0].segment.documents)

    @classmethod
    def of_base(cls, segment: Segment) -> Self:
        """Nothing but a base."""
        return cls((Part.base(segment),), corpus_of(segment.documents))

    @property
    def beside(self) -> int:
        """Rows that are not in the base."""
        return sum(len(part.segment) for part in self.parts[1:])

    @property
    def dead(self) -> int:
        """Rows of dead documents."""
        return sum(part.dead_rows for part in self.parts)

    def changed(self, gone: Iterable[str], added: Segment | None) -> "Holdings":
        """The holdings without the documents of these ids, and then with those of a segment."""
        dead: list[list[int]] = [[] for _ in self.parts]
        for document_id in dict.fromkeys(gone):  # one that was removed and put again is named twice
            for part, places in zip(self.parts, dead, strict=True):
                if (at := part.find(document_id)) is not None:
                    places.append(at)
        corpus = self.corpus - sum(
            corpus_of(part.segment.documents, places) for part, places in zip(self.parts, dead, strict=True)
        )
        parts = tuple(part.without(places) for part, places in zip(self.parts, dead, strict=True))
        if added is not None:
            parts = (*parts, Part.small(added))
            corpus += corpus_of(added.documents)
        if len(parts) > SMALL_ONES:
            joined = Part.small(join([(part.segment, part.alive) for part in parts[1:]]))
            parts = (parts[0], joined)
        return Holdings(parts, corpus % MODULUS, self._order)

    def document_order(self) -> Rows:
        """For each document, a part behind the other, a number: ascending numbers are ascending ids."""
        base = (np.arange(len(self.parts[0].segment.documents), dtype=np.int64) + 1) << DELTA_BITS
        names = [name for part in self.parts[1:] for name in part.places or ()]
        small = np.empty(len(names), dtype=np.int64)
        # Ids stand twice where an old version is dead: which of the two is first does not matter then.
        for rank, at in enumerate(sorted(range(len(names)), key=names.__getitem__), 1):
            small[at] = (self._order.before(names[at]) << DELTA_BITS) + rank
        return np.concatenate([base, small])


class BaseOrder:
    """Where ids belong among a base's: looked up once each, since a look-up takes some 20 steps."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._known: dict[str, int] = {}

    def before(self, document_id: str) -> int:
        """How many of the base's ids are before this one."""
        known = self._known.get(document_id)
        if known is None:
            known = self._known[document_id] = self._documents.before(document_id)
        return known


def corpus_of(documents: Documents, chosen: Sequence[int] | None = None) -> int:
    """The sum of the digests of some documents, as the catalog's manifest sums them: `digests.add_to_corpus`."""
    digests = documents.digests if chosen is None else documents.digests[list(chosen)]
    bytewise: list[int] = digests.sum(axis=0, dtype=np.uint64).tolist()
    return sum(total << 8 * place for place, total in enumerate(reversed(bytewise))) % MODULUS

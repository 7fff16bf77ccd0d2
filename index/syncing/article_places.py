"""Articles in several places: which of them is the document, and which are duplicates or have a taken id.

An article that has no id and no URL gets its id from all that it states, so two such articles have one id only if they
are the same in every respect.
"""

import os
from collections import Counter
from collections.abc import Iterator, KeysView, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from wherefrom.index.errors import DocumentNotFound
from wherefrom.index.library import Library
from wherefrom.index.sources.document_ids import record_digest
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.index.syncing.gone_documents import GoneDocuments, is_missing
from wherefrom.index.types import RawSource, Source

SAME_ID = "has the same id, or the same url and no id"
Claim = Literal["new", "stored", "duplicate", "replacement", "taken"]
NOTES: Mapping[Claim, str] = {
    "duplicate": "articles that are the same in every respect as others, and are one document with them",
    "replacement": "articles that replace those of another file, whose id they have, or whose url and no id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an article is for the document with its id; `other` is the name of the article that has the id already.

    It is "new" (to be stored), "stored" as it is, a "duplicate" of the other in every respect, a "replacement" of the
    other, which has other contents and was not read in this run, or the id is "taken" by the other.
    """

    claim: Claim
    other: str = ""


NEW = Place(claim="new")
STORED = Place(claim="stored")


def is_same_article(stored: Source, source: RawSource) -> bool:
    """Return whether an article has the bytes, the kind and the given metadata of a stored document."""
    return (
        stored.given == source.given
        and source.media_type in (None, stored.media_type)
        and stored.source_sha256 == sha256(source.raw).hexdigest()
    )


class ArticlePlaces:
    """Compares the articles of a run with the stored documents that have their ids.

    Of equal articles in several files, the document is the one whose path sorts first, in whatever order the files are
    indexed. Of different articles with one id, it is the one that was read first in the run.
    """

    def __init__(self, library: Library, gone: GoneDocuments) -> None:
        self._library = library
        self._gone = gone
        self._read: set[Path] = set()
        self._duplicates: dict[str, tuple[str, Path]] = {}
        self.took_over = False
        """Whether an article was stored under the id of an article of another file that still exists."""

    def was_read(self, path: Path) -> None:
        """Record that the articles of a file were read in this run."""
        self._read.add(path)

    def place(self, document_id: str, source: RawSource, path: Path | None) -> Place:
        """Return what an article of a file, or of no file, is for the stored document with its id."""
        try:
            stored = self._library.source(document_id)
        except DocumentNotFound:
            return NEW
        is_same = is_same_article(stored, source)
        if is_same and (stored.source, stored.path) == (source.name, path):
            return STORED
        if stored.path in (None, path) or is_missing(stored.path):
            return NEW
        if is_same and not self._gone.has_left(document_id, stored.path) and not _sorts_before(path, stored.path):
            if path is not None:
                self._duplicates[document_id] = (source.name, path)
            return Place(claim="duplicate", other=stored.source)
        if not is_same and stored.path in self._read and not self._gone.has_left(document_id, stored.path):
            return Place(claim="taken", other=stored.source)
        self.took_over = True
        return NEW if is_same else Place(claim="replacement", other=stored.source)

    def left_to_duplicates(self) -> Iterator[tuple[str, RawSource, Path]]:
        """Yield the documents whose article has left its file in this run, with the duplicate that was read before."""
        for document_id, (name, path) in self._duplicates.items():
            try:
                stored = self._library.source(document_id)
            except DocumentNotFound:
                continue
            if stored.path is not None and self._gone.has_left(document_id, stored.path):
                raw = self._library.raw(document_id)
                yield document_id, RawSource(name=name, raw=raw, media_type=stored.media_type, given=stored.given), path


class FileArticles:
    """The articles of one file by id, and counts of those that are duplicates or replace others."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}
        self._examples: dict[Claim, str] = {}
        self._counts: Counter[Claim] = Counter()

    @property
    def ids(self) -> KeysView[str]:
        """The ids of the articles so far, those of duplicates and refused ones included."""
        return self._first.keys()

    def add(self, document_id: str, source: RawSource) -> None:
        """Record the article that is the file itself."""
        self.place(document_id, source)

    def place(self, document_id: str, source: RawSource) -> Place:
        """Return what an article is for an earlier one of the file with its id; "new" if there is none."""
        digest = record_digest(source)
        if document_id not in self._first:
            self._first[document_id] = source.name, digest
            return NEW
        name, first_digest = self._first[document_id]
        return Place(claim="duplicate" if first_digest == digest else "taken", other=name)

    def count(self, source: RawSource, place: Place) -> None:
        """Count a duplicate or a replacement."""
        self._counts[place.claim] += 1
        self._examples.setdefault(place.claim, f"{source.name} and {place.other}")

    def notes(self, name: str) -> Iterator[SourceNote]:
        """Yield notes on duplicates and replacements, with the first of each."""
        for claim, text in NOTES.items():
            if count := self._counts[claim]:
                yield SourceNote(source=name, text=f"{text}: {count:,}, the first of them {self._examples[claim]}")


def _sorts_before(path: Path | None, stored: Path) -> bool:
    return path is not None and os.fsencode(path) < os.fsencode(stored)

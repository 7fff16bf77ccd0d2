"""Digests of the data that figures are measured on."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wherefrom.index.types import DocumentSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256 of the questions file, and of the names and contents of the documents that they are asked of."""

    questions_sha256: str
    seeds_sha256: str


def digests_of(questions: Path, documents: Iterable[DocumentSummary]) -> Digests:
    """Digest the eval data; the order of the documents does not matter."""
    lines = sorted(f"{document.document_id} {document.source_sha256}\n" for document in documents)
    return Digests(
        questions_sha256=hashlib.sha256(questions.read_bytes()).hexdigest(),
        seeds_sha256=hashlib.sha256("".join(lines).encode()).hexdigest(),
    )

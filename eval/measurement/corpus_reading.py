"""Converts a BEIR corpus to documents: cleaned as `wherefrom index` cleans them, or without cleaning."""

from collections.abc import Mapping
from dataclasses import dataclass

from wherefrom.eval.datasets.beir import BeirDocument, BeirFolder
from wherefrom.eval.datasets.documents import build_document
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.types import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReading:
    """The documents of a corpus by id, and the losses of the conversion.

    `key` names the way of reading; equal keys and corpora give equal documents. `refused` has the reasons by document
    id. `words_kept` is the share of the corpus's words that the documents contain, 1 for a corpus without words.
    """

    key: str
    documents: Mapping[str, Document]
    refused: Mapping[str, str]
    words_kept: float


def read_corpus(folder: BeirFolder, *, as_is: bool) -> CorpusReading:
    """Read every document of a folder.

    By default each row is processed like a line with `title` and `text` of a JSON Lines file in `wherefrom index`, so
    that the figures are those of a user who indexes the corpus. With `as_is`, title and text become one paragraph
    without cleaning, as for BEIR's published figures. Rows without title and text are in neither mapping.
    """
    documents: dict[str, Document] = {}
    refused: dict[str, str] = {}
    words = kept = 0
    for row in folder.documents:
        if not row.paragraph:
            continue
        words += len(row.text.split())
        try:
            document = _read(row, f"{folder.corpus_path}#{row.id}", as_is=as_is)
        except SourceRejected as error:
            refused[row.id] = error.reason
            continue
        documents[row.id] = document
        kept += len(row.text.split()) if as_is else sum(len(part.text.split()) for part in document.paragraphs)
    return CorpusReading(
        key=f"{'as-is' if as_is else 'cleaned'}-{CLEANER_VERSION}",
        documents=documents,
        refused=refused,
        words_kept=kept / words if words else 1.0,
    )


def _read(row: BeirDocument, source: str, *, as_is: bool) -> Document:
    if as_is:
        return build_document(source, [row.paragraph])
    return extract(parse_article({"title": row.title or None, "text": row.text}, source=source))

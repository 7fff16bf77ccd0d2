"""Reads a BEIR folder: corpus.jsonl, queries.jsonl and qrels.tsv, also with BEIR's own names of files and fields.

The first bad line is an error. A judgement of a document that is not in the corpus is kept, as in BEIR: the document
counts as relevant and is never found.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError, Row, read_lines, read_rows

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
QRELS = ("qrels.tsv", "qrels/test.tsv")
COLUMNS = ("query-id", "corpus-id", "score")
ANSWERABLE = "answerable"
SENTENCE_ENDS = (".", "?", "!")


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirDocument:
    """A row of the corpus; `title` and `text` are unchanged from the file, and may be empty."""

    id: str
    title: str
    text: str

    @property
    def paragraph(self) -> str:
        """Title and text as one paragraph; empty if both are."""
        return join_title(self.title, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirQuery:
    """A row of the queries, with the judged documents and their scores; a positive score means relevant."""

    id: str
    text: str
    judgements: Mapping[str, int]

    @property
    def relevant(self) -> frozenset[str]:
        """Ids of the documents with a positive judgement."""
        return frozenset(document for document, score in self.judgements.items() if score > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirFolder:
    """The content of a folder.

    `queries` are those with at least one positive judgement, since rankings can be scored only on these.
    `unanswerable` are the queries that are marked with `"answerable": false`, as in SQuAD 2.0.
    """

    name: str
    corpus_path: Path
    corpus_sha256: str
    documents: tuple[BeirDocument, ...]
    queries: tuple[BeirQuery, ...]
    unanswerable: tuple[BeirQuery, ...]


def load_beir(folder: Path) -> BeirFolder:
    """Read a BEIR folder. Raise EvalDataError, which names file, line and field."""
    corpus = folder / CORPUS
    documents = tuple(_document(row) for row in _unique_rows(corpus))
    rows = {_id(row): row for row in _unique_rows(folder / QUERIES)}
    texts = {id_: row.text("text") for id_, row in rows.items()}
    judgements = _judgements(folder, texts)
    queries = [BeirQuery(id=id_, text=text, judgements=judgements.get(id_, {})) for id_, text in texts.items()]
    return BeirFolder(
        name=folder.resolve().name,
        corpus_path=corpus,
        corpus_sha256=hashlib.sha256(corpus.read_bytes()).hexdigest(),
        documents=documents,
        queries=tuple(query for query in queries if query.relevant),
        unanswerable=tuple(query for query in queries if rows[query.id].values.get(ANSWERABLE) is False),
    )


def load_queries(path: Path) -> Mapping[str, str]:
    """Return the texts of a file of queries by query id. Raise EvalDataError."""
    return {_id(row): row.text("text") for row in _unique_rows(path)}


def join_title(title: str, text: str) -> str:
    """Return title and text as one paragraph with white space collapsed.

    If the text starts with the title, the title is not repeated.
    """
    title, text = " ".join(title.split()), " ".join(text.split())
    if not title or text.startswith(title):
        return text
    full_stop = "" if title.endswith(SENTENCE_ENDS) else "."
    return f"{title}{full_stop} {text}".rstrip()


def _unique_rows(path: Path) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for row in read_rows(path):
        id_ = _id(row)
        if id_ in seen:
            raise row.error("id", f"{id_!r} is on line {seen[id_]} already")
        seen[id_] = row.line
        yield row
    if not seen:
        raise EvalDataError(path, "contains no rows")


def _id(row: Row) -> str:
    return row.text("id" if "id" in row.values else "_id")


def _document(row: Row) -> BeirDocument:
    if "text" not in row.values:
        raise row.error("text", "is missing")
    return BeirDocument(id=_id(row), title=row.text_or_empty("title"), text=row.text_or_empty("text"))


def _judgements(folder: Path, queries: Mapping[str, str]) -> Mapping[str, dict[str, int]]:
    path = next((folder / name for name in QRELS if (folder / name).is_file()), folder / QRELS[0])
    judgements: dict[str, dict[str, int]] = {}
    for number, line in read_lines(path):
        if number == 1 and not _is_integer(line.split("\t")[-1]):
            continue
        query, document, score = _judgement(path, number, line)
        if query not in queries:
            raise EvalDataError(path, f"no query has the id {query!r}", line=number, field=COLUMNS[0])
        judgements.setdefault(query, {})[document] = score
    if not any(score > 0 for scores in judgements.values() for score in scores.values()):
        raise EvalDataError(path, "contains no positive judgements")
    return judgements


def _judgement(path: Path, number: int, line: str) -> tuple[str, str, int]:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != len(COLUMNS):
        raise EvalDataError(path, f"must have the columns {', '.join(COLUMNS)}, is {line!r}", line=number)
    if not _is_integer(cells[2]):
        raise EvalDataError(path, f"must be a whole number, is {cells[2]!r}", line=number, field=COLUMNS[2])
    return cells[0], cells[1], int(cells[2])


def _is_integer(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()

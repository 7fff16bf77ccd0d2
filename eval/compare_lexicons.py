"""Which BM25 library: bm25s, tantivy and SQLite FTS5 on the same tokens, every figure from a fresh process.

    python -m eval.compare_lexicons --bench BENCH --paragraphs 100000

Large collections are made: a paragraph is five random sentences of SciFact and SQuAD 2.0 and a made-up word;
ranking is measured on the real ones. tantivy is no dependency of the project: install it to run this.
"""
# ruff: noqa: D102 - what the methods of the three libraries promise stands in `Lexicon`

import json
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, cast

import bm25s
import numpy as np
import Stemmer
import typer
from bm25s.stopwords import STOPWORDS_EN

if TYPE_CHECKING:
    from tantivy import Index

Tokens = list[str]
Rows = Iterable[tuple[int, Tokens]]
Ranking = list[tuple[int, float]]
Cells = dict[str, str]

WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
STEM = Stemmer.Stemmer("english").stemWords
LIST_LENGTH = 100  # of each list that is fused
UNION_LENGTH = 300  # so this many rows need a score
SAMPLED = 16  # one score in so many gives a first threshold: 0.6 ms and not 7 ms for a million scores
CHANGES = 5
ROUNDING = 1e-4  # sums of float32 in another order
SMALL = 3000  # paragraphs on which updated and fresh scores are compared


class Lexicon(Protocol):
    """BM25 over numbered rows of tokens, kept in a folder. Higher is better."""

    def build(self, rows: Rows) -> None:
        """Index the rows and save them."""

    def open(self) -> None:
        """Load what `build` saved."""

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> Ranking:
        """The best rows that hold a query token, among the `allowed` ones (ascending)."""

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        """Add and remove rows; the next `top` sees it."""


class Bm25s:
    """Scores worked out ahead, so that any change is a rebuild."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, rows: Rows) -> None:
        self._tokens = dict(rows)
        words: dict[str, int] = {}
        ids = [[words.setdefault(token, len(words)) for token in row] for row in self._tokens.values()]
        index = bm25s.BM25(k1=0.9, b=0.4, method="lucene")
        index.index((ids, words), create_empty_token=False, show_progress=False)
        index.save(self._folder, show_progress=False)
        np.save(self._folder / "rows.npy", np.array(list(self._tokens)))
        self.open()

    def open(self) -> None:
        self._index = bm25s.BM25.load(self._folder, mmap=True, show_progress=False)
        self._rows = np.load(self._folder / "rows.npy")

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> Ranking:
        scores = self._index.get_scores_from_ids(self._index.get_tokens_ids(query))
        places = np.arange(len(scores)) if allowed is None else np.searchsorted(self._rows, allowed)
        chosen = scores if allowed is None else scores[places]
        for step in (SAMPLED, 1):  # what the count-th best of some rows reaches is no higher than that of all
            if len(chosen[::step]) > count:
                best = np.flatnonzero(chosen >= np.partition(chosen[::step], -count)[-count])
                places, chosen = places[best], chosen[best]
        order = np.lexsort((places, -chosen))[:count]
        ranked = zip(self._rows[places[order]].tolist(), chosen[order].tolist(), strict=True)
        return [(row, score) for row, score in ranked if score > 0]

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        for row in removed:
            del self._tokens[row]
        self.build((self._tokens | dict(added)).items())


class Tantivy:
    """Segments on disk; k1 1.2, b 0.75 and lengths rounded to a byte are not a choice."""

    def __init__(self, folder: Path) -> None:
        import tantivy  # noqa: PLC0415 - not a dependency

        self._tantivy: Any = tantivy
        self._folder = folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="spaces", index_option="freq")
        builder.add_unsigned_field("row", indexed=True, fast=True)
        self._schema = builder.build()

    def build(self, rows: Rows) -> None:
        self._index = self._tokenizing(self._tantivy.Index(self._schema, path=str(self._folder)))
        self.change(rows)

    def open(self) -> None:
        self._index = self._tokenizing(self._tantivy.Index.open(str(self._folder)))
        self._searcher = self._index.searcher()

    def _tokenizing(self, index: "Index") -> "Index":
        spaces = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaces", spaces)
        return index

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> Ranking:
        kind, occur, schema = self._tantivy.Query, self._tantivy.Occur, self._schema
        terms = [(occur.Should, kind.term_query(schema, "body", token, "freq")) for token in query]
        asked = kind.boolean_query(terms)
        if allowed is not None:
            rows = kind.const_score_query(kind.term_set_query(schema, "row", allowed), 0.0)
            asked = kind.boolean_query([(occur.Must, rows), (occur.Must, asked)])
        hits = self._searcher.search(asked, limit=count, count=False).hits
        found = self._searcher.fast_field_values("row", [address for _, address in hits])
        return [(int(row or 0), score) for row, (score, _) in zip(found, hits, strict=True)]

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        document, writer = self._tantivy.Document, self._index.writer(num_threads=1)
        for row in removed:  # delete_documents_by_term takes the number for a signed one and deletes nothing
            term = self._tantivy.Query.term_query(self._schema, "row", row)
            writer.delete_documents_by_query(term)
        for row, tokens in added:
            writer.add_document(document.from_dict({"body": " ".join(tokens), "row": row}, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()


class Fts5:
    """A virtual table of SQLite; k1 1.2 and b 0.75 are not a choice."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "fts.sqlite")
        self._database.execute("PRAGMA journal_mode = WAL")

    def build(self, rows: Rows) -> None:
        tokenizer = "ascii tokenchars ''_''"  # splits at spaces only: tokens hold no other ASCII sign
        self._database.execute(f"CREATE VIRTUAL TABLE fts USING fts5(body, tokenize='{tokenizer}')")
        self.change(rows)
        self._database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        self._database.commit()

    def open(self) -> None:
        self._database.execute("SELECT count(*) FROM fts_config").fetchone()

    def top(self, query: Tokens, count: int, allowed: list[int] | None = None) -> Ranking:
        match = " OR ".join(f'"{token}"' for token in query)
        among = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?2))"
        found = self._database.execute(
            f"SELECT rowid, -rank FROM fts WHERE fts MATCH ?1 {among} ORDER BY rank LIMIT {count}",  # noqa: S608
            (match,) if allowed is None else (match, json.dumps(allowed)),
        )
        return cast("Ranking", found.fetchall())

    def change(self, added: Rows, removed: Iterable[int] = ()) -> None:
        bodies = ((row, " ".join(tokens)) for row, tokens in added)
        self._database.executemany("DELETE FROM fts WHERE rowid = ?", ((row,) for row in removed))
        self._database.executemany("INSERT INTO fts(rowid, body) VALUES (?, ?)", bodies)
        self._database.commit()


LIBRARIES: dict[str, Callable[[Path], Lexicon]] = {"bm25s": Bm25s, "tantivy": Tantivy, "FTS5": Fts5}


def tokens_of(text: str) -> Tokens:
    """Snowball stems of the words that are no stop words."""
    return cast("Tokens", STEM([word for word in WORD.findall(text.lower()) if word not in STOPWORDS_EN]))


def read(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def questions(bench: Path, name: str) -> dict[str, Tokens]:
    """The tokens of a collection's answerable questions, by id."""
    asked = read(bench / name / "queries.jsonl")
    return {item["id"]: tokens_of(item["text"]) for item in asked if item.get("answerable", True)}


def sample(bench: Path) -> list[Tokens]:
    """151 questions and claims to time with."""
    squad, scifact = (list(questions(bench, name).values()) for name in ("squad2", "scifact"))
    return squad[::29] + scifact[::6]


def made_up(bench: Path, count: int) -> Iterator[tuple[int, Tokens]]:
    """Numbered paragraphs, the same at every call."""
    texts = [item["text"] for name in ("scifact", "squad2") for item in read(bench / name / "corpus.jsonl")]
    sentences = [tokens_of(sentence) for text in texts for sentence in SENTENCE_END.split(text)]
    generator = np.random.default_rng(0)
    for row in range(count):
        drawn = generator.integers(len(sentences), size=5).tolist()
        yield row, [*(token for place in drawn for token in sentences[place]), f"word{row}"]


def ndcg(lexicon: Lexicon, bench: Path, name: str, depth: int) -> float:
    """Mean nDCG at a depth; hit@1 at depth 1, where each question has one right paragraph."""
    corpus = read(bench / name / "corpus.jsonl")
    lexicon.build((row, tokens_of(f"{item['title']} {item['text']}")) for row, item in enumerate(corpus))
    judged: dict[str, set[str]] = {}
    for line in (bench / name / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        judged.setdefault(query, set()).update([document] if score != "0" else [])
    discounts = 1 / np.log2(np.arange(depth) + 2)
    gains = []
    for query, tokens in questions(bench, name).items():
        hits = np.array([corpus[row]["id"] in judged[query] for row, _ in lexicon.top(tokens, depth)], float)
        gains.append(discounts[: len(hits)] @ hits / discounts[: len(judged[query])].sum())
    return statistics.fmean(gains)


def rank_squad(lexicon: Lexicon, bench: Path, _: int) -> Cells:
    """Ranking of paragraphs."""
    return {"squad2 hit@1": f"{ndcg(lexicon, bench, 'squad2', 1):.3f}"}


def rank_scifact(lexicon: Lexicon, bench: Path, _: int) -> Cells:
    """Ranking of abstracts."""
    return {"SciFact nDCG@10": f"{ndcg(lexicon, bench, 'scifact', 10):.3f}"}


def drift(lexicon: Lexicon, bench: Path, _: int) -> Cells:
    """Scores after additions and deletions beside those of an index of the same rows that saw none."""
    rows, gone, late = dict(made_up(bench, SMALL)), range(0, SMALL, 3), range(SMALL // 2, SMALL)
    lexicon.build((row, tokens) for row, tokens in rows.items() if row not in late)
    lexicon.change((row, rows[row]) for row in late)
    lexicon.change((), gone)
    changed = [lexicon.top(query, SMALL) for query in sample(bench)]
    with tempfile.TemporaryDirectory() as other:
        fresh_lexicon = type(lexicon)(Path(other))  # type: ignore[call-arg] # each takes its folder
        fresh_lexicon.build((row, tokens) for row, tokens in rows.items() if row not in gone)
        fresh = [fresh_lexicon.top(query, SMALL) for query in sample(bench)]
    pairs = list(zip(map(dict, changed), map(dict, fresh), strict=True))
    ensure(all(old.keys() == new.keys() for old, new in pairs), "the changed index holds other rows")
    worst = max(abs(old[row] - new[row]) / new[row] for old, new in pairs for row in new)
    moved = sum(
        [row for row, _ in old[:10]] != [row for row, _ in new[:10]] for old, new in zip(changed, fresh, strict=True)
    )
    return {
        "after changes: largest difference of a score to a fresh index": f"{worst:.1%}" if worst else "none",
        "after changes: questions with another top 10": f"{moved} of {len(pairs)}",
    }


def build(lexicon: Lexicon, bench: Path, count: int) -> Cells:
    """Build and save from a stream of tokens, then one paragraph more and one less, each until it is seen."""
    took = timed(lexicon.build, made_up(bench, count))
    cells = {"build": f"{took:.0f} s", "build: peak memory": memory("VmHWM")}
    added, removed = [], []
    for row in range(count, count + CHANGES):
        added.append(timed(lexicon.change, [(row, [f"new{row}", "paragraph"])]))
        ensure([found for found, _ in lexicon.top([f"new{row}"], 1)] == [row], f"row {row} is not found")
        removed.append(timed(lexicon.change, [], [row]))
        ensure(not lexicon.top([f"new{row}"], 1), f"row {row} was removed and is found")
    return cells | {"add one, p50": milliseconds(added, 50), "remove one, p50": milliseconds(removed, 50)}


def serve(lexicon: Lexicon, bench: Path, count: int) -> Cells:
    """Open what `build` saved, and ask."""
    asked = sample(bench)
    loaded = timed(lexicon.open) + timed(lexicon.top, asked[0], LIST_LENGTH)
    draw = np.random.default_rng(1).choice
    union = np.sort(draw(count, UNION_LENGTH, replace=False)).tolist()
    tenth = np.sort(draw(count, count // 10, replace=False)).tolist()
    allowed = set(tenth)
    among = {row: score for row, score in lexicon.top(asked[0], count) if row in allowed}
    given = dict(lexicon.top(asked[0], count, tenth))
    same = given.keys() == among.keys() and all(abs(given[row] - among[row]) < ROUNDING for row in given)
    ensure(bool(given) and same, "scores differ where rows are given")
    plain = [timed(lexicon.top, query, LIST_LENGTH) for query in asked]
    return {
        "open, to the first answer": milliseconds([loaded], 50),
        "top 100, p50": milliseconds(plain, 50),
        "top 100, p99": milliseconds(plain, 99),
        f"scores of {UNION_LENGTH} given rows, p50": milliseconds(
            [timed(lexicon.top, query, UNION_LENGTH, union) for query in asked], 50
        ),
        "top 100 of a tenth of the rows, p50": milliseconds(
            [timed(lexicon.top, query, LIST_LENGTH, tenth) for query in asked], 50
        ),
        "memory of the process that answers": memory("VmRSS"),
    }


def ensure(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence where it is called
    """Stop where a library does something else than what is timed."""
    if not holds:
        raise RuntimeError(otherwise)


def timed(call: Callable[..., object], *arguments: object) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - began


def milliseconds(seconds: list[float], percentile: int) -> str:
    """A percentile, for reading."""
    return f"{1000 * np.percentile(seconds, percentile):,.1f} ms"


def memory(field: str) -> str:
    """A size from /proc/self/status, for reading."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return f"{int(status.split(f'{field}:')[1].split()[0]) / 1024:,.0f} MB"


def facts(library: str) -> Cells:
    """Version and installed size."""
    if library == "FTS5":
        return {"version": sqlite3.sqlite_version, "installed": "with Python"}
    package = metadata.distribution(library)
    size = sum(Path(str(file.locate())).stat().st_size for file in package.files or [])
    return {"version": package.version, "installed": f"{size / 1e6:.1f} MB"}


STAGES = {"squad2": rank_squad, "scifact": rank_scifact, "drift": drift, "build": build, "serve": serve}


def cell(library: str, stage: str, folder: Path, bench: Path, count: int) -> Cells:
    """One stage of one library; runs in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return STAGES[stage](LIBRARIES[library](folder), bench, count)


def compare(
    bench: Annotated[Path, typer.Option(help="The folder that holds scifact/ and squad2/.")],
    paragraphs: Annotated[int, typer.Option(help="How many made-up paragraphs to time with.")] = 100_000,
    library: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only this one; may be repeated.")] = None,
) -> None:
    """Measure the libraries and print a Markdown table."""
    columns = {name: facts(name) for name in library or LIBRARIES}
    fresh = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory(prefix="lexicons-") as scratch, fresh:
        for name, cells in columns.items():
            for step in stage or STAGES:
                folder = Path(scratch) / name / ("build" if step == "serve" else step)
                cells.update(fresh.submit(cell, name, step, folder, bench, paragraphs).result())
    lines = [f"| {paragraphs:,} paragraphs | {' | '.join(columns)} |", "| --- " * (len(columns) + 1) + "|"]
    titles = next(iter(columns.values()))
    lines += [f"| {title} | {' | '.join(cells[title] for cells in columns.values())} |" for title in titles]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    typer.run(compare)

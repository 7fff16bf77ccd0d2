"""The stages of the comparison, each for one library: ranking, changes, building and searching.

Every library gets the same tokens, questions and synthetic paragraphs.
"""

import json
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN

from wherefrom.eval.benchmarks.bm25_libraries.libraries import Bm25Library, Tokens

Cells = dict[str, str]
"""Cells of a column of the table, by the title of their row."""
LIST_LENGTH = 100  # rows of each search that the service fuses
UNION_LENGTH = 300  # rows of the union of three rankings, which all need a score
CHANGES = 5
TOLERANCE = 1e-4  # float32 sums depend on their order
DRIFT_PARAGRAPHS = 3000  # paragraphs for the comparison of an updated index with a fresh one
WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
STEM = Stemmer.Stemmer("english").stemWords


def tokens_of(text: str) -> Tokens:
    """Return the Snowball stems of the words that are not stop words."""
    return cast("Tokens", STEM([word for word in WORD.findall(text.lower()) if word not in STOPWORDS_EN]))


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def questions(bench: Path, name: str) -> dict[str, Tokens]:
    """Return the tokens of the answerable questions of a collection, by id."""
    queries = read_jsonl(bench / name / "queries.jsonl")
    return {item["id"]: tokens_of(item["text"]) for item in queries if item.get("answerable", True)}


def sample_questions(bench: Path) -> list[Tokens]:
    """Return the tokens of 151 questions and claims, with which searches are timed."""
    squad, scifact = (list(questions(bench, name).values()) for name in ("squad2", "scifact"))
    return squad[::29] + scifact[::6]


def synthetic_paragraphs(bench: Path, count: int) -> Iterator[tuple[int, Tokens]]:
    """Yield numbered paragraphs of five random sentences and a unique word each, the same in every call."""
    texts = [item["text"] for name in ("scifact", "squad2") for item in read_jsonl(bench / name / "corpus.jsonl")]
    sentences = [tokens_of(sentence) for text in texts for sentence in SENTENCE_END.split(text)]
    generator = np.random.default_rng(0)
    for row in range(count):
        chosen = generator.integers(len(sentences), size=5).tolist()
        yield row, [*(token for position in chosen for token in sentences[position]), f"word{row}"]


def ndcg(library: Bm25Library, bench: Path, name: str, depth: int) -> float:
    """Return the mean nDCG at a depth; at depth 1 it is hit@1 if each question has one relevant document."""
    corpus = read_jsonl(bench / name / "corpus.jsonl")
    library.build((row, tokens_of(f"{item['title']} {item['text']}")) for row, item in enumerate(corpus))
    judged: dict[str, set[str]] = {}
    for line in (bench / name / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")
        judged.setdefault(query, set()).update([document] if score != "0" else [])
    discounts = 1 / np.log2(np.arange(depth) + 2)
    gains = []
    for query, tokens in questions(bench, name).items():
        hits = np.array([corpus[row]["id"] in judged[query] for row, _ in library.top(tokens, depth)], float)
        gains.append(discounts[: len(hits)] @ hits / discounts[: len(judged[query])].sum())
    return statistics.fmean(gains)


def rank_squad(library: Bm25Library, bench: Path, _: int) -> Cells:
    """Measure hit@1 of paragraphs on SQuAD."""
    return {"squad2 hit@1": f"{ndcg(library, bench, 'squad2', 1):.3f}"}


def rank_scifact(library: Bm25Library, bench: Path, _: int) -> Cells:
    """Measure nDCG@10 of abstracts on SciFact."""
    return {"SciFact nDCG@10": f"{ndcg(library, bench, 'scifact', 10):.3f}"}


def drift(library: Bm25Library, bench: Path, _: int) -> Cells:
    """Compare scores after additions and deletions with the scores of a fresh index of the same rows."""
    rows, removed, added = (
        dict(synthetic_paragraphs(bench, DRIFT_PARAGRAPHS)),
        range(0, DRIFT_PARAGRAPHS, 3),
        range(DRIFT_PARAGRAPHS // 2, DRIFT_PARAGRAPHS),
    )
    library.build((row, tokens) for row, tokens in rows.items() if row not in added)
    library.change((row, rows[row]) for row in added)
    library.change((), removed)
    changed = [library.top(query, DRIFT_PARAGRAPHS) for query in sample_questions(bench)]
    with tempfile.TemporaryDirectory() as other:
        fresh_library = type(library)(Path(other))  # type: ignore[call-arg] # every class takes its folder
        fresh_library.build((row, tokens) for row, tokens in rows.items() if row not in removed)
        fresh = [fresh_library.top(query, DRIFT_PARAGRAPHS) for query in sample_questions(bench)]
    pairs = list(zip(map(dict, changed), map(dict, fresh), strict=True))
    ensure(all(old.keys() == new.keys() for old, new in pairs), "the changed index has different rows")
    worst = max(abs(old[row] - new[row]) / new[row] for old, new in pairs for row in new)
    reordered = sum(
        [row for row, _ in old[:10]] != [row for row, _ in new[:10]] for old, new in zip(changed, fresh, strict=True)
    )
    return {
        "after changes: largest difference of a score to a fresh index": f"{worst:.1%}" if worst else "none",
        "after changes: questions with another top 10": f"{reordered} of {len(pairs)}",
    }


def build(library: Bm25Library, bench: Path, count: int) -> Cells:
    """Build and save an index from a stream of tokens, then add and remove single paragraphs until searches see it."""
    seconds = timed(library.build, synthetic_paragraphs(bench, count))
    cells = {"build": f"{seconds:.0f} s", "build: peak memory": memory("VmHWM")}
    added, removed = [], []
    for row in range(count, count + CHANGES):
        added.append(timed(library.change, [(row, [f"new{row}", "paragraph"])]))
        ensure([match for match, _ in library.top([f"new{row}"], 1)] == [row], f"row {row} is not found")
        removed.append(timed(library.change, [], [row]))
        ensure(not library.top([f"new{row}"], 1), f"row {row} was removed and is found")
    return cells | {"add one, p50": milliseconds(added, 50), "remove one, p50": milliseconds(removed, 50)}


def serve(library: Bm25Library, bench: Path, count: int) -> Cells:
    """Open the index that `build` saved, and search it."""
    queries = sample_questions(bench)
    open_seconds = timed(library.open) + timed(library.top, queries[0], LIST_LENGTH)
    choice = np.random.default_rng(1).choice
    union = np.sort(choice(count, UNION_LENGTH, replace=False)).tolist()
    tenth = np.sort(choice(count, count // 10, replace=False)).tolist()
    allowed = set(tenth)
    expected = {row: score for row, score in library.top(queries[0], count) if row in allowed}
    actual = dict(library.top(queries[0], count, tenth))
    equal = actual.keys() == expected.keys() and all(abs(actual[row] - expected[row]) < TOLERANCE for row in actual)
    ensure(bool(actual) and equal, "scores differ where rows are given")
    seconds = [timed(library.top, query, LIST_LENGTH) for query in queries]
    return {
        "open, to the first answer": milliseconds([open_seconds], 50),
        "top 100, p50": milliseconds(seconds, 50),
        "top 100, p99": milliseconds(seconds, 99),
        f"scores of {UNION_LENGTH} given rows, p50": milliseconds(
            [timed(library.top, query, UNION_LENGTH, union) for query in queries], 50
        ),
        "top 100 of a tenth of the rows, p50": milliseconds(
            [timed(library.top, query, LIST_LENGTH, tenth) for query in queries], 50
        ),
        "memory of the process that answers": memory("VmRSS"),
    }


def ensure(condition: bool, message: str) -> None:  # noqa: FBT001 - like `assert`
    """Raise RuntimeError if the result of a timed operation is wrong."""
    if not condition:
        raise RuntimeError(message)


def timed(call: Callable[..., object], *arguments: object) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - started


def milliseconds(seconds: list[float], percentile: int) -> str:
    """Format a percentile of times in seconds as milliseconds."""
    return f"{1000 * np.percentile(seconds, percentile):,.1f} ms"


def memory(field: str) -> str:
    """Format a size from /proc/self/status as megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return f"{int(status.split(f'{field}:')[1].split()[0]) / 1024:,.0f} MB"


STAGES = {"squad2": rank_squad, "scifact": rank_scifact, "drift": drift, "build": build, "serve": serve}

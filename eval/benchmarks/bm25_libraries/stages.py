"""What is measured of a BM25 library, a stage at a time: how it ranks, whether changes hold, building, answering."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from wherefrom.eval.benchmarks.bm25_libraries.protocol import Lexicon
from wherefrom.eval.benchmarks.bm25_libraries.texts import made_up, questions, read, sample, tokens_of

Cells = dict[str, str]
LIST_LENGTH = 100  # of each list that is fused
UNION_LENGTH = 300  # so this many rows need a score
CHANGES = 5
ROUNDING = 1e-4  # sums of float32 in another order
SMALL = 3000  # paragraphs on which updated and fresh scores are compared


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


STAGES = {"squad2": rank_squad, "scifact": rank_scifact, "drift": drift, "build": build, "serve": serve}

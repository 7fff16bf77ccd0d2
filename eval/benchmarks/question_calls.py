"""The cost of a question on the cluster engine: its calls to Milvus and PostgreSQL, and their duration.

The questions on the seeds are asked twice: the first time most of the data is read, the second time much is cached.

Run: python -m wherefrom.eval.benchmarks.question_calls POSTGRES_DSN MILVUS_URI
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.datasets.questions import EVAL, SEEDS, load_questions
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.measurement.engine_calls import WatchedCalls, watched_calls
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library

WAYS: Mapping[str, Callable[[Library, str], object]] = {
    "rank": lambda library, question: library.rank(question, top_k=10),
    "ask": lambda library, question: library.ask(question),
}
"""The two kinds of questions: a ranking of ten passages, and an answer with five."""


def main(
    postgres_dsn: Annotated[str, typer.Argument(help="Connection string of a database, empty or with the seeds.")],
    milvus_uri: Annotated[str, typer.Argument(help="The address of Milvus.")],
) -> None:
    """Ask the questions on the seeds, and print their costs as JSON."""
    embedder = CachingEmbedder(load_embedder())
    questions = [question.question for question in load_questions(EVAL / "questions.jsonl")]
    for question in questions:
        embedder.embed_in_context([question], [""])
    engine = ClusterEngine.open(postgres_dsn, milvus_uri, embedder)
    with Library.on_engine(engine, embedder, data=Path()) as library, watched_calls() as calls:
        ingest(library, [SEEDS])
        library.refresh()
        costs = {
            f"{name}, {time}": question_costs(library, questions, ask, calls)
            for name, ask in WAYS.items()
            for time in ("first time", "second time")
        }
    typer.echo(json.dumps(costs, indent=1))


def question_costs(
    library: Library, questions: Sequence[str], ask: Callable[[Library, str], object], calls: WatchedCalls
) -> Mapping[str, float]:
    """Return medians over the questions, in milliseconds or as numbers of calls."""
    costs = []
    calls.take()
    for question in questions:
        started = perf_counter()
        ask(library, question)
        seconds = perf_counter() - started
        milvus, postgres = calls.take()
        costs.append(
            {
                "ms": 1000 * seconds,
                "milvus_calls": milvus.number,
                "milvus_ms": 1000 * milvus.seconds,
                "postgres_calls": postgres.number,
                "postgres_ms": 1000 * postgres.seconds,
                "other_ms": 1000 * (seconds - milvus.seconds - postgres.seconds),
            }
        )
    return {name: round(float(np.median([each[name] for each in costs])), 3) for name in costs[0]}


if __name__ == "__main__":
    typer.run(main)

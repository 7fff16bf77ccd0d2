"""Checks the cluster engine on a Milvus server without sparse vectors, with two shards.

Dense searches, filters, deletes and upserts by the engine's own code are compared with exhaustive searches in Python;
only the term weights are left out. Prints JSON, and exits with 1 if anything differs. Milvus 2.3.5 is such a server:
`pip install milvus==2.3.5` in a separate environment.

Run: python -m tests.support.run_on_cluster --milvus-python PYTHON -- python -m wherefrom.eval.studies.milvus.server
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

import numpy as np
import typer

from wherefrom.eval.measurement.milvus_server import server_name, shards_of
from wherefrom.eval.studies.milvus.made_collection import Ledger, MadeDocument, Maker, NoModel, Place
from wherefrom.index.cluster.database.connections import Session
from wherefrom.index.cluster.engine import ClusterEngine
from wherefrom.index.cluster.milvus import KINDS, MAX_LIMIT, SENTENCE_BITS, Hit, Layout, Milvus, collection_name
from wherefrom.index.cluster.scope import ClusterScope
from wherefrom.index.engine import NO_WORD_FILTERS
from wherefrom.index.field_conditions import FieldCondition, FieldValue
from wherefrom.index.types import Filters, Paragraph, WordFilters

DEPTH = 100
WAIT_SECONDS = 300.0
CHANGES_TOGETHER = 25
"""Number of changes between comparisons of the whole collection with the ledger."""
EVERYTHING = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A filter, and Python conditions for the documents, and for their paragraphs, that pass it."""

    name: str
    filters: Filters = EVERYTHING
    words: WordFilters = NO_WORD_FILTERS
    allowed: Callable[[MadeDocument], bool] = lambda _: True
    paragraphs: Callable[[Paragraph], bool] = lambda _: True


def main(
    postgres_dsn: Annotated[str, typer.Option(envvar="WHEREFROM_POSTGRES_DSN", help="Connection string.")],
    milvus_uri: Annotated[str, typer.Option(envvar="DENSE_MILVUS_URI", help="The address of Milvus.")],
    documents: Annotated[int, typer.Option(help="Number of documents to store.")] = 600,
    questions: Annotated[int, typer.Option(help="Number of vectors to search for.")] = 100,
    changes: Annotated[int, typer.Option(help="Number of documents to add, replace or remove after that.")] = 300,
    shards: Annotated[int, typer.Option(help="Shards of each collection.")] = 2,
) -> None:
    """Compare everything, and print the figures."""
    figures = compare(
        postgres_dsn, milvus_uri, documents=documents, questions=questions, changes=changes, shards=shards
    )
    typer.echo(json.dumps(figures, indent=1))
    if figures["differences"]:
        raise typer.Exit(1)


def compare(dsn: str, uri: str, *, documents: int, questions: int, changes: int, shards: int) -> Mapping[str, object]:
    """Return the figures of a collection that is made in an empty database."""
    layout = Layout(shards=shards, has_terms=False)
    engine = ClusterEngine.open(dsn, uri, NoModel(), layout=layout)
    maker, ledger = Maker(seed=20150402), Ledger()
    try:
        put(engine, ledger, [maker.document(f"document-{number:04}") for number in range(documents)])
        engine.wait_until_searchable(WAIT_SECONDS)
        with searched(engine) as scope:
            build = scope.searched.build
        held = {kind: shards_of(uri, collection_name(build, kind)) for kind in KINDS}
        dense = [compare_dense(engine, ledger, maker.vectors(questions), kind) for kind in KINDS]
        filters = [compare_filter(engine, ledger, case, maker) for case in cases(ledger)]
        changed = compare_changes(engine, ledger, maker, changes)
        repeated = compare_repeated(engine, ledger, dsn)
        deleted = compare_deleted(engine, ledger, uri, layout)
    finally:
        engine.close()
    figures = [*dense, *filters, changed, repeated, deleted]
    return {
        "server": server_name(uri),
        "shards": held,
        "documents": documents,
        "dense": dense,
        "filters": filters,
        "changes": changed,
        "revisions added twice": repeated,
        "deletes": deleted,
        "differences": sum(int(cast("int", each["differences"])) for each in figures)
        + sum(each != shards for each in held.values()),
    }


@contextmanager
def searched(
    engine: ClusterEngine, filters: Filters = EVERYTHING, words: WordFilters = NO_WORD_FILTERS
) -> Iterator[ClusterScope]:
    """Yield the scope of filters in the engine's current state."""
    with engine.state() as state:
        yield cast("ClusterScope", state.scope(filters, words))


def put(engine: ClusterEngine, ledger: Ledger, made: Sequence[MadeDocument]) -> None:
    """Store documents in the engine and in the ledger."""
    engine.put([each.item for each in made], [each.vectors for each in made])
    ledger.documents |= {each.item[0]: each for each in made}


def compare_dense(engine: ClusterEngine, ledger: Ledger, vectors: np.ndarray, kind: str) -> Mapping[str, object]:
    """Compare the nearest paragraphs, or sentences, of some vectors with those of an exhaustive search."""
    recalls, orders, distances = [], 0, [0.0]
    everything = ledger.places()
    with searched(engine) as scope:
        places = place_by_number(scope)
        for vector in vectors:
            search = scope.search.searches(vector, (), ())[KINDS.index(kind)]
            hits = search.run(DEPTH)
            if kind == "paragraphs":
                exact: Sequence[tuple[object, float]] = ledger.nearest(vector, DEPTH, everything)
                found: list[object] = [places[hit.row] for hit in hits]
            else:
                exact = ledger.nearest_sentences(vector, DEPTH)
                found = [(places[hit.row >> SENTENCE_BITS], hit.row % (1 << SENTENCE_BITS)) for hit in hits]
            expected = [key for key, _ in exact]
            recalls.append(len(set(expected) & set(found)) / len(expected))
            orders += expected == found
            distances += [abs(hit.score - score) for hit, (_, score) in zip(hits, exact, strict=False)]
    return {
        "of": kind,
        "questions": len(vectors),
        f"recall@{DEPTH}": float(np.mean(recalls)),
        "the same in the same order": orders,
        "largest difference of a score": max(distances),
        "differences": sum(recall < 1 for recall in recalls),
    }


def compare_filter(engine: ClusterEngine, ledger: Ledger, case: Case, maker: Maker) -> Mapping[str, object]:
    """Compare the paragraphs that pass a filter, and the nearest of them, with those of the Python conditions."""
    expected = ledger.places(case.allowed, case.paragraphs)
    vector = maker.vectors(1)[0]
    with searched(engine, case.filters, case.words) as scope:
        places = place_by_number(scope)
        found = {places[hit.row] for hit in _all_paragraphs(scope, vector)}
        nearest = [places[hit.row] for hit in scope.search.searches(vector, (), ())[0].run(DEPTH)]
    exact = [place for place, _ in ledger.nearest(vector, DEPTH, expected)]
    return {
        "filter": case.name,
        "expected": len(expected),
        "found": len(found),
        "nearest in the same order": nearest == exact,
        "differences": len(expected ^ found) + (set(nearest) != set(exact)),
    }


def compare_changes(engine: ClusterEngine, ledger: Ledger, maker: Maker, changes: int) -> Mapping[str, object]:
    """Add, replace and remove documents in turn, and repeatedly compare the whole collection with the ledger."""
    made: Counter[str] = Counter()
    differences = comparisons = 0
    for number in range(changes):
        known = sorted(ledger.documents)
        if maker.chance(0.3):
            removed = maker.one_of(known)
            engine.remove(removed)
            del ledger.documents[removed]
            made["removed"] += 1
        elif maker.chance(0.6):
            put(engine, ledger, [maker.document(maker.one_of(known))])
            made["replaced"] += 1
        else:
            put(engine, ledger, [maker.document(f"added-{number:04}")])
            made["added"] += 1
        if number % CHANGES_TOGETHER == CHANGES_TOGETHER - 1 or number == changes - 1:
            engine.wait_until_searchable(WAIT_SECONDS)
            differences += _differences(engine, ledger, maker.vectors(1)[0])
            comparisons += 1
    return {**made, "comparisons": comparisons, "differences": differences}


def compare_repeated(engine: ClusterEngine, ledger: Ledger, dsn: str) -> Mapping[str, object]:
    """Let the engine add revisions that Milvus has already, as after a crash, and check that no row is duplicated."""
    with searched(engine) as scope:
        before = _counts(scope)
        revision = scope.searched.visible.revision
    with Session(dsn) as session:
        session.db.execute("UPDATE builds SET served = 0 WHERE is_current")
    engine.wait_until_searchable(WAIT_SECONDS)
    with searched(engine) as scope:
        after = _counts(scope)
    differences = (before != after) + _differences(engine, ledger, Maker(seed=1).vectors(1)[0])
    return {"revisions": revision, "rows before": before, "rows after": after, "differences": differences}


def compare_deleted(engine: ClusterEngine, ledger: Ledger, uri: str, layout: Layout) -> Mapping[str, object]:
    """Delete the dead versions, and count the remaining rows."""
    with searched(engine) as scope:
        build, dead = scope.searched.build, list(scope.searched.dead)
    milvus = Milvus(uri, layout)
    try:
        before = milvus.count(build, "paragraphs", "born >= 0")
        milvus.delete_versions(build, dead)
        left = milvus.count(build, "paragraphs", f"version in {dead}") if dead else 0
        after = milvus.count(build, "paragraphs", "born >= 0")
    finally:
        milvus.close()
    expected = len(ledger.places())
    return {
        "versions": len(dead),
        "paragraphs before": before,
        "paragraphs after": after,
        "expected": expected,
        "differences": left + abs(after - expected) + _differences(engine, ledger, Maker(seed=2).vectors(1)[0]),
    }


def cases(ledger: Ledger) -> Iterator[Case]:
    """Yield filters of every kind, alone and together."""
    some = tuple(sorted(ledger.documents)[10:40:3])
    yield Case(name="everything")
    yield Case(
        name="one of two publishers",
        filters=Filters(publisher=("Valley Times", "The Islander")),
        allowed=lambda made: made.metadata.publisher in {"Valley Times", "The Islander"},
    )
    yield Case(name="agency", filters=Filters(agency=("AFP",)), allowed=lambda made: made.metadata.agency == "AFP")
    yield Case(
        name="author", filters=Filters(author=("Ann Otter",)), allowed=lambda made: "Ann Otter" in made.metadata.authors
    )
    yield Case(
        name="all words of a title",
        filters=Filters(title=("harbour bridge",)),
        allowed=lambda made: {"harbour", "bridge"} <= set(str(made.metadata.title).split()),
    )
    yield Case(
        name="language with its regions",
        filters=Filters(language=("en",)),
        allowed=lambda made: str(made.metadata.language).startswith("en"),
    )
    yield Case(
        name="published between two days",
        filters=Filters(published_from=date(2016, 1, 1), published_to=date(2018, 12, 31)),
        allowed=lambda made: made.metadata.published is not None and 2016 <= made.metadata.published.year <= 2018,  # noqa: PLR2004
    )
    yield Case(name="document ids", filters=Filters(document_id=some), allowed=lambda made: made.item[0] in some)
    yield Case(
        name="string in an extra field",
        filters=Filters(extra=(FieldCondition(name="desk", values=(FieldValue.of("sport"),)),)),
        allowed=lambda made: made.metadata.extra["desk"] == "sport",
    )
    yield Case(
        name="boolean in an extra field",
        filters=Filters(extra=(FieldCondition(name="checked", values=(FieldValue.of(value=True),)),)),
        allowed=lambda made: made.metadata.extra["checked"] is True,
    )
    yield Case(
        name="range of a number",
        filters=Filters(extra=(FieldCondition(name="priority", minimum=3, maximum=6),)),
        allowed=lambda made: 3 <= cast("int", made.metadata.extra["priority"]) <= 6,  # noqa: PLR2004
    )
    yield Case(
        name="range of one of several numbers",
        filters=Filters(extra=(FieldCondition(name="ratings", minimum=8.5),)),
        allowed=lambda made: any(each >= 8.5 for each in cast("tuple[float, ...]", made.metadata.extra["ratings"])),  # noqa: PLR2004
    )
    yield Case(
        name="publisher, date and range together",
        filters=Filters(
            publisher=("Border Post",),
            published_from=date(2016, 1, 1),
            extra=(FieldCondition(name="priority", maximum=7),),
        ),
        allowed=lambda made: (
            made.metadata.publisher == "Border Post"
            and made.metadata.published is not None
            and made.metadata.published.year >= 2016  # noqa: PLR2004
            and cast("int", made.metadata.extra["priority"]) <= 7  # noqa: PLR2004
        ),
    )
    yield Case(
        name="phrase",
        words=WordFilters(phrases=(("harbour", "bridge"),)),
        paragraphs=lambda paragraph: "harbour bridge" in paragraph.text,
    )
    yield Case(
        name="excluded word, and a publisher",
        filters=Filters(publisher=("Valley Times",)),
        words=WordFilters(excluded=(("storm",),)),
        allowed=lambda made: made.metadata.publisher == "Valley Times",
        paragraphs=lambda paragraph: "storm" not in paragraph.text,
    )


def place_by_number(scope: ClusterScope) -> Mapping[int, Place]:
    """Return the place of each paragraph in PostgreSQL, by its number."""
    query = "SELECT paragraph, document_id, number FROM paragraphs JOIN versions USING (version)"
    return {row[0]: (row[1], row[2]) for row in scope.searched.db.execute(query)}


def _differences(engine: ClusterEngine, ledger: Ledger, vector: np.ndarray) -> int:
    """Return the number of paragraphs that are only found, or only in the ledger."""
    with searched(engine) as scope:
        places = place_by_number(scope)
        found = [places[hit.row] for hit in _all_paragraphs(scope, vector)]
    return len(set(found) ^ ledger.places()) + len(found) - len(set(found))


def _all_paragraphs(scope: ClusterScope, vector: np.ndarray) -> Sequence[Hit]:
    return scope.search.searches(vector, (), ())[0].run(MAX_LIMIT)


def _counts(scope: ClusterScope) -> Mapping[str, int]:
    """Return the number of visible rows in each collection."""
    milvus, build = scope.searched.milvus, scope.searched.build
    expressions = {"paragraphs": scope.search.paragraphs, "sentences": scope.search.sentences}
    return {kind: milvus.count(build, kind, expressions[kind]) for kind in KINDS}


if __name__ == "__main__":
    typer.run(main)

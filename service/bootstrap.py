"""Composition root: opens the library with the model, data folder and options that the settings name."""

import logging
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wherefrom.index.embedding.loader import PREPARING, load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import EngineUnavailable, IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.ranking.cross_encoder import Reranker, load_reranker
from wherefrom.index.reading.lazy_reader import NO_READER
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.index.types import Implementation
from wherefrom.service.catalogs import check_cluster_packages, open_catalog
from wherefrom.service.settings import Settings

if TYPE_CHECKING:
    from wherefrom.index.cleaning.extraction_pool import ExtractionPool
    from wherefrom.index.sources.file_selection import LeftOut
    from wherefrom.index.syncing.gone_documents import GoneDocument
    from wherefrom.index.writing.answer_writer import AnswerWriter

Report = Callable[[str], None]
"""Receives a message about the work that is done before the service is ready."""
log = logging.getLogger(__name__)
REPORT_EVERY = 10
"""Number of articles between two progress reports."""
BY_INDEX = "by `wherefrom index --prune` with the same paths"
PROBE_QUESTION = "Is anyone there?"
"""The question that warms up the model, and that checks whether questions are answered."""


def open_library(settings: Settings, report: Report | None = None) -> Library:
    """Load the model and open the data folder or the cluster with it. Raise IndexUnusable or ModelUnavailable.

    `report` is called if the model has to be exported first; by default, the message goes to standard error.
    """
    reranker = load_reranker(settings.reranker, settings.reranker_seconds) if settings.reranker else None
    if settings.engine == "cluster":
        return _open_cluster(settings, reranker, report)
    return Library.open(
        settings.data,
        embedder=open_embedder(settings, report),
        reader=None if settings.reader else NO_READER,
        threshold=settings.threshold,
        lock_wait=settings.lock_seconds,
        cached_answers=settings.remembered,
        reranker=reranker,
    )


def _open_cluster(settings: Settings, reranker: Reranker | None, report: Report | None) -> Library:
    """Load the model and open the collection of a cluster with it."""
    dsn, milvus_uri = settings.cluster()
    check_cluster_packages()
    from wherefrom.index.cluster.engine import ClusterEngine  # noqa: PLC0415 - an extra
    from wherefrom.index.cluster.milvus import Layout  # noqa: PLC0415

    embedder = open_embedder(settings, report)
    return Library.on_engine(
        ClusterEngine.open(
            dsn,
            milvus_uri,
            embedder,
            lock_wait=settings.lock_seconds,
            layout=Layout(shards=settings.milvus_shards),
        ),
        embedder,
        data=settings.data,
        reader=None if settings.reader else NO_READER,
        threshold=settings.threshold,
        cached_answers=settings.remembered,
        reranker=reranker,
    )


def open_embedder(settings: Settings, report: Report | None = None) -> Embedder:
    """Load the model, by default from its exported graph, which is created if missing. Raise ModelUnavailable."""
    return load_embedder(
        settings.model,
        models=settings.models,
        data=settings.data,
        implementation=settings.encoder,
        on_export=lambda: (report or _print)(PREPARING),
    )


def open_worker_embedder(model: str | None, models: Path | None, encoder: Implementation | None) -> Embedder:
    """Load the model in a Ray worker, as `open_embedder` does in this process. Raise ModelUnavailable."""
    return load_embedder(model, models=models and models.absolute(), implementation=encoder)


def open_writer(settings: Settings) -> "AnswerWriter | None":
    """Return the writer of answers in sentences, `None` if none is configured. Raise WriterUnavailable."""
    if settings.writer is None:
        return None
    from wherefrom.index.writing.answer_writer import AnswerWriter  # noqa: PLC0415 - most services have none
    from wherefrom.index.writing.writers.loader import load_writer  # noqa: PLC0415

    writer = load_writer(
        settings.writer,
        model=settings.writer_model,
        url=settings.writer_url,
        key=settings.writer_secret,
        seconds=settings.writer_seconds,
    )
    return AnswerWriter(writer, seconds=settings.writer_seconds, prompt=settings.writer_prompt)


def open_warm(settings: Settings, paths: Sequence[Path] = (), report: Report | None = None) -> Library:
    """Open the library, index the paths, and ask one question, since a model's first call takes longer than others.

    `report` is called with messages about the progress.
    """
    library = open_library(settings, report)
    try:
        if paths:
            _index(library, paths, settings, report or _print)
        with suppress(EngineUnavailable):  # it is temporary: until it ends, requests are refused with the reason
            library.ask(PROBE_QUESTION)
    except BaseException:
        library.close()
        raise
    return library


def open_existing(settings: Settings) -> Library:
    """Open an existing library. Raise IndexUnusable, with the command to run, if there is no index."""
    if settings.engine == "embedded" and not (settings.data / CATALOG).exists():
        raise IndexUnusable(f"{settings.data} holds no index; run `wherefrom index PATH ...`")
    if settings.engine == "cluster":
        with open_catalog(settings):  # raises the error
            pass
    return open_library(settings)


def extraction_pool(settings: Settings) -> "ExtractionPool":
    """Return a pool for extracting documents; its process starts in the background, while the model is loaded."""
    from wherefrom.index.cleaning.extraction_pool import ExtractionPool  # noqa: PLC0415 - most commands need none

    pool = ExtractionPool(seconds_per_mib=settings.reading_seconds, memory_mib=settings.reading_mib)
    pool.warm_up()
    return pool


def _index(library: Library, paths: Sequence[Path], settings: Settings, report: Report) -> None:
    """Add or update the files of paths; what is refused, left out, noted or gone is logged, as `index` prints it."""
    from wherefrom.index.ingest import FileResult, ingest  # noqa: PLC0415 - most commands need none
    from wherefrom.service.run_reports import gone_lines, left_out_lines  # noqa: PLC0415

    names = ", ".join(map(str, paths))
    report(f"Reading {names}")
    done: Counter[str] = Counter()
    left_out: list[LeftOut] = []
    gone: list[GoneDocument] = []
    expected = 0

    def read_total(total: int) -> None:
        nonlocal expected
        expected = total

    def read_one(result: FileResult) -> None:
        done[result.change or "refused"] += 1
        if result.error is not None:
            log.warning("refused %s", result.error)
        for warning in result.warnings:
            log.warning("%s is %s, but %s", result.source, result.change, warning)
        if done.total() % REPORT_EVERY == 0:
            report(f"Reading {names}: {done.total():,} of {expected:,} articles")

    with extraction_pool(settings) as pool:
        ingest(
            library,
            paths,
            on_file=read_one,
            on_total=read_total,
            on_left_out=left_out.append,
            on_note=lambda note: log.info("note %s: %s", note.source, note.text),
            on_gone=gone.append,
            extract=pool.extract,
        )
    for line in (*left_out_lines(left_out), *gone_lines(gone, how=BY_INDEX)):
        log.info("%s", line)
    counts = ", ".join(f"{done[change]:,} {change}" for change in ("added", "updated", "unchanged", "refused"))
    log.info("Read %s: %s", names, counts)


def _print(text: str) -> None:
    sys.stderr.write(f"{text}\n")

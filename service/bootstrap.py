"""Composition root: model, data folder and settings are put together here and nowhere else."""

from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.errors import IndexUnusable
from wherefrom.index.library import Library
from wherefrom.index.ranking.cross_encoder import load_reranker
from wherefrom.index.reading.lazy_reader import NO_READER
from wherefrom.index.storage.catalog import CATALOG
from wherefrom.service.settings import Settings

PROBE_QUESTION = "Is anyone there?"
"""Asked to warm up the model, and to check that questions are answered."""


def open_library(settings: Settings) -> Library:
    """Load the model and open the data folder with it. Raise IndexUnusable or ModelUnavailable."""
    reranker = load_reranker(settings.reranker, settings.reranker_seconds) if settings.reranker else None
    return Library.open(
        settings.data,
        embedder=open_embedder(settings),
        reader=None if settings.reader else NO_READER,
        threshold=settings.threshold,
        lock_wait=settings.lock_seconds,
        cached_answers=settings.remembered,
        reranker=reranker,
    )


def open_embedder(settings: Settings) -> Embedder:
    """Load the model, preferably from its exported graph, which is made if it is missing. Raise ModelUnavailable."""
    models = settings.models or settings.data / "models"
    return load_embedder(settings.model, models=models, implementation=settings.encoder)


def open_warm(settings: Settings) -> Library:
    """Open the library and ask one question, since a model's first call takes longer than all others."""
    library = open_library(settings)
    try:
        library.ask(PROBE_QUESTION)
    except BaseException:
        library.close()
        raise
    return library


def open_existing(settings: Settings) -> Library:
    """Open a library that exists already. Raise IndexUnusable, with the command to run, if there is no index."""
    if not (settings.data / CATALOG).exists():
        raise IndexUnusable(f"{settings.data} holds no index; run `wherefrom index PATH ...`")
    return open_library(settings)

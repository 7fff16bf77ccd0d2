"""The one place where model, data folder and settings come together."""

from index.embedder import load_embedder
from index.library import Library
from service.settings import Settings


def open_library(settings: Settings) -> Library:
    """Load the model and open the data folder with it. Raise IndexUnusable or ModelUnavailable."""
    embedder = load_embedder(settings.model)
    return Library.open(settings.data, embedder=embedder, threshold=settings.threshold)

"""The test model for Ray workers; it waits at one text until a test has found its process."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.library_samples import WordEmbedder
from wherefrom.index.embedding.protocol import TextEmbedding

WAITS_AT = "number 100.0."
"""A text that occurs only in the article `prose(100)`."""
POLL_SECONDS = 0.05


class WaitingEmbedder(WordEmbedder):
    """The test model; at WAITS_AT it creates a file named after its process, and waits for the file "go"."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        if any(WAITS_AT in text for text in texts):
            (self._folder / f"waiting-{os.getpid()}").touch()
            while not (self._folder / "go").exists():
                time.sleep(POLL_SECONDS)
        return super().embed_in_context(texts, contexts)


def waiting_process(folder: Path, seconds: float) -> int:
    """Return the id of a waiting process, as soon as there is one; fail after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for path in folder.glob("waiting-*"):
            return int(path.name.partition("-")[2])
        time.sleep(POLL_SECONDS)
    raise AssertionError("no worker has come to the text")

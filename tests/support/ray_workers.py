"""What Ray workers run in tests: the test model, in a process that tells its id."""

import os
from pathlib import Path

from tests.support.library_samples import WordEmbedder


def load_words(folder: Path) -> WordEmbedder:
    """Return the test model; a file in the folder is named after this process."""
    (folder / str(os.getpid())).touch()
    return WordEmbedder()

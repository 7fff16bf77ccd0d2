"""The search structures on disk: a folder a generation, checksummed, made aside and renamed into place.

Losing or damaging it costs a rebuild from the catalog, never an embedding and never an answer.
"""

import json
import logging
import shutil
import time
from pathlib import Path
from uuid import uuid4

import numpy as np

from index.embedder import file_hashes
from index.lexicon import Lexicon
from index.snapshot import Structures
from index.vectors import VectorIndex

logger = logging.getLogger(__name__)

FORMAT = "1"
CHECKSUMS = "checksums.json"
ABANDONED_SECONDS = 3600


def load(folder: Path, generation: str) -> Structures | None:
    """The structures saved for this generation; null, with a warning in the log, if they are missing or damaged."""
    home = folder / f"{FORMAT}-{generation}"
    try:
        if not home.is_dir():
            return None
        expected = json.loads((home / CHECKSUMS).read_text())
        found = file_hashes(home)
        found.pop(CHECKSUMS)
        if found == expected:
            return _read(home)
        problem = "its files are not those that were saved"
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        problem = str(error)
    logger.warning("%s is damaged and is built again from the catalog: %s", home, problem)
    shutil.rmtree(home, ignore_errors=True)
    return None


def save(folder: Path, generation: str, structures: Structures) -> None:
    """Save the structures and drop those of other generations; a folder that cannot be written is only logged."""
    home = folder / f"{FORMAT}-{generation}"
    aside = folder / f"tmp-{uuid4().hex}"
    try:
        if home.is_dir():
            return
        aside.mkdir(parents=True)
        _write(aside, structures)
        (aside / CHECKSUMS).write_text(json.dumps(file_hashes(aside), indent=1))
        aside.rename(home)
    except (OSError, RuntimeError) as error:  # FAISS reports a failed write as a RuntimeError
        logger.warning("%s could not be saved and will be built again at the next start: %s", home, error)
        shutil.rmtree(aside, ignore_errors=True)
        return
    for other in folder.iterdir():
        if other != home and not _is_being_made(other):
            shutil.rmtree(other, ignore_errors=True)


def _is_being_made(folder: Path) -> bool:
    """Whether another process may be at work in a folder: one that it made aside within the hour."""
    try:
        return folder.name.startswith("tmp-") and time.time() - folder.stat().st_mtime < ABANDONED_SECONDS
    except OSError:
        return False


def _write(home: Path, structures: Structures) -> None:
    structures.paragraphs.save(home / "paragraphs.faiss")
    structures.sentences.save(home / "sentences.faiss")
    structures.lexicon.save(home / "lexicon")
    np.savez(
        home / "rows.npz", offsets=structures.sentence_offsets, lengths=structures.lengths, copies=structures.copies
    )


def _read(home: Path) -> Structures:
    with np.load(home / "rows.npz", allow_pickle=False) as rows:
        offsets, lengths, copies = rows["offsets"], rows["lengths"], rows["copies"]
    return Structures(
        paragraphs=VectorIndex.load(home / "paragraphs.faiss"),
        sentences=VectorIndex.load(home / "sentences.faiss"),
        sentence_offsets=offsets,
        lexicon=Lexicon.load(home / "lexicon", len(copies)),
        lengths=lengths,
        copies=copies,
    )

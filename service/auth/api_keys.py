"""API keys, held as hashes only and compared in constant time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
KEY = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")
HEX_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
HASH_PREFIX = "sha256"
KEY_FORMS = "a key has 16 to 512 letters, digits or ._~+/=- and stands as KEY, NAME:KEY, sha256:HEX or NAME:sha256:HEX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An API key: its name, which may be shown, and its SHA-256."""

    name: str
    digest: bytes = field(repr=False)


def parse_keys(text: str, default_name: str = "key") -> tuple[Key, ...]:
    """Parse keys separated by commas or line ends; a `#` begins a comment. Keys without a name are numbered.

    Raise ValueError, whose message gives the number of an invalid entry and no part of a key.
    """
    lines = (line.partition("#")[0] for line in text.splitlines())
    entries = [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
    keys = tuple(_parse_key(entry, number, default_name) for number, entry in enumerate(entries, start=1))
    if not keys:
        raise ValueError(f"it holds no key; {KEY_FORMS}")
    if len({key.name for key in keys}) < len(keys):
        raise ValueError("two keys have the same name")
    return keys


def parse_key_file(path: str, default_name: str = "key") -> tuple[Key, ...]:
    """Parse the keys of a file as `parse_keys` does. Raise ValueError."""
    try:
        return parse_keys(Path(path).read_text(encoding="utf-8"), default_name)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8 text") from None


def find_key(keys: Iterable[Key], token: str) -> Key | None:
    """Return the key that matches a token, or `None`; all keys are compared in full, so that timing reveals nothing."""
    digest = sha256(token.encode("utf-8", "surrogateescape")).digest()
    match = None
    for key in keys:
        if compare_digest(key.digest, digest):
            match = key
    return match


def _parse_key(entry: str, number: int, default_name: str) -> Key:
    *prefixes, secret = entry.split(":")
    is_hash = prefixes[-1:] == [HASH_PREFIX]
    names = prefixes[:-1] if is_hash else prefixes
    secret_form = HEX_DIGEST if is_hash else KEY
    if len(names) > 1 or not all(map(NAME.fullmatch, names)) or not secret_form.fullmatch(secret):
        raise ValueError(f"entry {number} is no key; {KEY_FORMS}")
    digest = bytes.fromhex(secret) if is_hash else sha256(secret.encode()).digest()
    return Key(name=names[0] if names else f"{default_name}-{number}", digest=digest)

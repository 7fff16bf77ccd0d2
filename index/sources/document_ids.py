"""Document ids: safe in a URL, and the same whenever the same source is indexed."""

import json
import re
from dataclasses import fields
from hashlib import sha256

from wherefrom.index.types import RawSource

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
UNSAFE_CHARACTERS = re.compile(r"[^A-Za-z0-9._-]+")


def url_safe_id(name: str) -> str:
    """Return `name` if it is safe in a URL, else a readable form of it followed by its hash.

    A file's name is its path below the folder that was indexed.
    """
    if SAFE_ID.fullmatch(name):
        return name
    readable = UNSAFE_CHARACTERS.sub("-", name).strip("-.")[:100]
    return f"{readable or 'document'}-{short_hash(name)}"


def article_id(source: RawSource) -> str:
    """Return the id of an article that is not a whole file: its own id, else from its URL, else from all it states."""
    return url_safe_id(source.document_id or source.given.url or f"article-{record_digest(source)}")


def record_digest(source: RawSource) -> str:
    """Return 16 hexadecimal digits that are equal for articles with the same bytes, kind and given metadata."""
    given = source.given
    stated: dict[str, object] = {each.name: value for each in fields(given) if (value := getattr(given, each.name))}
    if source.media_type not in (None, "text/plain"):
        stated["media_type"] = source.media_type
    digest = sha256(source.raw)
    if stated:
        digest.update(b"\0" + json.dumps(stated, sort_keys=True, default=str).encode())
    return digest.hexdigest()[:16]


def short_hash(text: str) -> str:
    """Return the first eight hexadecimal digits of a text's SHA-256, to distinguish names."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]

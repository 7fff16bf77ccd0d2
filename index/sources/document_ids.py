"""Document ids: safe in a URL, and the same whenever the same source is indexed."""

import re
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
    """Return the id of an article that is not a whole file, from its own id, else its URL, else its bytes."""
    name = source.document_id or source.given.url or f"article-{sha256(source.raw).hexdigest()[:16]}"
    return url_safe_id(name)


def short_hash(text: str) -> str:
    """Return the first eight hexadecimal digits of a text's SHA-256, to distinguish names."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]

"""Document ids: what a document is called in a URL, the same whenever the same thing is indexed again."""

import re
from hashlib import sha256

from wherefrom.index.types import RawSource

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def document_id(name: str) -> str:
    """The id of a file by its path below the folder that was indexed: the name itself where it is safe in a URL."""
    if SAFE_ID.fullmatch(name):
        return name
    readable = UNSAFE.sub("-", name).strip("-.")[:100]
    return f"{readable or 'document'}-{short_hash(name)}"


def article_id(source: RawSource) -> str:
    """Return the id of an article that is not a file: its own id, else one from its URL, else one from its bytes."""
    content = f"article-{sha256(source.raw).hexdigest()[:16]}"
    return document_id(source.document_id or source.given.url or content)


def short_hash(text: str) -> str:
    """Eight digits that tell a name from others."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]

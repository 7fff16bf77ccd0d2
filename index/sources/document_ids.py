"""Document ids: what a document is called in a URL, the same whenever the same thing is indexed again."""

import re
from hashlib import sha256

from wherefrom.index.sources.json_article import Article

SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def document_id(name: str) -> str:
    """The id of a file by its path below the folder that was indexed: the name itself where it is safe in a URL."""
    if SAFE_ID.fullmatch(name):
        return name
    readable = UNSAFE.sub("-", name).strip("-.")[:100]
    return f"{readable or 'document'}-{short_hash(name)}"


def article_id(article: Article) -> str:
    """The id of an article that was no file: its own, else its URL's, else its text's."""
    content = f"article-{sha256(article.raw).hexdigest()[:16]}"
    return document_id(article.document_id or article.given.url or content)


def short_hash(text: str) -> str:
    """Eight digits that tell a name from others."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]

"""The names of an article's fields in scrapers, feeds and tables.

Names are compared without case, spaces and punctuation: `articleBody`, `article_body` and `Article Body` are equal. If
an article has several names for one field, the first of the list counts. `docs/formats.md` lists them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

Field = Literal["text", "html", "teaser", "id", "title", "url", "publisher", "authors", "published", "language"]

ALIASES: Mapping[Field, tuple[str, ...]] = {
    "text": (
        "text", "maintext", "main_text", "articleBody", "article_text", "article_content", "full_text", "body_text",
        "body", "content", "content_text", "story", "plaintext", "cleaned_text", "text_content", "raw_text",
        "paragraphs", "article",
    ),
    "html": (
        "html", "content_html", "body_html", "html_content", "article_html", "content:encoded", "raw_html",
    ),
    "teaser": ("description", "summary", "abstract", "excerpt", "lead", "lede", "standfirst", "snippet", "teaser"),
    "id": ("id", "_id", "article_id", "document_id", "doc_id", "docid", "uuid", "guid", "news_id"),
    "title": ("title", "headline", "article_title", "heading", "news_title", "name"),
    "url": (
        "url", "link", "article_url", "canonical_url", "canonical_link", "permalink", "web_url", "page_url",
        "article_link", "news_url", "external_url", "href", "uri",
    ),
    "publisher": (
        "publisher", "publication", "publication_name", "newspaper", "outlet", "site_name", "sitename", "source_name",
        "source", "source_title", "source_hostname", "media_outlet", "source_domain", "website", "domain", "hostname",
    ),
    "authors": (
        "authors", "author", "byline", "author_name", "author_names", "creator", "dc:creator", "writer", "journalist",
    ),
    "published": (
        "published", "published_at", "date_published", "published_date", "publish_date", "date_publish",
        "published_on", "publication_date", "date_publication", "published_time", "publish_time",
        "publication_time", "article:published_time", "web_publication_date", "first_published", "pub_date",
        "date", "article_date", "news_date", "posted_at", "posted_on", "datetime", "timestamp",
    ),
    "language": ("language", "lang", "language_code", "in_language", "locale", "meta_lang"),
}  # fmt: skip
"""The names of each field, in order of precedence."""
IGNORED_CHARACTERS = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """Return the form of a name for comparisons: letters and digits, casefolded."""
    return IGNORED_CHARACTERS.sub("", name.casefold())


FIELDS: Mapping[str, tuple[Field, int]] = {
    folded(alias): (field, rank) for field, aliases in ALIASES.items() for rank, alias in enumerate(aliases)
}
"""The field of each folded name, and the rank of the name among the field's names."""
BODIES: tuple[Field, ...] = ("text", "html", "teaser")
"""The fields for an article's text, in order of precedence."""


def field_of(name: str) -> Field | None:
    """Return the field with this name, or `None`."""
    known = FIELDS.get(folded(name))
    return known[0] if known else None


def names_by_field(names: Iterator[str]) -> Mapping[Field, list[str]]:
    """Return the known names among those of an article's fields, by field and in order of precedence."""
    known: dict[Field, list[tuple[int, str]]] = {}
    for name in names:
        if (found := FIELDS.get(folded(name))) is not None:
            known.setdefault(found[0], []).append((found[1], name))
    return {field: [name for _, name in sorted(ranked, key=lambda each: each[0])] for field, ranked in known.items()}

"""JSON Schemas of articles in requests: one article as the body of a PUT, several as the body of a batch.

`wherefrom.index.sources.json_article` parses and validates articles; these schemas only describe them. Text and HTML
have separate schemas, since generated clients cannot express "one of these two fields".
"""

from typing import Any

from wherefrom.index.sources.extra_fields import EXTRA_SCHEMA
from wherefrom.index.sources.json_article import (
    MAX_ID_CHARACTERS,
    MAX_URL_CHARACTERS,
    MAX_VALUE_CHARACTERS,
)
from wherefrom.index.text.language_tags import TAG_PATTERN

REF = "#/components/schemas/"
ARTICLE: dict[str, Any] = {"$ref": f"{REF}Article"}
ARTICLE_BATCH: dict[str, Any] = {"$ref": f"{REF}ArticleBatch"}
BATCH_RESULT: dict[str, Any] = {"$ref": f"{REF}BatchResult"}
EXAMPLE = {
    "title": "Mill closed",
    "text": "The mill of Northport was closed on Monday, its owner said.\n\nIt opens in a week, she said on Monday.",
}


def article_schemas() -> dict[str, Any]:
    """Return the JSON Schemas of articles, for `components/schemas` of the OpenAPI description."""
    return {
        "TextArticle": _article("TextArticle", "text", "An article as text, with metadata that replaces what it says."),
        "HtmlArticle": _article("HtmlArticle", "html", "An article as HTML, with metadata that replaces what it says."),
        "Article": {
            "title": "Article",
            "description": "An article as text or as HTML.",
            "oneOf": [{"$ref": f"{REF}TextArticle"}, {"$ref": f"{REF}HtmlArticle"}],
        },
        "ArticleBatch": {
            "title": "ArticleBatch",
            "description": "Many articles; one that is refused does not keep the others out.",
            "type": "object",
            "properties": {"documents": {"type": "array", "title": "Documents", "items": ARTICLE}},
            "required": ["documents"],
            "additionalProperties": False,
            "examples": [{"documents": [{"id": "mill", **EXAMPLE}]}],
        },
    }


def _article(name: str, body: str, description: str) -> dict[str, Any]:
    return {
        "title": name,
        "description": description,
        "type": "object",
        "properties": {
            body: {"type": "string", "title": body.capitalize(), "description": "The source of the article."},
            "id": _text_or_null("Id", MAX_ID_CHARACTERS, "The id of the document; one is made if there is none."),
            "title": _text_or_null("Title", MAX_VALUE_CHARACTERS),
            "url": _text_or_null("Url", MAX_URL_CHARACTERS, "Begins with http:// or https://."),
            "publisher": _text_or_null("Publisher", MAX_VALUE_CHARACTERS),
            "authors": {
                "title": "Authors",
                "anyOf": [
                    {"type": "array", "items": {"type": "string", "maxLength": MAX_VALUE_CHARACTERS}},
                    {"type": "null"},
                ],
            },
            "published": {"title": "Published", "anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            "language": {
                "title": "Language",
                "description": "A language tag, such as en or pt-BR.",
                "anyOf": [{"type": "string", "pattern": f"^$|{TAG_PATTERN}"}, {"type": "null"}],
            },
            "extra": {"title": "Extra", **EXTRA_SCHEMA},
        },
        "required": [body],
        "additionalProperties": False,
        "examples": [EXAMPLE | {body: f"<p>{EXAMPLE['text']}</p>"} if body == "html" else EXAMPLE],
    }


def _text_or_null(title: str, max_length: int, description: str = "") -> dict[str, Any]:
    described = {"description": description} if description else {}
    return {
        "title": title,
        "anyOf": [{"type": "string", "maxLength": max_length}, {"type": "null"}],
        **described,
    }

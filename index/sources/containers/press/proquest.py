"""Text exports of ProQuest: named fields, the article after "Full text:", and underscores between articles."""

import re
from collections.abc import Sequence

from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.sources.containers import field_values
from wherefrom.index.sources.containers.press.text_slice import TextLine, TextSlice, lines_of, trimmed
from wherefrom.index.sources.json_article import MAX_ID_CHARACTERS
from wherefrom.index.types import Given

RULE = re.compile(r"_{20,}\Z")
FIELD = re.compile(r"([A-Z][A-Za-z/()]{1,20}(?: [A-Za-z/()]{1,20}){0,5}):(?:\s+(.*))?\Z")
FULL_TEXT = "full text"
TRAILER_FIELDS = frozenset(
    ("title", "subject", "location", "people", "company / organization", "company/organization", "classification",
     "identifier / keyword", "identifier/keyword", "author", "publication title", "pages", "first page", "volume",
     "issue", "publication year", "publication date", "section", "publisher", "place of publication",
     "country of publication", "publication subject", "issn", "source type", "language of publication", "language",
     "document type", "dateline", "proquest document id", "document url", "copyright", "last updated", "database",
     "column", "number of pages", "year", "credit", "illustration", "caption", "links", "e-issn", "supplement",
     "publication info")
)  # fmt: skip
MARKS = frozenset(("proquest document id", "document url", "publication title", "publication info"))
MIN_MARKS = 2


def find_articles(text: str) -> Sequence[TextSlice]:
    """Return the articles of an export in order, none if the text is not an export of ProQuest."""
    if "Full text:" not in text:
        return []
    articles: list[TextSlice] = []
    lines: list[TextLine] = []
    for line in lines_of(text):
        if RULE.match(line.text):
            articles += _article(text, lines)
            lines = []
        else:
            lines.append(line)
    return [*articles, *_article(text, lines)]


def _article(text: str, lines: Sequence[TextLine]) -> list[TextSlice]:
    """Return the article of an entry in a list, none if the entry has no full text."""
    values: dict[str, str] = {}
    start = end = None
    for line in lines:
        match = FIELD.match(line.text)
        name = match[1].lower() if match else ""
        if name == FULL_TEXT and start is None:
            start = line.end if not match or not match[2] else line.start + line.indent + len("Full text:")
        elif start is not None and end is None and name in TRAILER_FIELDS:
            end = line.start
        if match and (start is None or end is not None):
            values.setdefault(name, match[2] or "")
    if start is None or len(MARKS & values.keys()) < MIN_MARKS:
        return []
    first = next((line.text for line in lines if line.text), "")
    body_start, body_end = trimmed(text, start, end if end is not None else lines[-1].end)
    extra: dict[str, ExtraValue] = {
        name: value
        for name, value in (("proquest_id", values.get("proquest document id")), ("section", values.get("section")))
        if value and len(value) <= MAX_ID_CHARACTERS
    }
    publication = values.get("publication title") or values.get("publication info", "").partition(";")[0]
    given = Given(
        title=field_values.line(values.get("title") or (first if not FIELD.match(first) else None)),
        url=field_values.url(values.get("document url")),
        publisher=field_values.line(publication) or None,
        authors=field_values.authors(values.get("author")) or (),
        published=field_values.day(values.get("publication date")) or field_values.day(values.get("publication info")),
        language=field_values.language(values.get("language of publication") or values.get("language")),
        extra=extra,
    )
    return [TextSlice(start=body_start, end=max(body_start, body_end), given=given)]

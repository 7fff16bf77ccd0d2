"""Text exports of Factiva: fields with codes of two or three letters, or articles that end with a line "Document …"."""

import re
from collections.abc import Mapping, Sequence

from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.sources.containers import field_values
from wherefrom.index.sources.containers.press.text_slice import TextLine, TextSlice, lines_of, trimmed
from wherefrom.index.sources.json_article import MAX_ID_CHARACTERS
from wherefrom.index.types import Given

CODE = re.compile(
    r"(SE|CLM|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|CX|LP|TD|ART|CO|IN|NS|RE|IPD|IPC|PUB|RF|AN)(?:\s{1,20}(\S.*))?\Z"
)
FIRST_CODES = frozenset(("SE", "CLM", "HD"))
TRAILER_CODES = frozenset(("ART", "CX", "CO", "IN", "NS", "RE", "IPD", "IPC", "PUB", "RF", "AN"))
MIN_CODES = 4
"""Minimum number of distinct codes of an article of an export."""
DOCUMENT = re.compile(r"Document ([A-Z][A-Za-z0-9]{11,39})\Z")
WORD_COUNT = re.compile(r"\d[\d.,]{0,9} (?:words|Wörter|mots|palabras|parole|woorden)\Z")
COPYRIGHT = re.compile(r"(?:\(c\)|©|Copyright\b)", re.IGNORECASE)
MAX_HEADER_LINES = 15


def find_articles(text: str) -> Sequence[TextSlice]:
    """Return the articles of an export in order, none if the text is not an export of Factiva."""
    if "\nHD" in text or text.startswith("HD"):
        return _coded_articles(text)
    return _plain_articles(text) if "\nDocument " in text else []


def _coded_articles(text: str) -> Sequence[TextSlice]:
    articles: list[TextSlice] = []
    lines: list[tuple[TextLine, str | None, str]] = []
    seen: set[str] = set()
    for line in lines_of(text):
        match = CODE.match(line.text) if line.indent == 0 else None
        code, value = (match[1], match[2] or "") if match else (None, line.text)
        if code in FIRST_CODES and "HD" in seen and ("LP" in seen or "TD" in seen or "AN" in seen):
            articles += _coded_article(text, lines, seen)
            lines, seen = [], set()
        if code:
            seen.add(code)
        lines.append((line, code, value))
    return [*articles, *_coded_article(text, lines, seen)]


def _coded_article(text: str, lines: Sequence[tuple[TextLine, str | None, str]], seen: set[str]) -> list[TextSlice]:
    if "HD" not in seen or not seen & {"LP", "TD"} or len(seen) < MIN_CODES:
        return []
    values: dict[str, list[str]] = {}
    code = ""
    start = end = None
    for line, found, value in lines:
        code = found or code
        if found in ("LP", "TD") and start is None:
            start = line.end if not value else line.start + line.indent + len(found) + 1
        elif found in TRAILER_CODES and start is not None and end is None:
            end = line.start
        if start is None or end is not None:
            values.setdefault(code, []).append(value)
    if start is None:
        return []
    body_start, body_end = trimmed(text, start, end if end is not None else lines[-1][0].end)
    given = _given({name: " ".join(" ".join(parts).split()) for name, parts in values.items()})
    return [TextSlice(start=body_start, end=max(body_start, body_end), given=given)]


def _given(values: Mapping[str, str]) -> Given:
    number = values.get("AN", "").removeprefix("Document ").strip()
    extra: dict[str, ExtraValue] = {}
    if 0 < len(number) <= MAX_ID_CHARACTERS:
        extra["accession_number"] = number
    return Given(
        title=field_values.line(values.get("HD")) or None,
        publisher=field_values.line(values.get("SN")) or None,
        authors=field_values.authors(values.get("BY")) or (),
        published=field_values.day(values.get("PD")),
        language=field_values.language(values.get("LA")),
        extra=extra,
    )


def _plain_articles(text: str) -> Sequence[TextSlice]:
    articles: list[TextSlice] = []
    lines: list[TextLine] = []
    for line in lines_of(text):
        document = DOCUMENT.match(line.text)
        if document is None:
            lines.append(line)
            continue
        article = _plain_article(text, lines, line.start, document[1])
        if article is None:
            return []
        articles.append(article)
        lines = []
    return articles


def _plain_article(text: str, lines: Sequence[TextLine], end: int, number: str) -> TextSlice | None:
    """Return the article above a line "Document …", or `None` if it does not have a header of Factiva."""
    written = [line for line in lines if line.text]
    head = written[:MAX_HEADER_LINES]
    count = next((index for index, line in enumerate(head) if WORD_COUNT.match(line.text)), None)
    last = next((index for index, line in enumerate(head) if COPYRIGHT.match(line.text)), None)
    if count is None or last is None or last < count or count == 0:
        return None
    above, between = head[:count], head[count + 1 : last]
    byline = above[-1].text if len(above) > 1 else None
    dated = next((index for index, line in enumerate(between) if field_values.day(line.text)), None)
    publisher = next(
        (line.text for line in between[(dated or 0) + 1 :] if not re.fullmatch(r"\d{1,2}:\d\d.*", line.text)), None
    )
    start, stop = trimmed(text, head[last].end, end)
    titles = above[:-1] if byline else above
    return TextSlice(
        start=start,
        end=max(start, stop),
        given=Given(
            title=field_values.line(" ".join(line.text for line in titles)) or None,
            publisher=field_values.line(publisher),
            authors=field_values.authors(byline) or (),
            published=field_values.day(between[dated].text) if dated is not None else None,
            language=next(filter(None, (field_values.LANGUAGES.get(line.text.lower()) for line in between)), None),
            extra={"accession_number": number},
        ),
    )

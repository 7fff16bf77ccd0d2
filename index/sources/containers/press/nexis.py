"""Text exports of Nexis: documents numbered as "2 of 3 DOCUMENTS", or each ended by a line "End of Document"."""

import re
from collections.abc import Sequence

from wherefrom.index.sources.containers import field_values
from wherefrom.index.sources.containers.press.text_slice import TextLine, TextSlice, lines_of, trimmed
from wherefrom.index.types import Given

COUNT = re.compile(
    r"^[^\S\r\n]*(?:(?:Dokument|Document|Documento) \d{1,5} (?:of|von|de|di) \d{1,5}"
    r"|\d{1,5} (?:of|von|de|di) \d{1,5} (?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS?|DOCUMENTI?))[^\S\r\n]*\r?$",
    re.MULTILINE,
)
END = re.compile(
    r"^[^\S\r\n]*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)[^\S\r\n]*\r?$", re.MULTILINE
)
FIELD = re.compile(r"([A-Z][A-Za-z]{2,20}(?:[ -][A-Za-z]{2,20}){0,2}):(?:\s+(.*))?\Z")
HEADER_FIELDS = frozenset(
    ("headline", "byline", "section", "length", "dateline", "highlight", "body", "series", "source", "column", "title",
     "rubrik", "länge", "autor", "rubrique", "longueur", "auteur", "signature", "edition", "page", "author")
)  # fmt: skip
TRAILER_FIELDS = frozenset(
    ("load-date", "language", "publication-type", "publication type", "journal-code", "document-type", "graphic",
     "subject", "organization", "company", "ticker", "industry", "person", "city", "state", "country", "geographic",
     "update", "update-date", "correction", "correction-date", "correction date", "distribution", "type", "notes",
     "acc-no", "classification", "copyright", "publication-subject", "load date", "pub-type", "enhancement")
)  # fmt: skip
TRAILER_LINE = re.compile(
    r"(?:Copyright\b|©|\(c\)\s|All Rights Reserved|Classification\Z|Graphic\Z|Notes\Z|Load-Date\b)", re.IGNORECASE
)
BODY_LINE = re.compile(r"(?:Body|Text|Volltext|Corps|Cuerpo)\Z")
COPYRIGHT = re.compile(r"\s*(?:Copyright\b|©|\(c\)\s|All Rights Reserved)", re.IGNORECASE)
CENTRED_INDENT = 6
MAX_HEADER_LINES = 60
MAX_DATE_WORDS = 12


def find_articles(text: str) -> Sequence[TextSlice]:
    """Return the articles of an export in order, none if the text is not an export of Nexis."""
    counts = list(COUNT.finditer(text))
    if counts:
        starts = [match.end() for match in counts]
        ends = [*(match.start() for match in counts[1:]), len(text)]
        return [_counted(text, start, end) for start, end in zip(starts, ends, strict=True)]
    ends = [match.start() for match in END.finditer(text)]
    starts = [0, *(match.end() for match in END.finditer(text))]
    return [_closed(text, start, end) for start, end in zip(starts, ends, strict=False)]


def _counted(text: str, start: int, end: int) -> TextSlice:
    """Return a numbered document, which has its publisher, date and headline above its fields."""
    lines = list(lines_of(text, start, end))
    body = _body_start(lines)
    head = [line for line in lines[:body] if line.text]
    fields = _fields(head)
    plain = [line for line in head if not FIELD.match(line.text) and not COPYRIGHT.match(line.text)]
    flush = [line for line in plain if line.indent < CENTRED_INDENT]
    centred = [line for line in plain if line.indent >= CENTRED_INDENT] or plain
    dated = next((line for line in plain if _is_dated(line)), None)
    publisher = next((line.text for line in centred if line is not dated), None)
    under_date = plain[plain.index(dated) + 1 :] if dated else plain[1:]
    below = flush if len(flush) < len(plain) else under_date
    headline = fields.get("headline") or fields.get("title") or _first_paragraph(below)
    return _slice(
        text, lines, body, end, title=headline, publisher=publisher, date=dated.text if dated else None, fields=fields
    )


def _closed(text: str, start: int, end: int) -> TextSlice:
    """Return an ended document, which has its headline, publisher and date on lines above the line "Body"."""
    lines = list(lines_of(text, start, end))
    marks = [index for index, line in enumerate(lines) if BODY_LINE.match(line.text)]
    body = marks[0] + 1 if marks else _body_start(lines)
    head = [line for line in lines[:body] if line.text]
    dates = [index for index, line in enumerate(head) if _is_dated(line) and not FIELD.match(line.text)]
    above = head[: dates[0]] if dates else head
    title = above[-2].text if len(above) > 1 else None
    publisher = above[-1].text if above else None
    date = head[dates[0]].text if dates else None
    return _slice(text, lines, body, end, title=title, publisher=publisher, date=date, fields=_fields(head))


def _slice(
    text: str,
    lines: Sequence[TextLine],
    body: int,
    end: int,
    *,
    title: str | None,
    publisher: str | None,
    date: str | None,
    fields: dict[str, str],
) -> TextSlice:
    trailer = next((line.start for line in lines[body:] if _is_trailer(line.text)), end)
    body_start = lines[body].start if body < len(lines) else trailer
    start, stop = trimmed(text, min(body_start, trailer), trailer)
    byline = fields.get("byline") or fields.get("author") or fields.get("autor") or fields.get("auteur")
    matches = (FIELD.match(line.text) for line in lines)
    language = next((match[2] for match in matches if match and match[1].lower() == "language"), None)
    return TextSlice(
        start=start,
        end=max(start, stop),
        given=Given(
            title=field_values.line(title),
            publisher=field_values.line(publisher),
            authors=field_values.authors(byline) or (),
            published=field_values.day(date),
            language=field_values.language((language or "").split(";")[0]),
        ),
    )


def _body_start(lines: Sequence[TextLine]) -> int:
    """Return the index of the first line below the last field of the header."""
    last = None
    for index, line in enumerate(lines[:MAX_HEADER_LINES]):
        match = FIELD.match(line.text)
        if match and match[1].lower() in HEADER_FIELDS:
            last = index
        elif last is not None and line.text and not lines[index - 1].text and index - last > 1:
            break
    if last is None:
        return _below_date(lines)
    is_body = (FIELD.match(lines[last].text) or [""] * 2)[1].lower() == "body"
    index = last + 1
    while not is_body and index < len(lines) and lines[index].text:  # a value of several lines
        index += 1
    return index


def _below_date(lines: Sequence[TextLine]) -> int:
    """Return the index below the headline of a document without fields: the second paragraph below its date."""
    dated = next((index for index, line in enumerate(lines[:MAX_HEADER_LINES]) if _is_dated(line)), 0)
    index = dated + 1
    while index < len(lines) and not lines[index].text:
        index += 1
    while index < len(lines) and lines[index].text:
        index += 1
    return index


def _fields(head: Sequence[TextLine]) -> dict[str, str]:
    """Return the fields of a header by lower-case name; a headline continues on the lines below it."""
    fields: dict[str, str] = {}
    name = ""
    for line in head:
        match = FIELD.match(line.text)
        if match:
            name = match[1].lower()
            fields.setdefault(name, match[2] or "")
        elif name == "headline":
            fields[name] = f"{fields[name]} {line.text}".strip()
    return fields


def _first_paragraph(lines: Sequence[TextLine]) -> str | None:
    """Return the text of the first lines without a blank line between them, or `None`."""
    parts: list[str] = []
    end = None
    for line in lines:
        if end is not None and line.start != end:
            break
        parts.append(line.text)
        end = line.end
    return " ".join(parts) or None


def _is_dated(line: TextLine) -> bool:
    return len(line.text.split()) <= MAX_DATE_WORDS and field_values.day(line.text) is not None


def _is_trailer(text: str) -> bool:
    match = FIELD.match(text)
    return bool(TRAILER_LINE.match(text)) or (match is not None and match[1].lower() in TRAILER_FIELDS)

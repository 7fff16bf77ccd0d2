"""Converts one article from a scraper, a mapping of names to values, to a RawSource.

Unlike `json_article.parse_article`, which reads Wherefrom's own format and refuses everything else, it knows the field
names of other programs, and keeps unknown fields as `extra`. A `FieldTally` counts the fields that were kept and left
out, so that a file of many articles has one note on them.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from wherefrom.index.errors import SourceRejected
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.sources.containers import field_values
from wherefrom.index.sources.containers.scraped.field_aliases import ALIASES, BODIES, Field, field_of, names_by_field
from wherefrom.index.sources.extra_fields import MAX_FIELDS, parse_extra
from wherefrom.index.sources.json_article import FIELDS as OWN_FIELDS
from wherefrom.index.sources.json_article import parse_article
from wherefrom.index.sources.markup_detection import is_html_fragment, is_html_page
from wherefrom.index.sources.read_result import SourceNote, listed
from wherefrom.index.types import Given, MediaType, RawSource

EXTRA = "extra"
MAX_NAMES_SHOWN = 12
PLACE = re.compile(r":\d+\Z")
CUT_SHORT = re.compile(r"\[\+[\d,]+ chars\]\s*\Z")
"""The text by which a news API replaces the rest of an article."""
Converter = Callable[[object], object]
CONVERTERS: Mapping[Field, Converter] = {
    "id": field_values.identifier,
    "title": field_values.title,
    "url": field_values.url,
    "publisher": field_values.publisher,
    "authors": field_values.authors,
    "published": field_values.day,
    "language": field_values.language,
}


@dataclass(slots=True)
class FieldTally:
    """Counts, by field name, of the values in a file's articles that were not used as known fields."""

    kept: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    second: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def notes(self, source: str) -> Iterator[SourceNote]:
        """Yield one note with all counts, if there are any."""
        parts = [
            f"{text}: {listed(counts)}"
            for text, counts in (
                ("unknown fields, kept as extra", self.kept),
                ("values that are not what their field holds, kept as extra", self.unread),
                ("second values of a field, kept as extra", self.second),
                ("left out, since extra holds short values only", self.left_out),
            )
            if counts
        ]
        if parts:
            yield SourceNote(source=source, text="; ".join(parts))


def parse_scraped(value: object, *, source: str, tally: FieldTally, own_names_are_strict: bool = True) -> RawSource:
    """Return the article in a decoded object, named `source`. Raise SourceRejected, naming the invalid field.

    A field with Wherefrom's own name must be valid, unless `own_names_are_strict` is false; an invalid value under
    another name is kept as `extra`. Extra fields are counted in `tally` if the article is accepted.
    """
    if not isinstance(value, dict):
        raise SourceRejected(source, "an article must be a JSON object")
    article = _Article(value, source, tally if own_names_are_strict else None)
    result = article.read()
    for total, found in zip(
        (tally.kept, tally.unread, tally.second, tally.left_out),
        (article.tally.kept, article.tally.unread, article.tally.second, article.tally.left_out),
        strict=True,
    ):
        total.update(found)
    return result


def has_text(value: object) -> bool:
    """Return whether a decoded object has a field with an article's text."""
    return isinstance(value, dict) and any(
        field_of(name) in BODIES for name, content in value.items() if not field_values.is_empty(content)
    )


class _Article:
    """The state of reading the fields of one article."""

    def __init__(self, value: Mapping[str, object], source: str, strict: FieldTally | None) -> None:
        self._row = {name: content for name, content in value.items() if not field_values.is_empty(content)}
        self._empty = [name for name in value if name not in self._row]
        self._source = source
        self._is_strict = strict is not None
        self._names = names_by_field(iter(name for name in self._row if name != EXTRA))
        self._left: dict[str, object] = {}
        self.tally = FieldTally()

    def read(self) -> RawSource:
        """Return the article. Raise SourceRejected."""
        name, text, media_type = self._body()
        known = {field: self._value(field) for field in CONVERTERS}
        if known["url"] is None:
            known["url"] = self._url_in_source()
        self._check_own_fields(name)
        cut_short = CUT_SHORT.search(text) is not None
        is_teaser = field_of(name) == "teaser"
        return RawSource(
            name=self._source,
            raw=self._encoded(name, text),
            media_type=media_type,
            document_id=self._document_id(known["id"]),
            given=Given(
                title=_as_text(known["title"]),
                url=_as_text(known["url"]),
                publisher=_as_text(known["publisher"]),
                authors=known["authors"] if isinstance(known["authors"], tuple) else (),
                published=known["published"] if isinstance(known["published"], date) else None,
                language=_as_text(known["language"]),
                extra=self._extra(),
            ),
            warnings=tuple(_teaser_warnings(name, is_teaser=is_teaser, cut_short=cut_short)),
        )

    def _body(self) -> tuple[str, str, MediaType]:
        """Return the name of the body's field, the body, and its media type; other bodies are kept as extra fields."""
        names = [name for kind in BODIES for name in self._names.get(kind, ())]
        found: tuple[str, str, MediaType] | None = None
        for name in names:
            text, is_html = _body_text(self._row[name])
            if found is None and text is None and self._is_strict and name in OWN_FIELDS:
                raise SourceRejected(self._source, f"{name}: it must be a string")
            if found is not None or text is None:
                self._left[name] = self._row[name]
                (self.tally.unread if found is None else self.tally.second)[name] += 1
                continue
            is_html |= field_of(name) == "html" or is_html_fragment(text) or is_html_page(text)
            found = name, text, "text/html" if is_html else "text/plain"
        if found is None:
            raise self._without_body()
        return found

    def _without_body(self) -> SourceRejected:
        for kind in BODIES:
            blank = [name for name in self._empty if field_of(name) == kind]
            if blank:
                return SourceRejected(self._source, f"{blank[0]}: the text is empty")
        names = ", ".join(sorted(self._row)[:MAX_NAMES_SHOWN]) or "none"
        usual = ", ".join(ALIASES["text"][:9])
        reason = f"no field holds a text; its fields are {names}; a text is looked for in {usual} and their like"
        return SourceRejected(self._source, reason)

    def _value(self, field: Field) -> object:
        """Return the first valid value of a field; other values are kept as extra fields unless they are equal."""
        chosen: object = None
        for name in self._names.get(field, ()):
            content = field_values.unwrapped(self._row[name])
            value = CONVERTERS[field](content)
            if value is None:
                self._left[name] = content
                self.tally.unread[name] += 1
            elif chosen is None:
                chosen = value
            elif value != chosen:
                self._left[name] = content
                self.tally.second[name] += 1
        return chosen

    def _document_id(self, identifier: object) -> str | None:
        """Return the article's id; a mere number, unique only in its file, is prefixed with the file's name."""
        if not isinstance(identifier, str) or not identifier:
            return None
        is_own = self._is_strict and isinstance(self._row.get("id"), str)
        if is_own or not identifier.isdigit():
            return identifier
        file = PurePath(PLACE.sub("", self._source)).name
        return f"{file}-{identifier}"

    def _url_in_source(self) -> str | None:
        """Return a URL in a field for the publisher's name, where some scrapers write it."""
        for name in self._names.get("publisher", ()):
            found = field_values.url(field_values.unwrapped(self._row[name]))
            if found is not None and name in self._left:
                del self._left[name]
                del self.tally.unread[name]
                return found
        return None

    def _check_own_fields(self, body: str) -> None:
        """Raise SourceRejected if a field with Wherefrom's own name has an invalid value."""
        if not self._is_strict:
            return
        wrong = {name: self._row[name] for name in self._left if name in OWN_FIELDS and self.tally.unread[name]}
        for lenient in ("language", "authors"):  # scrapers also write names of languages and addresses there
            if isinstance(wrong.get(lenient), str):
                del wrong[lenient]
        if wrong:
            parse_article({"text": "", **wrong} if body not in wrong else wrong, source=self._source)

    def _extra(self) -> Mapping[str, ExtraValue]:
        """Return the extra fields: those given as such, unused values of known fields, and unknown fields."""
        given = dict(parse_extra(self._row.get(EXTRA), self._source))
        known = {name for names in self._names.values() for name in names}
        unknown = {name: content for name, content in self._row.items() if name not in known and name != EXTRA}
        for name, content in (*self._left.items(), *unknown.items()):
            try:
                parsed = parse_extra({name: field_values.unwrapped(content)}, self._source)
            except SourceRejected:
                parsed = {}
            if not parsed or name in given or len(given) >= MAX_FIELDS:
                self._forget(name)
                self.tally.left_out[name] += 1
                continue
            given.update(parsed)
            if name in unknown:
                self.tally.kept[name] += 1
        return given

    def _forget(self, name: str) -> None:
        for counts in (self.tally.unread, self.tally.second):
            counts.pop(name, None)

    def _encoded(self, name: str, text: str) -> bytes:
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            reason = f"{name}: it holds half a character (a lone surrogate) at {error.start}"
            raise SourceRejected(self._source, reason) from error


def _body_text(value: object) -> tuple[str | None, bool]:
    """Return a body and whether it is declared as HTML; paragraphs in a list are joined by blank lines."""
    is_html = isinstance(value, dict) and "rendered" in value
    content = field_values.unwrapped(value)
    if isinstance(content, list) and all(isinstance(part, str) for part in content):
        content = "\n\n".join(str(part) for part in content)
    return (content if isinstance(content, str) else None), is_html


def _as_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _teaser_warnings(name: str, *, is_teaser: bool, cut_short: bool) -> Iterator[str]:
    if is_teaser:
        yield f"it has no text but a teaser, in {name}"
    if cut_short:
        yield f"its text was cut short before it came here, in {name}"

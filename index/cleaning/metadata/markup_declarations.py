"""Where a page's markup declares something of the page, in the order in which the kinds of markup are trusted.

The canonical link, JSON-LD, OpenGraph, `meta`, `time` and other elements marked as a date, headings, the title.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from wherefrom.index.cleaning.dates import declared_day
from wherefrom.index.cleaning.metadata.json_ld import Said, read_json_ld
from wherefrom.index.cleaning.metadata.meta_names import META, OPENGRAPH
from wherefrom.index.cleaning.offset_map import Places
from wherefrom.index.sources.html_text_runs import trimmed
from wherefrom.index.sources.html_tokenizer import Token
from wherefrom.index.types import Span


def declarations(text: str, markup: Sequence[Token]) -> Iterator[tuple[str, str, Sequence[Said]]]:
    """Every declaration in the order of trust: origin, field, values."""
    yield from _links(text, markup)
    for name, values in read_json_ld(text, _json_ld_scripts(text, markup)).items():
        yield "json-ld", name, values
    metas = list(_metas(text, markup))
    for origin, names in (("opengraph", OPENGRAPH), ("meta", META)):
        grouped: defaultdict[str, list[Said]] = defaultdict(list)
        for key, said in metas:
            if key in names:
                grouped[key].append(said)
        for key in names:  # in the table's order; of one kind the first stands for a field of one value
            if grouped[key]:
                yield origin, names[key], grouped[key] if names[key] == "authors" else grouped[key][:1]
    yield from _times(text, markup)
    yield from _headings(text, markup)


def _json_ld_scripts(text: str, markup: Sequence[Token]) -> Iterator[Span]:
    ld = False
    for token in markup:
        if token.kind == "open" and token.name == "script":
            ld = "ld+json" in (token.value(text, "type") or "").lower()
        elif token.kind == "raw" and token.name == "script" and ld:
            yield Span(start=token.start, end=token.end)


def _metas(text: str, markup: Sequence[Token]) -> Iterator[tuple[str, Said]]:
    for token in markup:
        if token.kind == "open" and token.name == "meta":
            said = _said(text, token, "content")
            keys = [token.value(text, attribute) or "" for attribute in ("property", "name", "itemprop")]
            if said is not None:
                for key in " ".join(keys).lower().split():
                    yield key, said


def _times(text: str, markup: Sequence[Token]) -> Iterator[tuple[str, str, Sequence[Said]]]:
    """Dates of elements that are marked as the publication, by attribute or as text, unless they disagree."""
    found = [
        said
        for at, token in enumerate(markup)
        if token.kind == "open" and token.name != "meta" and _is_publication(text, token)
        if (said := _said(text, token, "datetime") or _said(text, token, "content") or _content(text, markup, at))
    ]
    if len({declared_day(said.value) for said in found}) == 1:
        yield "time", "published", found[:1]


def _is_publication(text: str, token: Token) -> bool:
    classes = (token.value(text, "class") or "").lower().split()
    marked = "datepublished" in (token.value(text, "itemprop") or "").lower().split()
    return marked or token.span("pubdate") is not None or ("published" in classes and "updated" not in classes)


def _content(text: str, markup: Sequence[Token], at: int) -> Said | None:
    """The text that follows right after a tag."""
    after = markup[at + 1] if at + 1 < len(markup) else None
    if after is None or after.kind != "text":
        return None
    return _said_at(text, trimmed(text, [Span(start=after.start, end=after.end)]))


def _links(text: str, markup: Sequence[Token]) -> Iterator[tuple[str, str, Sequence[Said]]]:
    for token in markup:
        if token.kind == "open" and token.name == "link" and (token.value(text, "rel") or "").lower() == "canonical":
            said = _said(text, token, "href")
            if said:
                yield "canonical", "url", [said]


def _headings(text: str, markup: Sequence[Token]) -> Iterator[tuple[str, str, Sequence[Said]]]:
    """The page's first heading, where it has only one of that rank, and else its title."""
    headings = main_headings(text, markup)
    if len(headings) == 1:
        yield "h1", "title", headings
    for token in markup:
        if token.kind == "raw" and token.name == "title":
            yield "title", "title", [_said_at(text, (Span(start=token.start, end=token.end),))]
            return


def main_headings(text: str, markup: Sequence[Token]) -> list[Said]:
    """What stands in headings of the first rank, where something does."""
    found: list[Said] = []
    spans: list[Span] | None = None
    for token in markup:
        if token.name == "h1" and token.kind == "open":
            spans = []
        elif token.name == "h1" and token.kind == "close" and spans is not None:
            found.append(_said_at(text, trimmed(text, spans)))
            spans = None
        elif token.kind == "text" and spans is not None:
            spans.append(Span(start=token.start, end=token.end))
    return [said for said in found if said.value]


def _said(text: str, token: Token, attribute: str) -> Said | None:
    span, value = token.span(attribute), token.value(text, attribute)
    return Said(value=value, span=span) if span and value else None


def _said_at(text: str, spans: tuple[Span, ...]) -> Said:
    places = Places.of(text, spans, "text/html")
    whole = Span(start=spans[0].start, end=spans[-1].end) if spans else Span(start=0, end=0)
    return Said(value=places.text, span=whole)

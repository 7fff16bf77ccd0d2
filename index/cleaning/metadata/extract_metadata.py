"""The metadata of a page: the values that its markup declares, or else those that the rules find in its text."""

from collections.abc import Mapping, Sequence

from wherefrom.index.cleaning.metadata.agency import find_agency
from wherefrom.index.cleaning.metadata.authors import find_authors
from wherefrom.index.cleaning.metadata.markup.declared_values import DeclaredField
from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page
from wherefrom.index.cleaning.metadata.publication_date import find_publication_date
from wherefrom.index.cleaning.metadata.publisher import find_publisher
from wherefrom.index.cleaning.metadata.several_articles import holds_for_page
from wherefrom.index.cleaning.metadata.shown_day import find_shown_day
from wherefrom.index.cleaning.metadata.site_names import without_site_name
from wherefrom.index.cleaning.metadata.title import find_title
from wherefrom.index.text.dates import parse_declared_date
from wherefrom.index.types import Metadata, Span

FIELDS = ("title", "publisher", "agency", "authors", "published", "url", "language")
FIELDS_OF_ARTICLES = frozenset(("authors", "published"))
ORIGINS_IN_ARTICLES = frozenset(("time", "byline"))
MAX_BLOCKS_ABOVE = 20
RULE_BY_FIELD = {
    "title": "title",
    "publisher": "masthead",
    "agency": "credit",
    "authors": "byline",
    "published": "stamp",
}


def extract_metadata(page: Page) -> tuple[Metadata, dict[int, str]]:
    """Return the metadata of a page, and the rule of each dropped block that a value comes from, by block index."""
    found = _find_in_text(page)
    declared = {name: field for name, field in page.declared.items() if not _is_outdone(name, field, found)}
    matches = {name: match for name, match in found.items() if name not in declared}
    declared = {name: field for name, field in declared.items() if _is_of_page(page, name, field)}
    matches = {name: match for name, match in matches.items() if _is_in_text_of_page(page, name, match)}
    values: dict[str, list[str]] = {name: [match.value for match in found] for name, found in matches.items()}
    values |= {name: [each.value for each in field.values] for name, field in declared.items()}
    if "title" in declared and "publisher" in matches:
        values["title"] = [without_site_name(title, values["publisher"]) for title in values["title"]]
    spans = {name: tuple(span for match in found for span in match.spans) for name, found in matches.items()}
    spans |= {name: tuple(each.span for each in field.values) for name, field in declared.items()}
    origins = dict.fromkeys(matches, "text") | {name: field.origin for name, field in declared.items()}
    first = {name: values[name][0] if name in values else None for name in FIELDS}
    metadata = Metadata(
        title=first["title"],
        publisher=first["publisher"],
        agency=first["agency"],
        authors=tuple(values.get("authors", ())),
        published=parse_declared_date(first["published"]) if first["published"] else None,
        url=first["url"],
        language=first["language"],
        origins=origins,
        evidence=_distinct(spans),
    )
    return metadata, _rules_of_values(page, matches, first["title"])


def _find_in_text(page: Page) -> dict[str, tuple[MetadataMatch, ...]]:
    """Return the matches of the rules in the text, by field; fields without a match are left out."""
    title = find_title(page)
    title_index = title.block_index if title else _marked_headline(page)
    fields = {
        "title": _as_tuple(title),
        "publisher": _as_tuple(find_publisher(page, title_index)),
        "agency": _as_tuple(find_agency(page)),
        "authors": find_authors(page, title_index),
        "published": _as_tuple(_find_day(page, title_index)),
    }
    return {name: found for name, found in fields.items() if found}


def _is_outdone(name: str, field: DeclaredField, found: Mapping[str, tuple[MetadataMatch, ...]]) -> bool:
    """Return whether the text has a better value: the day in the page's own time zone, or a longer byline."""
    if name == "published":
        return name in found
    others = {match.value for match in found.get(name, ())}
    return name == "authors" and field.origin == "byline" and {each.value for each in field.values} < others


def _is_of_page(page: Page, name: str, field: DeclaredField) -> bool:
    """Return whether a declared value is that of the page, not of one of several articles on it."""
    if field.origin not in ORIGINS_IN_ARTICLES:
        return True
    return _holds(page, name, [each.value for each in field.values], [each.span for each in field.values])


def _is_in_text_of_page(page: Page, name: str, found: Sequence[MetadataMatch]) -> bool:
    return _holds(page, name, [each.value for each in found], [span for each in found for span in each.spans])


def _holds(page: Page, name: str, values: Sequence[str], spans: Sequence[Span]) -> bool:
    if name not in FIELDS_OF_ARTICLES:
        return True
    days = frozenset(day for value in values if (day := parse_declared_date(value)))
    return holds_for_page(page, days if name == "published" else frozenset(values), spans)


def _find_day(page: Page, title_index: int | None) -> MetadataMatch | None:
    """Return the date in the text; if one is declared, only the day of the same moment in the page's own time zone."""
    if "published" not in page.declared:
        published = find_publication_date(page, title_index)
        return published.match if published else None
    headline = page.declared["title"].values[0].value if "title" in page.declared else None
    titles = (index for index in page.blocks_above(MAX_BLOCKS_ABOVE) if page.blocks[index].text == headline)
    return find_shown_day(page, page.declared["published"].values[0].value, next(titles, title_index))


def _marked_headline(page: Page) -> int | None:
    """Return the index of the nearest block above the body that the markup marks as the headline, or `None`."""
    return next((index for index in page.blocks_above(MAX_BLOCKS_ABOVE) if page.rules[index] == "title"), None)


def _distinct(spans: dict[str, tuple[Span, ...]]) -> dict[str, tuple[Span, ...]]:
    """Return the spans of each field without repetitions; several authors may have the same span."""
    return {name: tuple(dict.fromkeys(each)) for name, each in spans.items()}


def _rules_of_values(page: Page, matches: dict[str, tuple[MetadataMatch, ...]], title: str | None) -> dict[int, str]:
    rules = {match.block_index: RULE_BY_FIELD[name] for name, found in matches.items() for match in found}
    rules |= {index: "title" for index, block in enumerate(page.blocks) if title and block.text == title}
    return {index: rule for index, rule in rules.items() if page.rules[index] is not None}


def _as_tuple(match: MetadataMatch | None) -> tuple[MetadataMatch, ...]:
    return (match,) if match else ()

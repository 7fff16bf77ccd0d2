"""What a page says of itself: what its markup declares, else what the rules for each field read from its text."""

from wherefrom.index.cleaning.dates import declared_day
from wherefrom.index.cleaning.metadata.agency import find_agency
from wherefrom.index.cleaning.metadata.authors import find_authors
from wherefrom.index.cleaning.metadata.page import Found, Page
from wherefrom.index.cleaning.metadata.publication_date import publication_date
from wherefrom.index.cleaning.metadata.publisher import find_publisher
from wherefrom.index.cleaning.metadata.title import find_title
from wherefrom.index.types import Metadata, Span

FIELDS = ("title", "publisher", "agency", "authors", "published", "url")
USES = {"title": "title", "publisher": "masthead", "agency": "credit", "authors": "byline", "published": "stamp"}


def read_metadata(page: Page) -> tuple[Metadata, dict[int, str]]:
    """The metadata of a page, and for each dropped block that a value was read from the name of its rule."""
    read = {name: found for name, found in _read(page).items() if name not in page.declared}
    values: dict[str, list[str]] = {name: [found.value for found in each] for name, each in read.items()}
    values |= {name: [said.value for said in each.values] for name, each in page.declared.items()}
    spans = {name: tuple(found.span for found in each) for name, each in read.items()}
    spans |= {name: tuple(said.span for said in each.values) for name, each in page.declared.items()}
    origins = dict.fromkeys(read, "text") | {name: each.origin for name, each in page.declared.items()}
    one = {name: values[name][0] if name in values else None for name in FIELDS}
    metadata = Metadata(
        title=one["title"],
        publisher=one["publisher"],
        agency=one["agency"],
        authors=tuple(values.get("authors", ())),
        published=declared_day(one["published"]) if one["published"] else None,
        url=one["url"],
        origins=origins,
        evidence=_distinct(spans),
    )
    return metadata, _uses(page, read, one["title"])


def _read(page: Page) -> dict[str, tuple[Found, ...]]:
    """What the rules find in the text, by field. Of HTML no date is read but a declared one."""
    title = find_title(page)
    title_at = title.at if title else None
    published = publication_date(page, title_at) if page.blocks[0].media_type == "text/plain" else None
    fields = {
        "title": _some(title),
        "publisher": _some(find_publisher(page, title_at)),
        "agency": _some(find_agency(page)),
        "authors": find_authors(page, title_at),
        "published": _some(published.found if published else None),
    }
    return {name: found for name, found in fields.items() if found}


def _distinct(spans: dict[str, tuple[Span, ...]]) -> dict[str, tuple[Span, ...]]:
    """The spans without repetition: several authors may be named in one place."""
    return {name: tuple(dict.fromkeys(each)) for name, each in spans.items()}


def _uses(page: Page, read: dict[str, tuple[Found, ...]], title: str | None) -> dict[int, str]:
    uses = {found.at: USES[name] for name, each in read.items() for found in each}
    uses |= {at: "title" for at, block in enumerate(page.blocks) if title and block.text == title}
    return {at: rule for at, rule in uses.items() if page.rules[at] is not None}


def _some(found: Found | None) -> tuple[Found, ...]:
    return (found,) if found else ()

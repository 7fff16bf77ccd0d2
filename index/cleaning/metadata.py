"""What a page says of itself, put together from the rules for each field, with the place each value stands at."""

from index.cleaning.agency import find_agency
from index.cleaning.authors import find_authors
from index.cleaning.page import Found, Page
from index.cleaning.published import publication_date
from index.cleaning.publisher import find_publisher
from index.cleaning.title import find_title
from index.types import Metadata, Span


def read_metadata(page: Page) -> tuple[Metadata, dict[int, str]]:
    """The metadata of a page, and for each dropped block that a value was read from the name of its rule."""
    title = find_title(page)
    title_at = title.at if title else None
    published = publication_date(page, title_at)
    fields: dict[str, tuple[Found, ...]] = {
        "title": (title,) if title else (),
        "publisher": _some(find_publisher(page, title_at)),
        "agency": _some(find_agency(page)),
        "authors": find_authors(page, title_at),
        "published": (published.found,) if published else (),
    }
    metadata = Metadata(
        title=_value(fields["title"]),
        publisher=_value(fields["publisher"]),
        agency=_value(fields["agency"]),
        authors=tuple(found.value for found in fields["authors"]),
        published=published.day if published else None,
        origins={name: "text" for name, values in fields.items() if values},
        evidence={name: _spans(values) for name, values in fields.items() if values},
    )
    return metadata, _uses(page, fields)


def _uses(page: Page, fields: dict[str, tuple[Found, ...]]) -> dict[int, str]:
    names = {"title": "title", "publisher": "masthead", "agency": "credit", "authors": "byline", "published": "stamp"}
    uses = {found.at: names[name] for name, values in fields.items() for found in values}
    for found in fields["title"]:
        uses |= {at: "title" for at, block in enumerate(page.blocks) if block.text == found.value}
    return {at: rule for at, rule in uses.items() if page.rules[at] is not None}


def _some(found: Found | None) -> tuple[Found, ...]:
    return (found,) if found else ()


def _value(values: tuple[Found, ...]) -> str | None:
    return values[0].value if values else None


def _spans(values: tuple[Found, ...]) -> tuple[Span, ...]:
    return tuple(found.span for found in values)

"""Labels next to dates: whether they mark the publication date or another one."""

import re

from wherefrom.index.cleaning.languages.phrases import phrase_pattern

LABEL = re.compile(r"\b(?:published|posted|publication date|released|pubdate|date published)\b", re.IGNORECASE)
NOT_PUBLISHED = re.compile(
    r"\b(?:updat\w*|modif\w*|edit(?:ed|ion)|revis\w*|amended|corrected|changed|access\w*|expir\w*|retriev\w*|photo|image|picture|taken|file|until|since|from|event|born|copyright)\b"
    r"|©|\(c\)",
    re.IGNORECASE,
)


def is_publication_label(text: str) -> bool:
    """Return whether the words before a date label it as the publication date."""
    return bool(LABEL.search(text) or phrase_pattern("published").search(text.casefold()))


def names_other_date(text: str) -> bool:
    """Return whether the words before a date label it as another date: of a change, a photo or an event."""
    return bool(NOT_PUBLISHED.search(text) or phrase_pattern("updated").search(text.casefold()))

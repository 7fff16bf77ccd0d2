"""The name of a site at the beginning or the end of a page title, which is not part of the headline."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

SEPARATOR = re.compile(r"\s+[-\u2013\u2014|·•»«/]+\s+|\s*[|»]\s*")
NOT_ALPHANUMERIC = re.compile(r"[^\w]+")
MIN_TITLE_WORDS = 2
MAX_PARTS = 3


def without_site_name(title: str, names: Iterable[str]) -> str:
    """Return a title without these names of the site at its ends, if at least MIN_TITLE_WORDS are left."""
    known = {_normal(name) for name in names} - {""}
    for _ in range(MAX_PARTS):
        shorter = _without_last(title, known) or _without_first(title, known)
        if shorter is None or len(shorter.split()) < MIN_TITLE_WORDS:
            break
        title = shorter
    return title


def names_of_host(url: str | None) -> list[str]:
    """Return the names of a site by its URL: the host, and the first label of the host."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return []
    host = host.removeprefix("www.").removeprefix("m.")
    return [host, host.partition(".")[0]] if "." in host else []


def _without_last(title: str, known: set[str]) -> str | None:
    *_, last = [None, *SEPARATOR.finditer(title)]
    return title[: last.start()] if last and _normal(title[last.end() :]) in known else None


def _without_first(title: str, known: set[str]) -> str | None:
    first = SEPARATOR.search(title)
    return title[first.end() :] if first and _normal(title[: first.start()]) in known else None


def _normal(name: str) -> str:
    return NOT_ALPHANUMERIC.sub("", name.casefold().removeprefix("the "))

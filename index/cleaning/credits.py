"""Who wrote a document: authors from a byline, and the news agency it says it comes from.

A photograph's agency or author is not the story's, so captions are never read. The table of agencies is for
recognition only; the value is spelled as the source spells it.
"""

import re
from collections.abc import Iterator

from index.cleaning.page import Found, Page, found_in

AGENCY = (
    r"(?:Reuters|REUTERS|Thomson Reuters|AFP|Agence France-Presse|AP|The Associated Press|Associated Press|UPI|Yonhap(?: News(?: Agency)?)?|YONHAP|Xinhua"
    r"|XINHUA|Kyodo(?: News)?|Jiji(?: Press)?|TASS|ITAR-TASS|Interfax|RIA Novosti|Sputnik|dpa|DPA|EFE|ANSA|Lusa|PTI|Press Trust of India|ANI|IANS|UNI"
    r"|Bernama|Antara|Anadolu(?: Agency)?|IRNA|Tasnim|SPA|WAM|PA Media|Press Association|AAP|The Canadian Press|Canadian Press|Bloomberg|KCNA|Ukrinform"
    r"|BelTA|APA|CTK|PAP|MTI|NTB|TT|Ritzau|ATS|Belga|CNA|VNA|Pacific News Service|Inter Press Service|IPS)"
)
CLOSING = re.compile(rf"\((?P<agency>{AGENCY})\)\W*$")
DATELINE = re.compile(rf"^(?:[^()]{{0,80}}\s)?\((?P<agency>{AGENCY})\)\s*[-–—:]")  # noqa: RUF001
DATELINE_START = re.compile(r"^(?:[A-Z][A-Z]|\()")
SOURCE = re.compile(rf"^(?:Source|Agency|Agencies|Via|Courtesy)\s*:\s*(?P<agency>{AGENCY})\W*$", re.IGNORECASE)
STAMPED = re.compile(
    rf"^(?P<agency>{AGENCY})\s*[|,•·-]?\s*(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? )?(?:\d|[A-Z][a-z]{{2,8}}\.? \d)"
)
BYLINE_AGENCY = re.compile(rf"^By\b[^()]{{0,80}}?[,|/ ]\s*(?P<agency>{AGENCY})\W*$", re.IGNORECASE)
BYLINE = re.compile(r"^(?:(?:written|posted|reported|story|text|words) )?by:?\s+(?P<names>\S.*)$", re.IGNORECASE)
NAME_STOP = re.compile(
    r"\s*(?:[|•·–—/(@;:]| - |\d|\b(?:on|in|at|for|of|from|updated|posted|published|with)\b)", re.IGNORECASE
)  # noqa: RUF001
NAME_SPLIT = re.compile(r"\s*(?:,|&|\band\b)\s*")
NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: (?:[^\W\d_][\w.'’-]*)){1,3}")  # noqa: RUF001
PARTICLES = frozenset("al bin da de del der di dos du el ibn la le ten van von y".split())
NOT_NAMES = re.compile(
    r"\b(?:staff|writer|reporters?|reporting|editor\w*|editorial|correspondent|columnist|press|news\w*|bureau|desk|team|contribut\w+|times|post|agency"
    r"|agencies|media|admin|journal|online|digital|network|wire|magazine|the|our|your|guest|special|senior|service|reuters|associated|updated)\b",
    re.IGNORECASE,
)
MOST_ABOVE = 20
MOST_BELOW = 4
BYLINE_RULES = frozenset(("byline", "header", "stamp", "credit"))


def find_agency(page: Page) -> Found | None:
    """The news agency that the story is credited to, or None."""
    last, first = page.blocks[page.last], page.blocks[page.first]
    closing = CLOSING.search(last.text[-60:])
    if closing:
        return _tail_found(page, page.last, closing["agency"])
    dateline = DATELINE.match(first.text)
    if dateline and DATELINE_START.match(first.text):
        return found_in(page, page.first, dateline["agency"])
    for at in (*page.after(MOST_BELOW), *page.before(MOST_ABOVE)):
        match = _credit(page, at)
        if match:
            return found_in(page, at, match["agency"])
    return None


def find_authors(page: Page, title_at: int | None) -> tuple[Found, ...]:
    """The people whom the byline above the body names, in its order; none unless every rule of a name holds."""
    for at in reversed(list(page.before(MOST_ABOVE))):
        match = BYLINE.match(page.blocks[at].text)
        if match and page.rules[at] in BYLINE_RULES and at > (-1 if title_at is None else title_at):
            names = tuple(found_in(page, at, name) for name in _names(match["names"]))
            if names:
                return names
    return ()


def _credit(page: Page, at: int) -> re.Match[str] | None:
    if page.rules[at] in {"caption", "copyright", "menu", "teaser"}:
        return None
    text = page.blocks[at].text
    return SOURCE.match(text) or STAMPED.match(text) or BYLINE_AGENCY.match(text)


def _tail_found(page: Page, at: int, agency: str) -> Found:
    """The last place of `agency` in a block; it may stand in the story's text before."""
    found = found_in(page, at, agency)
    start = page.text.rindex(agency, found.span.start, page.blocks[at].end)
    return Found(value=agency, at=at, span=type(found.span)(start=start, end=start + len(agency)))


def _names(text: str) -> Iterator[str]:
    stop = NAME_STOP.search(text)
    for part in NAME_SPLIT.split(text[: stop.start()] if stop else text):
        words = part.split()
        if NOT_NAMES.search(part) or not NAME.fullmatch(part):
            return
        if not all(word[0].isupper() or word.lower() in PARTICLES for word in words):
            return
        yield part

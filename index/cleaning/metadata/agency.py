"""The news agency that a story is credited to: at its end, in its dateline, in its byline, or as its source.

A photograph's agency is not the story's, so captions are never read. The list of agencies is for recognition only;
the value is spelled as the source spells it, and an agency that is not in the list is not found.
"""

import re

from wherefrom.index.cleaning.metadata.page import Found, Page, found_in, last_found_in

AGENCIES = (
    *("Thomson Reuters", "Reuters", "REUTERS", "Agence France-Presse", "AFP"),
    *("The Associated Press", "Associated Press", "AP", "UPI", "PA Media", "Press Association", "Bloomberg"),
    *("Yonhap News Agency", "Yonhap News", "Yonhap", "YONHAP", "Xinhua", "XINHUA", "Kyodo News", "Kyodo", "KCNA"),
    *("Jiji Press", "ITAR-TASS", "TASS", "Interfax", "RIA Novosti", "Sputnik", "Ukrinform", "dpa", "DPA", "EFE"),
    *("ANSA", "Lusa", "Belga", "Press Trust of India", "PTI", "ANI", "IANS", "Bernama", "Antara", "Anadolu Agency"),
    *("Anadolu", "IRNA", "Tasnim", "AAP", "The Canadian Press", "Canadian Press", "Inter Press Service"),
)
NAME = f"(?P<agency>{'|'.join(map(re.escape, AGENCIES))})"
CLOSING = re.compile(rf"\({NAME}\)\W*$")
DATELINE = re.compile(rf"^(?=[A-Z][A-Z]|\()(?:[^()]{{0,80}}\s)?\({NAME}\)\s?[-\u2013\u2014:]")
SOURCE = re.compile(rf"^(?:source|agency|agencies|via|courtesy)\s?:\s?{NAME}\W*$", re.IGNORECASE)
STAMPED = re.compile(
    rf"^{NAME}\s?[|,•·-]?\s?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\d|[A-Z][a-z]{{2,8}}\.? \d)"
)
BYLINE = re.compile(rf"^(?:By|BY)\b[^()]{{0,80}}?[,|/ ]\s?{NAME}\W*$")
CLOSING_SIZE = 60
MOST_ABOVE, MOST_BELOW = 20, 4
UNREAD_RULES = frozenset(("caption", "copyright", "menu", "teaser"))


def find_agency(page: Page) -> Found | None:
    """The news agency that the story is credited to, or None."""
    closing = CLOSING.search(page.blocks[page.last].text[-CLOSING_SIZE:])
    if closing:
        return last_found_in(page, page.last, closing["agency"])
    dateline = DATELINE.match(page.blocks[page.first].text)
    if dateline:
        return found_in(page, page.first, dateline["agency"])
    for at in (*page.after(MOST_BELOW), *page.before(MOST_ABOVE)):
        credit = _credit(page, at)
        if credit:
            return found_in(page, at, credit["agency"])
    return None


def _credit(page: Page, at: int) -> re.Match[str] | None:
    if page.rules[at] in UNREAD_RULES:
        return None
    text = page.blocks[at].text
    return SOURCE.match(text) or STAMPED.match(text) or BYLINE.match(text)

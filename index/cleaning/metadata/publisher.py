"""Who published a page: the name in its masthead or its footer, taken only where the page says it twice.

A name that stands once may be a slogan, a menu entry or a photographer; so a masthead needs its name, or its
initials, again elsewhere on the page and outside the body.
"""

import re
from collections.abc import Iterator
from itertools import islice

from wherefrom.index.cleaning.metadata.page import Found, Page, found_in

STRIPPED = r"(?:close|open|menu|search|logo|home|log ?in|sign in|subscribe|navigation)"
INTERFACE = (
    rf"(?:{STRIPPED}|skip|toggle|site|page|share|back|next|main|content|breaking|latest|live|welcome|sections?|more"
    r"|all|news|today|edition|print|advertisement|register|newsletters?|jump|policy|terms|privacy|notice|use|reserved"
    r"|rights|copyright)"
)
MASTHEAD_UI = re.compile(rf"(?:\s+{STRIPPED})+$", re.IGNORECASE)
ONLY_INTERFACE = re.compile(rf"(?:{INTERFACE}|to|the|us|a|in|up|of|and|&|\W|\d)*", re.IGNORECASE)
NAME = r"(?P<name>[^\W\d_][^|©:;!?\n]{1,60}?)"
YEARS = r"(?:19|20)\d\d(?: ?[-\u2013\u2014] ?(?:19|20)?\d\d)?"
SIGN = r"(?:©|\(c\)|copyright(?= (?:©|\(c\)|(?:19|20)\d\d)))[ ©]*(?:\(c\) ?)?"
AFTER_NAME = (
    r"(?:[.,|]? (?:19|20)\d\d\b|[.,]? ?(?:all rights|inc\b|llc|ltd|limited|corp|gmbh|part of|powered)|[.|,]|$| - )"
)
OWNED = (
    re.compile(rf"^{NAME}['\u2019]s (?:website|web site|homepage|newsletter)\b"),
    re.compile(rf"{SIGN}(?:{YEARS},? ?)?(?:by )?{NAME}{AFTER_NAME}", re.IGNORECASE),
)
ABOUT = re.compile(rf"^(?:\W\s+)?(?:about|contact|advertise (?:with|on)|follow) {NAME}$", re.IGNORECASE)
HEAD = 300
# Each claim is looked for in every block of the page.
MOST_CLAIMS = 5
MOST_MASTHEAD_WORDS = 5
FEWEST_INITIALS = 2
MOST_NAME_WORDS = 6


def find_publisher(page: Page, title_at: int | None) -> Found | None:
    """The publisher as the page spells it, or None where it is not said twice."""
    for at, name in _claims(page, title_at):
        if _is_name(name):
            return found_in(page, at, name)
    return None


def _claims(page: Page, title_at: int | None) -> Iterator[tuple[int, str]]:
    yield from _masthead(page, title_at)
    owned = (
        (at, match["name"])
        for at in range(page.last + 1, len(page.blocks))
        for pattern in OWNED
        if (match := pattern.search(page.blocks[at].text[:HEAD]))
    )
    for at, name in islice(owned, MOST_CLAIMS):
        if _stands_elsewhere(page, at, name):
            yield at, name


def _masthead(page: Page, title_at: int | None) -> Iterator[tuple[int, str]]:
    """The first block of the page, if it is a name that the rest of the page confirms."""
    block = page.blocks[0]
    if page.first == 0 or title_at == 0 or block.shape.words > MOST_MASTHEAD_WORDS or block.shape.bullet:
        return
    name = MASTHEAD_UI.sub("", block.text)
    capitals = name.isupper() and len(name.split()) >= FEWEST_INITIALS
    if _named_in_footer(page, name) or (capitals and _initials_stand(page, name)):
        yield 0, name


def _named_in_footer(page: Page, name: str) -> bool:
    """Whether "About NAME", a copyright line or an entry below or above the body says the same name."""
    bare = name.lower().removeprefix("the ")
    for at, block in enumerate(page.blocks):
        if at and page.rules[at] is not None:
            about = ABOUT.match(block.text)
            if about and about["name"].lower().removeprefix("the ") == bare:
                return True
            if page.rules[at] == "copyright" and bare in block.text.lower():
                return True
    return False


def _initials_stand(page: Page, name: str) -> bool:
    initials = "".join(word[0] for word in name.split())
    word = re.compile(rf"\b{re.escape(initials)}\b")
    return any(word.search(block.text) for at, block in enumerate(page.blocks) if page.rules[at] is not None)


def _stands_elsewhere(page: Page, at: int, name: str) -> bool:
    """Whether another block outside the body is the name or begins or ends with it."""
    lower = name.lower()
    for other, block in enumerate(page.blocks):
        text = block.text.lower()
        if other != at and page.rules[other] is not None and (text.startswith(lower) or text.endswith(lower)):
            return True
    return False


def _is_name(name: str) -> bool:
    words = name.split()
    return 0 < len(words) <= MOST_NAME_WORDS and name[0].isupper() and not ONLY_INTERFACE.fullmatch(name)

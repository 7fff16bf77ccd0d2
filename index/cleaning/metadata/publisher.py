"""The publisher of a page: the name in its masthead or footer, used only if it occurs elsewhere on the page.

A name that occurs once may be a slogan, a menu entry or a photographer. The name in a masthead, or its initials, must
therefore occur once more on the page outside the body.
"""

import re
from collections.abc import Iterator
from itertools import islice

from wherefrom.index.cleaning.metadata.page import MetadataMatch, Page, find_in_block

MASTHEAD_CONTROLS = r"(?:close|open|menu|search|logo|home|log ?in|sign in|subscribe|navigation)"
INTERFACE_WORDS = (
    rf"(?:{MASTHEAD_CONTROLS}|skip|toggle|site|page|share|back|next|main|content|breaking|latest|live|welcome|sections?|more"
    r"|all|news|today|edition|print|advertisement|register|newsletters?|jump|policy|terms|privacy|notice|use|reserved"
    r"|rights|copyright)"
)
MASTHEAD_UI = re.compile(rf"(?:\s+{MASTHEAD_CONTROLS})+$", re.IGNORECASE)
# No character may match in two ways: otherwise the time of a failing match is exponential.
ONLY_INTERFACE_WORDS = re.compile(rf"(?:{INTERFACE_WORDS}|to|the|us|a|in|up|of|and|\W|\d)*", re.IGNORECASE)
NAME = r"(?P<name>[^\W\d_][^|©:;!?\n]{1,60}?)"
YEARS = r"(?:19|20)\d\d(?: ?[-\u2013\u2014] ?(?:19|20)?\d\d)?"
COPYRIGHT_SIGN = r"(?:©|\(c\)|copyright(?= (?:©|\(c\)|(?:19|20)\d\d)))[ ©]*(?:\(c\) ?)?"
AFTER_NAME = (
    r"(?:[.,|]? (?:19|20)\d\d\b|[.,]? ?(?:all rights|inc\b|llc|ltd|limited|corp|gmbh|part of|powered)|[.|,]|$| - )"
)
OWNERSHIP = (
    re.compile(rf"^{NAME}['\u2019]s (?:website|web site|homepage|newsletter)\b"),
    re.compile(rf"{COPYRIGHT_SIGN}(?:{YEARS},? ?)?(?:by )?{NAME}{AFTER_NAME}", re.IGNORECASE),
)
ABOUT = re.compile(rf"^(?:\W\s+)?(?:about|contact|advertise (?:with|on)|follow) {NAME}$", re.IGNORECASE)
HEAD_CHARACTERS = 300
# Limited because each candidate is searched for in every block of the page.
MAX_CANDIDATES = 5
MAX_MASTHEAD_WORDS = 5
MIN_INITIALS = 2
MAX_NAME_WORDS = 6


def find_publisher(page: Page, title_index: int | None) -> MetadataMatch | None:
    """Return the publisher in the spelling of the page, or `None` if no name is confirmed."""
    for index, name in _confirmed_names(page, title_index):
        if _is_name(name):
            return find_in_block(page, index, name)
    return None


def _confirmed_names(page: Page, title_index: int | None) -> Iterator[tuple[int, str]]:
    """Yield (block index, name) of the masthead and of the owners below the body that occur elsewhere on the page."""
    yield from _masthead(page, title_index)
    owners = (
        (index, match["name"])
        for index in range(page.last_body + 1, len(page.blocks))
        for pattern in OWNERSHIP
        if (match := pattern.search(page.blocks[index].text[:HEAD_CHARACTERS]))
    )
    for index, name in islice(owners, MAX_CANDIDATES):
        if _occurs_elsewhere(page, index, name):
            yield index, name


def _masthead(page: Page, title_index: int | None) -> Iterator[tuple[int, str]]:
    """Yield (0, name) for the first block of the page if its name is confirmed outside the body."""
    block = page.blocks[0]
    if (
        page.first_body == 0
        or title_index == 0
        or block.features.words > MAX_MASTHEAD_WORDS
        or block.features.is_bullet
    ):
        return
    name = MASTHEAD_UI.sub("", block.text)
    has_initials = name.isupper() and len(name.split()) >= MIN_INITIALS
    if _is_named_outside_body(page, name) or (has_initials and _initials_occur(page, name)):
        yield 0, name


def _is_named_outside_body(page: Page, name: str) -> bool:
    """Return whether a copyright line or a block such as "About NAME" outside the body has the same name."""
    bare = name.lower().removeprefix("the ")
    for index, block in enumerate(page.blocks):
        if index and page.rules[index] is not None:
            about = ABOUT.match(block.text)
            if about and about["name"].lower().removeprefix("the ") == bare:
                return True
            if page.rules[index] == "copyright" and bare in block.text.lower():
                return True
    return False


def _initials_occur(page: Page, name: str) -> bool:
    initials = "".join(word[0] for word in name.split())
    word = re.compile(rf"\b{re.escape(initials)}\b")
    return any(word.search(block.text) for block, rule in zip(page.blocks, page.rules, strict=True) if rule is not None)


def _occurs_elsewhere(page: Page, index: int, name: str) -> bool:
    """Return whether another block outside the body begins or ends with the name."""
    lowercase = name.lower()
    for other, block in enumerate(page.blocks):
        text = block.text.lower()
        if (
            other != index
            and page.rules[other] is not None
            and (text.startswith(lowercase) or text.endswith(lowercase))
        ):
            return True
    return False


def _is_name(name: str) -> bool:
    words = name.split()
    return 0 < len(words) <= MAX_NAME_WORDS and name[0].isupper() and not ONLY_INTERFACE_WORDS.fullmatch(name)

"""The nesting of a page's block elements, as a browser builds it from tags.

Pages leave elements open and have end tags without start tags: a paragraph ends where a block begins, a list item where
the next one begins, and an end tag inside a table cell closes nothing outside the cell. The running time is linear in
the number of tags.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from wherefrom.index.sources.html_tokenizer import VOID_ELEMENTS

BLOCK_ELEMENTS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "button", "caption", "center", "col"),
        *("colgroup", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup"),
        *("hr", "html", "iframe", "label", "legend", "li", "main", "menu", "nav", "noframes", "noscript"),
        *("object", "ol", "optgroup", "option", "p", "pre", "section", "select"),
        *("summary", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "title"),
        *("tr", "ul", "video", "audio", "canvas", "svg", "math"),
        *("amp-ad", "amp-consent", "amp-embed", "amp-lightbox", "amp-sidebar", "amp-sticky-ad"),
        "amp-user-notification",
    )
)
# Elements that a page has once and that last to its end, wherever their end tags are.
WHOLE_PAGE = frozenset(("html", "body"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Elements that determine the kind of all content inside them, at any depth.
LANDMARKS = frozenset(
    (
        *("nav", "header", "footer", "aside", "form", "figure", "figcaption", "blockquote", "noscript", "svg"),
        *("article", "main", "dialog"),
    )
)
ARTICLE_HEADER = "article-header"
"""The landmark of a `header` that belongs to an article or to the main part of a page, not to the page."""
# Inside these, an end tag closes nothing that was opened outside.
SCOPES = frozenset(("table", "td", "th", "caption", "object", "template"))
TABLE_PARTS = SCOPES | {"tr", "tbody", "thead", "tfoot"}
# By element, the elements that end where it begins.
ENDED_BY = {
    "li": ("li",),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
    "option": ("option",),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    **dict.fromkeys(("tbody", "thead", "tfoot"), ("td", "th", "tr", "tbody", "thead", "tfoot")),
    **dict.fromkeys(HEADINGS, tuple(HEADINGS)),
    "body": ("head",),
}
DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Element:
    """A block element: its number in the order of start tags, its parent, labels and landmarks.

    `labels` are the words of class, id and role, in lower case. Elements of one `kind` have the same name and the same
    classes, apart from digits, and so have all their ancestors.
    """

    number: int
    name: str
    parent: "Element | None" = None
    labels: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()
    kind: int = 0


@dataclass(slots=True)
class OpenElements:
    """The open elements at a point of a page, outermost first; the outermost represents the page."""

    _open: list[Element] = field(default_factory=lambda: [Element(number=0, name="")])
    _counts: list[Counter[str]] = field(default_factory=lambda: [Counter()])  # by scope, outermost first
    _tables: Counter[str] = field(default_factory=Counter)
    _kinds: dict[tuple[int, str, frozenset[str]], int] = field(default_factory=dict)
    _opened: int = 0

    @property
    def innermost(self) -> Element:
        """The innermost open element."""
        return self._open[-1]

    @property
    def depth(self) -> int:
        """The number of open elements, with the one that represents the page."""
        return len(self._open)

    def start(self, name: str, classes: Iterable[str] = (), other_labels: Iterable[str] = ()) -> None:
        """Process a start tag of a block element with its classes, and its id and role as other labels."""
        if self.innermost.name == "p":
            self._pop()
        while self.innermost.name in ENDED_BY.get(name, ()):
            self._pop()
        if name in VOID_ELEMENTS or (name in WHOLE_PAGE and self._counts[0][name]):
            return
        parent = self.innermost
        classes = tuple(classes)
        key = (parent.kind, name, frozenset(DIGITS.sub("", each) for each in classes))
        self._opened += 1
        self._open.append(
            Element(
                number=self._opened,
                name=name,
                parent=parent,
                labels=(*classes, *other_labels),
                landmarks=_landmarks(parent.landmarks, name),
                kind=self._kinds.setdefault(key, len(self._kinds) + 1),
            )
        )
        (self._tables if name in TABLE_PARTS else self._counts[-1])[name] += 1
        if name in SCOPES:
            self._counts.append(Counter())

    def end(self, name: str) -> None:
        """Process an end tag of a block element; one that closes nothing is ignored."""
        if name in WHOLE_PAGE:
            return
        counts = self._tables if name in TABLE_PARTS else self._counts[-1]
        while counts[name] and self._pop() != name:
            pass

    def _pop(self) -> str:
        name = self._open.pop().name
        if name in SCOPES:
            self._counts.pop()
        (self._tables if name in TABLE_PARTS else self._counts[-1])[name] -= 1
        return name


def _landmarks(outer: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return the landmarks inside an element with this name, outermost first."""
    if name not in LANDMARKS:
        return outer
    in_article = "article" in outer or "main" in outer
    landmark = ARTICLE_HEADER if name == "header" and in_article else name
    return outer if landmark in outer else (*outer, landmark)

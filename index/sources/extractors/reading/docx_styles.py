"""The styles of a DOCX file, which make paragraphs headings, titles, list items or hidden."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

WORD_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
MATH_NAMESPACES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
PREFIXES: Mapping[str, str] = {
    **dict.fromkeys(WORD_NAMESPACES, "w"),
    **dict.fromkeys(MATH_NAMESPACES, "m"),
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}
"""The prefixes of the used namespaces, of both transitional and strict files."""
HEADING_NAME = re.compile(r"heading ([1-9])", re.IGNORECASE)
CONTENTS_NAME = re.compile(r"(?:toc|contents) (?:[1-9]|heading)", re.IGNORECASE)
TITLE_NAME = "title"
OUTLINE_LEVELS = frozenset("012345678")
MAX_BASES = 20
"""Maximum number of styles in a derivation; a damaged file may derive a style from itself."""
RAISED = "superscript"
OFF_VALUES = frozenset(("0", "false", "off", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The properties of a style's paragraphs; `None` for those that it does not set."""

    is_heading: bool | None = None
    is_title: bool | None = None
    is_contents: bool | None = None
    is_item: bool | None = None
    is_hidden: bool | None = None
    is_raised: bool | None = None


def is_on(attributes: Mapping[str, str]) -> bool:
    """Return whether a boolean property is on; without a value it is."""
    return attributes.get("w:val", "1").lower() not in OFF_VALUES


class StyleReader:
    """Collects the styles of the part `styles.xml`."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, bool]] = {}
        self._bases: dict[str, str] = {}
        self._id = ""
        self._path: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Process a start tag."""
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        value = attributes.get("w:val", "")
        if name == "w:style":
            self._id = attributes.get("w:styleId", "")
            self._values[self._id] = {}
        elif not self._id:
            return
        elif name == "w:basedOn":
            self._bases[self._id] = value
        elif name == "w:name":
            self._values[self._id].update(_named(value))
        elif name == "w:outlineLvl":
            self._values[self._id].setdefault("is_heading", value in OUTLINE_LEVELS)
        elif name == "w:numId":
            self._values[self._id]["is_item"] = value != "0"
        elif name == "w:vanish" and parent == "w:rPr":
            self._values[self._id]["is_hidden"] = is_on(attributes)
        elif name == "w:vertAlign" and parent == "w:rPr":
            self._values[self._id]["is_raised"] = value == RAISED

    def text(self, text: str) -> None:
        """Ignore a piece of text, which has no meaning here."""

    def end(self, name: str) -> None:
        """Process an end tag."""
        self._path.pop()
        if name == "w:style":
            self._id = ""

    def resolved(self) -> Mapping[str, Style]:
        """Return the styles by id, each with the properties it inherits."""
        return {style_id: self._resolved(style_id) for style_id in self._values}

    def _resolved(self, style_id: str) -> Style:
        values: dict[str, bool] = {}
        base: str | None = style_id
        for _ in range(MAX_BASES):
            if base is None or base not in self._values:
                break
            values = {**self._values[base], **values}
            base = self._bases.get(base)
        return Style(**values)


def _named(name: str) -> dict[str, bool]:
    """Return the properties known from a style's name; built-in styles have English names in every Word language."""
    if HEADING_NAME.fullmatch(name):
        return {"is_heading": True}
    if CONTENTS_NAME.fullmatch(name):
        return {"is_contents": True}
    return {"is_title": True} if name.lower() == TITLE_NAME else {}

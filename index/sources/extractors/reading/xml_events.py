"""Parses XML to start tags, text and end tags for a handler, without entity expansion or external resources.

expat parses in one pass, in linear time, and builds no tree.
"""

from collections.abc import Mapping
from html.entities import html5
from typing import Protocol
from xml.parsers import expat

from wherefrom.index.errors import SourceRejected

MAX_DEPTH = 10_000
"""Maximum depth of elements; Word nests a few dozen."""


class XmlHandler(Protocol):
    """Receives the events of XML; names are `prefix:local` with the prefixes of the caller, else the local name."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Process a start tag; names of attributes have the same form as those of elements."""

    def text(self, text: str) -> None:
        """Process a piece of text."""

    def end(self, name: str) -> None:
        """Process an end tag."""


class MalformedXml(ValueError):
    """The text is not well-formed XML, declares entities, or is nested too deeply."""


def read_xml(data: bytes | str, handler: XmlHandler, prefixes: Mapping[str, str]) -> None:
    """Parse `data` and call the handler for each event. Raise MalformedXml.

    `prefixes` has a prefix for each namespace of interest; names of others have none. The declared encoding of a `str`
    is ignored.
    """
    _Reader(handler, prefixes).read(data)


def read_xml_part(data: bytes, handler: XmlHandler, prefixes: Mapping[str, str], *, source: str, part: str) -> None:
    """Parse a part of a package and call the handler for each event. Raise SourceRejected if it is malformed."""
    try:
        read_xml(data, handler, prefixes)
    except MalformedXml as error:
        raise SourceRejected(source, f"it is damaged: its part {part!r} is not well-formed XML ({error})") from error


class _Reader:
    def __init__(self, handler: XmlHandler, prefixes: Mapping[str, str]) -> None:
        self._handler = handler
        self._prefixes = prefixes
        self._names: dict[str, str] = {}
        self._depth = 0

    def read(self, data: bytes | str) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.UseForeignDTD(True)  # noqa: FBT003 - named references of XHTML are then skipped, not errors
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._handler.text
        parser.SkippedEntityHandler = self._skipped
        parser.EntityDeclHandler = _refuse_entity
        try:
            parser.Parse(data, True)  # noqa: FBT003 - expat's own signature
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise MalformedXml(str(error)) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise MalformedXml(f"elements are nested deeper than {MAX_DEPTH:,}")
        named = {self._name(key): value for key, value in attributes.items()} if attributes else attributes
        self._handler.start(self._name(name), named)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._handler.end(self._name(name))

    def _skipped(self, name: str, is_parameter: int) -> None:
        """Resolve a reference such as `&nbsp;`, which XHTML declares outside the file."""
        if not is_parameter:
            self._handler.text(html5.get(f"{name};", ""))

    def _name(self, expanded: str) -> str:
        name = self._names.get(expanded)
        if name is None:
            namespace, _, local = expanded.rpartition(" ")
            prefix = self._prefixes.get(namespace, "")
            name = f"{prefix}:{local}" if prefix else local
            if len(self._names) < MAX_DEPTH:
                self._names[expanded] = name
        return name


def _refuse_entity(name: str, *_declaration: object) -> None:
    raise MalformedXml(f"it declares an entity, {name!r}")

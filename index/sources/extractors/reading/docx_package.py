"""The parts of a DOCX package: the one with the text, those that it refers to, and the core properties."""

from collections.abc import Mapping

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.reading.xml_events import read_xml_part
from wherefrom.index.sources.extractors.reading.zip_package import ZipPackage, resolve_part

MAIN_PART = "word/document.xml"
PACKAGE_RELATIONSHIPS = "_rels/.rels"
OTHER_KINDS = {
    "xl/workbook.xml": "an Excel workbook; save its sheets as CSV",
    "ppt/presentation.xml": "a PowerPoint presentation; save it as PDF",
}
CORE_PROPERTIES = "docProps/core.xml"


def main_part(package: ZipPackage, source: str) -> str:
    """Return the name of the part with the text. Raise SourceRejected if the package is no Word document."""
    relationships = package.read_if_present(PACKAGE_RELATIONSHIPS)
    if relationships is not None:
        reader = _RelationshipReader()
        read_xml_part(relationships, reader, {}, source=source, part=PACKAGE_RELATIONSHIPS)
        target = reader.targets.get("officeDocument")
        part = resolve_part("", target) if target else ""
        if part.startswith("word/") or (package.has(part) and part.casefold() not in OTHER_KINDS):
            return part
    if package.has(MAIN_PART):
        return MAIN_PART
    kind = next((kind for name, kind in OTHER_KINDS.items() if package.has(name)), None)
    raise SourceRejected(source, f"it is {kind}" if kind else "it is no DOCX file: it holds no Word document")


def related_parts(package: ZipPackage, main: str, source: str) -> dict[str, str]:
    """Return the parts referenced by the main part, by kind, such as "footnotes"."""
    folder, _, name = main.rpartition("/")
    part = f"{folder}/_rels/{name}.rels"
    relationships = package.read_if_present(part)
    if relationships is None:
        return {}
    reader = _RelationshipReader()
    read_xml_part(relationships, reader, {}, source=source, part=part)
    return {kind: resolve_part(main, target) for kind, target in reader.targets.items()}


def core_properties(package: ZipPackage, source: str) -> Mapping[str, str]:
    """Return the core properties by name, such as "creator"; empty if there are none."""
    data = package.read_if_present(CORE_PROPERTIES)
    reader = _CoreReader()
    if data is not None:
        read_xml_part(data, reader, {}, source=source, part=CORE_PROPERTIES)
    return reader.values


class _RelationshipReader:
    """Collects the targets inside the package by the last part of their type; the first one of each type."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets.setdefault(kind, attributes.get("Target", ""))

    def text(self, text: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _CoreReader:
    """Collects the core properties, by name."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._open = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        self._open = name
        self.values.setdefault(name, "")

    def text(self, text: str) -> None:
        if self._open:
            self.values[self._open] += text

    def end(self, name: str) -> None:  # noqa: ARG002
        self._open = ""

"""Which extractor reads which format, and how a file's format is told by its name or its first bytes.

An extractor is imported when the first file of its format is read: the libraries behind them are not needed before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import cast

from wherefrom.index.sources.extractors.extracted_text import Extractor
from wherefrom.index.types import MediaType

FUNCTION = "extract_text"
"""The name of the function in each module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format that an extractor reads: the module with it, the suffixes of its files, and the bytes they begin with.

    Without `magic`, such a file is not told by its content.
    """

    module: str
    suffixes: tuple[str, ...]
    magic: bytes = b""


FORMATS: Mapping[MediaType, Format] = {
    "application/pdf": Format(module="pdf", suffixes=(".pdf",), magic=b"%PDF-"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Format(
        module="docx", suffixes=(".docx", ".docm")
    ),
    "application/vnd.oasis.opendocument.text": Format(module="odt", suffixes=(".odt",)),
    "application/rtf": Format(module="rtf", suffixes=(".rtf",), magic=b"{\\rtf"),
    "application/epub+zip": Format(module="epub", suffixes=(".epub",)),
    "text/markdown": Format(module="markdown", suffixes=(".md", ".markdown")),
    "application/vnd.ms-outlook": Format(module="msg", suffixes=(".msg",), magic=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
}
SUFFIXES: Mapping[str, MediaType] = {
    suffix: media_type for media_type, each in FORMATS.items() for suffix in each.suffixes
}
"""The format of a file by its name's suffix, in lower case."""
ZIP_MAGIC = b"PK\x03\x04"
ZIP_PARTS: Mapping[str, MediaType] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
}
"""Files in an archive that tell its format; others have it in a file `mimetype`."""
MAX_MIMETYPE_BYTES = 100


def is_extracted(media_type: str | None) -> bool:
    """Return whether an extractor reads files of this type."""
    return media_type in FORMATS


def extractor_of(media_type: MediaType) -> Extractor:
    """Return the extractor of a type for which `is_extracted` holds."""
    module = import_module(f"{__package__}.{FORMATS[media_type].module}")
    return cast("Extractor", getattr(module, FUNCTION))


def detect_format(raw: bytes) -> MediaType | None:
    """Return the type of bytes that begin as a format does that an extractor reads, else `None`."""
    for media_type, each in FORMATS.items():
        if each.magic and raw.startswith(each.magic):
            return media_type
    return _zip_format(raw) if raw.startswith(ZIP_MAGIC) else None


def _zip_format(raw: bytes) -> MediaType | None:
    import zipfile  # noqa: PLC0415 - most files are no archives

    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = set(archive.namelist())
            for name, media_type in ZIP_PARTS.items():
                if name in names:
                    return media_type
            if "mimetype" in names and archive.getinfo("mimetype").file_size <= MAX_MIMETYPE_BYTES:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((each for each in FORMATS if each == declared), None)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
        return None
    return None

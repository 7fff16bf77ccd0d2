"""The extractors by format, and the detection of a file's format by its name or its first bytes.

An extractor and its libraries are imported when the first file of its format is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import cast

from wherefrom.index.sources.extractors.extracted_text import Extractor
from wherefrom.index.types import MediaType

FUNCTION = "extract_text"
"""The name of the extracting function in each module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format with an extractor: its module, the suffixes of its files, and their first bytes.

    Without `magic`, such a file is not detected by its first bytes.
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
"""The format of a file by the lower-case suffix of its name."""
ZIP_MAGIC = b"PK\x03\x04"
ZIP_PARTS: Mapping[str, MediaType] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
}
"""Files that identify the format of an archive; other formats have a file `mimetype`."""
MAX_MIMETYPE_BYTES = 100
FENCES = (b"---", b"+++", b"\xef\xbb\xbf---", b"\xef\xbb\xbf+++")
"""The first bytes of front matter, by which Markdown without its suffix is detected."""
MAX_FRONT_MATTER_BYTES = 100_000


def is_extracted(media_type: str | None) -> bool:
    """Return whether there is an extractor for this media type."""
    return media_type in FORMATS


def extractor_of(media_type: MediaType) -> Extractor:
    """Return the extractor of a media type for which `is_extracted` is true."""
    module = import_module(f"{__package__}.{FORMATS[media_type].module}")
    return cast("Extractor", getattr(module, FUNCTION))


def detect_format(raw: bytes) -> MediaType | None:
    """Return the media type of bytes in a format with an extractor, by their beginning or archive, else `None`."""
    for media_type, each in FORMATS.items():
        if each.magic and raw.startswith(each.magic):
            return media_type
    if raw.startswith(FENCES) and _has_front_matter(raw):
        return "text/markdown"
    return _zip_format(raw) if raw.startswith(ZIP_MAGIC) else None


def _has_front_matter(raw: bytes) -> bool:
    from wherefrom.index.sources.extractors.reading.front_matter import is_all_front_matter  # noqa: PLC0415

    return is_all_front_matter(raw[:MAX_FRONT_MATTER_BYTES].decode("utf-8", "replace"))


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

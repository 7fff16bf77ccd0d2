"""Determines the attachments of a mail that are separate documents."""

from pathlib import PurePath

from wherefrom.index.sources.extractors.registry import FORMATS, detect_format
from wherefrom.index.sources.extractors.registry import SUFFIXES as EXTRACTED_SUFFIXES
from wherefrom.index.types import MediaType

TEXT_TYPES: dict[str, MediaType] = {
    "text/plain": "text/plain",
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
}
SUFFIXES: dict[str, MediaType] = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    **EXTRACTED_SUFFIXES,
}
MSG: MediaType = "application/vnd.ms-outlook"
UNTELLING = frozenset(("application/octet-stream", "application/binary", "application/download", "application/zip"))
"""Media types that programs give to any file; then its name or its first bytes determine the type."""


def attachment_type(declared: str, file_name: str | None, content: bytes) -> MediaType | None:
    """Return the media type for reading an attachment, or `None` if it is not read."""
    suffix = PurePath(file_name or "").suffix.lower()
    if declared in TEXT_TYPES and (not suffix or suffix in SUFFIXES):
        return SUFFIXES.get(suffix, TEXT_TYPES[declared])
    extracted = next((media_type for media_type in FORMATS if media_type == declared), None)
    if extracted is not None:
        return extracted
    if declared in UNTELLING or declared.startswith("text/") or suffix in EXTRACTED_SUFFIXES:
        return SUFFIXES.get(suffix) or detect_format(content)
    return None

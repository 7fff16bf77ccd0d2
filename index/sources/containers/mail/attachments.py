"""Which attachments of a mail are documents of their own."""

from pathlib import PurePath

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
}
UNTELLING = frozenset(("application/octet-stream", "application/binary", "application/download"))
"""Types that programs give to any file; its name tells then."""


def attachment_type(declared: str, file_name: str | None) -> MediaType | None:
    """Return the type as which an attachment is read, or `None` if it is not read."""
    suffix = PurePath(file_name or "").suffix.lower()
    if declared in TEXT_TYPES and (not suffix or suffix in SUFFIXES):
        return TEXT_TYPES[declared]
    if declared in UNTELLING or declared.startswith("text/"):
        return SUFFIXES.get(suffix)
    return None

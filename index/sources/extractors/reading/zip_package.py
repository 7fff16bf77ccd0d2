"""Zip packages, such as DOCX, ODT and EPUB files: their parts by name, with a limit on the unpacked size."""

import io
import posixpath
import struct
import zipfile
import zlib
from urllib.parse import unquote

from wherefrom.index.errors import SourceRejected

MAX_PART_BYTES = 32 * 1024 * 1024
"""Maximum unpacked size of one part; the XML of a thousand printed pages with much formatting has 15 MiB."""
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""Maximum unpacked size of all parts of a file that are read."""
FREE_UNPACKED_BYTES = 4 * 1024 * 1024
MAX_RATIO = 50
"""Maximum ratio of unpacked to packed size, beyond FREE_UNPACKED_BYTES; real documents have up to 25."""
MAX_PARTS = 50_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
IS_ENCRYPTED = 0x1
METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, IndexError, OverflowError, RuntimeError, NotImplementedError, UnicodeError),
)
# Streams of an OLE file named like a zip package, with the reason for its rejection.
OLE_KINDS = (
    ("EncryptedPackage", "it is encrypted with a password; save it without one"),
    ("WordDocument", "it is a Word 97-2003 file (.doc); save it as .docx"),
)


class ZipPackage:
    """The parts of a zip file named `source`."""

    def __init__(self, raw: bytes, source: str, *, format_name: str) -> None:
        """Open the package. Raise SourceRejected if it is not a zip file; `format_name` is the expected format."""
        self._source = source
        self._room = min(MAX_UNPACKED_BYTES, FREE_UNPACKED_BYTES + MAX_RATIO * len(raw))
        if not raw:
            raise SourceRejected(source, "the file is empty")
        if raw.startswith(OLE_MAGIC):
            raise SourceRejected(source, _ole_reason(raw, format_name))
        if not raw.startswith(b"PK"):
            raise SourceRejected(source, f"it is no {format_name} file: it is no zip archive")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
            parts = self._zip.infolist()
        except ZIP_ERRORS as error:
            raise SourceRejected(
                source, f"it is damaged or cut off: its zip archive cannot be read ({error})"
            ) from error
        if len(parts) > MAX_PARTS:
            raise SourceRejected(source, f"its zip archive has more than {MAX_PARTS:,} parts")
        self._parts = {part.filename: part for part in parts}
        self._by_folded_name = {name.casefold(): part for name, part in self._parts.items()}

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self._parts)

    def has(self, name: str) -> bool:
        """Return whether there is a part with this name, in any case."""
        return self._part(name) is not None

    def read(self, name: str) -> bytes:
        """Return a part. Raise SourceRejected if it is missing, damaged, encrypted or too large."""
        part = self._part(name)
        if part is None:
            raise SourceRejected(self._source, f"it is damaged: its part {name!r} is missing")
        if part.flag_bits & IS_ENCRYPTED:
            raise SourceRejected(self._source, "it is encrypted with a password; save it without one")
        if part.compress_type not in METHODS:
            raise SourceRejected(self._source, f"its part {name!r} is compressed in a way that is not read")
        limit = min(MAX_PART_BYTES, self._room)
        try:
            with self._zip.open(part) as stream:
                data = stream.read(limit + 1)
        except ZIP_ERRORS as error:
            raise SourceRejected(
                self._source, f"it is damaged: its part {name!r} cannot be unpacked ({error})"
            ) from error
        if len(data) > limit:
            raise SourceRejected(self._source, f"its part {name!r} unpacks to more than {limit:,} bytes")
        self._room -= len(data)
        return data

    def read_if_present(self, name: str) -> bytes | None:
        """Return a part, or `None` if it is missing. Raise SourceRejected as `read` does."""
        return self.read(name) if self.has(name) else None

    def _part(self, name: str) -> zipfile.ZipInfo | None:
        return self._parts.get(name) or self._by_folded_name.get(name.casefold())


def resolve_part(base: str, reference: str) -> str:
    """Return the name of the part that a reference in part `base` points to, without a fragment."""
    path = unquote(reference.partition("#")[0])
    if path.startswith("/"):
        return posixpath.normpath(path).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)).lstrip("/")


def _ole_reason(raw: bytes, format_name: str) -> str:
    for stream, reason in OLE_KINDS:
        if stream.encode("utf-16-le") in raw:
            return reason
    return f"it is no {format_name} file but one of an old Office program; save it as {format_name}"

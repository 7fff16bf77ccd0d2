"""Reads Outlook messages (MSG): OLE files whose streams are the properties of the message.

olefile reads the file; property numbers are those of MS-OXPROPS.
"""

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import olefile

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.reading.rtf_fonts import code_page_encoding
from wherefrom.index.sources.extractors.reading.zip_package import OLE_MAGIC

PROPERTIES = "__properties_version1.0"
STREAM = "__substg1.0_"
ATTACHMENT = "__attach_version1.0_"
UNICODE, EIGHT_BIT, BINARY = "001F", "001E", "0102"
TIME, INTEGER = 0x0040, 0x0003
ENTRY = struct.Struct("<HHI8s")
MESSAGE_HEADER_BYTES = 32
MESSAGE_CODE_PAGE, INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
ATTACHMENT_NAMES = (0x3707, 0x3704, 0x3001)
ATTACHMENT_TYPE, ATTACHMENT_CONTENT = 0x370E, 0x3701
MAX_ATTACHMENTS = 1_000
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
OTHER_KINDS: Mapping[str, str] = {
    "EncryptedPackage": "it is encrypted with a password; save it without one",
    "WordDocument": "it is a Word 97-2003 file (.doc); save it as .docx",
    "Workbook": "it is an Excel 97-2003 file (.xls); save its sheets as CSV",
    "Book": "it is an Excel 97-2003 file (.xls); save its sheets as CSV",
    "PowerPoint Document": "it is a PowerPoint 97-2003 file (.ppt); save it as PDF",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attachment of a message; `content` is `None` for an embedded message or object."""

    name: str | None
    media_type: str
    content: bytes | None


class OutlookMessage:
    """The properties of a message, by number."""

    def __init__(self, raw: bytes, source: str) -> None:
        """Open a message. Raise SourceRejected if it is damaged or not a message."""
        self._source = source
        self._bytes = len(raw)
        if not raw:
            raise SourceRejected(source, "the file is empty")
        if not raw.startswith(OLE_MAGIC):
            raise SourceRejected(source, "it is no MSG file: it is no OLE file")
        try:
            self._ole = olefile.OleFileIO(io.BytesIO(raw))
            names = self._ole.listdir()
        except Exception as error:
            raise self._damaged(error) from error
        self._names = {"/".join(name).upper(): name for name in names}
        if PROPERTIES.upper() not in self._names:
            kind = next((kind for name, kind in OTHER_KINDS.items() if name.upper() in self._names), None)
            raise SourceRejected(source, kind or "it is no MSG file but another OLE file")

    @cached_property
    def _values(self) -> Mapping[tuple[int, int], bytes]:
        """The properties of fixed size, by number and type."""
        data = self._read(PROPERTIES) or b""
        end = len(data) - (len(data) - MESSAGE_HEADER_BYTES) % ENTRY.size
        entries = ENTRY.iter_unpack(data[MESSAGE_HEADER_BYTES:end]) if end > MESSAGE_HEADER_BYTES else ()
        return {(number, kind): value for kind, number, _, value in entries}

    def text(self, number: int) -> str:
        """Return a text property, empty if there is none."""
        return self._text("", number)

    def binary(self, number: int) -> bytes:
        """Return a binary property, empty if there is none."""
        return self._read(f"{STREAM}{number:04X}{BINARY}") or b""

    def integer(self, number: int) -> int | None:
        """Return an integer property, or `None`."""
        value = self._values.get((number, INTEGER))
        return None if value is None else int.from_bytes(value[:4], "little")

    def time(self, number: int) -> datetime | None:
        """Return a time property, or `None`."""
        value = self._values.get((number, TIME))
        if value is None:
            return None
        try:
            return EPOCH + timedelta(microseconds=int.from_bytes(value, "little") // 10)
        except OverflowError:
            return None

    @property
    def internet_encoding(self) -> str | None:
        """The encoding of the HTML body, or `None`."""
        return code_page_encoding(self.integer(INTERNET_CODE_PAGE))

    def attachments(self) -> Iterator["Attachment"]:
        """Yield the attachments in order. Raise SourceRejected if they are larger than the file, or too many.

        In a damaged file, attachments may share bytes.
        """
        folders = sorted({name.partition("/")[0] for name in self._names if name.startswith(ATTACHMENT.upper())})
        remaining = self._bytes
        for folder in folders[:MAX_ATTACHMENTS]:
            texts = (self._text(f"{folder}/", number).strip() for number in ATTACHMENT_NAMES)
            content = self._read(f"{folder}/{STREAM}{ATTACHMENT_CONTENT:04X}{BINARY}")
            remaining -= len(content or b"")
            if remaining < 0:
                raise SourceRejected(self._source, "it is damaged: its attachments have more bytes than the file")
            yield Attachment(
                name=next((text for text in texts if text), None),
                media_type=self._text(f"{folder}/", ATTACHMENT_TYPE).strip().lower(),
                content=content,
            )
        if len(folders) > MAX_ATTACHMENTS:
            raise SourceRejected(self._source, f"its attachments beyond the {MAX_ATTACHMENTS:,}th are left out")

    def _text(self, folder: str, number: int) -> str:
        data = self._read(f"{folder}{STREAM}{number:04X}{UNICODE}")
        if data is not None:
            return data.decode("utf-16-le", "replace").rstrip("\x00")
        data = self._read(f"{folder}{STREAM}{number:04X}{EIGHT_BIT}")
        if data is None:
            return ""
        encoding = code_page_encoding(self.integer(MESSAGE_CODE_PAGE)) or self.internet_encoding or "cp1252"
        return data.decode(encoding, "replace").rstrip("\x00")

    def _read(self, name: str) -> bytes | None:
        path = self._names.get(name.upper())
        if path is None:
            return None
        try:
            with self._ole.openstream(path) as stream:
                return bytes(stream.read())
        except Exception as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> SourceRejected:
        return SourceRejected(self._source, f"it is damaged or cut off: its streams cannot be read ({error})")

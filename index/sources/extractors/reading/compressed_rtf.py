r"""Decompresses RTF of Outlook (LZFu), and extracts HTML that Outlook has wrapped in RTF.

The wrapped HTML is in groups `{\*\htmltag ...}` and in the text between them; content only for RTF is between
`\htmlrtf` and `\htmlrtf0`.
"""

import struct
from collections.abc import Mapping
from typing import NamedTuple

from wherefrom.index.sources.extractors.reading.rtf_fonts import (
    CHARACTER_SETS,
    DEFAULT_ENCODING,
    FILE_ENCODINGS,
    code_page_encoding,
    decode_bytes,
)
from wherefrom.index.sources.extractors.reading.rtf_tokens import rtf_tokens

COMPRESSED, UNCOMPRESSED = b"LZFu", b"MELA"
HEADER = struct.Struct("<II4sI")
MAX_BYTES = 32 * 1024 * 1024
WINDOW_BYTES = 4096
MIN_RUN_BYTES = 2
FIRST_WINDOW = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""The initial content of the window, as defined by the format (MS-OXRTFCP)."""
WRAPS_HTML = b"\\fromhtml1"
MAX_DEPTH = 10_000
LEFT_OUT = frozenset(("fonttbl", "colortbl", "stylesheet", "info", "pict", "listtable", "listoverridetable"))
CHARACTERS: Mapping[str, str] = {
    "par": "\n", "line": "\n", "tab": "\t", "lquote": "&lsquo;", "rquote": "&rsquo;", "ldblquote": "&ldquo;",
    "rdblquote": "&rdquo;", "bullet": "&bull;", "endash": "&ndash;", "emdash": "&mdash;",
}  # fmt: skip
SYMBOLS: Mapping[str, str] = {"~": "&nbsp;", "_": "&shy;", "{": "{", "}": "}", "\\": "\\"}


class DamagedRtf(ValueError):
    """Compressed RTF has no valid header."""


def decompress_rtf(data: bytes) -> bytes:
    """Decompress RTF, up to MAX_BYTES. Raise DamagedRtf."""
    if len(data) < HEADER.size:
        raise DamagedRtf("its header is cut off")
    _, raw_size, kind, _ = HEADER.unpack_from(data)
    limit = min(raw_size, MAX_BYTES)
    if kind == UNCOMPRESSED:
        return data[HEADER.size : HEADER.size + limit]
    if kind != COMPRESSED:
        raise DamagedRtf("its compression is not known")
    return _decompressed(data, limit)


def _decompressed(data: bytes, limit: int) -> bytes:
    window = bytearray(WINDOW_BYTES)
    window[: len(FIRST_WINDOW)] = FIRST_WINDOW
    at, write = HEADER.size, len(FIRST_WINDOW)
    output = bytearray()
    while at < len(data) and len(output) < limit:
        control, at = data[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 1 >= len(data):
                    return bytes(output)
                reference, at = data[at] << 8 | data[at + 1], at + 2
                read, size = reference >> 4, (reference & 0xF) + MIN_RUN_BYTES
                if read == write:
                    return bytes(output)
                for _ in range(size):
                    output.append(window[read])
                    window[write] = window[read]
                    read, write = (read + 1) % WINDOW_BYTES, (write + 1) % WINDOW_BYTES
            elif at < len(data):
                output.append(data[at])
                window[write] = data[at]
                at, write = at + 1, (write + 1) % WINDOW_BYTES
    return bytes(output[:limit])


def wraps_html(rtf: bytes) -> bool:
    """Return whether RTF wraps HTML."""
    return WRAPS_HTML in rtf[:1000]


class _Group(NamedTuple):
    encoding: str = ""
    skip: int = 1
    is_left_out: bool = False
    is_for_rtf: bool = False
    is_tag: bool = False
    is_font_table: bool = False


def unwrap_html(rtf: bytes) -> str:
    """Return the HTML wrapped in RTF for which `wraps_html` is true."""
    return _Unwrapper().unwrap(rtf)


class _Unwrapper:
    def __init__(self) -> None:
        self._output: list[str] = []
        self._bytes: list[bytes] = []
        self._group = _Group()
        self._groups: list[_Group] = []
        self._file_encoding = DEFAULT_ENCODING
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._to_skip = 0
        self._is_starred = False

    def unwrap(self, rtf: bytes) -> str:
        for token in rtf_tokens(rtf):
            if token.kind == "bytes":
                self._take_bytes(token.data)
                continue
            self._flush()
            if token.kind == "open" and len(self._groups) < MAX_DEPTH:
                self._groups.append(self._group)
                self._to_skip = 0
            elif token.kind == "close" and self._groups:
                self._group = self._groups.pop()
                self._to_skip = 0
            elif token.kind == "symbol":
                self._symbol(token.name)
            elif token.kind == "word":
                self._word(token.name, token.number)
        self._flush()
        return "".join(self._output)

    def _is_shown(self) -> bool:
        group = self._group
        return not group.is_left_out and (group.is_tag or not group.is_for_rtf)

    def _add(self, text: str) -> None:
        if self._is_shown():
            self._output.append(text)

    def _take_bytes(self, data: bytes) -> None:
        self._is_starred = False
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if self._is_shown() and data[skipped:]:
            self._bytes.append(data[skipped:])

    def _flush(self) -> None:
        if self._bytes:
            data = b"".join(self._bytes)
            self._bytes.clear()
            encoding = "" if self._group.is_tag else self._group.encoding
            self._add(decode_bytes(data, encoding or self._file_encoding))

    def _symbol(self, character: str) -> None:
        if character == "*":
            self._is_starred = True
        elif self._to_skip:
            self._to_skip -= 1
        else:
            self._add(SYMBOLS.get(character, ""))

    def _word(self, name: str, number: int | None) -> None:
        starred, self._is_starred = self._is_starred, False
        if name == "htmltag":
            self._group = self._group._replace(is_tag=True)
        elif name == "htmlrtf":
            self._group = self._group._replace(is_for_rtf=number != 0)
        elif name == "fonttbl":
            self._group = self._group._replace(is_left_out=True, is_font_table=True)
        elif starred or name in LEFT_OUT:
            self._group = self._group._replace(is_left_out=True)
        elif name == "u":
            self._to_skip = self._group.skip
            self._add(f"&#{(number or 0) % 0x10000};")
            return
        elif name in CHARACTERS:
            self._add(CHARACTERS[name])
        else:
            self._encoding(name, number)
        self._to_skip = 0

    def _encoding(self, name: str, number: int | None) -> None:
        if name == "uc":
            self._group = self._group._replace(skip=min(max(number or 0, 0), 100))
        elif name == "ansicpg":
            self._file_encoding = code_page_encoding(number) or self._file_encoding
        elif name in FILE_ENCODINGS:
            self._file_encoding = FILE_ENCODINGS[name]
        elif name == "f" and self._group.is_font_table:
            self._font = number or 0
        elif name == "f":
            self._group = self._group._replace(encoding=self._fonts.get(number or 0, ""))
        elif name == "fcharset" and self._group.is_font_table:
            self._fonts[self._font] = CHARACTER_SETS.get(number or 0, "")

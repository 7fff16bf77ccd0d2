"""Parses the MIME format (RFC 2045 to 2047) of mails and saved pages to parts with headers and decoded content.

The time is linear in the size of the message at each depth of parts, and both depth and number of parts are limited. A
damaged message raises no error: parts of unknown structure are treated as plain text, as in mail programs.
"""

import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from email.utils import collapse_rfc2231_value, decode_params, unquote

import webencodings

from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.encodings.declared_encoding import codec_of

HEAD_END = re.compile(rb"\r?\n\r?\n|\A\r?\n")
HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]{0,2000})\?=(?:\s+(?==\?))?")
PARAMETER = re.compile(r";\s*([^\s;=]{1,60})\s*=\s*(\"(?:[^\"\\]|\\.){0,2000}\"|[^;]{0,2000})")
LINE_END = re.compile(rb"\r?\n")
LINE = re.compile(rb"[^\n]*\n|[^\n]+")
MESSAGE = "message/rfc822"
MAX_VALUE_CHARACTERS = 20_000
"""Maximum number of characters of a header that are read."""
IDENTITY = frozenset(("", "7bit", "8bit", "binary", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a message: its headers by lower-case name, its encoded body, and its part number, such as "2.1".

    `children` are the parts of a multipart, or the attached message.
    """

    headers: Mapping[str, str]
    body: bytes
    place: str
    children: tuple["Part", ...] = ()

    @property
    def media_type(self) -> str:
        """The media type in lower case; "text/plain" if none is declared."""
        declared = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return declared if "/" in declared else "text/plain"

    @property
    def charset(self) -> str | None:
        """The declared character encoding, `None` if there is none."""
        return parameters(self.headers.get("content-type", "")).get("charset")

    @property
    def file_name(self) -> str | None:
        """The declared file name, `None` if there is none."""
        disposition = parameters(self.headers.get("content-disposition", "")).get("filename")
        name = disposition or parameters(self.headers.get("content-type", "")).get("name")
        return " ".join(decode_words(name).split()) or None if name else None

    @property
    def is_attachment(self) -> bool:
        """Whether the part is a file to be shown separately from the message."""
        disposition = self.headers.get("content-disposition", "").partition(";")[0].strip().lower()
        return disposition == "attachment" or (disposition != "inline" and self.file_name is not None)

    def content(self) -> bytes | None:
        """Return the body without its transfer encoding, or `None` if that encoding is unknown."""
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding == "base64":
            return _decode_base64(self.body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(self.body)
        return self.body if encoding in IDENTITY else None


def parse_message(raw: bytes) -> tuple[Part, bool]:
    """Return a message as a tree of parts, and whether it is complete, that is within the limits."""
    parser = _Parser()
    return parser.part(raw, "", depth=0), parser.is_whole


def read_headers(raw: bytes) -> tuple[dict[str, str], int]:
    """Return the headers by lower-case name, the first of each, and the offset of the body after them.

    The first line that is not a header ends them, so that a text without headers is all body.
    """
    end = HEAD_END.search(raw, 0, limits.MAX_HEADER_BYTES)
    head = raw[: end.start()] if end else raw[: limits.MAX_HEADER_BYTES]
    headers: dict[str, str] = {}
    name = ""
    offset = 0
    for line in LINE.findall(head):
        match = HEADER.match(line)
        if offset and line[:1] in (b" ", b"\t"):
            if name and len(headers[name]) < MAX_VALUE_CHARACTERS:
                headers[name] += " " + _as_text(line.strip())
        elif match:
            name = match[1].decode("ascii").lower()
            if name in headers:
                name = ""  # only the first header of a name counts
            else:
                headers[name] = _as_text(line[match.end() :].strip())
        elif offset or not line.startswith((b"From ", b">From ")):  # the first line of a message in a mailbox
            return headers, offset
        offset += len(line)
    return headers, end.end() if end else len(head)


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a header such as Content-Type by lower-case name."""
    found = [(match[1].lower(), match[2].strip()) for match in PARAMETER.finditer(value[:MAX_VALUE_CHARACTERS])]
    plain = {name: unquote(content) for name, content in reversed(found) if "*" not in name}
    extended = [(name, content) for name, content in found if "*" in name]
    if extended:
        try:
            decoded = decode_params([("", ""), *extended])[1:]
            plain |= {name: unquote(collapse_rfc2231_value(content)) for name, content in decoded}
        except (ValueError, LookupError, UnicodeError, TypeError, IndexError):
            pass
    return plain


def decode_words(value: str) -> str:
    """Return a header's text with its encoded words decoded, such as `=?UTF-8?B?…?=`."""
    return ENCODED_WORD.sub(_decoded_word, value[:MAX_VALUE_CHARACTERS])


class _Parser:
    def __init__(self) -> None:
        self._parts = 0
        self.is_whole = True

    def part(self, raw: bytes, place: str, depth: int) -> Part:
        self._parts += 1
        headers, start = read_headers(raw)
        whole = Part(headers=headers, body=raw[start:], place=place or "1")
        sections: Iterable[bytes] = ()
        if whole.media_type.startswith("multipart/"):
            boundary = parameters(headers.get("content-type", "")).get("boundary", "").rstrip()
            sections = _sections(whole.body, boundary)
        elif whole.media_type == MESSAGE and (attached := whole.content()) is not None:
            sections = [attached]
        children: list[Part] = []
        for number, section in enumerate(sections, 1):
            if depth >= limits.MAX_DEPTH or self._parts >= limits.MAX_PARTS:
                self.is_whole = False
                break
            inner = place if whole.media_type == MESSAGE else f"{place}.{number}".lstrip(".")
            children.append(self.part(section, inner, depth + 1))
        return replace(whole, children=tuple(children))


def _sections(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield the sections between the boundaries of a multipart; the closing boundary may be missing."""
    if not boundary:
        return
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    start: int | None = None
    position = 0
    while (found := body.find(mark, position)) >= 0:
        position = found + len(mark)
        if found and body[found - 1 : found] != b"\n":
            continue
        end_of_line = LINE_END.search(body, position)
        rest = body[position : end_of_line.start() if end_of_line else min(len(body), position + 100)].strip()
        if rest not in (b"", b"--"):
            continue
        if start is not None:
            yield _without_last_line_end(body[start:found])
        start = None
        if rest == b"--":
            return
        position = start = end_of_line.end() if end_of_line else len(body)
    if start is not None:
        yield body[start:]


def _without_last_line_end(section: bytes) -> bytes:
    """Return a section without its last line end, which belongs to the boundary."""
    return section[: -2 if section.endswith(b"\r\n") else -1] if section.endswith(b"\n") else section


def _decode_base64(body: bytes) -> bytes:
    cleaned = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
    return binascii.a2b_base64(cleaned[: len(cleaned) - (len(cleaned) % 4 == 1)] + b"=" * (-len(cleaned) % 4))


def _decoded_word(word: re.Match[str]) -> str:
    charset, kind, content = word[1], word[2].lower(), word[3]
    if kind == "b":
        data = _decode_base64(content.encode("ascii", "replace"))
    else:
        data = binascii.a2b_qp(content.replace("_", " ").encode("utf-8"), header=False)
    encoding = webencodings.lookup(charset)
    return data.decode((encoding and codec_of(encoding.name)) or "utf-8", "replace")


def _as_text(value: bytes) -> str:
    """Return a header's bytes as text: UTF-8, or windows-1252 from older programs."""
    cut = value[:MAX_VALUE_CHARACTERS]
    try:
        return cut.decode()
    except UnicodeDecodeError:
        return cut.decode("cp1252", "replace")

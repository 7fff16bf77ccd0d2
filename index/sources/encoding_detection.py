"""Raw bytes to text and the name of its encoding, such that `raw.decode(encoding)` is exactly that text.

Newlines are not translated and nothing is repaired, so offsets into the text are code points of `raw.decode(encoding)`.
The content does not matter here; a file of menus decodes like any other.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from wherefrom.index.errors import SourceRejected

# UTF-32 comes before UTF-16: its four-byte mark begins with UTF-16's two-byte mark.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
BINARY_FORMATS = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
TEXT_CONTROLS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
MAX_CONTROL_SHARE = 0.02
ASCII_END = 0x80
SAMPLE_BYTES = 200_000
# The encodings of the web (encoding.spec.whatwg.org). Without this list, the detector reads an English page with a few
# Windows quotation marks as cp775, an MS-DOS code page, which turns the marks into letters.
WEB_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859_2", "iso8859_3", "iso8859_4", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_10"),
    *("iso8859_13", "iso8859_14", "iso8859_15", "iso8859_16", "koi8_r", "koi8_u", "mac_cyrillic"),
    *("gb18030", "big5", "big5hkscs", "euc_jp", "cp932", "cp949"),
)
DEFAULT_ENCODING = "cp1252"
DECLARED_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*(?:[\"']\s*)?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
CHARSET_SEARCH_BYTES = 4_096
# Browsers read these names as a superset of the encoding named.
BROWSER_ENCODINGS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    "tis-620": "cp874",
}
# With a smaller share of bytes beyond ASCII, encodings cannot be told apart.
MIN_NON_ASCII_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A source's text and encoding; `raw.decode(encoding) == text`."""

    text: str
    encoding: str


def decode(raw: bytes, *, source: str) -> Decoded:
    """Decode a source by its byte order mark, else as UTF-8, as the encoding it declares, or as a detected encoding.

    Raise SourceRejected if the source is empty or binary, or no encoding fits.
    """
    if not raw.strip():
        raise SourceRejected(source, "the file is empty")
    for magic, name in BINARY_FORMATS:
        if raw.startswith(magic):
            raise SourceRejected(source, f"this is {name}, not text")
    decoded = _decode_marked(raw, source) or _decode_utf8(raw) or _decode_declared(raw) or _decode_detected(raw, source)
    if not decoded.text.strip():
        raise SourceRejected(source, "the file is empty")
    if _is_binary(decoded.text):
        raise SourceRejected(source, "this is binary data, not text")
    return decoded


def _decode_marked(raw: bytes, source: str) -> Decoded | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            try:
                return Decoded(text=raw.decode(encoding), encoding=encoding)
            except UnicodeDecodeError as error:
                raise SourceRejected(source, f"its byte order mark says {encoding}, but {error.reason}") from error
    return None


def _decode_utf8(raw: bytes) -> Decoded | None:
    try:
        return Decoded(text=raw.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        return None


def _decode_declared(raw: bytes) -> Decoded | None:
    """Decode as the encoding that a page's markup declares, with the name read as browsers read it."""
    match = DECLARED_CHARSET.search(raw, 0, CHARSET_SEARCH_BYTES)
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    try:
        encoding = BROWSER_ENCODINGS.get(name) or codecs.lookup(name).name.replace("-", "_")
        return Decoded(text=raw.decode(encoding), encoding=encoding) if encoding in WEB_ENCODINGS else None
    except (LookupError, UnicodeDecodeError):
        return None


def _decode_detected(raw: bytes, source: str) -> Decoded:
    if b"\x00" in raw:
        raise SourceRejected(source, "this is binary data, not text")
    for encoding in _candidate_encodings(raw[:SAMPLE_BYTES]):
        try:
            return Decoded(text=raw.decode(encoding), encoding=encoding)
        except UnicodeDecodeError:
            continue
    raise SourceRejected(source, "no text encoding fits its bytes")


def _candidate_encodings(sample: bytes) -> list[str]:
    """Return the encodings that may fit, best first; the web's default comes first in a tie or without evidence."""
    matches = list(from_bytes(sample, cp_isolation=list(WEB_ENCODINGS)))
    scores = {match.encoding: (match.percent_chaos, match.percent_coherence) for match in matches}
    mostly_ascii = sum(byte >= ASCII_END for byte in sample) < MIN_NON_ASCII_SHARE * len(sample)
    candidates = list(scores)
    if mostly_ascii or (candidates and scores.get(DEFAULT_ENCODING) == scores[candidates[0]]):
        candidates.insert(0, DEFAULT_ENCODING)
    return candidates


def _is_binary(text: str) -> bool:
    controls = sum(1 for character in text if not character.isprintable() and _is_control(character))
    return "\x00" in text or controls > MAX_CONTROL_SHARE * len(text)


def _is_control(character: str) -> bool:
    code = ord(character)
    return (code < 0x20 or 0x7F <= code < 0xA0) and character not in TEXT_CONTROLS  # noqa: PLR2004 - C0, DEL and C1

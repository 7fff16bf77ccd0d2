"""Raw bytes to text, with the name of the encoding that gives exactly that text back.

It does not translate newlines and does not repair anything: offsets into the text are code points of
`raw.decode(encoding)`. It does not know what the text is about; a file of menus decodes like any other.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from wherefrom.index.errors import SourceRejected

# The four-byte mark of UTF-32 begins with the two-byte mark of UTF-16, so the order matters.
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
MOST_CONTROLS = 0.02
ASCII_END = 0x80
SAMPLE_BYTES = 200_000
# The encodings of the web (encoding.spec.whatwg.org). Left to itself the detector reads an English page with a few
# Windows quotation marks as cp775, a code page of MS-DOS, and shows letters for them.
WEB_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859_2", "iso8859_3", "iso8859_4", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_10"),
    *("iso8859_13", "iso8859_14", "iso8859_15", "iso8859_16", "koi8_r", "koi8_u", "mac_cyrillic"),
    *("gb18030", "big5", "big5hkscs", "euc_jp", "cp932", "cp949"),
)
DEFAULT_ENCODING = "cp1252"
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
DECLARED_WITHIN = 4_096
# Names that browsers take for a larger encoding than they name.
BROWSERS_READ = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    "tis-620": "cp874",
}
# Too few bytes beyond ASCII to tell encodings apart by.
LEAST_EVIDENCE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A source's text; `raw.decode(encoding)` gives `text` again."""

    text: str
    encoding: str


def decode(raw: bytes, *, source: str) -> Decoded:
    """Decode a source by its byte order mark, as UTF-8, or as what its bytes look like; SourceRejected if none fits."""
    if not raw.strip():
        raise SourceRejected(source, "the file is empty")
    for magic, name in BINARY_FORMATS:
        if raw.startswith(magic):
            raise SourceRejected(source, f"this is {name}, not text")
    decoded = _marked(raw, source) or _utf8(raw) or _declared(raw) or _guessed(raw, source)
    if not decoded.text.strip():
        raise SourceRejected(source, "the file is empty")
    if _is_binary(decoded.text):
        raise SourceRejected(source, "this is binary data, not text")
    return decoded


def _marked(raw: bytes, source: str) -> Decoded | None:
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            try:
                return Decoded(text=raw.decode(encoding), encoding=encoding)
            except UnicodeDecodeError as error:
                raise SourceRejected(source, f"its byte order mark says {encoding}, but {error.reason}") from error
    return None


def _utf8(raw: bytes) -> Decoded | None:
    try:
        return Decoded(text=raw.decode("utf-8"), encoding="utf-8")
    except UnicodeDecodeError:
        return None


def _declared(raw: bytes) -> Decoded | None:
    """As the encoding that a page's markup declares, read as browsers read its name."""
    found = DECLARED.search(raw, 0, DECLARED_WITHIN)
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    try:
        encoding = BROWSERS_READ.get(name) or codecs.lookup(name).name.replace("-", "_")
        return Decoded(text=raw.decode(encoding), encoding=encoding) if encoding in WEB_ENCODINGS else None
    except (LookupError, UnicodeDecodeError):
        return None


def _guessed(raw: bytes, source: str) -> Decoded:
    if b"\x00" in raw:
        raise SourceRejected(source, "this is binary data, not text")
    for encoding in _guesses(raw[:SAMPLE_BYTES]):
        try:
            return Decoded(text=raw.decode(encoding), encoding=encoding)
        except UnicodeDecodeError:
            continue
    raise SourceRejected(source, "no text encoding fits its bytes")


def _guesses(sample: bytes) -> list[str]:
    """Encodings that may fit, best first; among equals, and without evidence, the web's default."""
    matches = list(from_bytes(sample, cp_isolation=list(WEB_ENCODINGS)))
    marks = {match.encoding: (match.percent_chaos, match.percent_coherence) for match in matches}
    scarce = sum(byte >= ASCII_END for byte in sample) < LEAST_EVIDENCE * len(sample)
    guesses = list(marks)
    if scarce or (guesses and marks.get(DEFAULT_ENCODING) == marks[guesses[0]]):
        guesses.insert(0, DEFAULT_ENCODING)
    return guesses


def _is_binary(text: str) -> bool:
    controls = sum(1 for character in text if not character.isprintable() and _is_control(character))
    return "\x00" in text or controls > MOST_CONTROLS * len(text)


def _is_control(character: str) -> bool:
    code = ord(character)
    return (code < 0x20 or 0x7F <= code < 0xA0) and character not in TEXT_CONTROLS  # noqa: PLR2004 - C0, DEL and C1

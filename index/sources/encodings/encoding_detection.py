"""Decodes raw bytes to a text and its encoding, such that `raw.decode(encoding, errors)` is exactly that text.

Newlines are not translated and nothing is repaired, so offsets into the text are code points of the decoded source. A
few invalid bytes become U+FFFD, and a warning gives their place. The content does not matter here; a file of menus is
decoded like any other.
"""

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.unicode_encodings import InvalidBytes, read_invalid_utf_8, wide_encoding

if TYPE_CHECKING:
    from wherefrom.index.sources.encodings.legacy_encodings import Reading
    from wherefrom.index.types import DecodingErrors

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
# 7-bit encodings: their escape sequences out of ASCII, and the codecs that decode the following bytes.
ESCAPES = (
    (b"\x1b$)C", ("iso2022_kr",)),
    (b"\x1b$", ("iso2022_jp", "iso2022_jp_ext")),
    (b"\x1b(I", ("iso2022_jp_ext",)),
    (b"~{", ("hz",)),
)
TEXT_CONTROLS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
MAX_CONTROL_SHARE = 0.02
SAVE_AS_UTF_8 = "save it as UTF-8, or declare its encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A source's text and encoding; `raw.decode(encoding, errors) == text`. `warnings` report invalid bytes."""

    text: str
    encoding: str
    errors: "DecodingErrors" = "strict"
    warnings: tuple[str, ...] = ()


def decode(raw: bytes, *, source: str, label: str | None = None) -> Decoded:
    """Decode a source by its byte order mark, else as UTF-8, in its declared encoding, or in a detected one.

    `label` is an encoding declared outside of the source, as in mails; it precedes the source's own declaration.
    Raise SourceRejected if the source is empty or binary, or if no encoding can be determined.
    """
    if not raw.strip():
        raise SourceRejected(source, "the file is empty")
    for magic, name in BINARY_FORMATS:
        if raw.startswith(magic):
            raise SourceRejected(source, f"this is {name}, not text")
    decoded = _decode_marked(raw, source) or _decode_unicode(raw) or _decode_legacy(raw, source, label)
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
                if encoding == "utf-8-sig":
                    return _with_replacements(raw, encoding, error.start)
                raise SourceRejected(source, f"its byte order mark says {encoding}, but {error.reason}") from error
    return None


def _decode_unicode(raw: bytes) -> Decoded | None:
    """Decode as UTF-16 or UTF-32 without a mark, as a 7-bit encoding, or as UTF-8; return `None` if none fits."""
    if (wide := wide_encoding(raw)) is not None:
        return Decoded(text=raw.decode(wide), encoding=wide)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (_decode_escaped(raw) if text.isascii() else None) or Decoded(text=text, encoding="utf-8")


def _decode_escaped(raw: bytes) -> Decoded | None:
    """Decode ASCII bytes in a 7-bit encoding whose escapes they have and in which they are text, or return `None`."""
    for escape, encodings in ESCAPES:
        if escape in raw:
            from wherefrom.index.sources.encodings.legacy_encodings import multi_byte_encoding  # noqa: PLC0415

            found = multi_byte_encoding(raw, encodings)
            if found is not None:
                return _decoded(raw, *found)
    return None


def _decode_legacy(raw: bytes, source: str, label: str | None) -> Decoded:
    """Decode bytes that are not valid UTF-8: UTF-8 with a few invalid bytes, or an older encoding."""
    invalid = read_invalid_utf_8(raw)
    if invalid is not None and invalid.is_clear:
        return _with_replacements(raw, "utf-8", *invalid.offsets)
    if raw.count(b"\x00") > MAX_CONTROL_SHARE * len(raw):
        raise SourceRejected(source, "this is binary data, not text")
    # The letter statistics are loaded with the first source that needs them.
    from wherefrom.index.sources.encodings.declared_encoding import (  # noqa: PLC0415
        declaration,
        declared_encoding,
    )

    declared = (declaration(label) if label else None) or declared_encoding(raw)
    choice = _LegacyChoice(raw, invalid)
    decoded = choice.as_declared(declared.codec) if declared and declared.codec else None
    decoded = decoded or choice.as_language() or choice.as_likely()
    if decoded is None:
        said = f"it declares {declared.label}, but " if declared else ""
        where = f"; it is not UTF-8 from byte {invalid.offsets[0]} on" if invalid else ""
        raise SourceRejected(source, f"{said}no text encoding fits its bytes{where}: {SAVE_AS_UTF_8}")
    return decoded


class _LegacyChoice:
    """The ways to decode bytes that are not valid UTF-8; they share the weighed readings."""

    def __init__(self, raw: bytes, invalid: InvalidBytes | None) -> None:
        from wherefrom.index.sources.encodings import legacy_encodings  # noqa: PLC0415

        self._raw = raw
        self._invalid = invalid
        self._legacy = legacy_encodings
        self._readings: list[Reading] | None = None

    def as_declared(self, codec: str) -> Decoded | None:
        """Decode in the declared encoding, unless the text is implausible in it or clearly better in another one."""
        legacy = self._legacy
        errors, text = legacy.decode_nearly(self._raw, codec)
        if text is None or (codec == "utf-8" and not (self._invalid and self._invalid.is_likely)):
            return None
        if codec == "utf-8":
            fits = True
        elif codec in legacy.MULTI_BYTE:
            fits = legacy.could_be_declared(text, codec)
        else:
            own = legacy.read_as(legacy.byte_sample(self._raw), codec, "replace")
            fits = own is not None and own.is_plausible and not self._is_outdone(own)
        return _decoded(self._raw, codec, errors) if fits else None

    def _is_outdone(self, own: "Reading") -> bool:
        """Return whether another encoding gives a clearly better text than the declared one."""
        rival = next((each for each in self._clean() if not each.is_same_text(own)), None)
        return rival is not None and rival.fit.score >= own.fit.score + self._legacy.MIN_LEAD_OVER_DECLARED

    def as_language(self) -> Decoded | None:
        """Decode in the encoding in which the text fits a language, if that is clear; return `None` otherwise."""
        legacy = self._legacy
        best, *others = self._weighed()
        rival = next((each for each in others if not each.is_same_text(best)), None)
        multi_byte = legacy.multi_byte_encoding(self._raw)
        if multi_byte is not None and not best.is_language:
            return _decoded(self._raw, *multi_byte)
        is_told = rival is None or best.fit.score >= rival.fit.score + legacy.MIN_LEAD
        if best.is_language and best.fit.evidence >= legacy.MIN_EVIDENCE and is_told:
            return self._in(best.encoding)
        return None

    def as_likely(self) -> Decoded | None:
        """Decode as UTF-8 if most of it is; else in the best encoding, if it is that of browsers or leads clearly."""
        if self._invalid is not None and self._invalid.is_likely:
            return _with_replacements(self._raw, "utf-8", *self._invalid.offsets)
        clean = self._clean()
        if not clean:
            return None
        best = clean[0]
        rival = next((each for each in clean if not each.is_same_text(best)), None)
        is_default = best.encoding == self._legacy.DEFAULT
        lead = best.fit.score - rival.fit.score if rival else best.fit.score
        return self._in(best.encoding) if is_default or lead >= self._legacy.MIN_LEAD_OF_FEW else None

    def _clean(self) -> "list[Reading]":
        return [reading for reading in self._weighed() if reading.fit.odd == 0 and not reading.contradicts]

    def _weighed(self) -> "list[Reading]":
        if self._readings is None:
            self._readings = list(self._legacy.weigh_encodings(self._raw))
        return self._readings

    def _in(self, encoding: str) -> Decoded | None:
        errors, text = self._legacy.decode_nearly(self._raw, encoding)
        return None if text is None else _decoded(self._raw, encoding, errors)


def _decoded(raw: bytes, encoding: str, errors: str) -> Decoded:
    if errors == "strict":
        return Decoded(text=raw.decode(encoding), encoding=encoding)
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as error:
        return _with_replacements(raw, encoding, error.start)
    return Decoded(text=raw.decode(encoding), encoding=encoding)


def _with_replacements(raw: bytes, encoding: str, *offsets: int) -> Decoded:
    """Decode with U+FFFD for invalid bytes, and a warning with the place of the first one."""
    first = offsets[0]
    places = f"at {len(offsets)} places, the first" if len(offsets) > 1 else "at"
    warning = f"it is {encoding} with invalid bytes {places} byte {first} (0x{raw[first]:02X}); U+FFFD stands there"
    return Decoded(text=raw.decode(encoding, "replace"), encoding=encoding, errors="replace", warnings=(warning,))


def _is_binary(text: str) -> bool:
    controls = sum(1 for character in text if not character.isprintable() and _is_control(character))
    return controls > MAX_CONTROL_SHARE * len(text)


def _is_control(character: str) -> bool:
    code = ord(character)
    return (code < 0x20 or 0x7F <= code < 0xA0) and character not in TEXT_CONTROLS  # noqa: PLR2004 - C0, DEL and C1

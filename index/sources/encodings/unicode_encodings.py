"""Detects UTF-8 with a few invalid bytes, and UTF-16 or UTF-32 without a byte order mark."""

import codecs
import re
from collections import Counter
from dataclasses import dataclass

MAX_INVALID_RUNS = 20_000
# Minimum number of well-formed sequences for each invalid one at which a text can only be UTF-8. Two bytes of a legacy
# encoding may be well-formed UTF-8 by chance, but not nine times out of ten.
CLEARLY_VALID_SHARE = 10
MIN_CLEARLY_VALID = 4
# A prefix of a UTF-8 character at the end of a source, as in a truncated download.
CUT_OFF_END = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2})\Z")
CONTINUATION_START = re.compile(rb"[\x80-\xbf]{1,3}(?=[^\x80-\xbf])")
SAMPLE_BYTES = 200_000
MIN_WIDE_BYTES = 8
WIDE_UNITS = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
ASCII_SPACES = frozenset(" \n\r\t")
MIN_LETTER_SHARE = 0.6
MAX_BLOCKS = 12
MIN_BLOCK_SHARE = 0.9
BLOCK_BITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidBytes:
    """The text of a source decoded as UTF-8, with U+FFFD for invalid bytes.

    `offsets` are the offsets of the invalid runs, `valid` is the number of well-formed characters beyond ASCII, and
    `inner` that of the invalid runs that are not part of a character cut at either end of the source.
    """

    text: str
    offsets: tuple[int, ...]
    valid: int
    inner: int

    @property
    def is_clear(self) -> bool:
        """Whether the source can only be UTF-8."""
        cut_off_only = self.inner == 0 and self.valid > 0
        return cut_off_only or (
            self.valid >= MIN_CLEARLY_VALID and self.valid >= CLEARLY_VALID_SHARE * max(self.inner, 1)
        )

    @property
    def is_likely(self) -> bool:
        """Whether the source has more well-formed characters beyond ASCII than invalid runs."""
        return self.valid > self.inner


def read_invalid_utf_8(raw: bytes) -> InvalidBytes | None:
    """Decode a source with invalid bytes as UTF-8, or return `None` if it has more than MAX_INVALID_RUNS of them."""
    offsets: list[int] = []
    view = memoryview(raw)
    position = 0
    while position < len(raw):
        try:
            codecs.utf_8_decode(view[position:], "strict", True)  # noqa: FBT003 - it takes no keywords
            break
        except UnicodeDecodeError as error:
            if len(offsets) == MAX_INVALID_RUNS:
                return None
            offsets.append(position + error.start)
            position += error.end
    text = raw.decode("utf-8", "replace")
    valid = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    cut = _cut_off_offsets(raw)
    return InvalidBytes(
        text=text, offsets=tuple(offsets), valid=valid, inner=sum(offset not in cut for offset in offsets)
    )


def _cut_off_offsets(raw: bytes) -> set[int]:
    """Return the offsets of bytes at either end that can be part of a truncated UTF-8 character."""
    cut: set[int] = set()
    if start := CONTINUATION_START.match(raw):
        cut.update(range(start.end()))
    tail = raw[-3:]
    if end := CUT_OFF_END.search(tail):
        cut.add(len(raw) - len(tail) + end.start())
    elif tail and 0xC2 <= tail[-1] <= 0xF4:  # noqa: PLR2004 - the first bytes of characters
        cut.add(len(raw) - 1)
    return cut


def wide_encoding(raw: bytes) -> str | None:
    """Return the encoding of text in UTF-16 or UTF-32 without a byte order mark, or `None` for other bytes.

    Such text has zero bytes in its spaces and line ends. The right byte order gives characters of few Unicode blocks
    with spaces between them; the wrong one gives characters of many blocks.
    """
    if len(raw) < MIN_WIDE_BYTES or b"\x00" not in raw:
        return None
    for encoding, unit in WIDE_UNITS.items():
        sample = raw[: min(len(raw), SAMPLE_BYTES) // unit * unit]
        if len(raw) % unit == 0 and _is_text(_decode(sample, encoding)):
            return encoding
    return None


def _decode(sample: bytes, encoding: str) -> str:
    """Return the decoded sample, without an incomplete character at its end, or "" if it is invalid."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return ""


def _is_text(text: str) -> bool:
    """Return whether a text has ASCII white space, no NUL, mostly letters, and characters of few Unicode blocks."""
    if not text or "\x00" in text or not any(space in text for space in ASCII_SPACES):
        return False
    letters = sum(character.isalpha() or character in ASCII_SPACES for character in text)
    if letters < MIN_LETTER_SHARE * len(text):
        return False
    unspaced = Counter(ord(character) >> BLOCK_BITS for character in text if not 0x3000 <= ord(character) < 0xD800)  # noqa: PLR2004
    common = sum(count for _, count in unspaced.most_common(MAX_BLOCKS))
    if common < MIN_BLOCK_SHARE * unspaced.total():
        return False
    return unspaced.total() > len(text) // 2 or _is_chinese_japanese_or_korean(text)


def _is_chinese_japanese_or_korean(text: str) -> bool:
    """Return whether a text has the common characters of these languages; pairs of ASCII bytes give rare ones."""
    from wherefrom.index.sources.encodings import legacy_encodings  # noqa: PLC0415 - has large tables

    return legacy_encodings.common_share(text, "utf-16") >= legacy_encodings.MIN_COMMON_SHARE

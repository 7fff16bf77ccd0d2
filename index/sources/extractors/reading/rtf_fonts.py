"""The encodings of RTF: by the code page of the file, and by the character sets of its fonts."""

import codecs
from collections.abc import Mapping

DEFAULT_ENCODING = "cp1252"
SYMBOL = "symbol"
"""The pseudo-encoding of fonts whose characters are pictures."""
CHARACTER_SETS: Mapping[int, str] = {
    0: DEFAULT_ENCODING,
    2: SYMBOL,
    77: "mac_roman",
    78: "shift_jis",
    79: "euc_kr",
    80: "gb2312",
    81: "big5",
    83: "mac_greek",
    85: "mac_turkish",
    89: "mac_cyrillic",
    88: "mac_latin2",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
}
FILE_ENCODINGS: Mapping[str, str] = {"ansi": DEFAULT_ENCODING, "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
"""The encoding of a file by its control word for the character set."""
CODE_PAGES: Mapping[int, str] = {
    10000: "mac_roman",
    10001: "shift_jis",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10029: "mac_latin2",
    10081: "mac_turkish",
    1361: "johab",
    20127: "ascii",
    28591: "latin-1",
    65001: "utf-8",
}


def code_page_encoding(number: int | None) -> str | None:
    """Return the codec of a Windows code page, or `None` if there is none."""
    if number is None or number <= 0:
        return None
    name = CODE_PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    return name


def decode_bytes(data: bytes, encoding: str) -> str:
    """Decode bytes, with U+FFFD for invalid ones; of a symbol font, only a bullet is kept."""
    if encoding == SYMBOL:
        return "\u2022" if b"\xb7" in data else ""
    return data.decode(encoding, errors="replace")

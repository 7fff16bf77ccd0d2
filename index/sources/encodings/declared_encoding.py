"""The encoding that a page or an XML file declares, as the Python codec that decodes it.

The labels are those of the WHATWG encoding standard, by which browsers read declarations; the table is that of the
package webencodings. Python's own aliases are not used: "iso-8859-1" means windows-1252 on the web.
"""

import re
from dataclasses import dataclass

import webencodings

DECLARED_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*(?:[\"']\s*)?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
XML_ENCODING = re.compile(rb"\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
SEARCHED_BYTES = 4_096
# Encodings of the standard whose Python codec has another name than webencodings gives it. Where browsers read a
# superset of what is named (euc-kr, shift_jis, gbk), the codec is that of the superset.
CODECS = {
    "big5": "big5hkscs",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "ibm866": "cp866",
    "iso-2022-jp": "iso2022_jp",
    "iso-8859-8-i": "iso8859_8",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac_cyrillic",
}
UTF_16 = frozenset(("utf-16le", "utf-16be"))
# No codec of Python reads x-user-defined; the standard replaces the text of some others by one error, as they were
# used to attack readers.
UNREADABLE = frozenset(("replacement", "x-user-defined"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declared encoding: its label as written, and the codec that decodes it, `None` if there is none."""

    label: str
    codec: str | None


def declared_encoding(raw: bytes) -> Declaration | None:
    """Return the encoding that the first 4 kB of a source declare, or `None` if they declare none that is known."""
    match = XML_ENCODING.match(raw) or DECLARED_CHARSET.search(raw, 0, SEARCHED_BYTES)
    if match is None:
        return None
    return declaration(match[1].decode("ascii"))


def declaration(label: str) -> Declaration | None:
    """Return the encoding that a label names, or `None` if the standard has none of this name."""
    encoding = webencodings.lookup(label)
    return None if encoding is None else Declaration(label=label, codec=codec_of(encoding.name))


def codec_of(name: str) -> str | None:
    """Return the Python codec for the standard's name of an encoding, or `None` if Python has none.

    A declaration that was found in bytes of ASCII cannot be of UTF-16; browsers then read UTF-8, and so is it here.
    """
    if name in UNREADABLE:
        return None
    if name in UTF_16:
        return "utf-8"
    default = name.replace("windows-", "cp").replace("iso-", "iso").replace("-", "_")
    return CODECS.get(name, "utf-8" if name == "utf-8" else default)

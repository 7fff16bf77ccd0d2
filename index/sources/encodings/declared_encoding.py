"""The declared encoding of a page or an XML file, as the Python codec that decodes it.

The labels are those of the WHATWG Encoding Standard, which browsers follow; the table is that of the package
webencodings. Python's own aliases are not used: "iso-8859-1" means windows-1252 on the web.
"""

import re
from dataclasses import dataclass

import webencodings

DECLARED_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*(?:[\"']\s*)?([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
XML_ENCODING = re.compile(rb"\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
SEARCHED_BYTES = 4_096
# Encodings of the standard whose Python codec has another name than in webencodings. Where browsers decode a superset
# of the named encoding (euc-kr, shift_jis, gbk), the codec is that of the superset.
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
# Python has no codec for x-user-defined; the standard decodes some others ("replacement") to a single error, since they
# were used for attacks.
UNREADABLE = frozenset(("replacement", "x-user-defined"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A declared encoding: its label as written, and its Python codec, `None` if there is none."""

    label: str
    codec: str | None


def declared_encoding(raw: bytes) -> Declaration | None:
    """Return the encoding declared in the first 4 kB of a source, or `None` if there is none or it is unknown."""
    match = XML_ENCODING.match(raw) or DECLARED_CHARSET.search(raw, 0, SEARCHED_BYTES)
    if match is None:
        return None
    return declaration(match[1].decode("ascii"))


def declaration(label: str) -> Declaration | None:
    """Return the encoding with a label, or `None` if the standard does not have the label."""
    encoding = webencodings.lookup(label)
    return None if encoding is None else Declaration(label=label, codec=codec_of(encoding.name))


def codec_of(name: str) -> str | None:
    """Return the Python codec for the standard's name of an encoding, or `None` if Python has none.

    A declaration of UTF-16 that was found in ASCII bytes must be wrong; it is decoded as UTF-8, as in browsers.
    """
    if name in UNREADABLE:
        return None
    if name in UTF_16:
        return "utf-8"
    default = name.replace("windows-", "cp").replace("iso-", "iso").replace("-", "_")
    return CODECS.get(name, "utf-8" if name == "utf-8" else default)

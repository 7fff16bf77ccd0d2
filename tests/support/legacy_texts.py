"""Short texts in many languages, and the legacy encodings of each language."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

TEXTS = Path(__file__).parents[1] / "index" / "sources" / "encodings" / "data" / "language_texts.json"
WESTERN = ("cp1252", "iso8859_15")
CENTRAL = ("cp1250", "iso8859_2", "cp852")
BALTIC = ("cp1257", "iso8859_13", "iso8859_4")
CYRILLIC = ("cp1251", "iso8859_5", "mac_cyrillic")
LEGACY_ENCODINGS: Mapping[str, tuple[str, ...]] = {
    "Albanian": ("cp1252", "cp1250"),
    "Arabic": ("cp1256", "iso8859_6"),
    "Belarusian": CYRILLIC,
    "Bulgarian": (*CYRILLIC, "koi8_r", "cp866"),
    "Catalan": WESTERN,
    "Chinese": ("gb2312", "gb18030", "hz", "utf-16-le"),
    "Chinese traditional": ("big5", "big5hkscs", "gb18030"),
    "Croatian": CENTRAL,
    "Czech": CENTRAL,
    "Danish": WESTERN,
    "Dutch": ("cp1252",),
    "Estonian": BALTIC,
    "Finnish": WESTERN,
    "French": (*WESTERN, "mac_roman"),
    "German": (*WESTERN, "mac_roman", "cp850"),
    "Greek": ("cp1253", "iso8859_7"),
    "Hebrew": ("cp1255", "iso8859_8"),
    "Hungarian": CENTRAL,
    "Icelandic": WESTERN,
    "Italian": WESTERN,
    "Japanese": ("shift_jis", "cp932", "euc_jp", "iso2022_jp", "utf-16-be"),
    "Korean": ("euc_kr", "cp949", "iso2022_kr"),
    "Latvian": BALTIC,
    "Lithuanian": BALTIC,
    "Macedonian": CYRILLIC,
    "Maltese": ("iso8859_3",),
    "Norwegian": WESTERN,
    "Persian": ("cp1256",),
    "Polish": CENTRAL,
    "Portuguese": WESTERN,
    "Romanian": CENTRAL,
    "Russian": (*CYRILLIC, "koi8_r", "cp866"),
    "Serbian": CYRILLIC,
    "Slovak": CENTRAL,
    "Slovenian": CENTRAL,
    "Spanish": WESTERN,
    "Swedish": WESTERN,
    "Thai": ("cp874", "tis_620"),
    "Turkish": ("cp1254", "iso8859_9"),
    "Ukrainian": ("cp1251", "koi8_u", "iso8859_5"),
    "Vietnamese": ("cp1258",),
}
# Letters that the encodings lack, and the customary substitutes.
SUBSTITUTES = str.maketrans("șțȘȚیک\u200c", "şţŞŢيك ")
VIETNAMESE_TONES = "\u0300\u0301\u0303\u0309\u0323"


def legacy_texts() -> Iterator[tuple[str, str, str]]:
    """Yield (language, encoding, text) for each legacy encoding of each language; the text is encodable."""
    texts: Mapping[str, str] = json.loads(TEXTS.read_text(encoding="utf-8"))
    for language, encodings in LEGACY_ENCODINGS.items():
        for encoding in encodings:
            yield language, encoding, _encodable(texts[language], encoding)


def _encodable(text: str, encoding: str) -> str:
    text = text.translate(SUBSTITUTES)
    return "".join(map(_tones_apart, text)) if encoding == "cp1258" else text


def _tones_apart(character: str) -> str:
    """Return a Vietnamese letter with its tone as a separate character, unless cp1258 has the composed letter."""
    try:
        character.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", character)
        letter = "".join(mark for mark in marks if mark not in VIETNAMESE_TONES)
        return unicodedata.normalize("NFC", letter) + "".join(mark for mark in marks if mark in VIETNAMESE_TONES)
    return character

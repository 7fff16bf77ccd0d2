"""Detects the legacy encoding of a text without a declaration: the one in which it best fits one of its languages.

Every encoding is scored only by the languages that were written in it. Where encodings give the same text, those of the
web are preferred to those of DOS and Macintosh. Rare encodings are not considered.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wherefrom.index.sources.encodings.letter_statistics import (
    SAME_LETTERS,
    Fit,
    fit,
    fit_thai,
    odd_characters,
    words_beyond_ascii,
)

WESTERN = (
    *("English", "French", "German", "Spanish", "Portuguese", "Italian", "Dutch", "Swedish", "Danish", "Finnish"),
    *("Norwegian_Bokmal", "Norwegian_Nynorsk", "Icelandic", "Catalan", "Galician", "Basque", "Irish", "Albanian"),
    *("Estonian", "Afrikaans", "Breton", "Luxembourgish", "Occitan", "West_Frisian", "Asturian"),
)
CENTRAL = ("Polish", "Czech", "Slovak", "Hungarian", "Slovenian", "Croatian", "Romanian", "German")
BALTIC = ("Lithuanian", "Latvian", "Estonian", "Finnish", "German")
CYRILLIC = ("Russian", "Ukrainian", "Bulgarian", "Belarusian", "Serbian", "Macedonian")
THAI = ("Thai",)
# In order of preference, for encodings that give the same text.
SINGLE_BYTE: Mapping[str, Sequence[str]] = {
    "cp1252": WESTERN,
    "cp1250": (*CENTRAL, "Albanian"),
    "cp1251": CYRILLIC,
    "cp1254": ("Turkish",),
    "cp1253": ("Greek",),
    "cp1257": BALTIC,
    "cp1255": ("Hebrew",),
    "cp1256": ("Arabic", "Persian", "Urdu"),
    "cp1258": ("Vietnamese",),
    "cp874": THAI,
    "iso8859_2": (*CENTRAL, "Albanian"),
    "iso8859_15": WESTERN,
    "koi8_r": ("Russian", "Bulgarian"),
    "koi8_u": ("Ukrainian",),
    "iso8859_5": CYRILLIC,
    "iso8859_7": ("Greek",),
    "iso8859_9": ("Turkish",),
    "iso8859_13": BALTIC,
    "iso8859_4": BALTIC,
    "iso8859_6": ("Arabic",),
    "iso8859_8": ("Hebrew",),
    "iso8859_3": ("Maltese", "Esperanto"),
    "iso8859_14": ("Welsh", "Irish"),
    "cp866": CYRILLIC,
    "mac_cyrillic": CYRILLIC,
    "mac_roman": WESTERN,
    "cp850": WESTERN,
    "cp852": CENTRAL,
}
# Common characters of each script. They are a third or more of a text in the right encoding, and about one in thirty
# characters in a wrong one, since the tables of the encodings are ordered by sound or form.
CHINESE = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当"
    "没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应"
    "战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系"
    "气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界"
    "达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "這個們來為國時說會對過發後裡經現當沒動還進樣開從實軍無與長機關點業將兩間問應戰頭體見產話給門員東聲義條題變總電數報務場計資許統區隊決書則聽"
    "達強難權設記類據張該規萬覺術領確傳師觀讓識帶導爭運省市長議員選"
)
HANGUL = frozenset(
    "이다는에의가을하고지로한사기를은도대자아리인어시서일정그해나전부수있었과원보장구주라안것제들으간만적면음회경공여동년위게상스당세국성관요신진치조오"
    "까지내무비계모든소유방미연우히김물학통교발재할문식외조더된후화월명민"
)
KANA = re.compile("[\u3041-\u30ff]")
CJK = re.compile("[\u3400-\u9fff\uac00-\ud7a3\u3041-\u30ff\uf900-\ufaff]")
CHINESE_ENCODINGS = ("gb18030", "big5hkscs", "hz")
JAPANESE = ("cp932", "euc_jp", "iso2022_jp", "iso2022_jp_ext")
KOREAN = ("cp949", "iso2022_kr")
ANY_CJK = "[\u3041-\u9fff\uac00-\ud7a3\uff61-\uff9f]"
CJK_IN_WORD = re.compile(f"[A-Za-z]{ANY_CJK}|{ANY_CJK}[a-z]")
CJK_RUN = re.compile(f"{CJK.pattern}+")
# UTF-16 is included for text on one line, which has no zero byte.
MULTI_BYTE = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "utf-16-le", "utf-16-be")
MIN_COMMON_SHARE = 0.18
# In a wrong encoding, single letters beyond ASCII become single characters between ASCII characters.
MIN_CJK, MIN_CJK_RUN, MIN_DECLARED_CJK = 5, 2, 30
MAX_FOREIGN_KANA_SHARE = 0.05
MIN_CJK_SHARE = 0.65
MAX_UNDECODABLE_SHARE = 0.004
DEFAULT = "cp1252"
"""The default encoding of browsers: that of English pages with a few typographic quotation marks."""
# A word in bytes with one or more beyond ASCII.
BYTE_WORD = re.compile(rb"[A-Za-z']*[\x80-\xff][A-Za-z'\x80-\xff]*")
SAMPLE_BYTES = 400_000
MAX_SAMPLE_WORDS = 1_500
MAX_WORD_BYTES = 400
# With fewer groups of letters, the evidence is a name or two, as in an English text.
MIN_EVIDENCE = 6
MIN_KNOWN_SHARE = 0.45
# Minimum difference between the scores of the best and the second-best text for a decision.
MIN_LEAD = 1.0
MIN_LEAD_OF_FEW = 2.0
MIN_LEAD_OVER_DECLARED = 2.0
MAX_FOREIGN_GROUPS, MAX_FOREIGN_SHARE = 2, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A sample of a source decoded in one encoding, and its fit to the best of that encoding's languages."""

    encoding: str
    language: str
    sample: str
    fit: Fit

    def is_same_text(self, other: "Reading") -> bool:
        """Return whether two readings give the same text, apart from letters with two forms (SAME_LETTERS)."""
        return self.sample.translate(SAME_LETTERS) == other.sample.translate(SAME_LETTERS)

    @property
    def is_language(self) -> bool:
        """Whether the text fits the language."""
        fitted = self.fit
        return fitted.score > 0 and fitted.known >= MIN_KNOWN_SHARE * fitted.evidence

    @property
    def is_plausible(self) -> bool:
        """Whether there is little evidence against the text, so that a declaration of its encoding is accepted."""
        against = self.fit.odd + self.fit.foreign + self.fit.unknown / 2
        return against <= max(MAX_FOREIGN_GROUPS, MAX_FOREIGN_SHARE * self.fit.evidence)

    @property
    def contradicts(self) -> bool:
        """Whether the text has groups of letters that the language cannot have, beyond a foreign name or two."""
        return self.fit.unknown + self.fit.foreign > max(MAX_FOREIGN_GROUPS, MAX_FOREIGN_SHARE * self.fit.evidence)


def weigh_encodings(raw: bytes) -> Sequence[Reading]:
    """Return the readings of a source in all single-byte encodings that can decode it, the best first."""
    sample = byte_sample(raw)
    readings = [reading for encoding in SINGLE_BYTE if (reading := read_as(sample, encoding)) is not None]
    return sorted(readings, key=lambda reading: -reading.fit.score)  # stable: preference decides in a tie


def byte_sample(raw: bytes) -> bytes:
    """Return the distinct words with bytes beyond ASCII at the start of a source, as one line."""
    words = (match[0][:MAX_WORD_BYTES] for match in BYTE_WORD.finditer(raw, 0, SAMPLE_BYTES))
    distinct: dict[bytes, None] = {}
    for word in words:
        distinct[word] = None
        if len(distinct) == MAX_SAMPLE_WORDS:
            break
    return b" ".join(distinct)


def read_as(sample: bytes, encoding: str, errors: str = "strict") -> Reading | None:
    """Return the reading of a sample in an encoding, or `None` if it cannot be decoded."""
    try:
        text = unicodedata.normalize("NFC", sample.decode(encoding, errors))
    except UnicodeDecodeError:
        return None
    languages = SINGLE_BYTE.get(encoding, (*WESTERN, *CENTRAL, *BALTIC))
    if languages is THAI:
        return Reading(encoding=encoding, language="Thai", sample=text, fit=fit_thai(text))
    words, odd = words_beyond_ascii(text), odd_characters(text)
    fits = [(fit(words, odd, language), language) for language in languages]
    best, language = max(fits, key=lambda each: each[0].score)
    return Reading(encoding=encoding, language=language, sample=text, fit=best)


def multi_byte_encoding(raw: bytes, candidates: Sequence[str] = MULTI_BYTE) -> tuple[str, str] | None:
    """Return (encoding, errors) of a text in Chinese, Japanese or Korean, or `None` for any other text."""
    best: tuple[float, str, str] | None = None
    for encoding in candidates:
        errors, text = decode_nearly(raw, encoding)
        share = common_share(text, encoding) if text is not None else 0.0
        if share >= MIN_COMMON_SHARE and (best is None or (errors == "strict", share) > (best[2] == "strict", best[0])):
            best = (share, encoding, errors)
    return best and (best[1], best[2])


def decode_nearly(raw: bytes, encoding: str) -> tuple[str, str | None]:
    """Return (errors, text) of a source in an encoding; the text is `None` if more than a few bytes are invalid."""
    try:
        return "strict", raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    invalid = text.count("\ufffd")
    return "replace", text if invalid <= max(1, MAX_UNDECODABLE_SHARE * beyond_ascii) else None


def could_be_declared(text: str, encoding: str) -> bool:
    """Return whether a text decoded in its declared Chinese, Japanese or Korean encoding is plausible.

    In a wrong encoding, single letters beyond ASCII become characters in the middle of words.
    """
    if common_share(text, encoding) >= MIN_COMMON_SHARE:
        return True
    head = text[:SAMPLE_BYTES]
    characters = len(CJK.findall(head))
    are_few = characters < MIN_DECLARED_CJK and characters >= MIN_CJK_SHARE * _letters_beyond_ascii(head)
    return are_few and not CJK_IN_WORD.search(head)


def common_share(text: str, encoding: str) -> float:
    """Return the share of an encoding's common characters among the CJK characters of a text; 0 if these are few."""
    head = text[:SAMPLE_BYTES]
    characters = "".join(CJK.findall(head))
    runs = len(CJK_RUN.findall(head))
    if len(characters) < max(MIN_CJK_SHARE * _letters_beyond_ascii(head), MIN_CJK_RUN * runs, MIN_CJK):
        return 0.0
    kana = len(KANA.findall(characters))
    chinese = sum(character in CHINESE for character in characters)
    is_japanese = kana > MAX_FOREIGN_KANA_SHARE * len(characters)
    hangul = sum(character in HANGUL for character in characters)
    shares = {
        KOREAN: hangul,
        JAPANESE: (kana + chinese) if is_japanese else 0,
        CHINESE_ENCODINGS: 0 if is_japanese else chinese,
    }
    own = next((encodings for encodings in shares if encoding in encodings), None)
    return (max(shares.values()) if own is None else shares[own]) / len(characters)


def _letters_beyond_ascii(text: str) -> int:
    return sum(not character.isascii() and character.isalpha() for character in text)

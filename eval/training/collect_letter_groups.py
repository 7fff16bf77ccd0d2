"""Collect the groups of letters that distinguish legacy encodings, in `index/sources/encodings/letter_groups.json`.

The words are the lists of common words of justext and the names of languages, countries, units and dates in the Unicode
CLDR, which Babel contains. From each word, the groups of three letters with a letter beyond ASCII are collected.

Run: python -m wherefrom.eval.training.collect_letter_groups
"""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from babel import Locale
from justext import get_stoplist

from wherefrom.index.sources.encodings import letter_statistics
from wherefrom.index.sources.encodings.letter_statistics import SAME_LETTERS, WORD, triples_of

CLDR_PARTS = ("languages", "territories", "scripts", "currency_names", "unit_display_names", "months", "days")
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"
# For each language: its name in justext, its code in the CLDR, and its letters beyond ASCII. Groups with other letters
# are from foreign words and do not count.
LANGUAGES = (
    ("Afrikaans", "af", "áèéêëîïôöúûü"),
    ("Albanian", "sq", "çë"),
    ("Asturian", "ast", "áéíñóúü"),
    ("Basque", "eu", "ñçü"),
    ("Breton", "br", "âêîôûùñü"),
    ("Catalan", "ca", "àçèéíïòóúü"),
    ("Danish", "da", "æøåéäöü"),
    ("Dutch", "nl", "áéëïíóöúüèêàâçîû"),
    ("English", "en", "éèêëïöçñâàüáíóûîäåøôã"),
    ("Estonian", "et", "äõöüšžé"),
    ("Finnish", "fi", "äöåšžé"),
    ("French", "fr", "àâæçèéêëîïôœùûüÿ"),
    ("Galician", "gl", "áéíñóúüï"),
    ("German", "de", "äöüßéèàáçâêôñ"),
    ("Icelandic", "is", "áæðéíóöúýþ"),
    ("Irish", "ga", "áéíóúḃċḋḟġṁṗṡṫ"),
    ("Italian", "it", "àèéìíîòóùú"),
    ("Luxembourgish", "lb", "äéëüöèâêîûô"),
    ("Norwegian_Bokmal", "nb", "æøåéòóôêèäöü"),
    ("Norwegian_Nynorsk", "nn", "æøåéòóôêèäöü"),
    ("Occitan", "oc", "áàçèéíïòóúü"),
    ("Portuguese", "pt", "àáâãçéêíóôõúü"),
    ("Spanish", "es", "áéíñóúüç"),
    ("Swedish", "sv", "åäöéüàáæø"),
    ("Welsh", "cy", "âêîôûŵŷïöäëéáàẅ"),
    ("West_Frisian", "fy", "âêôûúéëïöü"),
    ("Croatian", "hr", "čćđšž"),
    ("Czech", "cs", "áčďéěíňóřšťúůýž"),
    ("Hungarian", "hu", "áéíóöőúüű"),
    ("Polish", "pl", "ąćęłńóśźżé"),
    ("Romanian", "ro", "âăîşţ"),
    ("Slovak", "sk", "áäčďéíĺľňóôŕšťúýž"),
    ("Slovenian", "sl", "čšžćđ"),
    ("Latvian", "lv", "āčēģīķļņšūž"),
    ("Lithuanian", "lt", "ąčęėįšųūž"),
    ("Esperanto", "eo", "ĉĝĥĵŝŭ"),
    ("Maltese", "mt", "àèìòùċġħż"),
    ("Turkish", "tr", "âçğıîöşüû"),
    ("Vietnamese", "vi", None),
    ("Belarusian", "be", "абвгдежзйклмнопрстуфхцчшыьэюяёіў"),
    ("Bulgarian", "bg", "абвгдежзийклмнопрстуфхцчшщъьюя"),
    ("Macedonian", "mk", "абвгдежзиклмнопрстуфхцчшѓјљњќѕџ"),
    ("Russian", "ru", CYRILLIC),
    ("Serbian", "sr", "абвгдежзиклмнопрстуфхцчшђјљњћџ"),
    ("Ukrainian", "uk", "абвгґдежзийклмнопрстуфхцчшщьюяєії"),
    ("Greek", "el", "ΐάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ"),
    ("Hebrew", "he", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    ("Arabic", "ar", ARABIC),
    ("Persian", "fa", "آئابتثجحخدذرزسشصضطظعغفقكلمنهوىيؤأءپچژکگی"),
    ("Urdu", "ur", "آئابتثجحخدذرزسشصضطظعغفقلمنهوءؤپچژکگڑٹڈںھہیے"),
)


def groups(name: str, code: str, letters: str | None) -> str:
    """Return a language's letters beyond ASCII and its groups of three letters, separated by commas."""
    triples = {triple for word in _words(name, code) for triple in triples_of(word)}
    alphabet = set(letters or "".join(triple for triple in triples if _is_latin(triple)))
    alphabet.update("".join(alphabet).translate(SAME_LETTERS))
    own = sorted(triple for triple in triples if all(letter.isascii() or letter in alphabet for letter in triple))
    beyond_ascii = "".join(sorted(letter for letter in alphabet if not letter.isascii()))
    return ",".join([beyond_ascii, *own])


def _words(name: str, code: str) -> Iterator[str]:
    texts = list(get_stoplist(name))
    if code != "oc":  # has too few names in the CLDR
        data = Locale.parse(code)._data  # noqa: SLF001 - no public attribute has all names of a kind
        texts += [repr(dict(data[part])) for part in CLDR_PARTS]
    for text in texts:
        for word in WORD.findall(unicodedata.normalize("NFC", text).lower()):
            yield word.translate(SAME_LETTERS)


def _is_latin(triple: str) -> bool:
    return all(letter.isascii() or "LATIN" in unicodedata.name(letter, "") for letter in triple)


def main(target: Annotated[Path, typer.Option(help="The file to write.")] = letter_statistics.SHIPPED) -> None:
    """Write the groups of every language."""
    rows = {name: groups(name, code, letters) for name, code, letters in LANGUAGES}
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)

"""Names of persons in a list of authors.

Pages also list agencies, desks, places, jobs, photo credits, domains and initials as authors, which are left out.
"""

import re
from collections.abc import Iterator, Sequence

from wherefrom.index.cleaning.boilerplate_phrases import NOT_A_PERSON
from wherefrom.index.cleaning.metadata.agency_names import AGENCIES, SIGNATURES


def _any_of(words: str) -> re.Pattern[str]:
    """Return a pattern of whole words, in any case; a `_` in a word stands for a space, a `*` for any ending."""
    alternatives = "|".join(re.escape(word).replace("_", " ").replace(r"\*", r"\w{0,20}") for word in words.split())
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


LABEL = re.compile(
    r"^(?:(?:written|posted|reported|story|text|words|authors?|autor(?:e|es|en|a|in)?|auteure?s?|texte|texto|testo|tekst"
    r"|текст|автор|redatto da|écrit par|escrito por|geschreven door|geschrieben von)\b\s?:?\s+)?"
    r"(?:by\b:?\s+)?",
    re.IGNORECASE,
)
# "By" in other languages. The same words are particles of names; they mean "by" only before two capitalized words.
BY = re.compile(
    r"(?:Von|Vom|Par|Por|Door|Av|Af|Di|Da|Przez|De)\s+(?=(?P<first>\w)\S+(?<!,)\s+(?P<second>\w)\S)", re.IGNORECASE
)
JOINED = r"(?:and|und|et|y|e|i|og|och|en|ja|ve|și|şi|és|a|и|\u0456|та|και)"
LIST_MARK = r"\s*[;|/•·&\n]\s*"
COMMA = rf"\s*,(?!\s*(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D|MD)\b)\s*(?:{JOINED}\s+)?"
CONJUNCTION = rf"\s+{JOINED}\s+(?=\w+[\w.'\u2019-]*\s)"
SEPARATOR = re.compile(f"{LIST_MARK}|{COMMA}|{CONJUNCTION}")
URL = re.compile(r"https?:|www\.", re.IGNORECASE)
NOT_A_NAME = re.compile(r"[:@/\\<>{}=#*_]|\d|\.[a-z]{2,12}$|^\W*$", re.IGNORECASE)
DOMAIN = re.compile(r"\b[\w-]+\.(?:com|org|net|info|news|example|tv|co|[a-z]{2})\b", re.IGNORECASE)
BRACKETED = re.compile(r"\s*[(\[][^)\]]{0,60}[)\]]\s*$")
CREDIT = _any_of(
    """
    image images photo photos foto fotos photograph* picture pictures bild bilder getty alamy shutterstock istock imago
    video illustration illustrations graphic graphics credit courtesy handout
    """
)
# Desks and agencies in languages other than English.
DESK = _any_of(
    """
    redaktion* redaktor redactie redacción redaccion redazione redação redacao rédaction redaction redakc* toimitus
    redaktsi* редакция редакція agentur* agencia agencias agence agences agenzia agencja nyheter nachrichten zeitung
    noticias nouvelles notizie journalist journalistin journaliste reporterin korrespondent korrespondentin corresponsal
    correspondant autorenteam gastautor presse pressestelle prensa imprensa stampa
    """
)
ORGANIZATION = _any_of(
    """
    inc ltd llc gmbh plc corp corporation company companies universit* institut* department ministry government council
    committee foundation association society office group studio studios production productions radio tv television
    channel blog website webmaster administrator anonymous unknown sponsored partner partners promoted advertori*
    press_release public_relations communications comment commentary opinion analysis review* lifestyle sport sports
    politics business technology entertainment world local
    """
)
JOB = _any_of(
    """
    chief head director manager professor analyst producer photographer presenter author founder president minister
    secretary lecturer researcher fellow expert consultant freelance freelancer intern anchor blogger critic historian
    economist specialist ceo
    """
)
# Places of two or more words, which newspapers write after a name; next to full names, one word is not taken as a name.
PLACES = frozenset(
    (
        *("abu dhabi", "addis ababa", "buenos aires", "cape town", "costa rica", "den haag", "east jerusalem"),
        *(
            "el salvador",
            "frankfurt am main",
            "gaza city",
            "ho chi minh city",
            "hong kong",
            "kuala lumpur",
            "las vegas",
        ),
        *("los angeles", "mexico city", "new delhi", "new orleans", "new york", "new zealand", "north korea"),
        *("phnom penh", "port-au-prince", "puerto rico", "rio de janeiro", "salt lake city", "san diego"),
        *("san francisco", "san juan", "san salvador", "santo domingo", "sao paulo", "saudi arabia", "south africa"),
        *("south korea", "sri lanka", "st louis", "st petersburg", "st. petersburg", "são paulo", "tel aviv"),
        *("the hague", "united kingdom", "united nations", "united states", "washington dc", "west bank"),
    )
)
AGENCY_NAMES = frozenset((*(agency.casefold() for agency in AGENCIES), *SIGNATURES))
INVERTED = re.compile(r"(?:[^\W\d_][\w'\u2019-]*\s)?[^\W\d_][\w'\u2019-]+, [^\W\d_][\w'\u2019-]+")
PLACE_AFTER = re.compile(r"\s(?:in|at|for|from)\s")
MAX_NAME_WORDS = 6
MAX_INITIALS = 4
HYPHEN_OR_APOSTROPHE = re.compile(r"[-'\u2019.]")
CAMEL_CASE = re.compile(r"[A-Z]{2}[a-z]|[a-z]{3}[A-Z]")
# "and" in other languages joins the names of one person only in long ones: "José Ortega y Gasset".
JOINING = frozenset(("y", "e", "i", "a", "et", "und", "and"))
MAX_WORDS_WITHOUT_JOINING = 3
PARTICLES = frozenset(
    [
        "al",
        "bin",
        "ben",
        "d",
        "l",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "los",
        "ter",
        "ten",
        "van",
        "von",
        "vom",
        "y",
        "zu",
        "zum",
        "e",
        "ibn",
        "abu",
        "af",
        "av",
    ]
)
HAS_CASE = re.compile(r"[A-Za-zÀ-ɏͰ-ԯ]")


def person_names(text: str) -> Iterator[str]:
    """Yield the names of persons in a list of authors, verbatim, without text in brackets after them."""
    listed = _without_byline(text)
    if URL.search(listed):
        return
    if INVERTED.fullmatch(listed) and _name(listed.replace(",", "")):
        yield listed
        return
    parts = [PLACE_AFTER.split(part, maxsplit=1)[0].strip(" ,:") for part in SEPARATOR.split(listed)]
    names = [name for part in parts if (name := _name(part))]
    are_full = any(len(name.split()) > 1 for name in names)
    for name in names:
        # Next to full names, a single word is a place, a desk or an agency that the lists lack.
        if len(name.split()) > 1 or not are_full:
            yield name


def _without_byline(text: str) -> str:
    label = LABEL.match(text)
    rest = text[label.end() :] if label else text
    by = BY.match(rest)
    if by and by["first"].isupper() and by["second"].isupper():
        rest = rest[by.end() :]
    return rest


def _name(part: str) -> str | None:
    """Return the name in one part of a list of authors, or `None` if it is not that of a person."""
    if not part or NOT_A_NAME.search(part) or DOMAIN.search(part):
        return None
    name = BRACKETED.sub("", part).strip()
    if not name or name[0] in "([" or CREDIT.search(part) or not _is_person(name):
        return None
    return name


def _is_person(name: str) -> bool:
    is_listed = name.casefold() in AGENCY_NAMES or name.casefold() in PLACES
    if is_listed or any(pattern.search(name) for pattern in (NOT_A_PERSON, DESK, ORGANIZATION, JOB)):
        return False
    return not HAS_CASE.search(name) or _is_written_as_name(name.split())


def _is_written_as_name(words: Sequence[str]) -> bool:
    """Return whether words are capitalized like a name, in a script with capitals."""
    if len(words) > MAX_NAME_WORDS or (len(words) <= MAX_WORDS_WITHOUT_JOINING and not JOINING.isdisjoint(words)):
        return False
    if len(words) == 1:
        (word,) = words
        return not word.islower() and not CAMEL_CASE.search(word) and not (word.isupper() and len(word) <= MAX_INITIALS)
    return all(word[0].isupper() or HYPHEN_OR_APOSTROPHE.split(word.lower())[0] in PARTICLES for word in words)

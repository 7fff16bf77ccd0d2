"""The names of months and weekdays in the languages that articles are written in, from Unicode's CLDR.

The names are in `calendar_names.json`, which `python -m wherefrom.index.text.calendar_names` writes from Babel's copy
of CLDR. Babel is not needed to read it; it is read when a text has a date that is neither English nor numeric.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

PATH = Path(__file__).with_suffix(".json")
LOCALES = """
af am ar ar_DZ ar_MA ar_SY ar_TN az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is
it ka kk km kn ko lo lt lv mk ml mn mr ms mt my nb ne nl nn pa pl pt ro ru si sk sl sq sr sr_Latn sv sw ta te th tr uk
ur uz vi
"""
WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
ACCENTS = range(0x0300, 0x0370)
"""Combining accents of European scripts. The marks of Indic and Semitic scripts are letters and are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarNames:
    """All months that a folded name means in any language, and the folded names of weekdays."""

    months: Mapping[str, frozenset[int]]
    weekdays: frozenset[str]


@cache
def calendar_names() -> CalendarNames:
    """Return the names; the file is read once."""
    stored = json.loads(PATH.read_text(encoding="utf-8"))
    months: dict[str, set[int]] = {}
    for number, names in stored["months"].items():
        for name in names:
            months.setdefault(name, set()).add(int(number))
    return CalendarNames(
        months={name: frozenset(numbers) for name, numbers in months.items()}, weekdays=frozenset(stored["weekdays"])
    )


def fold(name: str) -> str:
    """Return a name in lower case, without European accents, apostrophes and full stops, to compare spellings."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in decomposed if ord(char) not in ACCENTS and char not in ".\u2019'")


def babel_names() -> Mapping[str, object]:
    """Return the content of the file from Babel, without names with digits, as in Chinese, or of one character."""
    from babel.dates import get_day_names, get_month_names  # noqa: PLC0415

    months: dict[int, set[str]] = {number: set() for number in range(1, 13)}
    weekdays: set[str] = set()
    for locale in LOCALES.split():
        for width in WIDTHS:
            for context in CONTEXTS:
                for number, name in get_month_names(width, context, locale).items():
                    if not any(char.isdigit() for char in name) and len(fold(name)) > 1:
                        months[number].add(fold(name))
                weekdays.update(fold(name) for name in get_day_names(width, context, locale).values())
    return {
        "months": {str(number): sorted(names) for number, names in months.items()},
        "weekdays": sorted(name for name in weekdays if len(name) > 1),
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(babel_names(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

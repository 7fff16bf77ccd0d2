"""BCP 47 language tags, such as "en" or "pt-BR"; names of languages are not tags."""

import re

TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,5}", re.IGNORECASE | re.ASCII)
TAG_PATTERN = f"^{TAG.pattern.replace('a-z', 'A-Za-z')}$"
"""The pattern of a tag for JSON Schema."""
UNDETERMINED = frozenset(("und", "mul", "zxx", "mis"))
SCRIPT_LETTERS, REGION_LETTERS = 4, 2


def language_tag(value: str) -> str | None:
    """Return a tag in its usual spelling ("en_us" becomes "en-US"); `None` if the value is no tag of a language."""
    if not TAG.fullmatch(value):
        return None
    language, *subtags = value.replace("_", "-").lower().split("-")
    return None if language in UNDETERMINED else "-".join([language, *map(_spelled, subtags)])


def language_ranges(tag: str) -> tuple[str, ...]:
    """Return the ranges that contain a tag, in lower case: "zh", "zh-hant" and "zh-hant-tw" for "zh-Hant-TW"."""
    parts = tag.lower().split("-")
    return tuple("-".join(parts[:count]) for count in range(1, len(parts) + 1))


def _spelled(subtag: str) -> str:
    if len(subtag) == SCRIPT_LETTERS and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == REGION_LETTERS else subtag

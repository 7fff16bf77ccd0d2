"""Parses a BibTeX entry as BibTeX does: all braces count, and a list of names is split at " and "."""

import re


def read_entry(text: str) -> dict[str, str]:
    """Return the fields of a text's only entry, without their outer braces. Raise ValueError if it is malformed."""
    head = re.match(r"@misc\{[A-Za-z0-9]+,\s*", text)
    if head is None:
        raise ValueError(text)
    fields: dict[str, str] = {}
    at = head.end()
    while match := re.compile(r"\s*([a-z]+) = \{").match(text, at):
        depth, end = 1, match.end()
        while depth:
            if end == len(text):
                raise ValueError(f"{match[1]}: a brace is not closed")
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        fields[match[1]] = text[match.end() : end - 1]
        at = end + 1
    if text[at:].strip() != "}":
        raise ValueError(text[at:])
    return fields


def names(field: str) -> list[str]:
    """Return the names in a list of authors, split at "and" outside of braces, as in BibTeX."""
    parts: list[str] = []
    depth, current = 0, ""
    for token in re.split(r"([{}]|\s+and\s+)", field, flags=re.IGNORECASE):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if not depth and token.strip().lower() == "and":
            parts.append(current)
            current = ""
        else:
            current += token
    return [*parts, current]

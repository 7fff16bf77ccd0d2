"""Quotations as Markdown (CommonMark)."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from wherefrom.service.quotations.kept import HEADING, KeptQuotation, source_in_words, web_address

SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&!$]")
LINE_START = re.compile(r"^([-+=]|\d{1,9}[.)])", re.MULTILINE)
"""Characters that would begin a list, or turn the line before into a heading."""
SAFE_IN_ADDRESS = "%/:?#[]@!$&'*+,;=~-._"


def as_markdown(kept: Sequence[KeptQuotation]) -> bytes:
    """Return the quotations in order, each as a block quotation with its citation, note and place."""
    return "\n".join([f"# {HEADING}\n", *(_entry(number, each) for number, each in enumerate(kept, 1))]).encode()


def _entry(number: int, kept: KeptQuotation) -> str:
    return "\n".join(_blocks(number, kept)) + "\n"


def _blocks(number: int, kept: KeptQuotation) -> Iterator[str]:
    quotation = kept.quotation
    citation, address = _escaped(quotation.formatted), web_address(quotation)
    yield f"## {number}\n"
    yield f"> {_escaped(quotation.text)}\n"
    yield f"{citation} <{quote(address, safe=SAFE_IN_ADDRESS)}>\n" if address else f"{citation}\n"
    if kept.note.strip():
        note = "  \n".join(_escaped(line.strip()) for line in kept.note.strip().splitlines() if line.strip())
        yield f"Note: {note}\n"
    yield f"*{_escaped(source_in_words(quotation))}*\n"


def _escaped(text: str) -> str:
    """Return the text with everything escaped that Markdown would take for markup."""
    return LINE_START.sub(_escaped_start, SPECIAL.sub(r"\\\g<0>", text))


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\{match[0][-1]}"

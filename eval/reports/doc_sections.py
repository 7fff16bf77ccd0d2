"""Generated parts of the documents under `docs/`: Markdown tables and text.

A generated part is the text between `<!-- begin NAME -->` and `<!-- end NAME -->`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError
from wherefrom.eval.datasets.questions import EVAL

RETRIEVAL_PAGE = EVAL.parent / "docs" / "retrieval.md"
"""The document about the studies, into which they write their tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a document that is generated as a whole: Markdown text, and its plots by file name."""

    text: str
    plots: Mapping[str, str]


def write_parts(page: Path, parts: Mapping[str, str]) -> None:
    """Replace the parts with these names. Raise EvalDataError, and write nothing, if the page lacks one of them."""
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise EvalDataError(page, f"cannot be read: {error.strerror or error}") from error
    for name, part in parts.items():
        between = re.compile(
            rf"(?<=<!-- begin {re.escape(name)} -->\n).*?(?=<!-- end {re.escape(name)} -->)", re.DOTALL
        )
        text, count = between.subn(lambda _, part=part: f"\n{part}\n\n", text)  # type: ignore[misc]
        if not count:
            raise EvalDataError(page, f"has no part between <!-- begin {name} --> and <!-- end {name} -->")
    page.write_text(text, encoding="utf-8")


def replace_sections(text: str, sections: Sequence[str]) -> str:
    """Return a Markdown text in which `sections` replace the sections with the same headings, of level 1 or 2.

    Sections with new headings are added at the end.
    """
    parts = [part for part in re.split(r"^(?=## )", text, flags=re.MULTILINE) if part.strip()]
    by_heading = {part.partition("\n")[0]: part.strip() for part in [*parts, *sections]}
    return "\n\n".join(by_heading.values()) + "\n"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a Markdown table; the first row is the header."""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"|{' --- |' * len(rows[0])}", *body])

"""What commands write into documents: tables, and the parts between `<!-- begin NAME -->` and `<!-- end NAME -->`."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from wherefrom.eval.datasets.jsonl import EvalDataError


def write_parts(page: Path, parts: Mapping[str, str]) -> None:
    """Put each text in its place. Raises EvalDataError where the page has no such place, and then writes nothing."""
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise EvalDataError(page, f"cannot be read: {error.strerror or error}") from error
    for name, part in parts.items():
        place = re.compile(rf"(?<=<!-- begin {re.escape(name)} -->\n).*?(?=<!-- end {re.escape(name)} -->)", re.DOTALL)
        text, found = place.subn(lambda _, part=part: f"\n{part}\n\n", text)  # type: ignore[misc]
        if not found:
            raise EvalDataError(page, f"has no place that begins with <!-- begin {name} --> and ends")
    page.write_text(text, encoding="utf-8")


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as Markdown, the first of them its head."""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"|{' --- |' * len(rows[0])}", *body])

"""Reads JSON Lines files and checks names and types of fields; an error names file, line and field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


class EvalDataError(Exception):
    """Evaluation data that cannot be used; the message names the file, the line and the field."""

    def __init__(self, path: Path, reason: str, *, line: int | None = None, field: str | None = None) -> None:
        place = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}" if field is None else f"{place}, {field}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A JSON object of a file; `prefix` is its path inside the line, such as `golds[1].`."""

    path: Path
    line: int
    values: Mapping[str, object]
    prefix: str = ""

    def error(self, field: str, reason: str) -> EvalDataError:
        """Return an error that names a field of this row."""
        return EvalDataError(self.path, reason, line=self.line, field=f"{self.prefix}{field}")

    def text(self, field: str) -> str:
        """Return the string of a field. Raise EvalDataError if it is blank, missing or not a string."""
        value = self.text_or_empty(field)
        if not value.strip():
            raise self.error(field, f"must be a string that is not blank, is {self.values.get(field)!r}")
        return value

    def text_or_empty(self, field: str) -> str:
        """Return the string of a field, "" if it is missing or null.

        Raise EvalDataError if the value is not a string or contains a lone surrogate.
        """
        value = self.values.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.error(field, f"must be a string, is {value!r}")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.error(field, "contains a lone surrogate")
        return value

    def flag(self, field: str) -> bool:
        """Return the boolean of a field. Raise EvalDataError if the value is not a boolean."""
        value = self.values.get(field)
        if not isinstance(value, bool):
            raise self.error(field, f"must be true or false, is {value!r}")
        return value

    def rows(self, field: str) -> "tuple[Row, ...]":
        """Return the objects of a field. Raise EvalDataError if the value is not a list of objects."""
        value = self.values.get(field)
        if not isinstance(value, list):
            raise self.error(field, f"must be a list, is {value!r}")
        return tuple(self._row(field, number, item) for number, item in enumerate(value))

    def _row(self, field: str, number: int, item: object) -> "Row":
        if not isinstance(item, dict):
            raise self.error(f"{field}[{number}]", f"must be an object, is {item!r}")
        return Row(path=self.path, line=self.line, values=item, prefix=f"{self.prefix}{field}[{number}].")


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSON Lines file in order; blank lines are skipped. Raise EvalDataError."""
    for number, line in read_lines(path):
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            raise EvalDataError(path, f"not JSON: {error}", line=number) from error
        if not isinstance(values, dict):
            raise EvalDataError(path, f"must be an object, is {values!r}", line=number)
        yield Row(path=path, line=number, values=values)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the 1-based number and the text of each non-blank line of a UTF-8 file. Raise EvalDataError."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except OSError as error:
        raise EvalDataError(path, f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise EvalDataError(path, f"is not UTF-8: {error}") from error

"""A part of docs/benchmarks.md."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the document, in Markdown, and its plots by file name."""

    text: str
    plots: Mapping[str, str]

"""Raised digits are superscripts or note marks, never digits of another number."""

import pytest

from wherefrom.index.sources.extractors.reading.raised_text import is_note_link, raised


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        ("It cost 10", "6", "⁶"),
        ("It weighs 3 × 10", "-12", "⁻¹²"),
        ("It is 1,200 m", "2", "²"),
        ("It rose to 14.2", "1", "¹"),
        ("for six weeks", "1, 2", "¹, ²"),
        ("in a year.", "3", ""),
        ("“they will get one.”", "12", ""),
        ("In 1907", "4", ""),
        ("It was in 1907.", "4", ""),
        ("the COVID-19", "5", ""),
        ("It costs $12.", "50", "⁵⁰"),
        ("the 19", "th", "th"),
        ("(a + b)", "2", "²"),
    ],
)
def test_raised_digits_are_superscripts_or_note_marks(before: str, text: str, expected: str) -> None:
    assert raised(text, before) == expected


def test_a_link_to_a_note_is_known_by_its_text() -> None:
    assert is_note_link("12", is_raised=True)
    assert is_note_link("[3]", is_raised=False)
    assert is_note_link("↩", is_raised=False)
    assert not is_note_link("12", is_raised=False)
    assert not is_note_link("chapter 12", is_raised=True)

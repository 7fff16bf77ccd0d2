"""A citation says where a text stands, in words and offsets, and is checked by the recipe that anyone can follow."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from wherefrom.index.answering.citations import check, collapse, formatted, lines_of, slices
from wherefrom.index.collection.audits import Claim
from wherefrom.index.types import Metadata, Span

RAW = "Intro.\r\nThe bridge  is\nopen … at last.\n".encode()
TEXT = RAW.decode()
START = TEXT.index("The bridge")
END = TEXT.index("\n", TEXT.index("open"))
CLAIM = Claim(
    document_id="bridge",
    cited_text="The bridge is open … at last.",
    source_sha256=sha256(RAW).hexdigest(),
    segments=(Span(start=START, end=END),),
)


def test_a_true_claim_holds_and_shows_what_it_found() -> None:
    verdict = check(CLAIM, RAW, "utf-8")
    assert verdict.valid
    assert verdict.reason is None
    assert verdict.found == "The bridge is open … at last."


def test_segments_are_joined_in_order() -> None:
    parts = (Span(start=START, end=START + 10), Span(start=START + 10, end=END))
    assert check(replace(CLAIM, segments=parts), RAW, "utf-8").valid


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"cited_text": "The bridge is shut … at last."}, "other text"),
        ({"source_sha256": "0" * 64}, "SHA-256"),
        ({"segments": ()}, "no segments"),
        ({"segments": (Span(start=START, end=10_000),)}, "outside"),
        ({"segments": (Span(start=-5, end=3),)}, "outside"),
        ({"segments": (Span(start=END, end=START),)}, "does not end after its start"),
        ({"segments": (Span(start=START, end=END), Span(start=START, end=END))}, "overlap"),
    ],
)
def test_a_false_claim_does_not_hold_and_says_why(changed: dict[str, object], reason: str) -> None:
    verdict = check(replace(CLAIM, **changed), RAW, "utf-8")  # type: ignore[arg-type]
    assert not verdict.valid
    assert verdict.reason is not None
    assert reason in verdict.reason


def test_white_space_is_collapsed_on_both_sides() -> None:
    assert check(replace(CLAIM, cited_text="  The bridge is\topen … at last.\n"), RAW, "utf-8").valid
    assert collapse(slices(TEXT, CLAIM.segments)) == CLAIM.cited_text


def test_lines_are_counted_by_any_line_break_and_inclusive() -> None:
    assert lines_of(TEXT, CLAIM.segments) == Span(start=2, end=3)
    assert lines_of("a\rb\r\nc", (Span(start=5, end=6),)) == Span(start=3, end=3)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (Metadata(title="Bridge Opens", publisher="The Times"), "Bridge Opens. The Times, n.d., para. 3."),
        (
            Metadata(title="Is it open?", agency="AFP", published=date(2015, 3, 24)),
            "Is it open? AFP, 2015-03-24, para. 3.",
        ),
        (Metadata(title="Open", authors=("Ann Lee", "Bo Ek")), "Ann Lee, Bo Ek. Open. n.d., para. 3."),
        (Metadata(), "story.txt. n.d., para. 3."),
    ],
)
def test_a_formatted_citation_says_only_what_is_known(metadata: Metadata, expected: str) -> None:
    assert formatted(metadata, "folder/story.txt", 3) == expected


def test_segments_that_join_to_a_reference_of_thousands_of_digits_do_not_hold() -> None:
    text = f"<p>&#</p>{'1' * 5_000};"
    segments = (Span(start=3, end=5), Span(start=9, end=len(text)))
    raw = text.encode()
    claim = replace(CLAIM, source_sha256=sha256(raw).hexdigest(), segments=segments)
    verdict = check(claim, raw, "utf-8", "text/html")
    assert (verdict.valid, verdict.reason) == (False, "these segments have a character reference that is too long")

"""A mailbox is divided at the lines that begin with "From ", and each mail is read for itself."""

import io

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.mail.mailboxes import read_mailbox
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

MAIL = b"From x Mon Mar  4 08:00:00 2024\nSubject: one\nFrom: a <a@b.c>\n\nThe quay closes.\n>From May on.\n\n"


def read(raw: bytes) -> list[ReadResult]:
    return list(read_mailbox(io.BytesIO(raw), "x.mbox"))


def test_mails_are_named_by_number_and_quoted_lines_are_unquoted() -> None:
    first, second = read(MAIL + MAIL.replace(b"one", b"two"))
    assert isinstance(first, RawSource)
    assert isinstance(second, RawSource)
    assert (first.name, second.name) == ("x.mbox:1", "x.mbox:2")
    assert first.raw.strip() == b"The quay closes.\nFrom May on."
    assert second.given.title == "two"


def test_a_line_within_a_paragraph_does_not_divide() -> None:
    (mail,) = read(MAIL.replace(b">From May on.", b"From May on."))
    assert isinstance(mail, RawSource)
    assert b"From May on." in mail.raw


@pytest.mark.parametrize(
    "line",
    [
        b"From now on a bus will run over the causeway.",
        b"From 8:00 to 19:30 the quay is closed.",
        b"From Monday, 4 March 2024, the quay is closed.",
        b"From the island:\nNote: the ferry is gone.",
    ],
)
def test_a_line_of_the_text_after_a_blank_line_does_not_divide(line: bytes) -> None:
    first, second = read(MAIL.replace(b">From May on.", b"\n" + line) + MAIL)
    assert isinstance(first, RawSource)
    assert line in first.raw
    assert isinstance(second, RawSource)


@pytest.mark.parametrize(
    "line",
    [
        b"From tom@wire.example Mon Mar  4 17:00:00 2024",
        b"From tom@wire.example Mon Mar  4 17:00 CET 2024\r",
        b"From - Mon Mar 04 17:00:00 2024",
        b"From ???@??? Mon, 4 Mar 2024 17:00:00 +0100",
        b"From tom@wire.example",
        b"From 1234567890@xxx",
    ],
)
def test_a_line_with_a_date_or_above_a_header_divides(line: bytes) -> None:
    mail = MAIL.replace(b"From x Mon Mar  4 08:00:00 2024", line)
    assert [result.name for result in read(mail * 2) if isinstance(result, RawSource)] == ["x.mbox:1", "x.mbox:2"]


def test_a_mail_that_is_too_large_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCE_BYTES", 400)
    large = MAIL.replace(b"The quay closes.", b"The quay closes.\n" * 100)
    first, second, third = read(MAIL + large + MAIL)
    assert isinstance(first, RawSource)
    assert isinstance(second, SourceRejected)
    assert isinstance(third, RawSource)

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


def test_a_mail_that_is_too_large_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCE_BYTES", 400)
    large = MAIL.replace(b"The quay closes.", b"The quay closes.\n" * 100)
    first, second, third = read(MAIL + large + MAIL)
    assert isinstance(first, RawSource)
    assert isinstance(second, SourceRejected)
    assert isinstance(third, RawSource)

"""Mailboxes (mbox): mails one after the other, each after a line that begins with "From "."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.mail.mails import MailReading
from wherefrom.index.sources.read_result import ReadResult

QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
MAX_LINE_BYTES = 1024 * 1024
BLANK_LINES = frozenset((b"\n", b"\r\n"))


def read_mailbox(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield the articles of each mail, named by the mail's number, then a note on parts that are not read."""
    reading = MailReading()
    for number, message in enumerate(_messages(file), 1):
        name = f"{source}:{number}"
        if message is None:
            yield SourceRejected(name, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
            continue
        yield from reading.read(message, name, separator=".")
    yield from reading.notes(source)


def _messages(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the messages of a mailbox; `None` for one that is too large."""
    lines: list[bytes] = []
    size = 0
    after_blank = True
    at_line_start = True
    while line := file.readline(MAX_LINE_BYTES):
        if after_blank and at_line_start and line.startswith(b"From ") and (lines or size):
            yield _message(lines, size)
            lines, size = [], 0
        size += len(line)
        if size <= limits.MAX_SOURCE_BYTES:
            lines.append(line)
        else:
            lines.clear()
        after_blank = at_line_start and line in BLANK_LINES
        at_line_start = line.endswith(b"\n")
    if any(line.strip() for line in lines) or size > limits.MAX_SOURCE_BYTES:
        yield _message(lines, size)


def _message(lines: list[bytes], size: int) -> bytes | None:
    """Return a message without the quoting of lines that begin with "From "; `None` if it is too large."""
    return QUOTED_FROM.sub(rb"\1", b"".join(lines)) if size <= limits.MAX_SOURCE_BYTES else None

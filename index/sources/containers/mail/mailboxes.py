"""Mailboxes (mbox): mails one after the other, each after a line with "From ", an address and a date.

A line of a text may begin with "From " too, even after a blank line, as not every program quotes such lines: it
separates mails only if it has the day and time of a mail, or a header of a mail below it.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.mail.mails import MailReading
from wherefrom.index.sources.read_result import ReadResult

QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
SEPARATOR = re.compile(
    rb"From [^\r\n]{1,300}?[ \t](?:mon|tue|wed|thu|fri|sat|sun),?[ \t]"
    rb"(?=[^\r\n]{0,60}?\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)(?=[^\r\n]{0,60}?\b(?:19|20)\d\d\b)"
    rb"[^\r\n]{0,40}?\b\d{1,2}:\d\d[^\r\n]{0,40}",
    re.IGNORECASE,
)
HEADER = re.compile(rb"([!-9;-~]{1,76}):(?:[ \t]|\r?\n)")
HEADERS = re.compile(
    rb"from|to|cc|subject|date|sender|reply-to|return-path|delivered-to|received|message-id|in-reply-to|references"
    rb"|mime-version|status|authentication-results|dkim-signature|(?:x|content|list|arc|resent)-.*",
    re.IGNORECASE,
)
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
    ahead = file.readline(MAX_LINE_BYTES)
    while line := ahead:
        ahead = file.readline(MAX_LINE_BYTES)
        if after_blank and at_line_start and (lines or size) and _is_separator(line, ahead):
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


def _is_separator(line: bytes, below: bytes) -> bool:
    """Return whether a line begins a mail: "From " with the day and time of a mail, or with a header below it."""
    if not line.startswith(b"From "):
        return False
    header = HEADER.match(below)
    return SEPARATOR.fullmatch(line.rstrip()) is not None or (header is not None and bool(HEADERS.fullmatch(header[1])))


def _message(lines: list[bytes], size: int) -> bytes | None:
    """Return a message without the quoting of lines that begin with "From "; `None` if it is too large."""
    return QUOTED_FROM.sub(rb"\1", b"".join(lines)) if size <= limits.MAX_SOURCE_BYTES else None

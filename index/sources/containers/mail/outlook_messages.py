"""Outlook messages (MSG): the file itself is an article, and so is each attachment with a text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.mail.attachments import MSG, attachment_type
from wherefrom.index.sources.extractors.msg import message_id, subject
from wherefrom.index.sources.extractors.reading.outlook_message import Attachment, OutlookMessage
from wherefrom.index.sources.json_article import MAX_VALUE_CHARACTERS
from wherefrom.index.sources.read_result import ReadResult, SourceNote, listed
from wherefrom.index.types import Given, RawSource

UNTELLING = "application/octet-stream"
"""The media type of an attachment that declares none."""
UNNAMED = "attachment"


def read_outlook_message(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield a message, its attachments, and a note on attachments that are not read. Raise SourceRejected."""
    raw = file.read(limits.MAX_SOURCE_BYTES + 1)
    if len(raw) > limits.MAX_SOURCE_BYTES:
        raise SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
    left_out: Counter[str] = Counter()
    yield from articles_of_message(RawSource(name=source, raw=raw, media_type=MSG), f"{source}:", left_out)
    if left_out:
        yield SourceNote(source=source, text=f"attachments that are not read: {listed(left_out)}")


def articles_of_message(
    message: RawSource, prefix: str, left_out: Counter[str], depth: int = 1
) -> Iterator[RawSource | SourceRejected]:
    """Yield a message and its attachments, which are named by the prefix and their numbers from 1.

    Attachments that are not read are counted in `left_out` by type. A message that cannot be opened is yielded
    unchanged: its extraction will report the problem. One with attachments has its own id, like mails (EML).
    """
    attached: list[RawSource | SourceRejected] = []
    try:
        opened = OutlookMessage(message.raw, message.name)
        title = subject(opened)
        known_id = message_id(opened)
        for number, attachment in enumerate(opened.attachments(), 1):
            attached += _read_attachment(attachment, f"{prefix}{number}", title, left_out, depth)
    except SourceRejected as error:
        if not attached:
            yield message
            return
        attached.append(error)
    yield replace(message, document_id=known_id) if attached else message
    yield from attached


def _read_attachment(
    attachment: Attachment, name: str, title: str | None, left_out: Counter[str], depth: int
) -> Iterator[RawSource | SourceRejected]:
    content = attachment.content
    if content is not None and not content.strip():
        return
    suffix = PurePath(attachment.name or "").suffix.lower()
    declared = attachment.media_type or UNTELLING
    media_type = None if content is None else attachment_type(declared, attachment.name, content)
    if content is None or media_type is None or depth > limits.MAX_DEPTH:
        left_out[attachment.media_type or suffix or UNNAMED] += 1
        return
    extra: dict[str, ExtraValue] = {}
    if attachment.name:
        extra["file_name"] = attachment.name[:MAX_VALUE_CHARACTERS]
    if title:
        extra["attached_to"] = title
    source = RawSource(name=name, raw=content, media_type=media_type, given=Given(extra=extra))
    if media_type == MSG:
        yield from articles_of_message(source, f"{name}.", left_out, depth + 1)
    else:
        yield source

"""Mails (EML): the body is an article, with metadata from the headers; each attachment with a text is one too."""

import re
from collections import Counter
from collections.abc import Iterator
from email.utils import getaddresses
from typing import BinaryIO

from wherefrom.index.errors import SourceRejected
from wherefrom.index.field_conditions import ExtraValue
from wherefrom.index.sources.containers import field_values, limits
from wherefrom.index.sources.containers.declared_charset import text_bytes
from wherefrom.index.sources.containers.mail.attachments import MSG, attachment_type
from wherefrom.index.sources.containers.mail.mime import MESSAGE, Part, decode_words, parse_message
from wherefrom.index.sources.containers.mail.outlook_messages import articles_of_message
from wherefrom.index.sources.json_article import MAX_ID_CHARACTERS, MAX_VALUE_CHARACTERS
from wherefrom.index.sources.read_result import ReadResult, SourceNote, listed
from wherefrom.index.types import Given, MediaType, RawSource

TEXT_TYPES: dict[str, MediaType] = {"text/plain": "text/plain", "text/html": "text/html"}
MAX_FLATTENED_CHARACTERS = 1_000_000
"""Maximum number of bytes of an HTML body that are compared with the plain text."""
MIN_SHARE_OF_HTML = 0.5
"""A plain-text body with fewer words than this share of those of the HTML body is a stub."""
HIDDEN = re.compile(r"<(style|script|title)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
MESSAGE_ID = re.compile(r"<?([^<>\s]{1,500})>?")
MIN_FURTHER_WORDS = 50
"""Minimum number of words of a further part without a file name that is an article, not a mailing-list footer."""
SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))


def read_mail(file: BinaryIO, source: str) -> Iterator[ReadResult]:
    """Yield a mail's body, its attachments, and a note on parts that are not read. Raise SourceRejected."""
    raw = file.read(limits.MAX_SOURCE_BYTES + 1)
    if len(raw) > limits.MAX_SOURCE_BYTES:
        raise SourceRejected(source, f"it has more than {limits.MAX_SOURCE_BYTES:,} bytes")
    reading = MailReading()
    yield from reading.read(raw, source, separator=":")
    yield from reading.notes(source)


class MailReading:
    """Reads mails, and counts their parts that are not read."""

    def __init__(self) -> None:
        self._left_out: Counter[str] = Counter()

    def read(self, raw: bytes, source: str, *, separator: str) -> Iterator[ReadResult]:
        """Yield the articles of a mail. An attachment is named `source`, the separator, and its place in the mail.

        The place is the part number of IMAP, such as 2 for the second part and 2.1 for the first part within it.
        """
        message, is_whole = parse_message(raw)
        if not message.headers:
            yield SourceRejected(source, "it has no header of a mail")
            return
        yield from self._read_message(message, source, f"{source}{separator}", is_attached=False)
        if not is_whole:
            beyond = f"beyond the {limits.MAX_PARTS:,}th, or nested deeper than {limits.MAX_DEPTH}"
            yield SourceRejected(source, f"its parts {beyond} are left out")

    def notes(self, source: str) -> Iterator[SourceNote]:
        """Yield a note on the parts that were not read, if there are any."""
        if self._left_out:
            yield SourceNote(source=source, text=f"attachments that are not read: {listed(self._left_out)}")

    def _read_message(self, message: Part, source: str, prefix: str, *, is_attached: bool) -> Iterator[ReadResult]:
        """Yield the body of a message, named `source`, and its attachments, named by the prefix and their places."""
        parts = [part for part in _leaves(message) if part.media_type not in SIGNATURES]
        body = _body_of(message)
        given = _given(message)
        if body is None:
            if not any(part is not message for part in parts) or not is_attached:
                yield SourceRejected(source, "this mail has no body that is text")
        else:
            yield _text_source(body, source, given, _message_id(message))
        used = _alternatives(message, body)
        for part in parts:
            if part.place not in used and part is not body:
                yield from self._read_attachment(part, prefix, given)

    def _read_attachment(self, part: Part, prefix: str, mail: Given) -> Iterator[ReadResult]:
        name = f"{prefix}{part.place}"
        if part.media_type == MESSAGE:
            for attached in part.children:
                yield from self._read_message(attached, name, prefix, is_attached=True)
            if not part.children:
                self._left_out[part.media_type] += 1
            return
        content = part.content()
        if content is not None and not content.strip():
            return
        media_type = None if content is None else attachment_type(part.media_type, part.file_name, content)
        if content is None or media_type is None or self._is_footer(part, content):
            self._left_out[part.media_type] += 1
            return
        extra: dict[str, ExtraValue] = {}
        if part.file_name:
            extra["file_name"] = part.file_name[:MAX_VALUE_CHARACTERS]
        if mail.title:
            extra["attached_to"] = mail.title
        raw = text_bytes(content, part.charset) if media_type in TEXT_TYPES else content
        article = RawSource(name=name, raw=raw, media_type=media_type, given=Given(extra=extra))
        if media_type == MSG:
            yield from articles_of_message(article, f"{name}.", self._left_out)
        else:
            yield article

    @staticmethod
    def _is_footer(part: Part, content: bytes) -> bool:
        """Return whether a further text is not an article, such as the footer of a mailing list."""
        return part.file_name is None and not part.is_attachment and len(content.split()) < MIN_FURTHER_WORDS


def _leaves(part: Part) -> Iterator[Part]:
    """Yield the leaves of a message: the parts that are not multipart; an attached message is a leaf."""
    if part.children and part.media_type != MESSAGE:
        for child in part.children:
            yield from _leaves(child)
    else:
        yield part


def _body_of(part: Part) -> Part | None:
    """Return the part with the text of a message: the best of alternatives, else the first text, or `None`."""
    if part.media_type == "multipart/alternative":
        bodies = [body for child in part.children if (body := _body_of(child)) is not None]
        return _best(bodies)
    if part.media_type.startswith("multipart/"):
        return next((body for child in part.children if (body := _body_of(child)) is not None), None)
    is_text = part.media_type in TEXT_TYPES and not part.is_attachment
    return part if is_text and (part.content() or b"").strip() else None


def _best(bodies: list[Part]) -> Part | None:
    """Return the plain text of alternatives, or the HTML if the plain text is missing or a stub."""
    plain = next((body for body in bodies if body.media_type == "text/plain"), None)
    html = next((body for body in bodies if body.media_type == "text/html"), None)
    if plain is None or html is None:
        return plain or html
    words = len((plain.content() or b"").split())
    return plain if words >= MIN_SHARE_OF_HTML * _html_words(html.content() or b"") else html


def _html_words(content: bytes) -> int:
    text = content[:MAX_FLATTENED_CHARACTERS].decode("utf-8", "replace")
    return len(TAG.sub(" ", HIDDEN.sub(" ", text)).split())


def _alternatives(message: Part, body: Part | None) -> frozenset[str]:
    """Return the places of all alternatives of the body, with its own."""
    found: set[str] = set()
    pending = [message]
    while pending:
        part = pending.pop()
        if part.media_type == "multipart/alternative" and body is not None:
            texts = [leaf for leaf in _leaves(part) if leaf.media_type in TEXT_TYPES and not leaf.is_attachment]
            if any(leaf is body for leaf in texts):
                found.update(leaf.place for leaf in texts)
        if part.media_type != MESSAGE:
            pending += part.children
    return frozenset(found)


def _text_source(body: Part, source: str, given: Given, document_id: str | None) -> RawSource:
    media_type = TEXT_TYPES[body.media_type]
    return RawSource(
        name=source,
        raw=text_bytes(body.content() or b"", body.charset),
        media_type=media_type if media_type == "text/html" else None,
        document_id=document_id,
        given=given,
    )


def _given(message: Part) -> Given:
    headers = message.headers
    message_id = _message_id(message)
    return Given(
        title=field_values.line(decode_words(headers.get("subject", ""))) or None,
        authors=_authors(headers.get("from", "")),
        published=field_values.day(decode_words(headers.get("date", ""))),
        extra={"message_id": message_id} if message_id else {},
    )


def _authors(value: str) -> tuple[str, ...]:
    """Return the names in an address header; an address without a name is left out."""
    try:
        addresses = getaddresses([value[:MAX_VALUE_CHARACTERS]])
    except (ValueError, IndexError, TypeError):
        return ()
    names = (" ".join(decode_words(name).split()).strip("\"' ") for name, _ in addresses)
    return tuple(dict.fromkeys(name for name in names if name and "@" not in name))


def _message_id(message: Part) -> str | None:
    match = MESSAGE_ID.search(message.headers.get("message-id", ""))
    return match[1] if match and len(match[1]) <= MAX_ID_CHARACTERS else None

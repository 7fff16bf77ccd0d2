"""Extracts the text of an Outlook message (MSG): its body, with metadata from its headers.

Attachments are separate documents: see `wherefrom.index.sources.containers.mail.outlook_messages`.

The body is the plain text, or the HTML if the plain text is missing or a stub; without either, the RTF, which may wrap
HTML.
"""

from datetime import date
from email.utils import parsedate_to_datetime

import olefile

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.sources.extractors.reading.compressed_rtf import (
    DamagedRtf,
    decompress_rtf,
    unwrap_html,
    wraps_html,
)
from wherefrom.index.sources.extractors.reading.declared_values import declared_authors, declared_title
from wherefrom.index.sources.extractors.reading.html_text import read_html
from wherefrom.index.sources.extractors.reading.outlook_message import OutlookMessage
from wherefrom.index.sources.extractors.reading.plain_text import add_plain_text
from wherefrom.index.sources.extractors.reading.text_builder import TextBuilder, plain_line
from wherefrom.index.sources.extractors.rtf import add_rtf
from wherefrom.index.types import Given

READER_VERSION = "2"
"""The version of this module; part of the extractor's version in citations."""
CLASS, SUBJECT, HEADERS, MESSAGE_ID = 0x001A, 0x0037, 0x007D, 0x1035
SENT_FOR_NAME, SENDER_NAME, SENT = 0x0042, 0x0C1A, 0x0039
BODY, HTML, RTF = 0x1000, 0x1013, 0x1009
MIN_SHARE_OF_HTML = 0.5
"""A plain-text body with fewer words than this share of those of the HTML is a stub, as for mails (EML)."""
ENCRYPTED_CLASS = "IPM.NOTE.SMIME"
MAX_HEADER_CHARACTERS = 100_000
MAX_ID_CHARACTERS = 200


def extract_text(raw: bytes, source: str) -> ExtractedText:
    """Return the text of a message. Raise SourceRejected if it is encrypted, damaged, empty or not a message."""
    message = OutlookMessage(raw, source)
    builder = _body(message, source)
    if builder is None:
        is_encrypted = message.text(CLASS).upper() == ENCRYPTED_CLASS
        raise SourceRejected(
            source, "it is encrypted (S/MIME); save it decrypted" if is_encrypted else "this message has no text"
        )
    built = builder.build()
    return ExtractedText(
        text=built.text,
        headings=built.headings,
        extractor=f"olefile {olefile.__version__}+wherefrom.{READER_VERSION}",
        properties=_properties(message),
    )


def _body(message: OutlookMessage, source: str) -> TextBuilder | None:
    """Return the text of the best form of the body, or `None` if none has text."""
    plain, html = TextBuilder(source), TextBuilder(source)
    add_plain_text(message.text(BODY), plain)
    plain_words = plain.word_count()
    try:
        read_html(_markup(message, source), html)
    except SourceRejected:
        if not plain_words:
            raise
    html_words = html.word_count()
    if plain_words or html_words:
        return plain if plain_words and plain_words >= MIN_SHARE_OF_HTML * html_words else html
    rtf = TextBuilder(source)
    _add_rtf(message.binary(RTF), rtf, source)
    return rtf if rtf.word_count() else None


def _markup(message: OutlookMessage, source: str) -> str:
    """Return the HTML body, empty if there is none. Raise SourceRejected if it cannot be decoded."""
    markup = message.binary(HTML).rstrip(b"\0")
    if not markup.strip():
        return message.text(HTML)
    encoding = message.internet_encoding
    if encoding is not None:
        try:
            return markup.decode(encoding)
        except UnicodeDecodeError:
            pass
    return decode(markup, source=source).text


def _add_rtf(data: bytes, builder: TextBuilder, source: str) -> None:
    if not data:
        return
    try:
        rtf = decompress_rtf(data)
    except DamagedRtf as error:
        raise SourceRejected(source, f"it is damaged: its body cannot be decompressed ({error})") from error
    if wraps_html(rtf):
        read_html(unwrap_html(rtf), builder)
    else:
        add_rtf(rtf, builder, source)


def _properties(message: OutlookMessage) -> Given:
    """Return the metadata from the headers, by the rules for mails (EML)."""
    names = (message.text(SENT_FOR_NAME), message.text(SENDER_NAME))
    author = next((name for each in names if (name := plain_line(each).strip("\"' ")) and _is_name(name)), None)
    known_id = message_id(message)
    return Given(
        title=subject(message),
        authors=declared_authors([author]),
        published=_sent(message),
        extra={} if known_id is None else {"message_id": known_id},
    )


def message_id(message: OutlookMessage) -> str | None:
    """Return the message id of the header, or `None`."""
    found = plain_line(message.text(MESSAGE_ID)).strip("<>")
    return found if 0 < len(found) <= MAX_ID_CHARACTERS else None


def subject(message: OutlookMessage) -> str | None:
    """Return the subject of a message, or `None`."""
    return declared_title(message.text(SUBJECT), by_program=False)


def _is_name(name: str) -> bool:
    """Return whether the name of a sender is not an address."""
    return "@" not in name and not name.startswith("/")


def _sent(message: OutlookMessage) -> date | None:
    """Return the day on which it was sent, in the time zone of its date header if there is one, else in UTC."""
    for line in message.text(HEADERS)[:MAX_HEADER_CHARACTERS].splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "date":
            try:
                return parsedate_to_datetime(value.strip()).date()
            except (ValueError, TypeError, IndexError, OverflowError):
                break
    time = message.time(SENT)
    return None if time is None else time.date()

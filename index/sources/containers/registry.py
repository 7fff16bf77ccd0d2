"""The supported containers: their names, suffixes, media types and readers, and their detection by first bytes.

A reader is imported when the first file of its kind is read.
"""

import logging
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO, cast

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.limits import MAX_ENTRIES
from wherefrom.index.sources.extractors.registry import FORMATS as EXTRACTED
from wherefrom.index.sources.read_result import ReadResult, SourceCutShort, SourceNote

Reader = Callable[[BinaryIO, str], Iterator[ReadResult]]
"""A function from a decompressed, seekable file and its name as a source to its articles, in order."""
PACKAGE = "wherefrom.index.sources.containers"
PEEK_BYTES = 8192
BLANK = b"\xef\xbb\xbf \t\r\n"
XML_PROLOG = re.compile(
    rb"(?:\s*(?:<\?.{0,500}?\?>|<!--.{0,2000}?-->|<!DOCTYPE[^>\[]{0,500}>))*\s*", re.DOTALL | re.IGNORECASE
)
FEED_ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf|[a-z]{1,10}:feed)\b", re.IGNORECASE)
JSON_START = re.compile(rb"\{\s*[\"}]|\[\s*[\[{]")
MBOX_START = re.compile(rb"From [^\r\n]{1,300}\d\d:\d\d[^\r\n]{0,80}\r?\n[!-9;-~]{1,76}:")
HEADER_LINE = re.compile(rb"([!-9;-~]{1,76}):[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*")
MAIL_HEADERS = frozenset(
    (b"from", b"to", b"subject", b"date", b"mime-version", b"received", b"message-id", b"content-type", b"return-path",
     b"delivered-to", b"reply-to", b"sender")
)  # fmt: skip
MIN_MAIL_HEADERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerFormat:
    """A container format; `reader` has the names of the module and the function that read it."""

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    reader: tuple[str, str]

    def read(self, file: BinaryIO, source: str) -> Iterator[ReadResult]:
        """Yield the articles and rejections of a decompressed file; raise the errors of decompression.

        A container without an article is rejected; an unexpected error rejects only this container.
        """
        module, function = self.reader
        reader = cast("Reader", getattr(import_module(f"{PACKAGE}.{module}"), function))
        entries = 0
        try:
            for result in reader(file, source):
                entries += not isinstance(result, SourceNote)
                yield result
                if entries > MAX_ENTRIES:
                    yield SourceCutShort(source, f"it has more than {MAX_ENTRIES:,} entries; the others are left out")
                    return
        except SourceRejected as error:
            entries += 1
            yield error
        except (EOFError, OSError, zlib.error):
            raise
        except Exception as error:
            logging.getLogger(__name__).debug("reading failed: %s", source, exc_info=True)
            entries += 1
            kind = type(error).__name__
            yield SourceRejected(source, f"reading this {self.name} failed unexpectedly ({kind}); please report this")
        if not entries:
            yield SourceRejected(source, f"this {self.name} holds no article")


JSON_LINES = ContainerFormat(
    name="JSON Lines file",
    suffixes=(".jsonl", ".ndjson"),
    media_types=(),  # over HTTP it is a batch, whose form is strict
    reader=("scraped.json_lines", "read_json_lines"),
)
JSON = ContainerFormat(
    name="JSON file", suffixes=(".json",), media_types=(), reader=("scraped.json_articles", "read_json")
)
FEED = ContainerFormat(
    name="feed",
    suffixes=(".rss", ".atom", ".rdf"),
    media_types=("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    reader=("feeds", "read_feed"),
)
TABLE = ContainerFormat(
    name="table",
    suffixes=(".csv", ".tsv"),
    media_types=("text/csv", "text/tab-separated-values"),
    reader=("scraped.tables", "read_table"),
)
MAIL = ContainerFormat(
    name="mail", suffixes=(".eml",), media_types=("message/rfc822",), reader=("mail.mails", "read_mail")
)
MAILBOX = ContainerFormat(
    name="mailbox", suffixes=(".mbox",), media_types=("application/mbox",), reader=("mail.mailboxes", "read_mailbox")
)
WEB_ARCHIVE_PAGE = ContainerFormat(
    name="saved page",
    suffixes=(".mht", ".mhtml"),
    media_types=("multipart/related", "application/x-mimearchive"),
    reader=("mail.saved_pages", "read_saved_page"),
)
WARC = ContainerFormat(
    name="WARC file", suffixes=(".warc",), media_types=("application/warc",), reader=("warc", "read_warc")
)
OUTLOOK_MESSAGE = ContainerFormat(
    name="Outlook message",
    suffixes=(".msg",),
    media_types=("application/vnd.ms-outlook",),
    reader=("mail.outlook_messages", "read_outlook_message"),
)
RTF = ContainerFormat(
    name="RTF file", suffixes=(".rtf",), media_types=("application/rtf",), reader=("press.rtf_exports", "read_rtf")
)
FORMATS = (JSON_LINES, JSON, FEED, TABLE, MAIL, MAILBOX, WEB_ARCHIVE_PAGE, WARC, OUTLOOK_MESSAGE, RTF)
FORMATS_OF_MANY = (JSON_LINES, JSON, FEED, TABLE, MAILBOX, WARC)
"""The formats made for any number of articles."""
SUFFIXES = {suffix: each for each in FORMATS for suffix in each.suffixes}
MEDIA_TYPES = {media_type: each for each in FORMATS for media_type in each.media_types}
MAGIC = {
    b"WARC/": WARC,
    EXTRACTED["application/vnd.ms-outlook"].magic: OUTLOOK_MESSAGE,
    EXTRACTED["application/rtf"].magic: RTF,
}
"""The first bytes of the containers that have a signature."""
XML_SUFFIX = ".xml"
"""A suffix that does not determine the format: the beginning of the file does."""


def detect_container(start: bytes) -> ContainerFormat | None:
    """Return the container format of a file without a known suffix, by its first `PEEK_BYTES`, or `None`."""
    for magic, container in MAGIC.items():
        if start.startswith(magic):
            return container
    stripped = start.lstrip(BLANK)
    if JSON_START.match(stripped):
        return JSON
    if stripped.startswith(b"<"):
        prolog = XML_PROLOG.match(stripped)
        return FEED if prolog and FEED_ROOT.match(stripped, prolog.end()) else None
    if MBOX_START.match(start):
        return MAILBOX
    if (names := _header_names(start)) and len(names & MAIL_HEADERS) >= MIN_MAIL_HEADERS:
        return WEB_ARCHIVE_PAGE if b"snapshot-content-location" in names else MAIL
    return TABLE if _is_table(start) else None


def _header_names(start: bytes) -> set[bytes]:
    """Return the lower-case names of the headers at the beginning of a text."""
    names: set[bytes] = set()
    position = 0
    while match := HEADER_LINE.match(start, position):
        names.add(match[1].lower())
        position = match.end()
    return names


def _is_table(start: bytes) -> bool:
    """Return whether the first line has the column names of a table of articles."""
    line = start.lstrip(BLANK).partition(b"\n")[0]
    if not any(delimiter in line for delimiter in (b",", b";", b"\t", b"|")):
        return False
    from wherefrom.index.sources.containers.scraped.tables import is_article_header  # noqa: PLC0415

    return is_article_header(line.decode("utf-8", "replace"))

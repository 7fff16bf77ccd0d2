"""Containers of known stories, one builder per format, which shares no code with its parser."""

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from html import escape
from textwrap import wrap

from tests.support.office_files import rtf, rtf_text

NEXIS_COLUMNS = 75
CHINESE = "\u4e00-\u9fff"
UNSPACED_BREAK = re.compile(f"(?<=[{CHINESE}])\n(?=[{CHINESE}“])|(?<=”)\n(?=[{CHINESE}])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story with its paragraphs; different stories have different texts."""

    title: str
    author: str
    published: date
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs as plain text."""
        return "\n\n".join(self.paragraphs)

    @property
    def html(self) -> str:
        """The paragraphs as HTML."""
        return "".join(f"<p>{escape(paragraph, quote=False)}</p>\n" for paragraph in self.paragraphs)

    @property
    def page(self) -> str:
        """A page with the story."""
        head = f"<title>{escape(self.title)}</title>"
        return f"<!DOCTYPE html><html><head>{head}</head><body><article>{self.html}</article></body></html>"


def mail(stories: Sequence[Story]) -> bytes:
    """Return the first story as a mail."""
    return _message(stories[0], 1).as_bytes(policy=policy.SMTP)


def mailbox(stories: Sequence[Story]) -> bytes:
    """Return the stories as mails in a mailbox."""
    parts = []
    for number, story in enumerate(stories, 1):
        lines = _message(story, number).as_bytes().splitlines(keepends=True)
        quoted = (b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)
        parts.append(b"From reader@mail.example Mon Mar  4 08:00:00 2024\n" + b"".join(quoted) + b"\n")
    return b"".join(parts)


def saved_page(stories: Sequence[Story]) -> bytes:
    """Return the first story's page as a browser saves it."""
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://courier.example/1"
    message["Subject"] = "Saved"
    message["MIME-Version"] = "1.0"
    message.set_content(stories[0].page, subtype="html", cte="quoted-printable")
    message.make_related()
    message.add_related(b"\x89PNG....", "image", "png", cid="<picture>")
    return message.as_bytes(policy=policy.SMTP)


def warc(stories: Sequence[Story]) -> bytes:
    """Return the stories' pages as a web archive with requests between them."""
    return b"".join(_records(stories))


def compressed_warc(stories: Sequence[Story]) -> bytes:
    """Return a web archive with each record compressed, as crawlers write them."""
    return b"".join(map(gzip.compress, _records(stories)))


def rss(stories: Sequence[Story]) -> bytes:
    """Return the stories as a feed with whole articles."""
    items = "".join(
        f"<item><title>{escape(escape(story.title))}</title><link>https://courier.example/{number}</link>"
        f"<dc:creator>{escape(story.author)}</dc:creator>"
        f"<pubDate>{story.published:%a, %d %b %Y} 08:00:00 +0100</pubDate>"
        f"<description>A teaser.</description><content:encoded><![CDATA[{story.html}]]></content:encoded></item>"
        for number, story in enumerate(stories, 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>The Courier</title>{items}</channel></rss>"
    ).encode()


def atom(stories: Sequence[Story]) -> bytes:
    """Return the stories as an Atom feed."""
    entries = "".join(
        f"<entry><id>urn:{number}</id><title>{escape(story.title)}</title><author><name>{escape(story.author)}</name></author>"
        f'<published>{story.published}T08:00:00Z</published><link rel="self" href="https://courier.example/x"/>'
        f'<link href="https://courier.example/{number}"/><content type="html">{escape(story.html)}</content></entry>'
        for number, story in enumerate(stories, 1)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Courier</title>{entries}</feed>'.encode()


def json_list(stories: Sequence[Story]) -> bytes:
    """Return the stories as a list of objects in an object."""
    return json.dumps({"status": "ok", "articles": _rows(stories)}, indent=1).encode()


def json_lines(stories: Sequence[Story]) -> bytes:
    """Return the stories as scrapers write them, one object per line."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in _rows(stories))


def table(stories: Sequence[Story]) -> bytes:
    """Return the stories as CSV."""
    return _table(stories, ",")


def tabbed_table(stories: Sequence[Story]) -> bytes:
    """Return the stories as TSV."""
    return _table(stories, "\t")


def nexis(stories: Sequence[Story]) -> bytes:
    """Return the stories as an export of Nexis, with wrapped lines."""
    documents = (
        f"\n\n{number} of {len(stories)} DOCUMENTS\n\n".rjust(40)
        + f"{' ' * 30}The Courier\n\n{' ' * 25}{_american(story.published)} Monday\n\n"
        f"{story.title}\n\nBYLINE: {story.author}\n\nSECTION: NEWS; Pg. 3\n\nLENGTH: 241 words\n\n\n"
        + "\n\n".join("\n".join(wrap(paragraph, NEXIS_COLUMNS)) for paragraph in story.paragraphs)
        + f"\n\nLOAD-DATE: March 5, 2024\n\nLANGUAGE: ENGLISH\n\n{' ' * 12}Copyright 2024 Courier Ltd\n"
        for number, story in enumerate(stories, 1)
    )
    return "".join(documents).encode()


def factiva(stories: Sequence[Story]) -> bytes:
    """Return the stories as an export of Factiva with codes."""
    return "\n".join(
        f"HD  {story.title}\nBY  {story.author}\nWC  241 words\nPD  {story.published.day} {story.published:%B %Y}\n"
        f"SN  The Courier\nSC  CCOUR\nLA  English\nCY  (c) 2024\nLP\n{story.paragraphs[0]}\nTD\n"
        + "\n\n".join(story.paragraphs[1:])
        + f"\nCO  hbrath : Harbour Authority\nAN  Document CCOUR00020240304ek34{number:05}\n"
        for number, story in enumerate(stories, 1)
    ).encode()


def proquest(stories: Sequence[Story]) -> bytes:
    """Return the stories as an export of ProQuest."""
    rule = "_" * 60
    return f"\n{rule}\n".join(
        f"\n{story.title}\n\nPublication info: The Courier ; Southport\n\nAbstract: None available.\n\n"
        f"Full text: {story.text}\n\n"
        f"Title: {story.title}\n\nPublication title: The Courier\n\nPublication date: {story.published:%b %d, %Y}\n\n"
        f"Author: {story.author}\n\nProQuest document ID: {number}\n\n"
        f"Document URL: https://search.example/docview/{number}\n"
        for number, story in enumerate(stories, 1)
    ).encode()


def sequence(stories: Sequence[Story]) -> bytes:
    """Return the stories one after the other, each with its headline, byline and date."""
    return "\n\n".join(
        f"{story.title}\nBy {story.author}\n{_american(story.published)}\n\n{story.text}" for story in stories
    ).encode()


def nexis_rtf(stories: Sequence[Story]) -> bytes:
    """Return the stories as Nexis exports them as RTF: lines of a header, "Body", and "End of Document"."""
    return _rtf(
        line
        for number, story in enumerate(stories, 1)
        for line in (
            f"Page 1 of {number}",
            *(story.title, "The Courier", f"{_american(story.published)} Monday", "Copyright 2024 Courier Ltd"),
            *("Section: NEWS; Pg. 3", "Length: 241 words", f"Byline: {story.author}", "Body"),
            *story.paragraphs,
            *("Load-Date: March 5, 2024", "End of Document"),
        )
    )


def factiva_rtf(stories: Sequence[Story]) -> bytes:
    """Return the stories as Factiva exports them as RTF, without codes."""
    return _rtf(
        line
        for number, story in enumerate(stories, 1)
        for line in (
            *(story.title, f"By {story.author}", "241 words", f"{story.published.day} {story.published:%B %Y}"),
            *("08:00", "The Courier", "CCOUR", "English", "(c) 2024 Courier Ltd"),
            *story.paragraphs,
            f"Document CCOUR00020240304ek34{number:05}",
        )
    )


def factiva_table_rtf(stories: Sequence[Story]) -> bytes:
    """Return the stories as Factiva exports them as RTF with codes: a table per story, a row per field."""
    rows = (
        row
        for number, story in enumerate(stories, 1)
        for row in (
            *(("HD", story.title), ("BY", f"By {story.author}"), ("WC", "241 words")),
            *(("PD", f"{story.published.day} {story.published:%B %Y}"), ("SN", "The Courier"), ("LA", "English")),
            *(("LP", story.paragraphs[0]), ("TD", "\n".join(story.paragraphs[1:]))),
            ("AN", f"Document CCOUR00020240304ek34{number:05}"),
        )
    )
    cell = "\\par\\intbl "
    return rtf(
        "".join(
            f"\\trowd\\intbl {code}\\cell\\intbl {cell.join(map(rtf_text, value.splitlines()))}\\cell\\row\n"
            for code, value in rows
        )
        + "\\pard"
    )


def _rtf(lines: Iterable[str]) -> bytes:
    return rtf("".join(f"\\pard\\plain {rtf_text(line)}\\par\n" for line in lines))


def _same(paragraph: str) -> str:
    return paragraph


def _unwrapped(paragraph: str) -> str:
    """Return a paragraph after its lines were wrapped and joined.

    A line break beside Chinese characters is not replaced by a space.
    """
    return UNSPACED_BREAK.sub("", "\n".join(wrap(paragraph, NEXIS_COLUMNS))).replace("\n", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerKind:
    """A builder, the suffix of its files, and the expected text of an article and of a paragraph after extraction."""

    build: Callable[[Sequence[Story]], bytes]
    suffix: str
    own_text: Callable[[Story], str]
    paragraph_text: Callable[[str], str] = _same
    holds_one: bool = False


def _text(story: Story) -> str:
    return story.text


def _html(story: Story) -> str:
    return story.html


def _page(story: Story) -> str:
    return story.page


def _after_lead(story: Story) -> str:
    return "\n".join((story.paragraphs[0], "TD", "\n\n".join(story.paragraphs[1:])))


def _with_head(story: Story) -> str:
    return sequence([story]).decode()


KINDS: Mapping[str, ContainerKind] = {
    "mail": ContainerKind(build=mail, suffix=".eml", own_text=_text, holds_one=True),
    "mailbox": ContainerKind(build=mailbox, suffix=".mbox", own_text=_text),
    "saved page": ContainerKind(build=saved_page, suffix=".mhtml", own_text=_page, holds_one=True),
    "WARC": ContainerKind(build=warc, suffix=".warc", own_text=_page),
    "compressed WARC": ContainerKind(build=compressed_warc, suffix=".warc.gz", own_text=_page),
    "RSS": ContainerKind(build=rss, suffix=".rss", own_text=_html),
    "Atom": ContainerKind(build=atom, suffix=".xml", own_text=_html),
    "JSON": ContainerKind(build=json_list, suffix=".json", own_text=_text),
    "JSON Lines": ContainerKind(build=json_lines, suffix=".jsonl", own_text=_text),
    "CSV": ContainerKind(build=table, suffix=".csv", own_text=_text),
    "TSV": ContainerKind(build=tabbed_table, suffix=".tsv", own_text=_text),
    "Nexis": ContainerKind(build=nexis, suffix=".txt", own_text=_text, paragraph_text=_unwrapped),
    "Factiva": ContainerKind(build=factiva, suffix=".txt", own_text=_after_lead),
    "ProQuest": ContainerKind(build=proquest, suffix=".txt", own_text=_text),
    "Nexis as RTF": ContainerKind(build=nexis_rtf, suffix=".rtf", own_text=_text),
    "Factiva as RTF": ContainerKind(build=factiva_rtf, suffix=".rtf", own_text=_text),
    "Factiva as RTF with codes": ContainerKind(build=factiva_table_rtf, suffix=".rtf", own_text=_text),
    "sequence": ContainerKind(build=sequence, suffix=".txt", own_text=_with_head),
}


def _american(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _message(story: Story, number: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"{story.author} <writer@courier.example>"
    message["To"] = "reader@mail.example"
    message["Subject"] = story.title
    message["Date"] = f"{story.published:%a, %d %b %Y} 08:00:00 +0100"
    message["Message-ID"] = f"<{number}@courier.example>"
    message.set_content(story.text, cte="base64" if number % 2 else "quoted-printable")
    return message


def _records(stories: Sequence[Story]) -> list[bytes]:
    records = [_record("warcinfo", b"software: test\r\n", "application/warc-fields", 0)]
    for number, story in enumerate(stories, 1):
        page = story.page.encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n".encode()
        )
        records.append(_record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request", number))
        records.append(_record("response", head + page, "application/http; msgtype=response", number))
    return records


def _record(kind: str, block: bytes, content_type: str, number: int) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://courier.example/{number}\r\n"
        f"WARC-Date: 2024-05-06T10:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def _rows(stories: Sequence[Story]) -> list[dict[str, object]]:
    return [
        {
            "headline": story.title,
            "maintext": story.text,
            "byline": f"By {story.author}",
            "date_publish": f"{story.published} 08:00:00",
            "url": f"https://courier.example/{number}",
            "source_domain": "courier.example",
            "section": "news",
        }
        for number, story in enumerate(stories, 1)
    ]


def _table(stories: Sequence[Story], delimiter: str) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(["", "title", "publication", "author", "date", "content"])
    for number, story in enumerate(stories, 1):
        writer.writerow([number, story.title, "The Courier", story.author, story.published, story.text])
    return file.getvalue().encode()

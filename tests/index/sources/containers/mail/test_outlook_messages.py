"""Attachments of messages of Outlook are documents of their own, and what is not read is told."""

import re
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from tests.support.library_samples import WordEmbedder
from tests.support.office_files import AttachedFile, docx, docx_paragraph, msg, ole_file
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.mail.mails import read_mail
from wherefrom.index.sources.containers.mail.outlook_messages import read_outlook_message
from wherefrom.index.sources.file_formats import read_file
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Given, RawSource

SUBJECT, BODY, MESSAGE_ID = 0x0037, 0x1000, 0x1035
TEXT = "The harbour authority of Southport will close its northern quay for eleven months, the council said."
REPORT = b"Inspectors had found cracks as wide as a hand in the footings of the quay last autumn, they wrote."
MESSAGE = {SUBJECT: "Quay closed", BODY: TEXT, MESSAGE_ID: "<one@mail.example>"}
PICTURE = AttachedFile(name="quay.png", media_type="image/png", content=b"\x89PNG")


def read(raw: bytes) -> list[ReadResult]:
    return list(read_outlook_message(BytesIO(raw), "a.msg"))


def sources(results: list[ReadResult]) -> list[RawSource]:
    return [result for result in results if isinstance(result, RawSource)]


def notes(results: list[ReadResult]) -> list[str]:
    return [result.text for result in results if isinstance(result, SourceNote)]


def test_a_message_without_attachments_is_the_file() -> None:
    raw = msg(MESSAGE)
    assert read(raw) == [RawSource(name="a.msg", raw=raw, media_type="application/vnd.ms-outlook")]


def test_an_attachment_is_a_document_with_its_own_bytes() -> None:
    page = docx(docx_paragraph(TEXT))
    attached = [
        AttachedFile(name="report.txt", media_type="text/plain", content=REPORT),
        PICTURE,
        AttachedFile(name="minutes.docx", content=page),
        AttachedFile(name="empty.txt", content=b""),
    ]
    results = read(msg(MESSAGE, attached=attached))
    message, report, minutes = sources(results)
    assert (message.name, message.document_id) == ("a.msg", "one@mail.example")
    assert (report.name, report.raw, report.media_type) == ("a.msg:1", REPORT, "text/plain")
    assert report.given == Given(extra={"file_name": "report.txt", "attached_to": "Quay closed"})
    assert (minutes.name, minutes.raw) == ("a.msg:3", page)
    assert notes(results) == ["attachments that are not read: image/png (1)"]


def test_a_message_whose_attachments_are_all_left_out_is_the_file() -> None:
    results = read(msg(MESSAGE, attached=[PICTURE, AttachedFile(name="a message", content=None)]))
    assert [source.document_id for source in sources(results)] == [None]
    assert notes(results) == ["attachments that are not read: attachment (1), image/png (1)"]


def test_a_message_that_is_attached_as_a_file_is_read_with_its_attachments() -> None:
    inner = msg(MESSAGE, attached=[AttachedFile(name="report.txt", content=REPORT)])
    results = read(msg(MESSAGE, attached=[AttachedFile(name="inner.msg", content=inner)]))
    assert [source.name for source in sources(results)] == ["a.msg", "a.msg:1", "a.msg:1.1"]


def test_a_message_that_is_attached_to_a_mail_is_read_with_its_attachments() -> None:
    raw = msg(MESSAGE, attached=[AttachedFile(name="report.txt", content=REPORT), PICTURE])
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.example", "Fwd"
    mail.set_content("See the attached message of the council.")
    mail.add_attachment(raw, "application", "vnd.ms-outlook", filename="one.msg")
    results = list(read_mail(BytesIO(mail.as_bytes()), "m.eml"))
    assert [source.name for source in sources(results)] == ["m.eml", "m.eml:2", "m.eml:2.1"]
    assert notes(results) == ["attachments that are not read: image/png (1)"]


def test_messages_nested_deeper_than_the_limit_are_left_out() -> None:
    raw = msg(MESSAGE)
    for _ in range(limits.MAX_DEPTH + 1):
        raw = msg(MESSAGE, attached=[AttachedFile(name="inner.msg", content=raw)])
    results = read(raw)
    assert len(sources(results)) == limits.MAX_DEPTH + 1
    assert notes(results) == ["attachments that are not read: .msg (1)"]


def test_what_cannot_be_opened_is_left_to_the_extractor() -> None:
    for raw in (b"no message", ole_file({"WordDocument": b"x"})):
        assert read(raw) == [RawSource(name="a.msg", raw=raw, media_type="application/vnd.ms-outlook")]


def test_attachments_that_share_their_bytes_end_at_the_size_of_the_file() -> None:
    contents = [REPORT * 100, *[REPORT] * 8]
    raw = bytearray(msg(MESSAGE, attached=[AttachedFile(name="a.txt", content=each) for each in contents]))
    name = "__substg1.0_37010102".encode("utf-16-le")
    entries = [match.start() for match in re.finditer(re.escape(name), raw)]
    assert len(entries) == len(contents)
    for entry in entries:  # all begin where the first does, and are as long
        raw[entry + 116 : entry + 128] = raw[entries[0] + 116 : entries[0] + 128]
    *read_sources, error = read(bytes(raw))
    assert {source.raw for source in sources(read_sources)[1:]} == {contents[0]}
    assert "more bytes than the file" in str(error)


def test_attachments_are_indexed_with_citations_that_hold(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    folder.mkdir()
    attached = [
        AttachedFile(name="report.txt", content=REPORT),
        AttachedFile(name="m.docx", content=docx(docx_paragraph(TEXT))),
    ]
    path = folder / "a.msg"
    path.write_bytes(msg(MESSAGE, attached=attached))
    with Library.open(tmp_path / "data", embedder=WordEmbedder()) as library:
        results = ingest(library, [folder])
        assert [(result.source, result.error) for result in results] == [
            (str(path), None),
            (f"{path}:1", None),
            (f"{path}:2", None),
        ]
        assert library.verify().mismatches == ()
        assert {result.change for result in ingest(library, [folder], prune=True)} == {"unchanged"}
        assert len(list(read_file(path, "a"))) == 3

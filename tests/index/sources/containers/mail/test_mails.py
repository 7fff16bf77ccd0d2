"""A mail's body is an article with its headers as metadata; attachments are articles of their own or are told."""

import io
from datetime import date
from email.message import EmailMessage

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.mail.mails import read_mail
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import RawSource

BODY = "The harbour authority will close its northern quay for eleven months, the council decided on Monday.\n"
LONG = BODY * 20
HEAD = b"From: Mara Lind <mara@courier.example>\r\nSubject: The quay\r\n"


def read(raw: bytes) -> list[ReadResult]:
    return list(read_mail(io.BytesIO(raw), "mail.eml"))


def articles(raw: bytes) -> list[RawSource]:
    return [result for result in read(raw) if isinstance(result, RawSource)]


def message(**headers: str) -> EmailMessage:
    written = EmailMessage()
    for name, value in ({"From": "Mara Lind <mara@courier.example>", "Subject": "The quay"} | headers).items():
        written[name.replace("_", "-")] = value
    return written


def test_headers_are_metadata() -> None:
    written = message(Date="Mon, 04 Mar 2024 00:30:00 +0100", Message_ID="<one@courier.example>")
    written.set_content(BODY)
    (article,) = articles(written.as_bytes())
    assert (article.given.title, article.given.authors) == ("The quay", ("Mara Lind",))
    assert article.given.published == date(2024, 3, 4)
    assert article.document_id == article.given.extra["message_id"] == "one@courier.example"


@pytest.mark.parametrize(
    ("sender", "names"),
    [
        ("mara@courier.example", ()),
        ('"mara@courier.example" <mara@courier.example>', ()),
        ("=?utf-8?B?SsO2cmcgU2FsZGVu?= <j@x.example>", ("Jörg Salden",)),
        ('"Lind, Mara" <m@x.example>, Ole Grund <o@x.example>', ("Lind, Mara", "Ole Grund")),
        ("=?no-such-charset?Q?Mara_Lind?= <m@x.example>", ("Mara Lind",)),
    ],
)
def test_an_author_is_the_name_beside_an_address_and_never_the_address(sender: str, names: tuple[str, ...]) -> None:
    (article,) = articles(f"From: {sender}\nSubject: x\n\n{BODY}".encode())
    assert article.given.authors == names


def test_the_plain_text_is_the_body_unless_it_is_a_stub() -> None:
    for plain, expected in ((LONG, "text/plain"), ("View this mail in a browser.", "text/html")):
        written = message()
        written.set_content(plain)
        written.add_alternative(f"<p>{LONG}</p>", subtype="html")
        (article,) = articles(written.as_bytes())
        assert (article.media_type or "text/plain") == expected


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("iso-8859-1", "cp1252"), ("koi8-r", "koi8_r"), (None, "cp1252"), ("us-ascii", "utf-8"), ("no-such", "utf-8")],
)
def test_the_body_is_read_in_its_charset_or_a_detected_one(charset: str | None, codec: str) -> None:
    text = "Les inspecteurs ont trouvé des fissures à l'été, a dit le maire très inquiet. " * 5
    if codec == "koi8_r":
        text = "Портовое управление закроет северный причал на одиннадцать месяцев. " * 5
    declared = f"Content-Type: text/plain; charset={charset}\r\n".encode() if charset else b""
    (article,) = articles(HEAD + declared + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + text.encode(codec))
    from wherefrom.index.sources.encodings.encoding_detection import decode  # noqa: PLC0415

    assert decode(article.raw, source="x").text == text


def test_attachments_are_articles_named_by_their_place_and_others_are_told() -> None:
    written = message()
    written.set_content(LONG)
    written.add_attachment("A note of the council.\n" + LONG, filename="note.txt")
    written.add_attachment(b"%PDF-1.7 ...", "application", "pdf", filename="plan.pdf")
    written.add_attachment(b"\x89PNG", "image", "png", filename="quay.png")
    results = read(written.as_bytes())
    body, note, plan, told = results
    assert isinstance(body, RawSource)
    assert isinstance(note, RawSource)
    assert isinstance(plan, RawSource)
    assert (body.name, note.name, plan.name) == ("mail.eml", "mail.eml:2", "mail.eml:3")
    assert note.given.extra == {"file_name": "note.txt", "attached_to": "The quay"}
    assert (plan.raw, plan.media_type) == (b"%PDF-1.7 ...", "application/pdf")
    assert told == SourceNote(source="mail.eml", text="attachments that are not read: image/png (1)")


def test_an_attached_mail_is_an_article_with_its_own_headers() -> None:
    inner = message(Subject="The mill", From="Ole Grund <o@x.example>", Message_ID="<two@x.example>")
    inner.set_content(BODY)
    outer = message()
    outer.set_content(BODY)
    outer.add_attachment(inner)
    first, second = articles(outer.as_bytes())
    assert (first.given.title, second.given.title, second.name) == ("The quay", "The mill", "mail.eml:2")
    assert second.document_id == "two@x.example"


def test_a_footer_of_a_mailing_list_is_told_and_no_article() -> None:
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + BODY.encode()
    results = read(raw + b"--b\r\nContent-Type: text/plain\r\n\r\nUnsubscribe here.\r\n--b--\r\n")
    assert [type(result) for result in results] == [RawSource, SourceNote]


def test_a_mail_without_its_closing_boundary_is_read() -> None:
    raw = HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + BODY.encode()
    (article,) = articles(raw)
    assert article.raw == BODY.encode()


@pytest.mark.parametrize("raw", [b"No header here, only words.", b"\x00\x01\x02", HEAD + b"\r\n  \r\n"])
def test_what_is_no_mail_or_has_no_text_is_rejected(raw: bytes) -> None:
    (error,) = read(raw)
    assert isinstance(error, SourceRejected)


def test_parts_within_parts_have_a_limit() -> None:
    raw = BODY.encode()
    for number in range(40):
        raw = f'Content-Type: multipart/mixed; boundary="b{number}"\n\n--b{number}\n'.encode() + raw
    results = read(HEAD + raw)
    assert any("nested deeper" in str(result) for result in results if isinstance(result, SourceRejected))

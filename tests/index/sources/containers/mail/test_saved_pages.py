"""A page that a browser saved is one article with its address."""

import io

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.mail.saved_pages import read_saved_page
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import RawSource

HEAD = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://courier.example/quay\r\nSubject: Saved\r\n"
    b'Content-Type: multipart/related; boundary="b"\r\n\r\n'
)
PAGE = b'--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p lang=3D"en">x</p>\r\n'
STYLE = b"--b\r\nContent-Type: text/css\r\n\r\np {}\r\n"


def read(raw: bytes) -> list[ReadResult]:
    return list(read_saved_page(io.BytesIO(raw), "x.mhtml"))


def test_the_page_is_decoded_and_has_its_address() -> None:
    (page,) = read(HEAD + PAGE + STYLE + b"--b--\r\n")
    assert isinstance(page, RawSource)
    assert (page.raw, page.name, page.media_type) == (b'<p lang="en">x</p>', "x.mhtml", "text/html")
    assert (page.given.url, page.given.title, page.given.published) == ("https://courier.example/quay", None, None)


def test_pages_in_frames_are_told() -> None:
    _, note = read(HEAD + PAGE + PAGE + b"--b--\r\n")
    assert note == SourceNote(source="x.mhtml", text="pages in frames that are not read: 1")


def test_a_saved_page_without_html_is_rejected() -> None:
    with pytest.raises(SourceRejected, match="no HTML"):
        read(HEAD + STYLE)

import pytest

from wherefrom.index.sources.containers.mail.attachments import attachment_type


@pytest.mark.parametrize(
    ("declared", "name", "content", "expected"),
    [
        ("text/plain", "a.txt", b"", "text/plain"),
        ("text/plain", None, b"", "text/plain"),
        ("text/plain", "a.md", b"", "text/markdown"),
        ("text/plain", "a.log", b"", None),
        ("application/pdf", "a", b"", "application/pdf"),
        ("application/octet-stream", "a.pdf", b"", "application/pdf"),
        ("application/octet-stream", "a", b"%PDF-1.7", "application/pdf"),
        ("application/octet-stream", "a.exe", b"MZ", None),
        ("image/png", "a.png", b"\x89PNG", None),
        ("text/calendar", "a.ics", b"BEGIN", None),
    ],
)
def test_an_attachment_is_read_by_its_type_its_name_or_its_first_bytes(
    declared: str, name: str | None, content: bytes, expected: str | None
) -> None:
    assert attachment_type(declared, name, content) == expected

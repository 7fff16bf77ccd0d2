"""Articles of an export as RTF are divided; any other RTF file stays one document."""

from io import BytesIO

from tests.support.containers import nexis_rtf
from tests.support.office_files import rtf, rtf_text
from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.press.rtf_exports import read_rtf
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

END = "End of Document"
BODY = "The harbour authority will close the quay."


def rtf_of(lines: list[str]) -> bytes:
    return rtf("".join(f"\\pard {rtf_text(line)}\\par\n" for line in lines))


def read(raw: bytes) -> list[ReadResult]:
    return list(read_rtf(BytesIO(raw), "a.rtf"))


def test_another_file_is_a_document_itself() -> None:
    raw = rtf_of(["A document on HD television.", BODY])
    assert read(raw) == [RawSource(name="a.rtf", raw=raw, media_type="application/rtf")]


def test_a_file_that_cannot_be_read_is_left_to_the_extractor() -> None:
    raw = b"no RTF, whatever the name; HD and Document"
    assert read(raw) == [RawSource(name="a.rtf", raw=raw, media_type="application/rtf")]


def test_an_article_without_text_is_refused_by_its_number() -> None:
    header = ["A headline", "The Courier", "March 4, 2024", "Length: 3 words", "Body"]
    first, second = read(rtf_of([*header, END, *header, BODY, END]))
    assert isinstance(first, SourceRejected)
    assert str(first) == "a.rtf:1: this article of the export has no text"
    assert isinstance(second, RawSource)
    assert (second.name, second.raw) == ("a.rtf:2", BODY.encode())


def test_an_export_that_ends_in_the_middle_has_a_warning_at_its_end() -> None:
    header = ["A headline", "The Courier", "March 4, 2024", "Length: 3 words", "Body"]
    raw = rtf_of([*header, BODY, END, *header, BODY, END, ""])
    warnings = [each.warnings for each in read(raw[:-1]) if isinstance(each, RawSource)]
    assert warnings == [(), ("the file ends in the middle: its end may be missing",)]


def test_work_grows_with_the_size() -> None:
    lines = ["A headline", "The Courier", "March 4, 2024", "Body", BODY, END] * 40
    assert grows_linearly(lambda text: read(rtf_of(text.splitlines())), "\n".join(lines), "\n".join(lines * 2))


def test_the_header_is_metadata_and_not_in_the_text() -> None:
    from tests.index.sources.containers.test_registry import SAMPLE  # noqa: PLC0415

    for article, story in zip(read(nexis_rtf(SAMPLE)), SAMPLE, strict=True):
        assert isinstance(article, RawSource)
        assert article.raw.decode() == story.text
        assert (article.given.title, article.given.publisher) == (story.title, "The Courier")

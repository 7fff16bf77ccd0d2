"""A row of a table is an article, under the names of its columns."""

import io

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.scraped.tables import is_article_header, read_table
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import RawSource

TEXT = "The harbour authority, the council and the ferries agreed on Monday."


def read(raw: str | bytes) -> list[ReadResult]:
    return list(read_table(io.BytesIO(raw if isinstance(raw, bytes) else raw.encode()), "x.csv"))


def articles(raw: str | bytes) -> list[RawSource]:
    return [result for result in read(raw) if isinstance(result, RawSource)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_names_columns(delimiter: str) -> None:
    rows = [("title", "content", "date"), ("Quay", f'"{TEXT}"', "2024-03-04")]
    (article,) = articles("\n".join(delimiter.join(row) for row in rows))
    assert (article.raw.decode(), article.given.title, article.name) == (TEXT, "Quay", "x.csv:2")


def test_a_line_may_declare_the_delimiter() -> None:
    (article,) = articles(f"sep=;\r\ntitle;text\r\nQuay;{TEXT}\r\n")
    assert article.raw.decode() == TEXT


def test_quotation_marks_line_ends_and_blank_rows() -> None:
    first, second = articles(f'title,text\r\n"Quay ""one""","{TEXT}\n\nMore."\r\n,\r\n\r\nMill,{TEXT[:21]}\r\n')
    assert (first.given.title, first.raw.decode()) == ('Quay "one"', f"{TEXT}\n\nMore.")
    assert (second.given.title, second.name) == ("Mill", "x.csv:5")


def test_quotation_marks_may_be_escaped_by_backslashes() -> None:
    (article,) = articles('title,text\nQuay,"He said \\"no\\", and left."\n')
    assert article.raw.decode() == 'He said "no", and left.'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_detected(encoding: str) -> None:
    text = "Les inspecteurs ont trouvé des fissures à l'été, a dit le maire très inquiet. " * 5
    (article,) = articles(f'title,text\nQuai,"{text}"\n'.encode(encoding))
    assert article.raw.decode() == text
    assert article.given.title == "Quai"


def test_a_table_without_articles_is_refused_with_its_columns() -> None:
    with pytest.raises(SourceRejected, match="its columns are Team, Location, Cups"):
        read("Team,Location,Cups\nBlues,STL,1\n")


def test_a_row_that_is_wrong_costs_no_other() -> None:
    first, second, third = read(f"title,text\nQuay,{TEXT[:21]},further\nMill,\nNurse,{TEXT[:21]}\n")
    assert isinstance(first, SourceRejected)
    assert "3 cells under 2 columns" in str(first)
    assert isinstance(second, SourceRejected)
    assert isinstance(third, RawSource)


def test_further_columns_are_kept_as_extra_and_told_once() -> None:
    *_, note = read("title,text,year\n" + f"Quay,{TEXT[:21]},2024\n" * 3)
    assert note == SourceNote(source="x.csv", text="unknown fields, kept as extra: year (3)")


def test_dates_in_one_reading_only() -> None:
    table = f"text,published\n{TEXT[:21]},31/03/2024\n{TEXT[:21]},03/04/2024\n"
    days = [article.given.published for article in articles(table)]
    assert [str(day) for day in days] == ["2024-03-31", "None"]


def test_a_header_names_a_text_and_another_field() -> None:
    assert is_article_header("id,title,content")
    assert not is_article_header("The mayor said, in a text, that it closes")
    assert not is_article_header("a,b,c")


def test_reading_is_linear() -> None:
    rows = f'"a "" b\n{TEXT}",x\n' * 2_000
    assert grows_linearly(read, f"text,title\n{rows}", f"text,title\n{rows}{rows}")

r"""A row in which a quotation mark is missing is refused and named; cells with lines, commas and dates never are."""

import io

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.scraped.tables import read_table
from wherefrom.index.types import RawSource

QUAY = "The old quay was sold on Monday, the mayor of Southport said."
MILL = "The mill of Northport burned down on Tuesday; the fire chief was there."


def read(table: str) -> tuple[list[str], list[str]]:
    """Return the titles of the articles that are read, and the reasons of refusals."""
    results = list(read_table(io.BytesIO(table.encode()), "x.csv"))
    titles = [str(result.given.title) for result in results if isinstance(result, RawSource)]
    return titles, [str(result) for result in results if isinstance(result, SourceRejected)]


@pytest.mark.parametrize(
    ("rows", "titles", "reasons"),
    [
        (f'Lamp,1 May,x\nMill,2 May,"{MILL}\nQuay,3 May,y\n', ["Lamp"], ["x.csv:3 lines 3 to 4 are not read"]),
        (f'Mill,2 May,"{MILL}', [], ["x.csv:2"]),
        (
            f'Mill,"2 May,{MILL}\nQuay,3 May,"{QUAY}"\nLamp,4 May,x\n',
            ["Lamp"],
            ["x.csv:2 lines 2 to 3 are not read"],
        ),
        (f'"Mill","2 May","{MILL}\n"Quay","3 May","{QUAY}"\n', [], ["x.csv:2 lines 2 to 3 are not read"]),
        (f'Mill,2 May,{MILL}\n{MILL}",x\nLamp,4 May,x\n', ["Mill", "Lamp"], ["x.csv:3"]),
        (f'Mill,"He said "yes" twice.\n{MILL}",x\nLamp,4 May,x\n', ["Lamp"], ["x.csv:2", "x.csv:3"]),
    ],
    ids=["to the end", "in the last line", "to the next mark", "all quoted", "opening mark", "inner marks"],
)
def test_a_row_without_a_quotation_mark_is_refused_by_its_lines(
    rows: str, titles: list[str], reasons: list[str]
) -> None:
    read_titles, refusals = read(f"title,date,text\n{rows}")
    assert read_titles == titles
    assert all("a quotation mark may be missing" in refusal for refusal in refusals)
    places = [f"{refusal.split(': ')[0]}{refusal.partition('; the articles of')[2]}" for refusal in refusals]
    assert places == reasons


@pytest.mark.parametrize(
    "text",
    [
        f"{QUAY}\n\n{MILL}\r\nLast line",
        f"{MILL}\n2024-03-06,{QUAY},x\nQuay,2024-03-08,{QUAY}\n",
        f'He said ""yes"", and left.\n""{QUAY}""\n"",""',
        f"""{QUAY}\nA board of 6"" and one of 5""\n""",
    ],
)
@pytest.mark.parametrize("end", ["", " ", "\t"])
def test_a_quoted_cell_may_hold_any_lines(text: str, end: str) -> None:
    assert read(f'title,text,date\n"Quay","{text}"{end},2024-03-06\nLamp,x,1 May') == (["Quay", "Lamp"], [])
    assert read(f'title,date,text\nQuay,2024-03-06,"{text}"{end}\nLamp,1 May,x') == (["Quay", "Lamp"], [])


def test_a_cell_may_hold_marks_that_are_escaped_by_backslashes() -> None:
    text = f'{QUAY}\nHe said \\"yes\\", and left.\n\\"No\\", she said.'
    assert read(f'title,text\nQuay,"{text}"\nLamp,x') == (["Quay", "Lamp"], [])


@pytest.mark.parametrize(
    "cell", ['A board of 6", painted', 'A board of 6"', '"A board of 6" width"', 'He said "yes" twice']
)
def test_a_mark_too_many_within_a_line_does_no_harm(cell: str) -> None:
    table = f"title;text;date\nQuay;{cell};1 May\nLamp;x\n"
    assert read(table) == (["Quay", "Lamp"], [])


def test_lines_are_counted_below_the_declaration_of_the_delimiter() -> None:
    _, (reason,) = read(f'sep=;\ntitle;text\nQuay;"{QUAY}\nLamp;x\n')
    assert "lines 3 to 4" in reason

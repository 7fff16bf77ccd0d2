import pytest

from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.lines import split_lines

PROSE = "The committee met on Monday to hear what the engineers had found under the old bridge, and stayed late."
END = "Nobody spoke for a while, and then the chairman asked how long it would be closed to the public."
MENU = "".join(f"• Section number {number}\n" for number in range(30))


def kept(text: str) -> list[str]:
    blocks = split_blocks(text, list(split_lines(text)))
    return [block.text for block, rule in zip(blocks, body_rules(blocks), strict=True) if rule is None]


@pytest.mark.parametrize("marks", ["• • • ", "- - - ", "* * * ", "1. 2. 3. ", "a) b) c) "])
def test_a_list_of_an_article_without_menus_is_kept(marks: str) -> None:
    items = [f"{mark} {item}" for mark, item in zip(marks.split(), ("Life jackets", "Gas", "Cattle"), strict=True)]
    assert kept("\n\n".join([PROSE, "The ferries will not carry:", "\n".join(items), END]))[2:5] == items


def test_an_announced_list_among_menus_is_kept_and_the_menus_are_not() -> None:
    text = "\n".join([MENU, PROSE, "The ferries will not carry these:", "• Life jackets", "• Live cattle", END, MENU])
    assert kept(text) == [PROSE, "The ferries will not carry these:", "• Life jackets", "• Live cattle", END]


def test_a_list_that_nothing_announces_among_menus_is_dropped() -> None:
    assert kept("\n".join([MENU, PROSE, "• Fire takes a roof", "• A nurse for a school", END, MENU])) == [PROSE, END]


@pytest.mark.parametrize("gap", ["\t", "      ", " | "])
def test_the_rows_of_a_table_are_kept(gap: str) -> None:
    rows = [
        gap.join(row) for row in (("Harbour", "Berths", "Until"), ("Skarn", "12", "3 June"), ("Aldersey", "9", "-"))
    ]
    found = kept("\n\n".join([PROSE, "These harbours are concerned:", "\n".join(rows), END]))
    assert found[2:5] == [" ".join(row.split()) for row in rows]


def test_a_line_in_columns_alone_is_no_table() -> None:
    assert kept(f"{PROSE}\n\nTHE COURIER      page 3\n\n{END}") == [PROSE, END]


def test_a_list_at_the_end_whose_items_begin_alike_is_kept() -> None:
    items = [f"June {day} at the theatre of Skarn, in the evening" for day in range(10, 16)]
    text = "\n".join([MENU, PROSE, END, "These are the dates of the summer:", *items, MENU])
    assert kept(text)[-6:] == items


def test_an_archive_below_an_article_is_no_list_of_it() -> None:
    archive = [f"June {year} (12)" for year in range(2001, 2012)]
    assert kept("\n".join([MENU, PROSE, END, *archive, MENU])) == [PROSE, END]


LEAD = "The harbour board voted on Monday to close the old ferry terminal of the town."
REASONS = "The board gave its reasons for the vote in a letter to the islanders on Monday:"
TABLE = """
Ward       Winner        Votes
------------------------------
North      Ida Moll      1,204
South      Otto Renn     3,310
"""
ROWS = ["Ward Winner Votes", "North Ida Moll 1,204", "South Otto Renn 3,310"]


@pytest.mark.parametrize(
    ("list_text", "items"),
    [
        ("- fewer passengers\n- a hull that failed\n- the captain retires", 3),
        ("North: Ida Moll 1,204\nSouth: Otto Renn 3,310\nEast: Ruth Adler 998", 3),
    ],
    ids=["bullets", "lines"],
)
@pytest.mark.parametrize("above", [[], [LEAD]], ids=["first", "below the lead"])
def test_an_announced_list_near_the_top_of_a_short_story_is_kept(above: list[str], list_text: str, items: int) -> None:
    found = kept("\n\n".join(["What the ferry deal says", *above, REASONS, list_text, END]))
    assert found[: len(above) + 1] == [*above, REASONS]
    assert len(found) == len(above) + 1 + items + 1


def test_a_ruled_table_of_a_short_story_is_kept_without_its_lines() -> None:
    assert kept("\n\n".join(["Results of the election", REASONS, TABLE, END])) == [REASONS, *ROWS, END]


def test_an_announced_list_among_menus_does_not_cost_the_lead_above_it() -> None:
    text = "\n".join([MENU, LEAD, REASONS, "- the hull", "- the captain", "- the passengers", END, MENU])
    assert kept(text) == [LEAD, REASONS, "- the hull", "- the captain", "- the passengers", END]


def test_lines_of_numbers_in_a_short_story_are_kept_without_the_subheads_around_them() -> None:
    text = "\n\n".join(
        ["Fish soup of the quay", LEAD, "Ingredients\n500 g cod\n2 onions\n1 l water\nsalt\nMethod", PROSE, END]
    )
    assert kept(text) == [LEAD, "500 g cod", "2 onions", "1 l water", "salt", PROSE, END]


def test_results_below_the_title_are_kept() -> None:
    results = ["Southport United 3, Northport 1", "Westport 0, Gull Island 0", "Tollen 2, Orlen 2"]
    assert kept("\n".join(["Football results, Saturday", *results, PROSE, END])) == [*results, PROSE, END]


def test_counts_above_an_article_are_no_list_of_it() -> None:
    assert kept("\n".join(["Old ferry closes", "Views: 1,203", "Shares: 14", "Likes: 8", PROSE, END])) == [PROSE, END]

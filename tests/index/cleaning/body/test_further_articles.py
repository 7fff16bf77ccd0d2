from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.sources.lines import split_lines
from wherefrom.index.types import RawSource

FIRST = [f"On day {day} the committee met to hear what the engineers had found under the bridge." for day in range(6)]
SECOND = [f"On day {day} the volunteers carried boxes of papers across the yard of the school." for day in range(6)]
HEAD = "Fire takes the roof of Northport's paper mill"


def rules_of(paragraphs: list[str]) -> dict[str, str | None]:
    text = "\n\n".join(paragraphs)
    blocks = split_blocks(text, list(split_lines(text)))
    return dict(zip((block.text for block in blocks), body_rules(blocks), strict=True))


def test_a_further_headline_with_byline_and_date_ends_the_article() -> None:
    rules = rules_of(["Old bridge closed", *FIRST, f"{HEAD}\nBy Ole Grund\nFebruary 12, 2024", *SECOND])
    assert {rules[text] for text in FIRST} == {None}
    assert {rules[text] for text in (HEAD, *SECOND)} == {"further-article"}


def test_a_subhead_does_not_end_the_article() -> None:
    rules = rules_of(["Old bridge closed", *FIRST, HEAD, *SECOND])
    assert {rules[text] for text in (*FIRST, *SECOND)} == {None}


def test_a_byline_without_a_date_does_not_end_the_article() -> None:
    rules = rules_of(["Old bridge closed", *FIRST, f"{HEAD}\nBy Ole Grund", *SECOND])
    assert {rules[text] for text in SECOND} == {None}


def test_a_short_first_article_with_its_own_byline_and_date_ends_at_the_next_headline() -> None:
    first = ["Old bridge closed\nBy Mara Lind\nFebruary 11, 2024", *FIRST[:2]]
    rules = rules_of([*first, f"{HEAD}\nBy Ole Grund, 12 February 2024", *SECOND[:2]])
    assert {rules[text] for text in FIRST[:2]} == {None}
    assert {rules[text] for text in (HEAD, *SECOND[:2])} == {"further-article"}


def test_a_further_article_that_the_body_does_not_reach_is_named_too() -> None:
    rules = rules_of(
        [
            "Bridge closed\n\nBy Mara Lind\n11 February 2024",
            FIRST[0],
            "Mill burns\n\nBy Ole Grund\n12 February 2024",
            SECOND[0],
        ]
    )
    assert rules[SECOND[0]] == "further-article"


def test_a_summary_above_the_byline_is_no_article() -> None:
    rules = rules_of(["Old bridge closed", FIRST[0], "News of the town\nBy Ole Grund\nFebruary 12, 2024", *SECOND])
    assert {rules[text] for text in SECOND} == {None}


def test_a_day_above_a_year_is_no_headline() -> None:
    rules = rules_of(["Old bridge closed", *FIRST, "November 20\n15:23 2019\nby The Post", *SECOND])
    assert {rules[text] for text in SECOND} == {None}


def test_further_articles_of_markdown_are_left_out_with_a_warning() -> None:
    first = f"# Bridge closed\n\nBy Mara Lind\n\n11 February 2024\n\n{FIRST[0]}"
    text = f"{first}\n\n# Mill burns\n\n*By Ole Grund, 12 February 2024*\n\n{SECOND[0]}\n"
    document = extract(RawSource(name="news.md", raw=text.encode(), media_type="text/markdown"))
    assert [paragraph.text for paragraph in document.paragraphs] == [FIRST[0]]
    assert "several articles" in document.warnings[0]

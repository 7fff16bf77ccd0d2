from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.lines import split_lines

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

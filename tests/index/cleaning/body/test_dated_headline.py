from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.lines import split_lines

MENU = "\n".join(f"* Section number {number}" for number in range(20))
TEASERS = [f"The council of town number {n} votes today on a plan that was put off in the spring." for n in range(9)]
ARTICLE = [f"On day {day} the committee met to hear what they had found under the old bridge." for day in range(4)]


def kept(text: str) -> list[str]:
    blocks = split_blocks(text, list(split_lines(text)))
    return [block.text for block, rule in zip(blocks, body_rules(blocks), strict=True) if rule is None]


def test_the_body_is_below_the_only_headline_with_a_date_though_teasers_are_longer() -> None:
    head = "Old bridge is closed for the winter\nBy Jane Doe\nMarch 4, 2024"
    text = "\n".join([MENU, *TEASERS, MENU, MENU, MENU, head, *ARTICLE, MENU])
    assert kept(text) == ARTICLE


def test_several_headlines_with_dates_tell_nothing() -> None:
    heads = "\n".join(f"A story about the old bridge number {n}\nMarch {n}, 2024\n{MENU}" for n in range(1, 4))
    assert kept("\n".join([MENU, *ARTICLE, MENU, heads])) == ARTICLE

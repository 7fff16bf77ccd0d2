import pytest

from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.lines import split_lines

BRIEF = "A fire destroyed the roof of the old paper mill in Northport in the night to Sunday"


def kept(text: str) -> list[str]:
    blocks = split_blocks(text, list(split_lines(text)))
    return [block.text for block, rule in zip(blocks, body_rules(blocks), strict=True) if rule is None]


@pytest.mark.parametrize("brief", [BRIEF, BRIEF.upper(), "Fire destroys the paper mill in Northport"])
def test_a_text_of_one_sentence_without_a_full_stop_is_kept(brief: str) -> None:
    assert kept(brief) == [brief]


def test_the_headline_of_a_brief_is_not_its_text() -> None:
    assert kept(f"Mill burns\n\n{BRIEF}") == [BRIEF]


def test_a_page_of_headlines_is_no_brief() -> None:
    headlines = [f"The council of town number {number} votes today on market stalls" for number in range(30)]
    assert kept("\n".join(["Home", "News", "Sports", *headlines])) == []

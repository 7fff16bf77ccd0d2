import pytest

from tests.support.pages import BODY
from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.text_body import body_rules
from wherefrom.index.sources.lines import split_lines

MENU = "".join(f"• Section number {number}\n" for number in range(20))


def rules_of(text: str) -> dict[str, str | None]:
    blocks = split_blocks(text, list(split_lines(text)))
    return dict(zip((block.text for block in blocks), body_rules(blocks), strict=True))


def test_menus_above_and_below_are_dropped() -> None:
    rules = rules_of(MENU + BODY + "Site map\n" + MENU.replace("number", "part"))
    assert [rule for text, rule in rules.items() if text in BODY] == [None, None]
    assert all(rule for text, rule in rules.items() if text not in BODY)


def test_a_short_paragraph_between_long_ones_is_kept() -> None:
    assert (
        rules_of(MENU + BODY + "\nMission accomplished.\n\nThe rest of it was left for the next day, he said.\n")[
            "Mission accomplished."
        ]
        is None
    )


ARTICLE = [
    f"On day {day} the committee met to hear what the engineers had found under the old bridge." for day in range(8)
]
COMMENTS = [f"I think that this is what they should have done long ago, if you ask me, number {n}." for n in range(40)]


@pytest.mark.parametrize(
    "heading", ["Comments", "Top Rated Comments", "12 comments", "Leave a reply", "Kommentare (3)"]
)
def test_comments_are_dropped_however_many_there_are(heading: str) -> None:
    rules = rules_of("\n\n".join([*ARTICLE, heading, *COMMENTS]))
    assert {rules[text] for text in ARTICLE} == {None}
    assert {rules[text] for text in COMMENTS} == {"comments"}


def test_a_link_to_the_comments_above_the_article_does_not_drop_it() -> None:
    rules = rules_of("\n\n".join(["Comments", *ARTICLE]))
    assert {rules[text] for text in ARTICLE} == {None}


def test_a_subhead_between_paragraphs_is_dropped() -> None:
    text = (
        BODY + '\n"Grave Threats"\n\n' + "The talks began in the capital on Friday, and they are to go on for a week.\n"
    )
    assert rules_of(text)['"Grave Threats"'] == "subhead"


def test_a_repeated_body_is_kept_once() -> None:
    blocks = split_blocks(BODY + BODY, list(split_lines(BODY + BODY)))
    assert body_rules(blocks) == [None, None, "repeat", "repeat"]


def test_a_question_above_a_paragraph_is_its_headline() -> None:
    text = "Is the old bridge safe?\n\n" + BODY
    assert rules_of(text)["Is the old bridge safe?"] == "header"


def test_a_paragraph_about_privacy_policies_is_kept_among_prose() -> None:
    about = "The company changed its privacy policy in the spring, and nobody noticed until the end of the year."
    assert (
        rules_of(f"{BODY}\n{about}\n\n{BODY.replace('Monday', 'Sunday').replace('Nobody', 'Someone')}")[about] is None
    )


def test_a_text_of_sentences_keeps_its_first_and_last_sentence() -> None:
    rules = rules_of("It rained.\n\n## Later\n\nWe went home.\n")
    assert rules == {"It rained.": None, "## Later": "subhead", "We went home.": None}


def test_menus_alone_have_no_body() -> None:
    assert None not in rules_of(MENU).values()

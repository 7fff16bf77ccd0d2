from index.cleaning.blocks import split_blocks
from index.cleaning.body import body_rules
from index.sources.lines import split_lines
from tests.pages import BODY

MENU = "".join(f"• Section number {number}\n" for number in range(20))


def rules_of(text: str) -> dict[str, str | None]:
    blocks = split_blocks(text, list(split_lines(text)))
    return dict(zip((block.text for block in blocks), body_rules(blocks), strict=True))


def test_menus_on_both_sides_are_left_out() -> None:
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


def test_a_subhead_between_paragraphs_is_left_out() -> None:
    text = (
        BODY + '\n"Grave Threats"\n\n' + "The talks began in the capital on Friday, and they are to go on for a week.\n"
    )
    assert rules_of(text)['"Grave Threats"'] == "subhead"


def test_a_body_that_stands_twice_is_kept_once() -> None:
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


def test_a_text_of_sentences_keeps_its_first_and_last() -> None:
    rules = rules_of("It rained.\n\n## Later\n\nWe went home.\n")
    assert rules == {"It rained.": None, "## Later": "subhead", "We went home.": None}


def test_only_menus_have_no_body() -> None:
    assert None not in rules_of(MENU).values()

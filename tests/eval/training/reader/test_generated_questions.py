"""Reading and filtering the questions that a language model writes."""

from pathlib import Path

from wherefrom.eval.training.reader.generated_questions import (
    Reply,
    generated_questions,
    read_replies,
    unlabelled_questions,
)

STORIES = {
    "floods": (
        "Floods drove thousands of villagers from their homes on Sunday.",
        "The army has sent six helicopters to Thatta.",
        "A general said the six helicopters would stay.",
    )
}


def questions(*lines: str) -> list[tuple[str, tuple[str, ...], set[int]]]:
    reply = Reply(story="floods", paragraph=2, text="\n".join(lines))
    return [(each.text, each.answers, set(each.paragraphs)) for each in generated_questions([reply], STORIES)]


def test_a_question_with_a_copied_answer_is_kept() -> None:
    assert questions("Where has the military flown to? | Thatta.") == [
        ("Where has the military flown to?", ("Thatta",), {2})
    ]


def test_every_paragraph_with_the_answer_counts() -> None:
    assert questions('How did soldiers help flood victims? | "six helicopters"') == [
        ("How did soldiers help flood victims?", ("six helicopters",), {2, 3})
    ]


def test_unusable_lines_are_left_out() -> None:
    assert not questions(
        "Here are the questions:",
        "Where has the military flown to? Thatta",
        "Where has the military flown to | Thatta",
        "Where has the military flown to? |",
        "Where has the military flown to? | Karachi",
        "Is Thatta where the military flew? | Thatta",
        "Where is that? | Thatta",
        "Where was it then? | Thatta",
        f"Where has the {'very ' * 12}busy military flown to? | Thatta",
    )


def test_a_question_about_two_paragraphs_is_left_out() -> None:
    replies = [
        Reply(story="floods", paragraph=2, text="How many helicopters were sent? | six"),
        Reply(story="floods", paragraph=3, text="How many helicopters were sent? | six"),
        Reply(story="floods", paragraph=3, text="Who spoke about the helicopters? | A general"),
    ]
    assert [each.text for each in generated_questions(replies, STORIES)] == ["Who spoke about the helicopters?"]


def test_well_formed_questions_that_are_not_usable_have_no_label() -> None:
    reply = Reply(
        story="floods",
        paragraph=2,
        text="Where has the military flown to? | Thatta\n"
        "Where has the military flown to now? | Karachi\n"
        "Where has the military flown to now? | Lahore\n"
        "Is Thatta where the military flew? | Thatta\n"
        "Where is that? | Thatta\n"
        "Here are the questions:",
    )
    assert unlabelled_questions([reply], STORIES) == [
        "Where has the military flown to now?",
        "Is Thatta where the military flew?",
    ]


def test_replies_are_read_from_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"story": "floods", "paragraph": 2, "text": "Who? | the army"}\n', encoding="utf-8")
    assert read_replies(path) == [Reply(story="floods", paragraph=2, text="Who? | the army")]

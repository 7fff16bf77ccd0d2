"""Questions are formed of an article's own title, names and numbers."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.service.runtime.question_forms import MAX_QUESTION_CHARACTERS, form_questions

FILLER = "He said that it was what they had been told by those who were there when it was over, and that was all."


def formed(title: str | None, *paragraphs: str) -> list[str]:
    return [question.text for question in form_questions(title, [*paragraphs, FILLER])]


@pytest.mark.parametrize(
    ("title", "text", "question"),
    [
        (
            "Russia Warns US against Sending Missile Defense System to South Korea",
            "Russia does not like the sending of a missile defense system to its borders.",
            "Why does Russia warn US against sending missile defense system to South Korea?",
        ),
        ("Council of Europe denies the report", "", "Why does Council of Europe deny the report?"),
        (
            "Fire",
            "The manager Bo said no. Ann Otter told the Hamlin Council on Friday.",
            "What did Ann Otter say about Hamlin Council?",
        ),
        ("Fire", "It will hold, according to Ann Otter of the FBI in the city.", "What did Ann Otter say about FBI?"),
        ("Fire", "Ann Otter, the owner of the mill on the hill, was in it.", "Who is Ann Otter?"),
        ("Fire", "They want the Terminal High Altitude Area Defense (THAAD) to be there.", "What is THAAD?"),
        (
            "Fire",
            "About 28,500 U.S. troops are stationed in the country, it said.",
            "How many U.S. troops are stationed in the country?",
        ),
        (
            "Fire",
            "It said that two cranes were lost in the storm, and a pier.",
            "How many cranes were lost in the storm?",
        ),
    ],
)
def test_a_question_is_formed_of_a_title_a_name_or_a_number(title: str, text: str, question: str) -> None:
    assert question in formed(title, text)


def test_what_only_begins_a_sentence_is_no_name() -> None:
    assert formed("Fire", "But Otter said that the FBI would come.") == []
    assert formed("Fire", "The Ministry said that the FBI would come.") == []


def test_a_plural_in_a_title_is_no_verb() -> None:
    assert formed("Seoul Trains Crowded Again On Monday") == []


def test_an_article_in_another_language_has_its_title_as_the_question() -> None:
    text = "Der Hafen wurde am Montag nach dem Sturm geschlossen, sagte der Hafenmeister den Fischern."
    assert [each.text for each in form_questions("Hafen nach Sturm geschlossen", [text])] == [
        "Hafen nach Sturm geschlossen"
    ]
    assert list(form_questions(None, [text])) == []
    assert list(form_questions(None, [])) == []


def test_an_answer_to_a_number_must_hold_it() -> None:
    (question,) = form_questions("Fire", ["It said that two cranes were lost in the storm.", FILLER])
    assert question.key == "two"


def test_no_question_is_long_and_none_is_formed_twice() -> None:
    text = f"Ann Otter, the owner of the mill on the hill, was in it. {'Ann Otter, the owner of all, was there. ' * 3}"
    questions = formed("Russia Warns " + "very long words in it " * 20, text)
    assert questions == ["Who is Ann Otter?"]
    assert all(len(question) <= MAX_QUESTION_CHARACTERS for question in questions)


@pytest.mark.parametrize(
    "part", ["Ann ", "A. ", "Ann Otter, the ", "two of s ", "Ann-", "a (ABC", "Ann Otter said ", "Xx of "]
)
def test_the_work_grows_linearly_with_a_paragraph(part: str) -> None:
    def form(text: str) -> None:
        for start in range(0, len(text), 2_000):
            list(form_questions(text[start : start + 100], [text[start : start + 2_000]]))

    assert grows_linearly(form, part * 5_000, part * 10_000)

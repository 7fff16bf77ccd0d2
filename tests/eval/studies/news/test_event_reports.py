"""Questions on events that several stories report."""

from collections.abc import Iterator

import pytest

from tests.support.library_samples import WordEmbedder
from wherefrom.eval.datasets.sized_collections import StoryQuestion
from wherefrom.eval.studies.news.event_reports import (
    HEADINGS,
    QUESTIONS,
    SCOPES,
    EventQuestion,
    ask_events,
    load_event_questions,
    rows,
)
from wherefrom.eval.studies.news.follow_ups import stored
from wherefrom.index.library import Library

STORIES = {
    "berg": ["Nils Berg sold the ferry of Northport on Monday.", "Nine thousand crowns were paid for the old ship."],
    "gazette": ["The ferry of Northport was sold on Monday.", "The ferry of Northport will sail again in May."],
    "otter": ["Ann Otter sold the mill of Southport on Friday.", "Two thousand crowns were paid for the old wheel."],
}


def event(text: str, *answers: str, answered_in: tuple[str, ...] = ()) -> EventQuestion:
    return EventQuestion(
        question=StoryQuestion(text=text, answers=answers, story="ferry", dataset="news"),
        articles=("berg", "gazette"),
        answered_in=frozenset(answered_in),
    )


SOLD = event("When was the ferry of Northport sold?", "Monday", answered_in=("berg", "gazette"))
OTHER_STORY = event("Who sold the mill of Southport?", "Ann Otter", answered_in=("gazette",))
NEAR_MISS = event("Who painted the ferry of Northport?")


@pytest.fixture
def library() -> Iterator[Library]:
    with stored(STORIES, WordEmbedder()) as opened:
        yield opened


def test_each_question_is_asked_of_the_event_and_of_everything(library: Library) -> None:
    results = list(ask_events([OTHER_STORY], library, "fast"))
    assert [result.scope for result in results] == list(SCOPES)
    in_event, in_all = (result.answer.passages[0].citation.document_id for result in results)
    assert in_event in OTHER_STORY.articles
    assert in_all == "otter"


def test_a_passage_is_right_in_a_story_that_answers(library: Library) -> None:
    answers = [result.answer for result in ask_events([SOLD], library, "fast")]
    assert all(SOLD.is_right(answer) for answer in answers)
    assert not any(NEAR_MISS.is_right(answer) for answer in answers)
    (_, elsewhere) = ask_events([OTHER_STORY], library, "fast")
    assert not OTHER_STORY.is_right(elsewhere.answer)


def test_figures_have_a_row_for_each_scope(library: Library) -> None:
    results = list(ask_events([SOLD, OTHER_STORY, NEAR_MISS], library, "fast"))
    headings, of_event, of_all = rows(results)
    assert headings == HEADINGS
    assert [of_event[0], of_all[0]] == list(SCOPES)
    assert of_event[1] == of_all[1] == "0.500"


def test_the_questions_are_of_events_in_several_stories() -> None:
    asked = load_event_questions(QUESTIONS)
    assert len(asked) == 75
    assert all(1 < len(each.articles) <= 6 for each in asked)
    assert all(each.answered_in <= set(each.articles) for each in asked)
    assert all(bool(each.answered_in) == bool(each.question.answers) for each in asked)
    assert sum(len(each.answered_in) > 1 for each in asked) == 43

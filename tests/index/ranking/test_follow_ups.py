"""Which questions refer to the one before, and what is added to them."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.conversation import Context, FollowUp
from wherefrom.index.ranking.follow_ups import MAX_NAMES, names, refers_back, take
from wherefrom.index.ranking.question_syntax import parse_question


def taken(question: str, before: str, *documents: str) -> FollowUp:
    return take(parse_question(question), Context(question=before, document_id=documents))


@pytest.mark.parametrize(
    "question",
    [
        "and what did he say about money?",
        "When was she elected?",
        "Why did they leave?",
        "How many votes did it get in Norway?",
        "Which harbour sold them?",
        "What happened there?",
        "Who condemned that?",
        "What did he do after that?",
        "Who owned it then?",
        "And the price?",
        "Why?",
        "Who Sold Them?",
        "Who was with whom?",
        "What about Norway?",
        "How long is the bridge?",
        "Which ones sank?",
        "how many medals have they won",
        "Which of those cities has a harbour?",
    ],
)
def test_a_question_that_leaves_out_what_it_is_about_refers_back(question: str) -> None:
    assert refers_back(question, tuple(names(question)))


@pytest.mark.parametrize(
    "question",
    [
        "why does Russia object to the X-band radar?",
        "What did Ann Otter say about her taxes?",
        "Did Norway say that it would sell its ships?",
        "How many soldiers are there in Norway?",
        "How long does it take to cross the Storm Bridge?",
        "Is it true that Norway sold the harbour?",
        "What is it called when a harbour freezes over in Norway?",
        "Who confirmed that drills in Norway had started?",
        "Which party won the elections in Norway this year?",
        "Which company handed over land for the missile site?",
        "When Norway sold the harbour, what did it get?",
        "How far is Bergen from Oslo?",
    ],
)
def test_a_question_of_its_own_refers_to_nothing_before(question: str) -> None:
    assert not refers_back(question, tuple(names(question)))


def test_a_follow_up_gets_the_names_of_the_question_before_and_prefers_its_documents() -> None:
    follow_up = taken("And when was he born?", "Where does Norway's Nils Berg keep 12 boats?", "boats.txt")
    assert follow_up == FollowUp(
        text="And when was he born? Norway Nils Berg 12",
        added=("Norway", "Nils Berg", "12"),
        preferred_documents=("boats.txt",),
    )
    assert follow_up.is_follow_up


def test_a_question_without_names_lends_its_words_instead() -> None:
    assert taken("who built it?", "where is the old harbour bridge?").added == ("old", "harbour", "bridge")


def test_the_words_of_a_question_in_title_case_are_no_names() -> None:
    assert taken("who built it?", "Where Is the Old Harbour Bridge?").added == ("Old", "Harbour", "Bridge")


def test_a_name_that_the_follow_up_has_itself_is_not_added() -> None:
    assert taken("Why did he leave Norway?", "Did Nils Berg stay in Norway?").added == ("Nils Berg",)


def test_a_new_question_is_taken_as_it_is() -> None:
    follow_up = taken("why does Russia object to the radar?", "Who is Nils Berg?", "boats.txt")
    assert follow_up == FollowUp(text="why does Russia object to the radar?")
    assert not follow_up.is_follow_up


def test_operators_are_no_part_of_what_is_searched_for() -> None:
    follow_up = taken('And did he sell "the old harbour" -Bergen?', 'Who is "Nils Berg" -Oslo?')
    assert follow_up.text == "And did he sell the old harbour? Nils Berg"


def test_a_phrase_alone_is_no_follow_up() -> None:
    assert not taken('"he said it"', "Who is Nils Berg?").is_follow_up


def test_courtesies_around_the_question_before_are_not_added() -> None:
    before = "Hi! I am a reporter from Oslo. Could you please tell me where Nils Berg lives? Thanks a lot!"
    assert taken("When did he move?", before).added == ("Nils Berg",)


def test_at_most_some_names_are_added() -> None:
    before = "Which of " + ", ".join(f"City{number}" for number in range(50)) + " is the largest?"
    assert len(taken("And where is it?", before).added) == MAX_NAMES


@pytest.mark.parametrize("repeated", ["it ", "that ", "Norway ", "is there ", "how many ", "it takes ", "a, "])
def test_recognising_a_follow_up_takes_time_linear_in_its_length(repeated: str) -> None:
    def recognise(text: str) -> None:
        take(parse_question(text), Context(question=text))

    assert grows_linearly(recognise, repeated * 2_000, repeated * 4_000)

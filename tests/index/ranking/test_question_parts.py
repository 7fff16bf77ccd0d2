"""Greetings, introductions, requests, thanks, markup and idle context are set aside; what may be the question stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.work import grows_linearly
from wherefrom.index.ranking.question_parts import QuestionParts, split_parts

QUESTION = "why does Russia object to the X-band radar?"
STORY = (
    "My name is Ann. I write for a paper in London. I read a lot about missiles last week, and my editor wants a "
    "story by five. China and Japan held talks in Beijing."
)


@pytest.mark.parametrize(
    ("written", "set_aside"),
    [
        (f"Hi! {QUESTION}", ("Hi!",)),
        (f"hello there, {QUESTION}", ("hello there,",)),
        (
            f"Dear Sir or Madam,\n\n{QUESTION}\n\nKind regards,\nAnn Lee",
            ("Dear Sir or Madam,", "Kind regards,\nAnn Lee"),
        ),
        (f"Could you please tell me {QUESTION}", ("Could you please tell me",)),
        (f"hey, can anyone tell me: {QUESTION}", ("hey, can anyone tell me:",)),
        (f"I would like to know {QUESTION}", ("I would like to know",)),
        (f"I was wondering if you could explain {QUESTION}", ("I was wondering if you could explain",)),
        (f"Please explain {QUESTION}", ("Please explain",)),
        (f"Quick question: {QUESTION}", ("Quick question:",)),
        (f"{QUESTION} Thanks a lot!", ("Thanks a lot!",)),
        (f"{QUESTION} thank you very much in advance", ("thank you very much in advance",)),
        (f"{QUESTION} Many thanks, Ann", ("Many thanks, Ann",)),
        (f"{QUESTION[:-1]}, please?", (", please",)),
        (f"I am a reporter on deadline. {QUESTION}", ("I am a reporter on deadline.",)),
        (f"<b>{QUESTION}</b>", ("<b>", "</b>")),
        (f'<p class="q">{QUESTION}</p>', ('<p class="q">', "</p>")),
        (f"**{QUESTION}**", ("**",)),
        ("why does *Russia* object to the `X-band` radar?", ("*", "`")),
        (f"# {QUESTION}", ("#",)),
        (f"'{QUESTION}'", ("'",)),
        (f"‘{QUESTION}’", ("‘", "’")),
        (
            f"Hi! I am a reporter on deadline. Could you please tell me {QUESTION} Thanks a lot!",
            ("Hi!", "I am a reporter on deadline.", "Could you please tell me", "Thanks a lot!"),
        ),
        (f"Hi! <i>Could you</i> tell me {QUESTION}", ("Hi!", "<i>", "Could you</i> tell me", "</i>")),
    ],
)
def test_what_is_no_part_of_the_question_is_set_aside(written: str, set_aside: tuple[str, ...]) -> None:
    assert split_parts(written) == QuestionParts(text=QUESTION, set_aside=set_aside)


@pytest.mark.parametrize(
    "opening",
    [
        "Good morning",
        "Does anyone know",
        "Can someone explain",
        "can anyone tell me",
        "I wonder",
        "I wonder if you could tell me",
        "I would be grateful if you could tell me",
        "Would you mind telling me",
        "Do you have any idea",
        "Any idea",
        "I'm curious about",
        "What I'd like to know is",
        "find out",
        "Here's my question:",
        "I have a question:",
        "my question is this:",
        "Q:",
        "1.",
        "(2)",
        "a)",
        "-",
        "\u2022",
        "+",
    ],
)
def test_an_opening_is_set_aside_also_where_nothing_else_of_the_question_can_be(opening: str) -> None:
    asked = "why does Russia object"
    assert split_parts(f"{opening} {asked}") == QuestionParts(text=asked, set_aside=(opening,))


@pytest.mark.parametrize("asked", ["why Russia objects to THAAD", "if Russia objects"])
@pytest.mark.parametrize("opening", ["please explain", "do you know", "Explain", "tell me"])
def test_the_words_of_a_request_count_as_english(opening: str, asked: str) -> None:
    assert split_parts(f"{opening} {asked}").text == asked


@pytest.mark.parametrize(
    "closing",
    [
        "Best,\nAnn",
        "All the best, Ann Lee",
        "Sincerely,\nAnn Lee",
        "Yours faithfully,",
        "Much appreciated.",
        "Be brief.",
        "Answer in one sentence.",
        "Reply in plain English, please.",
        "Cite your sources!",
    ],
)
def test_a_closing_and_a_wish_for_the_form_of_the_answer_are_set_aside(closing: str) -> None:
    assert split_parts(f"{QUESTION}\n\n{closing}") == QuestionParts(text=QUESTION, set_aside=(closing,))


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "1. FC Koln won against whom?",
        "Cite the sources of the report on Gaza. Who wrote it?",
        "Much appreciated by critics is the film The Square. Who made it?",
        "Which of the two systems is, for China, best?",
        "Anyone who knows why it failed?",
        "I wonder at it.",
        "Can Russia tell China where the radar is?",
        "Could you, as a minister, refuse to tell us?",
        "Thanks to whom was the treaty signed?",
        "Who said thanks?",
        "Hello Kitty was made by whom?",
        "Hey Jude was written by whom?",
        "Would Russia tell us why?",
        "Do you know Kim Jong Un?",
        "Can you tell a THAAD battery from a Patriot battery?",
        "Tell me about it.",
        "Good Friday falls on which day?",
        "Please Please Me was recorded where?",
        "what did he say? and why?",
        "is x < y > z & 3?",
        "what is snake_case and what is 2 * 3 * 4?",
        "why did the U.S. Army and Mr. Kim meet on Jan. 6?",
        "'twas the night: who wrote it?",
        "Hi!",
        "Thanks a lot!",
        "I am a reporter.",
        "<b></b>",
    ],
)
def test_what_may_be_the_question_itself_stays(question: str) -> None:
    assert split_parts(question) == QuestionParts(text=question)


@pytest.mark.parametrize(
    "question",
    [
        "Hallo! Ich bin Reporter. Warum lehnt Russland das Radar ab? Danke!",
        "Bonjour ! Pourriez-vous me dire pourquoi la Russie refuse le radar ? Merci !",
        "你好！俄罗斯为什么反对雷达？谢谢！",
    ],
)
def test_a_question_in_another_language_is_left_as_it_is(question: str) -> None:
    assert split_parts(question) == QuestionParts(text=question)


@pytest.mark.parametrize(
    "question",
    [
        "Russia objects to THAAD. Why?",
        "China and Russia held talks on THAAD. What did the ministers say?",
        "there was a nuclear test in north korea. what did experts say of the yield?",
        f"{STORY} Why did they object to it?",
    ],
)
def test_context_that_the_question_needs_is_kept(question: str) -> None:
    text = split_parts(question).text
    *context, asked = question.split(". ")
    assert text.endswith(asked)
    assert any(sentence in text for sentence in context)


def test_long_context_is_set_aside_where_the_question_has_names_of_its_own() -> None:
    parts = split_parts(f"{STORY} {QUESTION}")
    assert parts.text == QUESTION
    assert " ".join(parts.set_aside) == STORY


def test_short_context_with_names_is_kept() -> None:
    question = f"China and Japan held talks in Beijing. {QUESTION}"
    assert split_parts(question) == QuestionParts(text=question)


def test_character_references_are_the_characters_that_they_stand_for() -> None:
    assert split_parts("What is AT&amp;T?") == QuestionParts(text="What is AT&T?", set_aside=("&amp;",))


PIECES = st.sampled_from(
    [
        "Hi! ",
        "Thanks. ",
        "<b>",
        "</b>",
        "**",
        "Could you tell me ",
        "why ",
        "the radar of ",
        "Russia",
        "? ",
        ". ",
        "'",
        "&lt;",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_the_text_keeps_a_word_and_every_piece_is_a_substring(question: str) -> None:
    parts = split_parts(question)
    assert all(piece and piece in question for piece in parts.set_aside)
    assert any(map(str.isalnum, parts.text)) == any(map(str.isalnum, question))
    if not parts.set_aside:
        assert parts.text == question


@pytest.mark.parametrize(
    "unit",
    [
        "hi ",
        "<b>",
        "*a",
        "a. A",
        "could you please tell me ",
        "&amp;",
        "thanks, ",
        "' ",
        "! ",
        "\n",
        "please ",
        "1. ",
        "- ",
        "be brief ",
    ],
)
def test_the_time_is_linear_in_the_length(unit: str) -> None:
    assert grows_linearly(split_parts, unit * 10_000, unit * 20_000)

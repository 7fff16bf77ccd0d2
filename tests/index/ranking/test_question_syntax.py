"""Phrases in quotation marks and excluded words; hyphens, dashes, signs and pasted quotations are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.work import grows_linearly
from wherefrom.index.ranking.question_syntax import (
    NOTE_ONLY_EXCLUDED,
    NOTE_QUESTION,
    NOTE_TOO_MANY,
    ParsedQuestion,
    parse_question,
)


@pytest.mark.parametrize(
    ("question", "text", "phrases", "excluded"),
    [
        ('what is the "X-band radar" for?', "what is the X-band radar for?", ("X-band radar",), ()),
        ("what is the “X-band radar” for?", "what is the X-band radar for?", ("X-band radar",), ()),
        ("„Raketenabwehr“ in Korea", "Raketenabwehr in Korea", ("Raketenabwehr",), ()),
        ("”anti-missil” i Korea", "anti-missil i Korea", ("anti-missil",), ()),
        ("« système antimissile » en Corée", "système antimissile en Corée", ("système antimissile",), ()),
        ("»Raketenabwehr« in Korea", "Raketenabwehr in Korea", ("Raketenabwehr",), ()),
        ("「迎撃」はいつ", "迎撃はいつ", ("迎撃",), ()),
        ('who said "no" and "yes"?', "who said no and yes?", ("no", "yes"), ()),
        ("radar -Russia", "radar", (), ("Russia",)),
        ("-Russia radar", "radar", (), ("Russia",)),
        ("what about THAAD -Russia?", "what about THAAD?", (), ("Russia",)),
        ("radar (-Russia)", "radar ()", (), ("Russia",)),
        ('radar -"South Korea" -“North Korea”', "radar", (), ("South Korea", "North Korea")),
        ("radar -X-band", "radar", (), ("X-band",)),
        ('"missile defense" -China -China', "missile defense", ("missile defense",), ("China",)),
    ],
)
def test_operators_are_taken_out_of_the_text(
    question: str, text: str, phrases: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    parsed = parse_question(question)
    assert (parsed.text, parsed.phrases, parsed.excluded, parsed.notes) == (text, phrases, excluded, ())
    assert len(parsed.words.phrases) == len(phrases)
    assert len(parsed.words.excluded) == len(excluded)


@pytest.mark.parametrize(
    "question",
    [
        "why does Russia object to the X-band radar?",
        "U.S.-South Korea talks",
        "talks - and what else",
        "Korea \u2013 Russia",
        "Korea —Russia",
        "how cold is it at -40 degrees?",
        "what does --rebuild do?",
        'a 6" pipe and an 8" one',
        'what did he "say',
        'say"cheese"now',
        '""',
        '"..." and "!"',
        "",
        "-",
        "the workers' and owners' union",
        "\u2018single\u2019 marks",
    ],
)
def test_anything_else_is_plain_text(question: str) -> None:
    assert parse_question(question) == ParsedQuestion(text=question)


def test_words_are_those_of_the_analyzer_in_order_and_unstemmed() -> None:
    words = parse_question('the "U.S. Missiles, in the north" -Trump\'s').words
    assert words.phrases == (("us", "missiles", "in", "the", "north"),)
    assert words.excluded == (("trump", "s"),)


@pytest.mark.parametrize("question", ['"Who pays the port tax?"', "“Who pays the port tax?”", '"港口税由谁支付\uff1f"'])
def test_a_question_in_quotation_marks_is_a_pasted_one(question: str) -> None:
    assert parse_question(question) == ParsedQuestion(text=question[1:-1], notes=(NOTE_QUESTION,))


def test_a_phrase_alone_is_a_phrase_that_may_become_plain_text() -> None:
    parsed = parse_question('"South Korea"')
    assert (parsed.is_phrase, parsed.phrases) == (True, ("South Korea",))
    assert parsed.without_operators("why") == ParsedQuestion(text="South Korea", notes=("why",))
    assert not parse_question('"South Korea" radar').is_phrase
    assert not parse_question('"South Korea" "radar"').is_phrase


def test_a_question_of_nothing_but_excluded_words_is_plain_text() -> None:
    assert parse_question("-Russia -China") == ParsedQuestion(text="-Russia -China", notes=(NOTE_ONLY_EXCLUDED,))


def test_a_question_with_very_many_operators_is_plain_text() -> None:
    question = " ".join(f"-word{number}" for number in range(21)) + " radar"
    assert parse_question(question) == ParsedQuestion(text=question, notes=(NOTE_TOO_MANY,))


@given(st.text("ab-\"“”„«»() \t?.,'1", max_size=60))
def test_every_question_keeps_something_to_search_for(question: str) -> None:
    parsed = parse_question(question)
    assert parsed.text.strip() or not question.strip()
    assert all(parsed.words.phrases)
    assert all(parsed.words.excluded)


@pytest.mark.parametrize("unit", ['"', "“", '"a', "-a,", "“a «", "-", ' -a"', "a- "])
def test_the_time_is_linear(unit: str) -> None:
    assert grows_linearly(parse_question, unit * 20_000, unit * 40_000)

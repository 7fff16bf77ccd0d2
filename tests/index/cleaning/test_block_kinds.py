"""Which blocks are headings: kept and shown, but never searched."""

from collections.abc import Sequence
from textwrap import wrap

import pytest

from tests.support.documents import read
from tests.support.work import grows_linearly
from wherefrom.index.cleaning.block_kinds import bold_spans
from wherefrom.index.sources.html_tokenizer import tokenize
from wherefrom.index.types import Document

LEAD = "The quay of Southport will be closed for eleven months from May, the council decided on Monday."
CRACKS = "Inspectors had found cracks as wide as a hand in the footings of the quay, and divers had gone down twice."
COSTS = "The work is to cost eighteen million crowns, of which the region pays two thirds and the town the rest."
FERRIES = "Ferries to the islands will leave from the coal dock meanwhile, which adds twenty minutes to each crossing."
ANSWERS = (CRACKS, COSTS, FERRIES)


def flat(*lines: str) -> Document:
    return read("\n\n".join(("The quay is closed", LEAD, *lines)).encode(), source="a.txt")


def page(*elements: str) -> Document:
    body = "\n".join(elements)
    raw = f"<!doctype html><title>The quay</title><article><h1>The quay is closed</h1><p>{LEAD}</p>{body}</article>"
    return read(raw.encode(), source="a.html")


def paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def headings(document: Document) -> list[tuple[str, str, int]]:
    return [(heading.kind, heading.text, heading.above) for heading in document.headings]


def texts(document: Document) -> list[str]:
    return [each.text for each in document.paragraphs]


def asked(questions: Sequence[str]) -> list[tuple[str, str, int]]:
    return [("question", question, number) for number, question in enumerate(questions, 2)]


QUESTIONS = ("Ms Vallow, why close it now?", "Who pays?", "And the islands?")


@pytest.mark.parametrize(
    "nickname", ["“Harbourmaster of the Quay.”", "“harbourmaster of the quay.”", "«\u00a0Harbourmaster\u00a0»."]
)
def test_the_last_line_of_a_wrapped_paragraph_in_quotation_marks_is_no_heading(nickname: str) -> None:
    last = f"Divers who had known him for years told the council in March that all of Southport calls him {nickname}"
    for width in range(50, 90):
        document = read(
            "\n\n".join("\n".join(wrap(each, width)) for each in (LEAD, CRACKS, last, COSTS)).encode(), source="a"
        )
        assert headings(document) == []
        assert texts(document) == [LEAD, CRACKS, " ".join(last.split()), COSTS]


def test_the_questions_of_a_flat_interview_are_headings_of_their_answers() -> None:
    document = flat(*(line for pair in zip(QUESTIONS, ANSWERS, strict=True) for line in pair))
    assert headings(document) == asked(QUESTIONS)
    assert texts(document) == [LEAD, *ANSWERS]


@pytest.mark.parametrize(
    "form",
    [
        "<p><strong>{}</strong></p>",
        "<p><b> {} </b></p>",
        "<h2>{}</h2>",
        "<h3>{}</h3>",
        "<p>{}</p>",
        "<p><strong>{}</strong><br>",
    ],
)
def test_the_questions_of_a_page_are_headings_of_their_answers(form: str) -> None:
    pairs = zip(QUESTIONS, ANSWERS, strict=True)
    document = page(*(element for question, answer in pairs for element in (form.format(question), paragraph(answer))))
    assert headings(document) == asked(QUESTIONS)
    assert texts(document) == [LEAD, *ANSWERS]


def test_the_terms_of_a_definition_list_that_are_questions_are_headings() -> None:
    items = "".join(
        f"<dt>{question}</dt><dd>{answer}</dd>" for question, answer in zip(QUESTIONS, ANSWERS, strict=True)
    )
    assert headings(page(f"<dl>{items}</dl>")) == asked(QUESTIONS)


@pytest.mark.parametrize("marks", [("Q: ", "A: "), ("Q. ", "A. "), ("Q1: ", "A1: "), ("Question: ", "Answer: ")])
def test_a_label_marks_a_question_also_if_it_is_the_only_one(marks: tuple[str, str]) -> None:
    asks, answers = marks
    document = flat(f"{asks}Who pays for the quay?", answers + COSTS)
    assert headings(document) == [("question", f"{asks}Who pays for the quay?", 2)]
    assert texts(document) == [LEAD, answers + COSTS]


def test_a_labelled_remark_above_a_labelled_answer_is_a_question() -> None:
    document = flat("Q: You have been the keeper of the quay for forty years.", f"A: {CRACKS}")
    assert [kind for kind, _, _ in headings(document)] == ["question"]


def test_a_question_and_its_answer_in_one_paragraph_are_text() -> None:
    together = f"Q: Who pays for the quay? A: {COSTS}"
    document = flat(together, CRACKS)
    assert headings(document) == []
    assert texts(document) == [LEAD, together, CRACKS]


@pytest.mark.parametrize("names", [("The Courier", "Vallow"), ("Frage", "Antwort"), ("ב", "א")])
def test_the_questions_of_a_speaker_who_only_asks_are_headings(names: tuple[str, str]) -> None:
    courier, guest = names
    lines = [
        line
        for question, answer in zip(QUESTIONS, ANSWERS, strict=True)
        for line in (f"{courier}: {question}", f"{guest}: {answer}")
    ]
    document = flat(*lines)
    assert headings(document) == asked([f"{courier}: {question}" for question in QUESTIONS])


def test_a_speaker_who_asks_and_tells_is_text() -> None:
    turns = ("Otter: Who pays?", f"Vallow: {COSTS}", f"Otter: {CRACKS}", f"Vallow: {FERRIES}", f"Otter: {COSTS}")
    document = flat(*turns)
    assert headings(document) == []
    assert len(document.paragraphs) == 1 + len(turns)


def test_a_single_question_between_paragraphs_is_text() -> None:
    for document in (flat(CRACKS, "But who pays?", COSTS), page(*map(paragraph, (CRACKS, "But who pays?", COSTS)))):
        assert headings(document) == []
        assert texts(document) == [LEAD, CRACKS, "But who pays?", COSTS]


def test_two_questions_in_a_long_essay_are_text() -> None:
    lines = [
        f"On day {day} the committee met to hear what its engineers had found below the bridge." for day in range(20)
    ]
    document = flat(*lines[:10], "But who pays?", *lines[10:], "And then what?", CRACKS)
    assert headings(document) == []
    assert len(document.paragraphs) == 24


def test_a_paragraph_that_ends_in_a_question_is_text() -> None:
    told = [f"{answer} So who is to blame for it?" for answer in ANSWERS]
    document = flat(told[0], CRACKS, told[1], COSTS, told[2], FERRIES)
    assert headings(document) == []
    assert len(document.paragraphs) == 7


def test_questions_in_quotation_marks_are_speech() -> None:
    document = flat('"Who is to pay?"', CRACKS, '"Why so late?"', COSTS)
    assert headings(document) == []


def test_questions_without_an_answer_below_are_text() -> None:
    document = flat(CRACKS, "Who is to pay for it?", "Who knew of it?", "What will the town do about it now?")
    assert headings(document) == []
    assert len(document.paragraphs) == 5


def test_an_interviewers_remark_in_bold_is_no_answer_either() -> None:
    remark = "You have warned of these cracks for nine years, and nobody listened."
    document = page(
        *(f"<p><b>{QUESTIONS[0]}</b></p>", paragraph(CRACKS), f"<p><b>{QUESTIONS[1]}</b></p>", paragraph(COSTS)),
        *(f"<p><b>{remark}</b></p>", paragraph(FERRIES)),
    )
    assert headings(document) == asked([QUESTIONS[0], QUESTIONS[1], remark])


def test_a_paragraph_in_bold_is_text_where_nobody_is_interviewed() -> None:
    document = page(f"<p><b>{CRACKS}</b></p>", paragraph(COSTS))
    assert headings(document) == []
    assert texts(document) == [LEAD, CRACKS, COSTS]


def test_a_paragraph_with_one_word_in_bold_is_text() -> None:
    asks = "Who pays for <b>all</b> of it, and when?"
    document = page(paragraph(CRACKS), paragraph(asks), paragraph(COSTS))
    assert headings(document) == []


def test_an_unclosed_bold_element_makes_no_headings() -> None:
    document = page("<p><b>Note", paragraph(CRACKS), paragraph("But who pays?"), paragraph(COSTS))
    assert [text for kind, text, _ in headings(document) if kind == "question"] == []
    assert "But who pays?" in texts(document)


@pytest.mark.parametrize("form", ["<h2>{}</h2>", "<h4>{}</h4>", "<p><strong>{}</strong></p>", "<div><b>{}</b></div>"])
def test_a_subhead_of_a_page_is_kept(form: str) -> None:
    document = page(paragraph(CRACKS), form.format("What the work costs"), paragraph(COSTS))
    assert headings(document) == [("subhead", "What the work costs", 3)]
    assert texts(document) == [LEAD, CRACKS, COSTS]


@pytest.mark.parametrize("line", ["The costs", '"Grave threats"', "2. Take stock", "«Des coûts élevés»"])
def test_a_short_line_between_paragraphs_of_flat_text_is_a_subhead(line: str) -> None:
    document = flat(CRACKS, line, COSTS)
    assert headings(document) == [("subhead", line, 3)]
    assert texts(document) == [LEAD, CRACKS, COSTS]


@pytest.mark.parametrize(
    "line",
    [
        "» More on this",
        "Photo: the harbour",
        "follow us @courier",
        "View photos »",
        "www://example",
        "Advertisement",
        "• A list item",
    ],
)
def test_other_short_lines_between_paragraphs_are_dropped(line: str) -> None:
    assert headings(flat(CRACKS, line, COSTS)) == []


def test_a_line_that_stands_there_twice_is_no_subhead() -> None:
    assert headings(flat("Read on below", CRACKS, "Read on below", COSTS)) == []


def test_headings_of_nothing_are_dropped() -> None:
    document = page(paragraph(CRACKS), "<h3>More stories</h3>", "<ul><li><a href=/a>One</a></li></ul>")
    assert headings(document) == []


def test_a_headline_set_in_bold_above_the_body_is_the_title_still() -> None:
    assert flat(CRACKS).metadata.title == "The quay is closed"
    assert headings(flat(CRACKS)) == []


def test_the_mark_of_a_heading_in_markdown_is_dropped() -> None:
    document = flat(CRACKS, "## The costs", COSTS)
    assert headings(document) == [("subhead", "The costs", 3)]
    assert [dropped.rule for dropped in document.dropped][-1] == "heading-mark"


def test_a_list_of_questions_may_begin_with_one() -> None:
    lines = [line for pair in zip(QUESTIONS, ANSWERS, strict=True) for line in pair]
    document = read("\n\n".join(("Questions about the quay", *lines)).encode(), source="a.txt")
    assert document.metadata.title == "Questions about the quay"
    assert [text for _, text, _ in headings(document)] == list(QUESTIONS)
    assert texts(document) == list(ANSWERS)


def test_links_in_bold_are_not_set_in_bold() -> None:
    text = "<p><b>Who</b> <b><a>pays</a></b></p>"
    assert [text[span.start : span.end] for span in bold_spans(tokenize(text))] == ["Who"]


def test_finding_headings_takes_time_linear_in_the_length_of_the_text() -> None:
    def read_text(text: str) -> None:
        read(text.encode(), source="a.txt")

    for lines in (
        "Q: Who pays?\n\nA: The town pays for all of it, he said.\n\n",
        "The costs\n\n" * 2,
        f"{COSTS}\n\nWhy?\n\n",
    ):
        assert grows_linearly(read_text, f"{LEAD}\n\n" + lines * 500 + LEAD, f"{LEAD}\n\n" + lines * 1000 + LEAD)

import io
from dataclasses import replace

from index.types import Answer
from service.terminal import console, show_answer, visible
from tests.test_wire import ANSWER, CITATION, PASSAGE


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(answer: Answer) -> str:
    out = io.StringIO()
    show_answer(answer, out=console(out), warnings=console(io.StringIO()))
    return out.getvalue()


def test_an_answer_for_a_pipe_is_plain_text() -> None:
    assert shown(ANSWER) == (
        "Yes.\n(confidence 0.12, threshold 0.10)\n\n1. A, B. P, 2016-02-02, para. 1.\n   in/a.txt:1\n"
    )


def test_copies_are_named_under_their_passage() -> None:
    passage = replace(PASSAGE, also_in=(replace(CITATION, source="in/b.txt", line_start=7),))
    assert shown(replace(ANSWER, passages=(passage,))).endswith("   in/a.txt:1\n   also in in/b.txt:7\n")


def test_no_answer_gives_its_reason() -> None:
    nothing = replace(ANSWER, status="no_answer", answer=None, passages=())
    filtered = replace(nothing, no_answer_reason="filters_matched_nothing")
    assert shown(filtered) == "No answer: no document passes the filters.\n"


def test_text_in_brackets_is_text_and_no_markup() -> None:
    passage = replace(PASSAGE, citation=replace(CITATION, formatted="[red]The [North]"))
    assert "1. [red]The [North]\n" in shown(replace(ANSWER, passages=(passage,)))


def test_long_lines_are_wrapped_only_for_people() -> None:
    line = "word " * 100
    for stream, lines in ((io.StringIO(), 1), (Terminal(), 7)):
        console(stream).print(line)
        assert stream.getvalue().count("\n") == lines


def test_control_characters_of_a_source_are_made_visible() -> None:
    assert visible("a\x1b[2Jb\x9bc\td\n") == "a\ufffd[2Jb\ufffdc\td\n"

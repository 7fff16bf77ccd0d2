import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from tests.service.schemas.test_serialization import ANSWER, CITATION, PASSAGE
from wherefrom.index.types import Answer, Span
from wherefrom.service.cli.rendering import (
    MAX_SHOWN_CHARACTERS,
    console,
    highlighted,
    shortened,
    show_answer,
    show_passage,
    terminal_json,
    visible,
)
from wherefrom.service.schemas.serialization import json_bytes


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(answer: Answer) -> str:
    out = io.StringIO()
    show_answer(answer, out=console(out), warnings=console(io.StringIO()))
    return out.getvalue()


def test_an_answer_for_a_pipe_is_plain_text() -> None:
    assert shown(ANSWER) == (
        "Yes.\n(confidence 0.12, threshold 0.10)\n\n1. A, B. P, 2016-02-02, para. 1. (0.12)\n   Yes.\n   in/a.txt:1\n"
    )


def test_copies_are_listed_under_their_passage() -> None:
    passage = replace(PASSAGE, also_in=(replace(CITATION, source="in/b.txt", line_start=7),))
    assert shown(replace(ANSWER, passages=(passage,))).endswith("   in/a.txt:1\n   also in in/b.txt:7\n")


def test_no_answer_gives_its_reason() -> None:
    nothing = replace(ANSWER, status="no_answer", answer=None, passages=())
    filtered = replace(nothing, no_answer_reason="filters_matched_nothing")
    assert shown(filtered) == "No answer: no document passes the filters.\n"


def test_text_in_brackets_is_not_markup() -> None:
    passage = replace(PASSAGE, citation=replace(CITATION, formatted="[red]The [North]"))
    assert "1. [red]The [North] (0.12)\n" in shown(replace(ANSWER, passages=(passage,)))


def test_long_lines_are_wrapped_only_in_a_terminal() -> None:
    line = "word " * 100
    for stream, lines in ((io.StringIO(), 1), (Terminal(), 7)):
        console(stream).print(line)
        assert stream.getvalue().count("\n") == lines


def test_a_terminal_shows_the_sentence_highlighted_in_its_paragraph() -> None:
    passage = replace(PASSAGE, text="Is it? Yes. It is.", highlights=(Span(start=7, end=11),))
    out = Terminal()
    shown = Console(file=out, markup=False, emoji=False, highlight=False, force_terminal=True, color_system="standard")
    show_answer(replace(ANSWER, passages=(passage,)), out=shown, warnings=console(io.StringIO()))
    assert out.getvalue().splitlines()[0] == "Is it? \x1b[1;30;43mYes.\x1b[0m It is."


def test_highlights_keep_their_place_beside_control_characters() -> None:
    text = highlighted("a\x1b b 🦞 c", [Span(start=3, end=6)])
    assert text.plain == "a\ufffd b 🦞 c"
    assert [text.plain[span.start : span.end] for span in text.spans] == ["b 🦞"]


def test_a_passage_is_shown_in_full_with_its_hash() -> None:
    out = io.StringIO()
    show_passage(PASSAGE, console(out))
    assert out.getvalue().startswith("Yes.\n1. A, B. P")
    assert out.getvalue().endswith("   SHA-256 00\n")


def test_control_characters_of_a_source_are_made_visible() -> None:
    assert terminal_json(json_bytes("a\x1b\x7f\x9b2J\u00e9")) == '"a\\u001b\\u007f\\u009b2J\u00e9"'.encode()
    assert visible("a\x1b[2Jb\x9bc\td\n") == "a\ufffd[2Jb\ufffdc\td\n"


def test_a_long_passage_is_shortened_around_its_answer_which_is_bold() -> None:
    before, answer, after = "Some words before. " * 40, "The answer is here.", " And words after." * 40
    start = len(before)
    text = before + answer + after
    shown = shortened(replace(PASSAGE, text=text, highlights=(Span(start=start, end=start + len(answer)),)))
    assert len(shown) <= MAX_SHOWN_CHARACTERS + 2
    assert (shown.plain[0], shown.plain[-1]) == ("\u2026", "\u2026")
    assert set(shown.plain.strip("\u2026").split()) <= set(text.split())
    assert [(shown.plain[span.start : span.end], span.style) for span in shown.spans] == [(answer, "bold")]


@pytest.mark.parametrize("text", ["short", "\u9577" * 2_000, "x " * 150, "word " * 61])
def test_any_passage_is_shortened_to_a_part_of_it(text: str) -> None:
    shown = shortened(replace(PASSAGE, text=text, highlights=())).plain
    assert text.startswith(shown.removesuffix("\u2026"))
    assert len(shown) <= MAX_SHOWN_CHARACTERS + 1
    assert shown == text or len(shown) > MAX_SHOWN_CHARACTERS // 2


def test_a_terminal_indents_every_line_of_a_passage() -> None:
    out = Terminal()
    passage = replace(PASSAGE, text="word " * 50, highlights=())
    show_answer(replace(ANSWER, passages=(passage,)), out=console(out), warnings=console(io.StringIO()))
    lines = [re.sub(r"\x1b\[\d+m", "", line) for line in out.getvalue().splitlines()]
    assert [line for line in lines[4:] if line.strip() and not line.startswith("   ")] == []

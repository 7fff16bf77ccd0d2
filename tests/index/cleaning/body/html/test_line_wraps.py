"""Lines that were wrapped with line breaks are joined to paragraphs; lines that were meant as lines are not."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.body.html.line_wraps import join_wrapped_lines
from wherefrom.index.sources.html_text_runs import split_text_runs
from wherefrom.index.sources.html_tokenizer import tokenize

LINES = (
    "The committee met on Monday evening to hear what the engineers had",
    "found under the old bridge, and whether it could be repaired before",
    "the winter. Nobody in the room believed that it could.",
)


def texts(page: str) -> list[str]:
    runs = join_wrapped_lines(page, list(split_text_runs(page, tokenize(page))))
    joined = ("".join(page[span.start : span.end] for span in run.segments) for run in runs)
    return [" ".join(text.split()) for text in joined]


@pytest.mark.parametrize("line_break", ["<br>\n", "\n<br>", "<br />\r\n", "<BR> ", "<br>\n<font size=2> </font>"])
def test_wrapped_lines_are_one_paragraph_with_the_white_space_of_the_source(line_break: str) -> None:
    paragraph = line_break.join(LINES)
    assert texts(f"<td>{paragraph}<br><br>{paragraph}</td>") == [" ".join(LINES)] * 2


def test_a_paragraph_ends_with_a_short_line_after_which_the_next_word_would_have_fitted() -> None:
    page = "<div>" + "<br>\n".join([*LINES, *LINES]) + "</div>"
    assert texts(page) == [" ".join(LINES)] * 2


def test_lines_without_white_space_between_them_are_not_joined() -> None:
    assert len(texts(f"<div>{'<br>'.join(LINES)}</div>")) == len(LINES)


@pytest.mark.parametrize(
    "lines",
    [
        ["The committee met on Monday to hear what the engineers found.", "They had found a crack under the bridge."]
        * 3,
        ["Town hall, room 12", "Harbour Street 4", "Southport", "Open on Mondays"],
        ["<a href=x>The bridge is closed and nobody knows for how long it will be</a>", "<a href=y>so long</a>"] * 4,
        ["A fire takes the roof of the old mill in the night to Sunday", "A nurse comes to every school of the region"]
        * 3,
    ],
)
def test_paragraphs_addresses_and_entries_that_end_with_line_breaks_stay_apart(lines: list[str]) -> None:
    assert len(texts("<div>" + "<br>\n".join(lines) + "</div>")) == len(lines)


def test_a_lower_case_word_in_quotation_marks_goes_on_with_its_line() -> None:
    lines = (*LINES[:2], "“the winter” and the coming spring of the year", "«that follows», as the committee wrote.")
    assert texts("<div>" + "<br>\n".join(lines) + "</div>") == [" ".join(lines)]


def test_wrapped_lines_in_a_script_without_small_letters_are_joined_by_their_width() -> None:
    lines = (
        "ستغلق سلطة الميناء الرصيف الشمالي أحد عشر شهرا اعتبارا من",
        "أول مايو، حسبما قرر المجلس مساء الاثنين بعد نقاش دام أربع",
        "ساعات، وكان المفتشون قد عثروا في الخريف الماضي على شقوق",
        "بعرض الكف في أساسات الرصيف.",
    )
    assert texts("<div>" + "<br>\n".join(lines) + "</div>") == [" ".join(lines)]


def test_lines_of_a_script_without_spaces_are_joined_without_white_space() -> None:
    line = "議会は月曜日の夜に四時間の議論の末北側の岸壁を十一か月にわたって閉鎖することを決定した後で港湾局が"
    page = "<div>" + "<br>\n".join([line] * 4) + "</div>"
    assert texts(page) == [line * 4]


def test_joining_takes_linear_time() -> None:
    single, double = ("<div>" + "<br>\n".join(LINES[:2] * times) for times in (2_000, 4_000))
    assert grows_linearly(texts, single, double)

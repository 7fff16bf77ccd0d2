import textwrap
from collections.abc import Iterator, Sequence

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.line_wrapping import detect_wrapping
from wherefrom.index.sources.lines import split_lines

FIRST = (
    "The harbour authority of Southport will close its northern quay for eleven months from the first of May, the "
    "council decided on Monday evening after a debate of four hours."
)
SECOND = (
    "Inspectors had found cracks as wide as a hand in the footings of the quay last autumn, and divers who went down "
    "again in January reported that two of the nine piers no longer carry any load."
)
CHINESE = (
    "港口管理局将从五月一日起关闭北码头十一个月。市议会经过四个小时的辩论之后在星期一晚上做出了这一决定。"
    "去年秋天检查员发现码头基础有手掌宽的裂缝。一月份潜水员报告说九个桥墩中有两个已经不再承重。"
)
KOREAN = (
    "항만청은 오월 일일부터 열한 달 동안 북쪽 부두를 폐쇄한다고 시의회가 월요일 저녁 네 시간의 토론 끝에 결정했다. "
    "지난 가을 검사관들은 부두의 기초에서 손바닥만 한 균열을 발견했다."
)
ARABIC = (
    "ستغلق هيئة الميناء رصيفها الشمالي لمدة أحد عشر شهرا ابتداء من أول مايو بحسب ما قرره المجلس مساء الاثنين بعد "
    "مناقشة استمرت أربع ساعات وأفاد الغواصون بأن اثنين من الدعامات التسع لم يعودا يحملان أي حمل."
)


def texts(text: str) -> list[str]:
    return [block.text for block in split_blocks(text, list(split_lines(text)))]


def wrapped(*paragraphs: str, width: int = 64, between: str = "\n\n", indent: str = "") -> str:
    return between.join("\n".join(textwrap.wrap(each, width, initial_indent=indent)) for each in paragraphs)


@pytest.mark.parametrize("width", [50, 64, 72, 100])
@pytest.mark.parametrize("paragraphs", [(FIRST, SECOND), (FIRST.upper(), SECOND.upper()), (ARABIC, ARABIC)])
def test_the_lines_of_a_wrapped_paragraph_are_joined_whatever_the_case_and_the_script(
    paragraphs: tuple[str, ...], width: int
) -> None:
    assert texts(wrapped(*paragraphs, width=width)) == list(paragraphs)


@pytest.mark.parametrize("width", [28, 34, 40])
def test_wide_characters_with_spaces_between_words_are_joined_by_a_space(width: int) -> None:
    assert texts(wrapped(KOREAN, width=width)) == [KOREAN]


@pytest.mark.parametrize("characters", [16, 24, 35])
def test_wrapped_lines_of_a_script_without_spaces_are_joined_without_a_space(characters: int) -> None:
    lines = [CHINESE[start : start + characters] for start in range(0, len(CHINESE), characters)]
    assert texts("\n".join(lines)) == [CHINESE]


MIXED = (
    "The paper of the party (人民日报社) wrote of Liu Wei (刘伟), Li Na (李娜) and Mr Zhang Yong (张勇) on Monday that "
    "the Northern Quay (北码头) of Southport will be closed, as the Harbour Authority (港口管理局) said in March."
)
QUOTED = (
    "The council said that the {0}Northern Quay{1} is {0}not safe,{1} that the {0}Harbour Pilots{1} of the town may "
    "{0}no longer{1} {0}Moor there{1} at night, and that the {0}Coast Courier{1} {0}Had known{1} {0}it all.{1}"
)
QUOTATION_MARKS = ('""', "''", "“”", "‘’", "„“", "‚‘", "””", "«»", "»«", "›‹", ("« ", " »"), ("«\u00a0", "\u00a0»"))


@pytest.mark.parametrize("width", range(48, 80))
@pytest.mark.parametrize("marks", QUOTATION_MARKS)
def test_a_line_that_begins_with_a_quotation_mark_goes_on_with_its_paragraph(marks: Sequence[str], width: int) -> None:
    paragraphs = [QUOTED.format(*marks), FIRST]
    expected = [" ".join(each.split()) for each in paragraphs]
    assert texts(wrapped(*paragraphs, width=width)) == expected


def test_a_lower_case_word_in_quotation_marks_goes_on_with_a_line_that_is_not_full() -> None:
    text = wrapped(FIRST) + "\n\nThe inspectors of the town had called it\n“worn out and weak” in March."
    assert texts(text)[-1] == "The inspectors of the town had called it “worn out and weak” in March."


def test_a_quotation_after_a_line_that_is_not_full_begins_a_paragraph() -> None:
    paragraphs = [FIRST, "“It was a mistake,” the mayor of Southport said to the council on Monday in the evening."]
    text = "\n".join(wrapped(each) for each in paragraphs)
    assert texts(text) == paragraphs


@pytest.mark.parametrize(("characters", "mark"), [(22, "“"), (26, "”")])
def test_a_line_of_chinese_that_begins_with_a_quotation_mark_is_joined_without_a_space(
    characters: int, mark: str
) -> None:
    text = CHINESE.replace("市议会", "“市议会”")
    lines = [text[start : start + characters] for start in range(0, len(text), characters)]
    assert lines[1].startswith(mark)
    assert texts("\n".join(lines)) == [text]


def test_ellipses_and_quotation_marks_of_two_lines_are_joined_by_a_space() -> None:
    text = (
        wrapped(FIRST) + "\n\nThe mayor of Southport, whom nobody had asked so far, said: “No…”\n“but why…” and left."
    )
    assert texts(text)[-1].endswith("said: “No…” “but why…” and left.")


@pytest.mark.parametrize("count_columns", [True, False])
@pytest.mark.parametrize("width", range(52, 80, 3))
def test_wide_characters_count_as_the_program_that_wrapped_the_lines_counted_them(
    width: int, *, count_columns: bool
) -> None:
    paragraphs = [MIXED, FIRST, SECOND]
    text = "\n\n".join("\n".join(filled(each, width, wide_columns=1 + count_columns)) for each in paragraphs)
    assert texts(text) == paragraphs


def filled(paragraph: str, width: int, *, wide_columns: int) -> Iterator[str]:
    """Yield lines that are as full as they can be, where a Chinese character takes this many columns."""
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}".strip()
        if len(longer) + (wide_columns - 1) * sum("\u4e00" <= character <= "\u9fff" for character in longer) > width:
            yield line
            longer = word
        line = longer
    yield line


def test_an_indent_begins_a_paragraph_of_capitals() -> None:
    paragraphs = [FIRST.upper(), SECOND.upper()]
    assert texts(wrapped(*paragraphs, between="\n", indent="   ")) == paragraphs


def test_a_line_in_columns_is_not_joined() -> None:
    header = "THE COAST COURIER                        Monday, March 4, 2024"
    assert texts(f"{header}\n{wrapped(FIRST)}")[0] == " ".join(header.split())


def test_the_items_of_a_list_are_not_joined() -> None:
    text = wrapped(FIRST) + "\n\n- one thing that is on the list of what the ferries will not carry\n- another"
    assert len(texts(text)) == 3


def test_headlines_in_capitals_are_not_joined() -> None:
    lines = [
        "PORT WORKERS END THEIR STRIKE AFTER SIX DAYS",
        "FIRE TAKES THE ROOF OF A MILL",
        "A NURSE FOR EVERY SCHOOL",
    ]
    assert texts("\n".join(lines)) == lines


BROKEN = (
    "The harbour authority of Southport will close\n"
    "its northern quay, the council decided on Mon-\n"
    "day evening after a debate of four hours, and\n"
    "the well-known harbour master said that a six-\n"
    "day strike of the dockers had made it worse, as\n"
    "had the storm last autumn. In the end the coun-\n"
    "cil voted for it, and a six-day week begins.\n"
)


def test_a_word_that_was_broken_at_a_line_end_is_joined_without_its_hyphen() -> None:
    (text,) = texts(BROKEN)
    assert "on Monday evening" in text
    assert "the council voted" in text


def test_a_compound_at_a_line_end_keeps_its_hyphen() -> None:
    (text,) = texts(BROKEN)
    assert "a six-day strike" in text


def test_a_text_that_breaks_lines_at_compounds_only_keeps_their_hyphens() -> None:
    text = wrapped(FIRST, SECOND) + "\n\nThe vote ended a long and bitter quarrel on the strike of six-\nday weeks.\n"
    assert texts(text)[-1].endswith("six-day weeks.")


def test_a_soft_hyphen_at_a_line_end_is_left_out() -> None:
    text = wrapped(FIRST) + "\n\nThe council of the town decided on it in the evening of a Mon\u00ad\nday in March.\n"
    assert texts(text)[-1].endswith("a Monday in March.")


def test_the_segments_of_a_joined_paragraph_are_its_text() -> None:
    (block,) = split_blocks(BROKEN, list(split_lines(BROKEN)))
    assert " ".join("".join(BROKEN[span.start : span.end] for span in block.segments).split()) == block.text


def test_a_text_of_one_line_a_paragraph_is_not_wrapped() -> None:
    text = f"{FIRST}\n{SECOND}\n"
    assert detect_wrapping(text, [line for line in split_lines(text) if not line.blank]) is None


@pytest.mark.parametrize(
    "unit", ["A-\n", "WORD ", "WORD\n", "港", "港\n", "a\tb\n", "- a\n", "\u00ad\n", "  | ", "“", "“\n", "« ", "a 港\n"]
)
def test_wrapping_is_detected_in_linear_time(unit: str) -> None:
    count = 30_000 // len(unit)
    single, double = (wrapped(FIRST.upper()) + "\n" + unit * times for times in (count, 2 * count))
    assert grows_linearly(texts, single, double)

import re
from collections.abc import Sequence

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.answering.citations import collapse, slices
from wherefrom.index.cleaning.paragraphs import ParagraphSource, build_paragraphs
from wherefrom.index.types import MediaType, Paragraph, Span

WORDS = ["harbour", "storm", "bridge", "council", "captain", "museum", "railway", "tuesday", "reporters", "breakwater"]


def test_white_space_is_collapsed_and_every_sentence_maps_back() -> None:
    text = "x It  was\u2028late.\r\n We \t left. y"
    (paragraph,) = build_paragraphs(
        text, [ParagraphSource(segments=(Span(start=2, end=len(text) - 2),), line_start=1, line_end=2)]
    )
    assert paragraph.text == "It was late. We left."
    assert [paragraph.text[s.start : s.end] for s in paragraph.sentences] == ["It was late.", "We left."]
    assert [text[s.segments[0].start : s.segments[0].end] for s in paragraph.sentences] == [
        "It  was\u2028late.",
        "We \t left.",
    ]


def test_a_sentence_across_a_gap_has_a_segment_on_each_side() -> None:
    text = "It was [photo] late. We left."
    spans = (Span(start=0, end=7), Span(start=15, end=29))
    (paragraph,) = build_paragraphs(text, [ParagraphSource(segments=spans, line_start=1, line_end=1)])
    assert paragraph.text == "It was late. We left."
    assert paragraph.sentences[0].segments == (Span(start=0, end=7), Span(start=15, end=20))
    assert paragraph.sentences[1].segments == (Span(start=21, end=29),)


def test_paragraphs_are_numbered_from_one() -> None:
    sources = [
        ParagraphSource(segments=(Span(start=start, end=start + 2),), line_start=1, line_end=1) for start in (0, 3)
    ]
    assert [paragraph.number for paragraph in build_paragraphs("a. b.", sources)] == [1, 2]


def sentence(number: int, words: int) -> str:
    chosen = [WORDS[(number * 7 + position) % len(WORDS)] for position in range(words)]
    return f"{' '.join(chosen).capitalize()} {number}."


def whole(text: str) -> list[ParagraphSource]:
    return [ParagraphSource(segments=(Span(start=0, end=len(text)),), line_start=1, line_end=1 + text.count("\n"))]


def check_exact(text: str, paragraphs: Sequence[Paragraph], media_type: MediaType = "text/plain") -> None:
    """Every paragraph and sentence is what stands at its segments, and together they are the whole text, in order."""
    for paragraph in paragraphs:
        assert collapse(slices(text, paragraph.segments, media_type)) == paragraph.text
        for part in paragraph.sentences:
            shown = paragraph.text[part.start : part.end]
            assert collapse(slices(text, part.segments, media_type)) == shown.strip() == shown
    unspaced = "".join("".join(paragraph.text.split()) for paragraph in paragraphs)
    assert unspaced == "".join(slices(text, (Span(start=0, end=len(text)),), media_type).split())
    assert [paragraph.number for paragraph in paragraphs] == list(range(1, len(paragraphs) + 1))


def test_a_paragraph_of_ordinary_length_stays_whole() -> None:
    text = " ".join(sentence(number, 23) for number in range(10))
    assert len(build_paragraphs(text, whole(text))) == 1


def test_an_article_on_one_line_is_divided_between_sentences() -> None:
    text = " ".join(sentence(number, 5 + number % 30) for number in range(200))
    paragraphs = build_paragraphs(text, whole(text))
    check_exact(text, paragraphs)
    assert all(paragraph.text.endswith(".") for paragraph in paragraphs)
    assert all(90 <= len(paragraph.text.split()) <= 150 for paragraph in paragraphs)
    assert sum(len(paragraph.sentences) for paragraph in paragraphs) == 200


@pytest.mark.parametrize("words", [251, 5_000])
def test_a_sentence_that_is_far_too_long_is_divided_between_words(words: int) -> None:
    text = "He left. " + sentence(1, words) + " She stayed."
    paragraphs = build_paragraphs(text, whole(text))
    check_exact(text, paragraphs)
    assert max(len(paragraph.text.split()) for paragraph in paragraphs) <= 250


@pytest.mark.parametrize(
    "run",
    [
        "a" * 100_000,
        "0123456789abcdef" * 5_000,
        "港口周二在三天的暴风雨后关闭了" * 700,
        "e\u0301" * 20_000,
        "\u0301" * 9_000,
    ],
)
def test_a_run_without_spaces_is_divided_between_characters(run: str) -> None:
    paragraphs = build_paragraphs(run, whole(run))
    check_exact(run, paragraphs)
    assert len(paragraphs) > 5
    assert max(len(paragraph.text) for paragraph in paragraphs) <= 10_000


def test_chinese_is_divided_after_its_full_stops() -> None:
    text = "港口周二在三天的暴风雨之后关闭了。" * 60
    paragraphs = build_paragraphs(text, whole(text))
    check_exact(text, paragraphs)
    assert len(paragraphs) > 2
    assert all(paragraph.text.endswith("。") for paragraph in paragraphs)


def test_references_are_never_divided() -> None:
    text = "&nesim;&fjlig;&amp;&#233;" * 3_000
    paragraphs = build_paragraphs(text, whole(text), "text/html")
    check_exact(text, paragraphs, "text/html")
    assert len(paragraphs) > 5


def test_parts_know_their_own_lines() -> None:
    text = "\r\n".join(sentence(number, 25) for number in range(100))
    source = ParagraphSource(segments=(Span(start=0, end=len(text)),), line_start=11, line_end=110)
    paragraphs = build_paragraphs(text, [source])
    check_exact(text, paragraphs)
    for paragraph in paragraphs:
        first, last = (
            int(number) for number in re.findall(r"(\d+)\.", paragraph.text)[:: len(paragraph.sentences) - 1]
        )
        assert (paragraph.line_start, paragraph.line_end) == (first + 11, last + 11)
    assert (paragraphs[0].line_start, paragraphs[-1].line_end) == (11, 110)


def test_dividing_is_linear() -> None:
    def build(text: str) -> object:
        return build_paragraphs(text, whole(text))

    assert grows_linearly(build, "harbour " * 20_000, "harbour " * 40_000)
    assert grows_linearly(build, "a" * 100_000, "a" * 200_000)

from wherefrom.index.cleaning.paragraphs import ParagraphSource, build_paragraphs
from wherefrom.index.types import Span


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

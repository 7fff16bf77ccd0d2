from dataclasses import replace

from wherefrom.index.cleaning.body.extracted_body import (
    extracted_blocks,
    extracted_rules,
    lead_of_header,
    short_lines_kept,
)
from wherefrom.index.sources.extractors.extracted_text import ExtractedText
from wherefrom.index.types import Dropped, Span

PROSE = "The harbour council voted on Monday to close the old bridge over the river before the winter begins."


def extracted(
    *paragraphs: str, furniture: dict[int, str] | None = None, goes_on: tuple[int, ...] = ()
) -> ExtractedText:
    text = "\n\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    return ExtractedText(
        text=text,
        extractor="test 1",
        furniture=tuple(
            Dropped(start=starts[at], end=starts[at] + len(paragraphs[at]), rule=rule)
            for at, rule in (furniture or {}).items()
        ),
        continuations=frozenset(starts[at] for at in goes_on),
    )


def test_a_block_is_a_paragraph_between_blank_lines() -> None:
    blocks = extracted_blocks(extracted("One line.", "  Another\nline. ", "A third."))
    assert [block.text for block in blocks] == ["One line.", "Another line.", "A third."]
    assert [(block.line_start, block.line_end) for block in blocks] == [(1, 1), (3, 4), (6, 6)]


def test_a_paragraph_goes_on_after_furniture() -> None:
    text = extracted("The bridge is", "Page 3", "closed since Monday.", furniture={1: "page-number"}, goes_on=(2,))
    whole, number = extracted_blocks(text)
    assert whole.text == "The bridge is closed since Monday."
    assert len(whole.segments) == 2
    assert extracted_rules([whole, number]) == [None, "page-number"]


def test_a_word_that_is_broken_at_the_edge_of_a_page_is_joined() -> None:
    text = extracted("The bridge is recon-", "structed since Monday.", goes_on=(1,))
    (block,) = extracted_blocks(text)
    assert block.text == "The bridge is reconstructed since Monday."
    assert block.segments[0] == Span(start=0, end=len("The bridge is recon"))


def test_short_lines_above_the_first_paragraph_are_its_header() -> None:
    rules = extracted_rules(
        extracted_blocks(extracted("The old bridge", "council@northport.example is the office", PROSE))
    )
    assert rules == ["header", "header", None]


def test_tables_lists_and_lines_of_an_address_are_text() -> None:
    rows = ("Port\t12\t40", "Quay\t9\t31")
    lines = ("Harbour office", "Old Quay 3", "Northport")
    paragraphs = (PROSE, *rows, "* the ferry", "* the bridge", PROSE + " Again.", *lines)
    assert extracted_rules(extracted_blocks(extracted(*paragraphs))) == [None] * len(paragraphs)


def test_a_short_line_that_is_no_heading_is_kept() -> None:
    rules = extracted_rules(extracted_blocks(extracted(PROSE, "The mayor", PROSE + " Again.", "Best regards,")))
    assert rules == [None, "subhead", None, "subhead"]
    assert short_lines_kept(rules, {1}) == [None, "subhead", None, None]


def test_a_document_of_lists_alone_is_kept() -> None:
    assert extracted_rules(extracted_blocks(extracted("Port", "Quay", "Ferry"))) == [None, None, None]


def test_a_headline_with_a_byline_and_a_date_is_no_list() -> None:
    head = ("Council votes to close the old bridge over the river of the town", "By Mara Lind", "4 March 2025")
    assert extracted_rules(extracted_blocks(extracted(*head, PROSE))) == ["header", "header", "header", None]


def test_a_lead_above_the_byline_is_text_and_not_the_body() -> None:
    sentence = "The old bridge is closed to cars and to boats until the spring."
    for lead in (sentence, sentence.rstrip(".")):
        rules = extracted_rules(
            extracted_blocks(extracted("Old bridge closed", lead, "By Mara Lind", "4 March 2025", PROSE))
        )
        assert rules == ["header", None, "header", "header", None]
        assert lead_of_header(rules) == {1}
    assert extracted_rules(extracted_blocks(extracted("Hello,", sentence, "By Friday please", PROSE)))[2] != "header"


def test_a_headline_below_the_date_is_in_the_header() -> None:
    head = ("PRESS RELEASE", "4 March 2025", "Council votes to close the old bridge over the river of the town")
    assert extracted_rules(extracted_blocks(extracted(*head, PROSE))) == ["header", "header", "header", None]


def test_lines_above_the_first_paragraph_without_a_byline_or_a_date_are_a_list() -> None:
    lines = ("Harbour office", "Old Quay", "Northport")
    assert extracted_rules(extracted_blocks(extracted(*lines, PROSE))) == [None] * 4
    concerts = ("Concerts of the orchestra", "Northport", "12 May 2024", "Harwick", "14 May 2024", PROSE)
    assert extracted_rules(extracted_blocks(extracted(*concerts))) == [None] * 6
    meeting = ("Meeting", "Speakers", "Ole Krug, museum", "Mara Lind, mayor", "Tom Bakker, mill", "3 May 2024", PROSE)
    assert extracted_rules(extracted_blocks(extracted(*meeting))) == [None] * 7
    dated = ("The bridges of the town", PROSE, "12 May 1907", PROSE + " Again.", "4 June 1951", PROSE + " At last.")
    assert extracted_rules(extracted_blocks(extracted(*dated)))[1] is None
    assert lead_of_header(extracted_rules(extracted_blocks(extracted(*dated)))) == frozenset()


def test_a_notice_of_copyright_is_dropped_wherever_it_is() -> None:
    notice = "© 2025 Harbour Media Ltd. All rights reserved. www.harbour.example"
    items = ("(a) The ferry is to be painted.", "(b) The quay is to be built.", "(c) The bridge is to be closed.")
    assert extracted_rules(extracted_blocks(extracted(PROSE, *items))) == [None] * 4
    kept = (
        "Copyright 2024: what changes for publishers",
        "Copyright by itself does not protect ideas, the council of the harbour said on Monday.",
        "(c) 2024 targets are to be met by all harbours of the coast",
        "The harbour master will resign on Monday. \u00a9 2025 Harbour Media. All rights reserved.",
    )
    assert extracted_rules(extracted_blocks(extracted(PROSE, *kept, PROSE)))[2:] == [None] * 4
    quoted = "The label of the map says that its copyright by law has ended, the council of the harbour said on Monday."
    assert extracted_rules(extracted_blocks(extracted(PROSE, notice, quoted))) == [None, "copyright", None]


def test_a_byline_below_a_heading_in_the_text_is_dropped_and_a_subhead_is_not() -> None:
    for line, rule in (
        ("By Ole Krug", "byline"),
        ("By region and year", "subhead"),
        ("By Land Rover or by boat", "subhead"),
    ):
        text = extracted("The ferry", PROSE, "Ferries are dearer", line, PROSE + " Again.")
        text = replace(text, headings=frozenset((text.text.index("Ferries are"),)))
        assert extracted_rules(extracted_blocks(text)) == ["header", None, "subhead", rule, None]

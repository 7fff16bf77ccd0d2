from wherefrom.index.cleaning.body.blocks import split_blocks
from wherefrom.index.cleaning.body.page_edges import page_edges
from wherefrom.index.sources.lines import split_lines

FIRST_HALF = (
    "The harbour authority of Southport will close its northern\n"
    "quay for eleven months from the first of May, the council\n"
)
SECOND_HALF = "decided on Monday evening after a debate of four hours, and\nnobody in the room was surprised.\n"
NEXT = "The work is to cost 18.4 million crowns, of which the region\npays two thirds, the council said.\n"


def edges(text: str) -> list[str]:
    lines = list(split_lines(text))
    positions = page_edges(text, lines)
    return [text[line.start : line.end] for line in lines if line.position in positions]


def test_page_numbers_and_what_pages_repeat_at_their_edges_are_found() -> None:
    text = (
        f"A headline\n\n{FIRST_HALF}\n- 1 -\n\fCoast Courier, page 2\n\n{SECOND_HALF}\f Coast Courier, page 3\n\n{NEXT}"
    )
    assert edges(text) == ["- 1 -", "Coast Courier, page 2", "Coast Courier, page 3"]


def test_numbers_that_count_end_pages_where_no_form_feed_does() -> None:
    text = f"THE COURIER, March 4\n\n{FIRST_HALF}\n 3\nTHE COURIER, March 4\n\n{SECOND_HALF}\n 4\n"
    assert edges(text) == ["3", "THE COURIER, March 4", "4"]


def test_a_text_of_one_page_has_no_edges() -> None:
    assert edges(f"A headline\n\n{FIRST_HALF}{SECOND_HALF}\n7\n") == []


def test_a_paragraph_goes_on_after_the_edge_of_a_page() -> None:
    end = "The end of it is not known yet, he said.\n"
    text = f"{FIRST_HALF}\n1\n\fCourier 2\n\n{SECOND_HALF}\n{NEXT}\n2\n\fCourier 3\n\n{end}"
    blocks = [block for block in split_blocks(text, list(split_lines(text))) if block.rule is None]
    assert blocks[0].text == " ".join((FIRST_HALF + SECOND_HALF).split())
    assert len(blocks) == 3
    for block in blocks:
        assert " ".join("".join(text[span.start : span.end] for span in block.segments).split()) == block.text


def test_lines_that_are_alike_on_one_page_alone_are_text() -> None:
    assert edges(f"A headline\n\n{FIRST_HALF}\n\fStep 1\nStep 2\n\n{SECOND_HALF}\n{NEXT}") == []

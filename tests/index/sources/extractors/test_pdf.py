import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from tests.support.pdf_files import HEIGHT, WIDTH, Layout, PdfPage, PlacedLine, pages_of, pdf_bytes, wrapped
from wherefrom.index.answering.citations import check_segments
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.collection.audits import Claim
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.page_layout.reading_order import MIN_COLUMN_LINES
from wherefrom.index.sources.extractors.pdf import EXTRACTOR, extract_text
from wherefrom.index.types import Document, RawSource

WORDS = ("harbour", "council", "ferry", "bridge", "winter", "the", "of", "a", "new", "vote", "grain", "price", "river")
SECOND_COLUMN = WIDTH / 2 + 5
TEXT = "The harbour council voted on Monday to close the old bridge over the river before the winter begins."


def read(raw: bytes) -> Document:
    return extract(RawSource(name="a.pdf", raw=raw))


def one_page(*lines: PlacedLine) -> bytes:
    return pdf_bytes([PdfPage(list(lines))])


def line(text: str, top: float, left: float = 72, **changed: object) -> PlacedLine:
    return replace(PlacedLine(text=text, left=left, top=top), **changed)  # type: ignore[arg-type]


def paragraph(seed: int, words: int) -> str:
    chosen = random.Random(seed).choices(WORDS, k=words)
    letter = chr(97 + seed % 26)
    # No Roman numeral: alone on the first line of a page, "iii." is the page's number.
    return f"{chosen[0].capitalize()} {' '.join(chosen[1:])} {letter}a{letter}."


@given(
    sizes=st.lists(st.integers(14, 120), min_size=2, max_size=9),
    seed=st.integers(0, 10**6),
    layout=st.builds(
        Layout,
        columns=st.sampled_from((1, 2)),
        size=st.sampled_from((9.0, 10.0, 12.0)),
        spacing=st.sampled_from((1.15, 1.3)),
        is_indented=st.booleans(),
        head=st.sampled_from((None, "Harbour Gazette, Volume 12")),
        bottom=st.sampled_from((300.0, 690.0)),
    ),
)
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_known_paragraphs_come_back_whole_and_exactly_cited(sizes: list[int], seed: int, layout: Layout) -> None:
    paragraphs = [paragraph(seed + number, words) for number, words in enumerate(sizes)]
    pages = pages_of(paragraphs, layout)
    # Two lines or three beside others may as well be rows of a table.
    assume(not 0 < sum(line.left > SECOND_COLUMN for line in pages[-1].lines) < MIN_COLUMN_LINES)
    document = read(pdf_bytes(pages))
    assert document.extraction is not None
    joined = " ".join(each.text for each in document.paragraphs)
    assert joined == " ".join(paragraphs)
    for each in document.paragraphs:
        assert_cited(document, each.text, each)
        for sentence in each.sentences:
            assert_cited(document, each.text[sentence.start : sentence.end], sentence)


def assert_cited(document: Document, text: str, cited: object) -> None:
    segments = getattr(cited, "segments")  # noqa: B009 - of a paragraph or a sentence
    claim = Claim(document_id="a", cited_text=text, source_sha256="", segments=segments)
    assert check_segments(claim, document.text).valid


def test_paragraphs_are_told_by_space_and_by_indent() -> None:
    paragraphs = [paragraph(seed, 60) for seed in range(4)]
    for is_indented in (False, True):
        document = read(pdf_bytes(pages_of(paragraphs, Layout(is_indented=is_indented))))
        assert [each.text for each in document.paragraphs] == paragraphs


def test_a_narrow_column_below_a_wide_head_is_read_in_whole_paragraphs() -> None:
    sentences = [
        f"The quay of Harwick was repaired for the last time in 19{year}, Elena Brandt said." for year in (12, 84)
    ]
    paragraphs = [" ".join([each] * 4) for each in sentences]
    head = [
        line("3/5/25, 10:03 AM", 20, left=20, size=8.0),
        line("Old quay | The Harwick Courier", 20, left=440, size=8.0),
    ]
    page = PdfPage(head)
    top = 90.0
    for text in paragraphs:
        for each in wrapped(text, 210, 10):
            page.lines.append(line(each, top))
            top += 12
        top += 10
    assert any(
        each.text.endswith(("Elena", "in")) for each in page.lines
    )  # the next line begins with a capital or a digit
    page.lines.append(line("https://courier.example/2025/03/old-quay.html", 770, left=20, size=8.0))
    document = read(pdf_bytes([page]))
    assert [each.text for each in document.paragraphs] == paragraphs
    assert {each.rule for each in document.dropped} == {"running-head", "running-foot"}


def test_two_columns_are_read_one_after_the_other() -> None:
    paragraphs = [paragraph(seed, 90) for seed in range(6)]
    document = read(pdf_bytes(pages_of(paragraphs, Layout(columns=2, bottom=250))))
    assert [each.text for each in document.paragraphs] == paragraphs


def test_a_headline_over_two_columns_comes_first() -> None:
    (page,) = pages_of([paragraph(seed, 60) for seed in range(4)], Layout(columns=2, top=140, bottom=400))
    page.lines.append(line("Council closes the old bridge over the river", 90, size=20.0))
    document = read(pdf_bytes([page]))
    assert document.metadata.title == "Council closes the old bridge over the river"


def test_running_heads_and_page_numbers_are_dropped_by_name_and_a_paragraph_goes_on_over_them() -> None:
    text = paragraph(7, 160)
    layout = Layout(head="Harbour Gazette, Volume 12", bottom=150)
    document = read(pdf_bytes(pages_of([text, paragraph(8, 40)], layout)))
    assert [each.text for each in document.paragraphs] == [text, paragraph(8, 40)]
    assert {each.rule for each in document.dropped} == {"running-head", "page-number"}
    assert len(document.paragraphs[0].segments) > 1


def test_the_line_of_a_chapter_that_stands_once_at_the_top_is_kept() -> None:
    pages = pages_of([paragraph(seed, 200) for seed in range(3)], Layout(is_numbered=False))
    assert not [each for each in read(pdf_bytes(pages)).dropped if each.rule == "running-head"]


def test_a_footnote_is_dropped_by_name() -> None:
    lines = [line(text, 90 + 12 * n) for n, text in enumerate([TEXT] * 4)]
    note = line("1 The vote was taken in the town hall on Monday.", 700, size=7.0)
    document = read(one_page(*lines, note))
    assert [each.rule for each in document.dropped] == ["footnote"]


def test_numbers_of_lines_in_the_margin_are_furniture_and_ranks_in_a_table_are_text() -> None:
    text = paragraph(3, 150)
    lines = wrapped(text, 380, 10)
    page = PdfPage([line(each, 90 + 20 * at, left=110) for at, each in enumerate(lines)])
    page.lines += [line(str(at + 1), 90 + 20 * at, left=70) for at in range(len(lines))]
    document = read(pdf_bytes([page]))
    assert [each.text for each in document.paragraphs] == [text]
    assert [each.rule for each in document.dropped] == ["line-number"] * len(lines)
    ranks = [line(f"Ferries of Harwick number {at}", 90 + 20 * at, left=110) for at in range(10)]
    ranks += [line(str(at + 1), 90 + 20 * at, left=70) for at in range(10)]
    years = [line("was the year in which the old ferry sank", 90 + 20 * at, left=110) for at in range(10)]
    years += [line(str(at + 1990), 90 + 20 * at, left=70) for at in range(10)]
    fruit = [line(f"apples from the orchard {at}", 90 + 20 * at, left=110) for at in range(10)]
    fruit += [line(str(at + 1), 90 + 20 * at, left=70) for at in range(10)]
    for table in (ranks, years, fruit):
        assert not [each for each in read(one_page(*table)).dropped if each.rule == "line-number"]


@pytest.mark.parametrize(
    ("start", "joined"),
    [
        ("T he council", "The council"),
        ("A fter the", "After the"),
        ("A man of", "A man of"),
    ],
)
def test_a_drop_cap_is_joined_with_its_word_and_its_paragraph(start: str, joined: str) -> None:
    beside = [
        "vote in the hall of the town was a long one and all",
        "went home early, though a man who had been there",
        "said that nobody",
    ]
    below = ["spoke of the bridge over the river before it was closed for a year.", "It was late, and a man sang."]
    cap, _, first = start.partition(" ")
    lines = [line(cap, 98, size=42.0)]
    lines += [
        line(f"{first} {beside[0]}" if at == 0 else text, 100 + 12 * at, left=106) for at, text in enumerate(beside)
    ]
    lines += [line(text, 136 + 12 * at) for at, text in enumerate(below)]
    for drawn in (lines, [*lines[1:], lines[0]], [*lines[1:4], lines[0], *lines[4:]]):
        (kept,) = read(one_page(*drawn)).paragraphs
        assert kept.text == " ".join([f"{joined} {beside[0]}", *beside[1:], *below])


@pytest.mark.parametrize(
    ("cap", "rest", "joined"),
    [
        ("A", "fisherman", "A fisherman"),
        ("A", "few people", "A few people"),
        ("A", "lthough nobody", "Although nobody"),
        ("A", "ustralia", "Australia"),
        ("I", "moved away", "I moved away"),
        ("I", "n the hall", "In the hall"),
        ("I", "srael", "Israel"),
    ],
)
def test_a_drop_cap_that_is_a_word_stays_one(cap: str, rest: str, joined: str) -> None:
    beside = [
        "had spoken for a long time before the vote,",
        "and went home early, though nobody knew",
        "when it would end.",
    ]
    lines = [line(cap, 98, size=42.0)]
    lines += [line(f"{rest} {text}" if at == 0 else text, 100 + 12 * at, left=106) for at, text in enumerate(beside)]
    (kept,) = read(one_page(*lines)).paragraphs
    assert kept.text == f"{joined} {' '.join(beside)}"


def test_raised_digits_make_no_other_number() -> None:
    # In Helvetica, a digit is 0.556 and a full stop 0.278 font sizes wide.
    page = one_page(
        line("The old bridge over the river cost 1907: 10", 100, size=10.0),
        line("The old quay of the harbour cost", 124),
        line("10", 124, left=240),
        line("6", 123.5, left=251.2, size=6.5),
        line("euros, or 14.2", 124, left=258),
        line("1", 123.5, left=258 + 62.9, size=6.5),
        line("percent of the sum.", 124, left=330),
    )
    *_, kept = read(page).paragraphs
    assert kept.text == "The old quay of the harbour cost 10⁶ euros, or 14.2¹ percent of the sum."


def test_a_word_that_is_broken_at_a_line_end_is_joined_and_a_compound_keeps_its_hyphen() -> None:
    lines = (
        "The harbour council decided on Monday that the bridge is to be recon-",
        "structed, and that its well-known towers stay where they are, as the well-",
        "known architect had asked for in a letter to the mayor of the town.",
    )
    document = read(one_page(*(line(text, 90 + 12 * n) for n, text in enumerate(lines))))
    (only,) = document.paragraphs
    assert "reconstructed, and" in only.text
    assert only.text.count("well-known") == 2


def test_the_boxes_of_a_line_are_where_it_stands() -> None:
    extracted = extract_text(one_page(line(TEXT, 90), line(TEXT[::-1], 400, left=100)), "a.pdf")
    (page,) = extracted.pages
    first, second = page.boxes
    assert (page.number, page.width, page.height) == (1, WIDTH, HEIGHT)
    assert (first.start, first.end) == (0, len(TEXT))
    assert first.left == pytest.approx(72, abs=1)
    assert first.top < 95
    assert first.bottom > 98
    assert second.left == pytest.approx(100, abs=1)
    assert second.top < 405 < second.bottom


@pytest.mark.parametrize("origin", [(0, 0), (-300, 200)])
def test_boxes_count_from_the_edges_of_the_page_as_it_is_shown(origin: tuple[int, int]) -> None:
    page = PdfPage([line(TEXT, 90)], origin=origin)
    (box,) = extract_text(pdf_bytes([page]), "a.pdf").pages[0].boxes
    assert box.left == pytest.approx(72, abs=1)
    assert box.top == pytest.approx(90, abs=4)


def test_a_page_that_is_shown_turned_is_read_as_it_is_shown() -> None:
    page = PdfPage([line(TEXT, 500, left=300, angle=1)], rotation=90)
    extracted = extract_text(pdf_bytes([page]), "a.pdf")
    assert extracted.text == TEXT
    assert (extracted.pages[0].width, extracted.pages[0].height) == (HEIGHT, WIDTH)


TURNED_EDGES = {
    0: {"left": 292.0, "right": 302.0, "bottom": 510.0},
    180: {"left": WIDTH - 302.0, "right": WIDTH - 292.0, "top": HEIGHT - 510.0},
    270: {"right": 510.0, "top": WIDTH - 302.0, "bottom": WIDTH - 292.0},
}
"""Of each rotation of a page with text that is read upwards, some edges of its first line as it is shown."""


@pytest.mark.parametrize("rotation", TURNED_EDGES)
def test_a_page_of_turned_text_is_read_and_cited_where_it_stands(rotation: int) -> None:
    lines = [line(f"{number} {TEXT[:60]}".strip(), 500, left=300 + 12 * number, angle=1) for number in range(6)]
    extracted = extract_text(pdf_bytes([PdfPage(lines, rotation=rotation)]), "a.pdf")
    assert extracted.text == " ".join(each.text for each in lines)
    assert not extracted.furniture
    box = extracted.pages[0].boxes[0]
    for edge, place in TURNED_EDGES[rotation].items():
        assert getattr(box, edge) == pytest.approx(place, abs=3), edge


def test_lines_in_the_margin_of_a_page_with_little_text_are_furniture() -> None:
    mark = [
        line("Downloaded from the library of Harwick on 4 March 2025", 700, left=580 + 8 * at, size=6.0, angle=1)
        for at in (0, 1)
    ]
    document = read(one_page(line(TEXT, 90), *mark))
    assert [each.text for each in document.paragraphs] == [TEXT]


def test_text_that_stands_at_an_angle_is_furniture() -> None:
    stamp = line("arXiv:1234.5678v1", 500, left=20, angle=1)
    document = read(one_page(line(TEXT, 90), line(TEXT, 102), stamp))
    assert [each.rule for each in document.dropped] == ["rotated-text"]


def test_the_extractor_and_the_hash_of_its_text_are_in_the_document() -> None:
    document = read(one_page(line(TEXT, 90)))
    assert document.extraction is not None
    assert document.media_type == "application/pdf"
    assert f"{document.extraction.extractor.name} {document.extraction.extractor.version}" == EXTRACTOR
    assert document.text == TEXT


def test_a_title_in_the_properties_is_believed_if_it_stands_in_the_text() -> None:
    heading = "A vote on the old bridge"
    lines = [line(heading, 60, size=18.0), line(TEXT, 90), line(TEXT, 102)]
    for title, expected in ((heading, heading), ("Microsoft Word - vote_final2.doc", None), ("Other words here", None)):
        extracted = extract_text(pdf_bytes([PdfPage(lines)], {"Title": title, "CreationDate": "D:20200101"}), "a.pdf")
        assert extracted.properties.title == expected
        assert extracted.properties.published is None


def test_a_title_in_the_head_of_each_page_is_no_evidence_for_the_title_in_the_properties() -> None:
    title = "Old bridge closed | The Harwick Courier"
    lines = [line("Old bridge closed", 60, size=18.0), *(line(TEXT, 90 + 12 * number) for number in range(4))]
    pages = [
        PdfPage([line(f"3/5/25, 10:03 AM {title}", 20), *lines]),
        PdfPage([line(f"3/5/25, 10:03 AM {title}", 20), *lines[1:]]),
    ]
    document = read(pdf_bytes(pages, {"Title": title}))
    assert document.metadata.title == "Old bridge closed"


def test_a_byline_counts_before_the_author_in_the_properties() -> None:
    quoted = TEXT.replace("The harbour council", "Elena Brandt")
    lines = [
        line("Elena Brandt closes the bridge", 60, size=18.0),
        line("By Mara Lind", 84),
        line(quoted, 100),
        line(TEXT, 112),
    ]
    assert read(pdf_bytes([PdfPage(lines)], {"Author": "Elena Brandt"})).metadata.authors == ("Mara Lind",)
    del lines[1]
    assert read(pdf_bytes([PdfPage(lines)], {"Author": "Elena Brandt"})).metadata.authors == ("Elena Brandt",)
    lines.insert(1, line("Elena Brandt, Ole Krug", 84))
    assert extract_text(
        pdf_bytes([PdfPage(lines)], {"Author": "Elena Brandt; Ole Krug"}), "a.pdf"
    ).fallbacks.authors == (
        "Elena Brandt",
        "Ole Krug",
    )
    assert not extract_text(
        pdf_bytes([PdfPage(lines)], {"Author": "Elena Brandt; Tom Bakker"}), "a.pdf"
    ).fallbacks.authors


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ("Elena Brandt and Ole Krug", ("Elena Brandt", "Ole Krug")),
        ("Department of Ports and Public Works", ("Department of Ports and Public Works",)),
        ("Trade and Industry Board", ("Trade and Industry Board",)),
    ],
)
def test_an_office_in_the_properties_is_one_author(author: str, authors: tuple[str, ...]) -> None:
    page = PdfPage([line(author, 84), line(TEXT, 100)])
    assert extract_text(pdf_bytes([page], {"Author": author}), "a.pdf").fallbacks.authors == authors


def test_an_author_of_one_of_two_articles_is_not_that_of_the_document() -> None:
    lines = []
    for at, (title, name) in enumerate((("A vote on the old bridge", "Mara Lind"), ("Ferries are dearer", "Ole Krug"))):
        top = 60 + 200 * at
        lines += [
            line(title, top, size=18.0),
            line(f"By {name}", top + 24),
            *(line(TEXT, top + 40 + 12 * row) for row in range(4)),
        ]
    document = read(pdf_bytes([PdfPage(lines)], {"Author": "Mara Lind"}))
    assert document.metadata.authors == ()
    assert not [each for each in document.paragraphs if each.text.startswith("By ")]


def test_a_byline_and_a_date_that_look_like_headings_are_those_of_the_document() -> None:
    lines = [
        line("A vote on the old bridge", 60, size=18.0),
        line("By Mara Lind", 100, size=12.0),
        line("HARWICK, 4 March 2025", 130, size=12.0),
        *(line(TEXT, 160 + 12 * row) for row in range(4)),
    ]
    metadata = read(one_page(*lines)).metadata
    assert (metadata.authors, metadata.published) == (("Mara Lind",), date(2025, 3, 4))


def test_a_scan_is_refused_with_what_to_do() -> None:
    with pytest.raises(SourceRejected, match=r"no text.*ocrmypdf"):
        read(one_page())


def test_pages_without_text_among_others_are_told() -> None:
    raw = pdf_bytes([PdfPage([line(TEXT, 90)]), PdfPage(), PdfPage()])
    assert any("2 pages have no text (2, 3)" in warning for warning in read(raw).warnings)


def test_scanned_pages_with_a_stamp_are_pages_without_text() -> None:
    stamps = [PdfPage([line(f"Scanned by the archive, page {number}", 760, size=8.0)]) for number in range(1, 4)]
    with pytest.raises(SourceRejected, match=r"only page numbers.*ocrmypdf"):
        read(pdf_bytes(stamps))
    text = PdfPage([line(TEXT, 90), line(TEXT, 102)])
    assert any("3 pages have no text (2, 3, 4)" in warning for warning in read(pdf_bytes([text, *stamps])).warnings)


@pytest.mark.parametrize("raw", [b"%PDF-1.7 ...", b"%PDF-1.4\n%%EOF", one_page(line(TEXT, 90))[:200]])
def test_a_damaged_file_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceRejected, match="this PDF"):
        read(raw)


def test_a_file_of_another_format_is_no_damaged_pdf() -> None:
    for raw, reason in (
        (b"\n<!doctype html><p>Log in", "no PDF: it is a web page"),
        (b"PK\x03\x04...", "no PDF: it does not"),
    ):
        with pytest.raises(SourceRejected, match=reason):
            extract_text(raw, "a.pdf")


def test_mutated_files_are_read_or_refused() -> None:
    raw = pdf_bytes(pages_of([paragraph(seed, 60) for seed in range(3)], Layout(head="Harbour Gazette", bottom=200)))
    chance = random.Random(20261129)
    with ExtractionPool() as pool:
        for _ in range(60):
            mutated = bytearray(raw)
            for _ in range(chance.choice((1, 4, 30))):
                mutated[chance.randrange(len(mutated))] = chance.randrange(256)
            cut = chance.choice((len(mutated), chance.randrange(len(mutated))))
            source = RawSource(name="a.pdf", raw=bytes(mutated[:cut]), media_type="application/pdf")
            reason = ""
            try:
                document = pool.extract(source)
            except SourceRejected as error:
                reason = error.reason
            else:
                for each in document.paragraphs:
                    assert_cited(document, each.text, each)
            assert "process" not in reason
            assert "unexpectedly" not in reason

import contextlib
import hashlib
import html
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.documents import read
from tests.support.expected_seeds import EXPECTED_SEEDS, ExpectedSeed
from tests.support.office_files import docx, docx_paragraph
from tests.support.paths import SEEDS
from tests.support.work import grows_linearly
from wherefrom.index.cleaning import CLEANER_VERSION
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Document, Given, Heading, MediaType, Paragraph, RawSource, Span

SPACES = [" ", "\t", "\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u2028", "\u2029", "\u3000"]
ODD = [
    "\u200b",
    "\ufeff",
    "e\u0301",
    "\U0001f600",
    "\U00020000",
    "\u202e",
    "ß",
    "İ",
    "ﬁ",
    "\x01",
    "•",
    "* ",
    "# ",
    "- ",
    "©",
]
PROSE = [
    "The minister said on Tuesday that the plan would go ahead in spite of the protests.",
    '"We have no choice," he said. "It is late."',
    "Mission accomplished.",
    "Talks with the U.S. and S. Korea began on Jan. 6, he added. (Yonhap)",
    "It was the end of the long road to North Korea.Russia and US flags",
    "Россия выступила против размещения системы в этом регионе, заявил посол.",
    "中国和俄罗斯表示反对在韩国部署反导系统。双方将继续加强协调。",
    "so the lines go on and on without an end, broken where the editor broke them\nand taken up again there.",
    "THE LINES OF WIRE COPY ARE IN CAPITALS AND BROKEN WHERE THE WIRE BROKE\nTHEM, AND SO THEY GO ON FOR A LONG WHILE.",
    "a word that does not fit into the line is broken where the hyphen is at-\ntached to it, and goes on there.",
    "\u6e2f\u6e7e\u5c40\u306f\u4e94\u6708\u4e00\u65e5\u304b\u3089\u5341\u4e00\u304b\u6708\u9593\n\u5317\u57e0\u982d\u3092\u9589\u9396\u3059\u308b\u3068\u6c7a\u3081\u305f\u3002",
    r"He said \"it is late\" and left.\n\nNobody spoke for a while, and then they left too.\n",
    "The <b>minister</b> said <a href='/x'>on Tuesday</a> that the plan would go ahead in spite of it.",
    "Harbour\tBerths\tUntil\nSkarn\t12\t3 June\nAldersey\t9\t17 August",
    "The ferries will not carry:\n- Life jackets\n- Live cattle",
    "\n 3\n\fTHE COURIER     page 4\n",
]
BOILERPLATE = [
    "Home",
    "• Politics",
    "Share on Facebook",
    "By Jane Doe and John Roe",
    "Posted : 2016-02-02 16:54",
    "(Photo : Reuters) Two men shake hands.",
    "Source: AFP",
    "© 2019 The Daily Example. All rights reserved.",
    'string(873) "[{"id":"1668178"}]"',
    "A Headline That Nobody Wrote Before",
    "The Daily Example close",
    "About The Daily Example",
]
PIECES = st.one_of(
    st.sampled_from(PROSE),
    st.sampled_from(BOILERPLATE),
    st.sampled_from(SPACES),
    st.sampled_from(ODD),
    st.text(max_size=40),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=30).map("".join)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1251"])


def collapsed(text: str, segments: Sequence[Span], media_type: MediaType) -> str:
    joined = "".join(text[span.start : span.end] for span in segments)
    return " ".join((html.unescape(joined) if media_type == "text/html" else joined).split())


def assert_in_order(text: str, spans: Sequence[Span]) -> None:
    edge = 0
    for span in spans:
        assert edge <= span.start < span.end <= len(text)
        edge = span.end


def assert_invariants(raw: bytes, document: Document) -> None:
    text = raw.decode(document.encoding, document.errors)
    assert document.source_sha256 == hashlib.sha256(raw).hexdigest()
    assert document.paragraphs
    blocks: list[Paragraph | Heading] = [*document.paragraphs, *document.headings]
    body = sorted(span for block in blocks for span in block.segments)
    assert_in_order(text, [span for paragraph in document.paragraphs for span in paragraph.segments])
    assert_in_order(text, [span for heading in document.headings for span in heading.segments])
    left_out = [Span(start=dropped.start, end=dropped.end) for dropped in document.dropped]
    assert_in_order(text, body)
    assert_in_order(text, left_out)
    assert_in_order(text, sorted([*body, *left_out]))
    if document.media_type == "text/plain":
        covered = {index for span in (*body, *left_out) for index in range(span.start, span.end)}
        assert all(index in covered for index, character in enumerate(text) if not character.isspace())
    for number, paragraph in enumerate(document.paragraphs, start=1):
        assert paragraph.number == number
        assert paragraph.text == collapsed(text, paragraph.segments, document.media_type)
        assert not text[paragraph.segments[0].start].isspace()
        assert not text[paragraph.segments[-1].end - 1].isspace()
        edge = 0
        for sentence in paragraph.sentences:
            assert not paragraph.text[edge : sentence.start].strip()
            assert paragraph.text[sentence.start : sentence.end] == collapsed(
                text, sentence.segments, document.media_type
            )
            assert sentence.start < sentence.end
            edge = sentence.end
        assert edge == len(paragraph.text)
    for heading in document.headings:
        assert heading.text == collapsed(text, heading.segments, document.media_type)
        above = [p.number for p in document.paragraphs if p.segments[0].start < heading.segments[0].start]
        assert heading.above == max(above, default=0) + 1 <= len(document.paragraphs)
    for name, spans in document.metadata.evidence.items():
        assert_in_order(text, sorted(spans))
        if name != "published" and document.media_type == "text/plain":
            value = getattr(document.metadata, name)
            if isinstance(value, tuple):
                assert [collapsed(text, [span], "text/plain") for span in spans] == list(value)
            else:
                assert collapsed(text, spans, "text/plain") == value


@given(text=TEXTS, encoding=ENCODINGS)
@example(text="\ufeffThe end of the road is near, and the rest of us know it well.", encoding="utf-16")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_maps_back_to_its_bytes(text: str, encoding: str) -> None:
    raw = text.encode(encoding, errors="replace")
    try:
        document = read(raw, source="generated")
    except SourceRejected as rejected:
        assert rejected.source == "generated"  # noqa: PT017 - both outcomes are right
        return
    assert_invariants(raw, document)


MARKS = ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<!--", "-->", "<script>", "</script>", "<pre>"]
HTML_PIECES = st.one_of(
    st.sampled_from(PROSE),
    st.sampled_from(BOILERPLATE),
    st.sampled_from(MARKS),
    st.sampled_from(
        ["&amp;", "&nbsp;", "&eacute;", "&#8217;", "&lt", "&", "<", ">", ";", "&#1;", "<a href='", '"', "'"]
    ),
    st.sampled_from(SPACES),
    st.text(max_size=20),
)


@given(parts=st.lists(HTML_PIECES, min_size=1, max_size=40), encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_html_maps_back_to_its_bytes(parts: list[str], encoding: str) -> None:
    text = "".join(parts)
    raw = text.encode(encoding, errors="replace")
    try:
        document = read(raw, source="generated", media_type="text/html")
    except SourceRejected as rejected:
        assert rejected.reason  # noqa: PT017 - both outcomes are right
        return
    assert document.media_type == "text/html"
    assert_invariants(raw, document)


PAGE = """<!DOCTYPE html><html><head><title>The bridge is closed</title></head><body>
<nav><a href="/">Home</a><a href="/news">News</a></nav>
<p>The bridge was <b>closed</b> on Monday after a crack was found in it, the mayor&rsquo;s office said.</p>
<script>var teaser = "<p>The minister said on Tuesday that the plan would go ahead in spite of it.</p>";</script>
<p>Nobody was hurt, &amp; the road is to open again<!-- soon --> before the winter comes, it said.</p>
<footer>© 2019 The Daily Example. All rights reserved.</footer>"""


def test_a_page_is_extracted_as_a_browser_shows_it() -> None:
    document = read(PAGE.encode(), source="page.html")
    assert document.media_type == "text/html"
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "The bridge was closed on Monday after a crack was found in it, the mayor\u2019s office said.",
        "Nobody was hurt, & the road is to open again before the winter comes, it said.",
    ]
    assert_invariants(PAGE.encode(), document)


ARTICLE_PAGE = PAGE.replace(
    "<body>",
    "<meta property='og:title' content='The bridge &amp; the town'>"
    "<script type='application/ld+json'>"
    '{"@type": "NewsArticle", "datePublished": "2016-02-02", "author": [{"name": "Jane Doe"}]}'
    "</script></head><body><article><h1>The bridge &amp; the town</h1>"
    "<ul><li>Mission accomplished.<li>Caf&eacute; open, &#8220;he&#8221; said.<br>Yes.</ul>"
    "<pre>It was the end\nof the road.\n\nAnd the rest of us know it.</pre>"
    "<blockquote>&nbsp;No &lt;b&gt; here.</blockquote>",
)
DAMAGES = st.tuples(st.integers(0, len(ARTICLE_PAGE)), st.integers(0, 60), HTML_PIECES)


def test_a_script_inside_a_dropped_block_is_dropped_with_it() -> None:
    page = PAGE.replace("<footer>© 2019", "<footer>© <script>let x = 1;</script>2019")
    assert page != PAGE
    assert_invariants(page.encode(), read(page.encode(), source="page.html"))


@given(damages=st.lists(DAMAGES, max_size=8), repeats=st.integers(1, 3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_page_maps_back_to_its_bytes(damages: list[tuple[int, int, str]], repeats: int) -> None:
    page = ARTICLE_PAGE * repeats
    for start, size, piece in damages:
        page = page[:start] + piece + page[start + size :]
    raw = page.encode("utf-8", "replace")
    try:
        document = read(raw, source="damaged", media_type="text/html")
    except SourceRejected as rejected:
        assert rejected.reason  # noqa: PT017 - both outcomes are right
        return
    assert_invariants(raw, document)


@pytest.mark.parametrize(
    "pattern",
    [
        "<div>",
        "<p>a",
        "<td>a",
        "<a href='",
        "<!--",
        "<![CDATA[",
        "&",
        "&#",
        "&amp",
        "<script>",
        "<b>x</b> ",
        "<br>a",
        "<h1>x",
        "<",
        '="',
        "</p>",
    ],
)
def test_a_long_repetition_in_a_page_is_extracted(pattern: str) -> None:
    sentence = "<p>The minister said that the plan would go ahead in spite of it, as he had promised.</p>"
    raw = f"<html><body>{sentence}{pattern * 10_000}".encode()
    assert_invariants(raw, read(raw, source="long", media_type="text/html"))


def test_the_caller_may_declare_html_to_be_plain_text() -> None:
    raw = b"<!DOCTYPE html>\nThat is how a page of the web begins, and this &amp; that is about that very line."
    (paragraph,) = read(raw, source="x", media_type="text/plain").paragraphs
    assert paragraph.text == "That is how a page of the web begins, and this &amp; that is about that very line."


def test_given_metadata_replaces_what_the_source_says_and_has_the_origin_given() -> None:
    raw = (SEEDS / "000_3a64872121ddd60b.txt").read_bytes()
    document = read(raw, source="000", given=Given(title="Mine", authors=("Jane Doe",), url="https://example.org/"))
    metadata = document.metadata
    assert (metadata.title, metadata.authors, metadata.url) == ("Mine", ("Jane Doe",), "https://example.org/")
    assert metadata.publisher == "The Korea Times"
    assert {name: metadata.origins[name] for name in ("title", "authors", "url", "publisher")} == {
        "title": "given",
        "authors": "given",
        "url": "given",
        "publisher": "text",
    }
    assert "title" not in metadata.evidence


@given(raw=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_extracted_or_rejected(raw: bytes) -> None:
    try:
        assert_invariants(raw, read(raw, source="noise"))
    except SourceRejected as rejected:
        assert rejected.reason  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize(
    "pattern",
    [
        "a. ",
        "(a ",
        '"',
        "Dr. ",
        "word ",
        '."',
        "\n\n",
        "\n* a",
        "x,\ny ",
        "© 2019 ",
        "By A ",
        "1/1/",
        "[{",
        "。",
        "e\u0301",
    ],
)
def test_a_long_repetition_is_extracted_or_rejected(pattern: str) -> None:
    text = "The minister said that the plan would go ahead in spite of it.\n\n" + pattern * 20_000
    raw = text.encode()
    assert_invariants(raw, read(raw, source="long"))


@pytest.mark.parametrize("expected", EXPECTED_SEEDS, ids=lambda expected: expected.name)
def test_a_seed_gives_the_document_that_is_expected_of_it(expected: ExpectedSeed) -> None:
    raw = (SEEDS / expected.name).read_bytes()
    document = read(raw, source=expected.name)
    assert_invariants(raw, document)
    assert tuple(paragraph.line_start for paragraph in document.paragraphs) == expected.lines
    assert all(paragraph.line_end == paragraph.line_start for paragraph in document.paragraphs)
    metadata = document.metadata
    assert metadata.title == expected.title
    assert metadata.publisher == expected.publisher
    assert metadata.agency == expected.agency
    assert metadata.authors == ()
    assert metadata.published == expected.published
    assert metadata.url is None


def test_the_seeds_have_68_paragraphs() -> None:
    assert sum(len(expected.lines) for expected in EXPECTED_SEEDS) == 68


def test_the_cleaner_version_is_a_number() -> None:
    assert CLEANER_VERSION.isdecimal()


def test_a_glued_caption_is_dropped_from_its_paragraph() -> None:
    raw = (SEEDS / "001_4c62c3337fa9a3bc.txt").read_bytes()
    document = read(raw, source="001")
    assert document.paragraphs[1].text.endswith("military provocation by North Korea.")
    caption = next(dropped for dropped in document.dropped if dropped.rule == "caption")
    assert raw.decode()[caption.start : caption.end] == "Russia and US flags"


def test_a_short_note_of_one_line_is_kept_whole() -> None:
    document = read(b"The meeting is at noon on Friday. Bring the map.", source="note")
    assert [paragraph.text for paragraph in document.paragraphs] == ["The meeting is at noon on Friday. Bring the map."]
    assert len(document.paragraphs[0].sentences) == 2
    assert document.metadata.title is None
    assert document.dropped == ()


def test_wrapped_lines_are_joined_into_paragraphs() -> None:
    raw = (
        b"The committee met on Monday to hear what the engineers had found under\r\n"
        b"the old bridge, and it was worse than anybody in the room had feared\r\n"
        b"when the work began.\r\n\r\n"
        b"Nobody spoke for a while. Then the chairman asked how long it would be\r\n"
        b"before the road could open again, and was told that it never would.\r\n"
    )
    document = read(raw, source="wrapped")
    assert [(paragraph.line_start, paragraph.line_end) for paragraph in document.paragraphs] == [(1, 3), (5, 6)]
    assert_invariants(raw, document)


CAPITALS = (
    "WESTPORT, MARCH 4 - PORT WORKERS IN WESTPORT VOTED ON SUNDAY TO END A\n"
    "SIX-DAY STRIKE THAT HAD KEPT FORTY SHIPS WAITING OFF THE COAST. THE\n"
    "UNION'S LEADER SAID THE WORKERS HAD WON A PAY RISE OF 7 PERCENT.\n"
)


@pytest.mark.parametrize("text", [CAPITALS, CAPITALS.replace("\n", "\r\n"), CAPITALS.lower().capitalize()])
def test_hard_wrapped_text_is_one_paragraph_in_capitals_as_in_mixed_case(text: str) -> None:
    (paragraph,) = read(text.encode(), source="wire").paragraphs
    assert paragraph.text == " ".join(text.split())


def test_the_quotation_of_a_word_broken_at_a_line_end_is_its_segments() -> None:
    raw = (
        b"The harbour authority of Southport will close its northern quay, the\n"
        b"council decided on Monday evening after a debate of four hours. In-\n"
        b"spectors had found cracks in the footings of the quay last au-\n"
        b"tumn, and divers went down again.\n"
    )
    document = read(raw, source="pdf")
    assert "hours. Inspectors had found cracks in the footings of the quay last autumn" in document.paragraphs[0].text
    assert [dropped.rule for dropped in document.dropped] == ["line-end-hyphen", "line-end-hyphen"]
    assert_invariants(raw, document)


def test_ligatures_stay_in_the_quotation() -> None:
    (paragraph,) = read("The ﬁrst ofﬁce of the ﬂeet was closed on Monday, they said.".encode(), source="pdf").paragraphs
    assert paragraph.text == "The ﬁrst ofﬁce of the ﬂeet was closed on Monday, they said."


def test_escaped_line_ends_of_a_dump_are_line_ends() -> None:
    raw = (
        rb"The bridge is closed\n\nThe council met \"at noon\" and closed the old bridge.\n\nNobody was hurt, it said."
    )
    document = read(raw, source="dump")
    assert document.metadata.title == "The bridge is closed"
    assert [paragraph.text for paragraph in document.paragraphs] == [
        'The council met "at noon" and closed the old bridge.',
        "Nobody was hurt, it said.",
    ]
    assert_invariants(raw, document)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\f", "\x0b", "\x85"])
def test_a_separator_of_unicode_ends_a_paragraph(separator: str) -> None:
    lines = ["The council met at noon and closed the old bridge.", "Nobody was hurt, the mayor's office said."]
    raw = separator.join(lines).encode()
    assert [paragraph.text for paragraph in read(raw, source="copy").paragraphs] == lines


def test_a_fragment_of_html_in_a_text_file_is_read_as_html() -> None:
    raw = b"<p>The council met at noon &amp; closed the <a href='/x'>old bridge</a>.</p>\n<p>Nobody was hurt.</p>"
    document = read(raw, source="feed.txt")
    assert document.media_type == "text/html"
    assert document.paragraphs[0].text == "The council met at noon & closed the old bridge."


def test_inline_tags_in_a_text_are_left_out_of_its_paragraphs() -> None:
    raw = b"The council met <b>at noon</b> and closed the <a href='/x'>old bridge</a>.\n\nNobody was hurt, it said."
    document = read(raw, source="wordpress.txt")
    assert document.paragraphs[0].text == "The council met at noon and closed the old bridge."
    assert [dropped.rule for dropped in document.dropped] == ["markup"] * 4
    assert_invariants(raw, document)


def test_an_article_without_menus_is_kept_whole() -> None:
    lines = [
        "The bridge was closed on Monday after a crack was found in it.",
        "Mission accomplished.",
        '"It was close," he said.',
        "Nobody was hurt, and the road is to open again before the winter comes.",
    ]
    raw = "\n".join(lines).encode()
    assert [paragraph.text for paragraph in read(raw, source="plain").paragraphs] == lines


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"a\x00b", "binary"),
        (b"<?xml version='1.0'?><feed><title>The minister said that it would.</title></feed>", "XML"),
        (b"Home\nNews\nSports\n* About us\n* Contact\nPrivacy policy\n", "no paragraph"),
    ],
)
def test_a_source_without_an_article_is_rejected_with_the_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(SourceRejected, match=reason) as rejected:
        read(raw, source="bad.txt")
    assert rejected.value.source == "bad.txt"


STORY = "The harbour of Eastport was closed on Tuesday after three days of storm, its master said in a statement. " * 3


def _headline(run: str) -> str:
    return f"Harbour closed today {run}x\n\n{STORY}\n\n{STORY}"


def _masthead(run: str) -> str:
    return f"{run}x\n\nHarbour closed today\n\n{STORY}\n\n{STORY}\n\n© {run}x"


def _html(run: str) -> str:
    return f"<html><body><article><h1>Harbour</h1><p>{STORY}</p><p>{STORY}</p>{run}</article></body></html>"


@pytest.mark.parametrize("container", [_headline, _masthead, lambda run: f"{STORY}\n\n{STORY}{run}x"])
@pytest.mark.parametrize(
    "unit",
    [
        *" .-1([\"'\u2019&<A,:;/@|#©",
        *(
            "&#",
            "by ",
            "By A ",
            "1.",
            "\n ",
            "A\n",
            "\r",
            "\f",
            "A-\n",
            r"\n",
            r"\"A",
            "<b>a</b>",
            "a\t",
            "港",
            "1\n",
            "- a\n",
        ),
    ],
)
def test_reading_twice_the_text_takes_at_most_about_twice_the_work(container: Callable[[str], str], unit: str) -> None:
    count = 15_000 // len(unit)
    assert grows_linearly(_read_or_reject, container(unit * count), container(unit * 2 * count))


@pytest.mark.parametrize(
    ("unit", "wrap"),
    [
        (" ", "<pre>{}x</pre>"),
        ("\t", "<pre>{}x</pre>"),
        (" \n", "<pre>{}x</pre>"),
        (".", "<h1>{}x</h1>"),
        ("<i>a</i> ", "<p>{}</p>"),
        ("<a href=x>word</a> ", "<p>{}</p>"),
        ("&#65;", "<p>{}x</p>"),
        ("&#", "<p>{}x</p>"),
        ("<", "<p>{}x</p>"),
        ("<!--", "{}"),
        (" a=b", "<p{}"),
    ],
)
def test_reading_twice_the_page_takes_at_most_about_twice_the_work(unit: str, wrap: str) -> None:
    count = 120_000 // len(unit)
    single, double = (_html(wrap.format(unit * times)) for times in (count, 2 * count))
    assert grows_linearly(_read_or_reject, single, double)


def _read_or_reject(text: str) -> None:
    with contextlib.suppress(SourceRejected):
        read(text.encode(), source="long")


def test_a_reference_with_thousands_of_digits_rejects_the_source_by_name() -> None:
    page = _html(f"<p>{STORY}&#{'1' * 5_000};</p>").encode()
    with pytest.raises(SourceRejected, match="character reference with thousands of digits") as rejected:
        read(page, source="page.html")
    assert rejected.value.source == "page.html"


@pytest.mark.parametrize("error", [ValueError, RecursionError, IndexError, MemoryError])
def test_any_error_of_the_reader_rejects_the_source_by_name(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise error("inside")

    monkeypatch.setattr("wherefrom.index.cleaning.extract.extract_metadata", fail)
    with pytest.raises(SourceRejected) as rejected:
        read(STORY.encode(), source="story.txt")
    assert str(rejected.value) == f"story.txt: reading it failed unexpectedly ({error.__name__}); please report this"


@pytest.mark.parametrize("stamp", ["2. Februar 2016", "Publié le 2 février 2016", "February 2, 2016"])
def test_a_page_without_a_declared_date_has_the_one_that_it_shows_under_the_headline(stamp: str) -> None:
    headline = f"<h1>The bridge is closed</h1><p class='date'>{stamp}</p>"
    page = PAGE.replace("<p>The bridge was", f"{headline}<p>The bridge was")
    assert headline in page
    assert str(read(page.encode(), source="page.html").metadata.published) == "2016-02-02"


def test_invalid_bytes_are_cited_as_replacement_characters() -> None:
    raw = "Après quatre heures de débat, le conseil a décidé de fermer le vieux pont pour cinq mois.\n".encode() * 3
    raw = raw[:-20] + b"\xe9" + raw[-20:]
    document = read(raw, source="council.txt")
    assert (document.encoding, document.errors) == ("utf-8", "replace")
    assert "invalid" in document.warnings[0]
    text = raw.decode(document.encoding, document.errors)
    for paragraph in document.paragraphs:
        cited = "".join(text[span.start : span.end] for span in paragraph.segments)
        assert cited.split() == paragraph.text.split()
    assert "\ufffd" in document.paragraphs[-1].text


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_zero_characters_are_left_out_of_paragraphs(media_type: MediaType) -> None:
    prose = "The harbour authority will close its north\x00ern quay for eleven months, the council decided on Monday."
    raw = (f"<p>{prose}</p>" * 3 if media_type == "text/html" else f"{prose}\n" * 3).encode()
    document = read(raw, source="quay", media_type=media_type)
    text = raw.decode(document.encoding, document.errors)
    for paragraph in document.paragraphs:
        assert paragraph.text == prose.replace("\x00", "")
        assert "".join(text[span.start : span.end] for span in paragraph.segments) == paragraph.text


LEAD = (
    "The old bridge over the river is closed for a year, the council of Harwick said on Monday. It will be repaired"
    " by a company from Oldenhaven, which asks for two million euros."
)


def office_document(core: str, *above: str) -> Document:
    body = "".join(docx_paragraph(each) for each in (*above, LEAD, LEAD.replace("Monday", "Tuesday")))
    return extract(RawSource(name="a.docx", raw=docx(body, core=core)))


def test_a_printed_byline_and_headline_count_before_the_properties_of_an_office_file() -> None:
    core = "<dc:title>Template of the press office</dc:title><dc:creator>Jane Roe</dc:creator>"
    document = office_document(core, "Old bridge is closed", "By Mara Lind and Ole Krug", "4 March 2025")
    assert document.metadata.title == "Old bridge is closed"
    assert document.metadata.authors == ("Mara Lind", "Ole Krug")
    assert document.metadata.origins["authors"] == "text"


def test_the_properties_of_an_office_file_count_where_its_text_states_nothing() -> None:
    document = office_document("<dc:title>Old bridge is closed</dc:title><dc:creator>Jane Roe</dc:creator>")
    assert (document.metadata.title, document.metadata.authors) == ("Old bridge is closed", ("Jane Roe",))
    assert document.metadata.origins["authors"] == "properties"

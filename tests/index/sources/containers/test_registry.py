"""Every container gives back the articles that were put in, exactly cited, and nothing but results when damaged."""

import io
import random
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.containers import KINDS, ContainerKind, Story
from tests.support.library_samples import WordEmbedder
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.ingest import ingest
from wherefrom.index.library import Library
from wherefrom.index.sources.containers import limits
from wherefrom.index.sources.containers.registry import FORMATS, JSON, MAIL, detect_container
from wherefrom.index.sources.extractors.registry import is_extracted
from wherefrom.index.sources.file_formats import read_file, read_stream
from wherefrom.index.sources.read_result import ReadResult, SourceNote
from wherefrom.index.types import Heading, Paragraph, RawSource

WORDS = (
    "harbour", "quay", "council", "ferry", "island", "mayor", "inspector", "winter", "crowns", "Åland", "señor",
    "Straße", "naïve", "übermorgen", "Москва", "東京", "€900", "5,000", "“quoted”", "O'Brien", "fish&chips", "a<b",
)  # fmt: skip
WORD = st.sampled_from(WORDS)
SENTENCE = st.lists(WORD, min_size=12, max_size=30).map(lambda words: f"The {' '.join(words)} said so.")
PARAGRAPH = st.lists(SENTENCE, min_size=2, max_size=3).map(" ".join)


@st.composite
def stories(draw: st.DrawFn) -> list[Story]:
    """Two to four different stories."""
    count = draw(st.integers(2, 4))
    return [
        Story(
            title=f"Northern quay number {number} closes for eleven months",
            author=draw(st.sampled_from(("Mara Lind", "Ole Grund", "Jörg Salden"))),
            published=draw(st.dates(date(1995, 1, 1), date(2024, 12, 31))),
            paragraphs=tuple(f"Story {number}: {text}" for text in draw(st.lists(PARAGRAPH, min_size=3, max_size=4))),
        )
        for number in range(count)
    ]


SAMPLE = [
    Story(
        title=f"Northern quay number {number} closes for eleven months",
        author="Mara Lind",
        published=date(2024, 3, number + 1),
        paragraphs=tuple(
            f"In story {number} the harbour authority of Southport said in part {part} that it will close "
            "the northern quay for eleven months, since inspectors had found cracks. The council agreed on Monday."
            for part in range(4)
        ),
    )
    for number in range(3)
]


def read_kind(kind: ContainerKind, data: bytes, folder: Path) -> list[ReadResult]:
    path = folder / f"file{kind.suffix}"
    path.write_bytes(data)
    return list(read_file(path, path.name))


def articles(results: list[ReadResult]) -> list[RawSource]:
    assert [result for result in results if isinstance(result, SourceRejected)] == []
    return [result for result in results if isinstance(result, RawSource)]


@pytest.mark.parametrize("name", KINDS)
@given(written=stories())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_articles_of_a_container_come_back_whole_and_in_order(
    tmp_path: Path, name: str, written: list[Story]
) -> None:
    kind = KINDS[name]
    read = articles(read_kind(kind, kind.build(written), tmp_path))
    expected = written[:1] if kind.holds_one else written
    assert [article.raw.decode().split() for article in read] == [kind.own_text(story).split() for story in expected]
    for article, story in zip(read, expected, strict=True):
        check_citations(article, story, has_wrapped_lines=name == "Nexis")


def check_citations(article: RawSource, story: Story, *, has_wrapped_lines: bool) -> None:
    """All the story's words are cited in order by the characters at which they stand, and its paragraphs whole.

    Where lines are wrapped, one that begins as a quotation does may begin a paragraph, and be below a subhead.
    """
    document = extract(article)
    source = document.raw.decode(document.encoding, document.errors)
    texts: list[Paragraph | Heading] = [*document.paragraphs, *document.headings]
    cited = sorted(texts, key=lambda each: each.segments[0].start)
    for each in cited:
        found = "".join(source[span.start : span.end] for span in each.segments)
        found = unescape(found) if document.media_type == "text/html" else found
        assert found.split() == each.text.split()
    text = " ".join(each.text for each in cited)
    assert " ".join(story.paragraphs) in text.replace(" TD ", " ")  # a code in exports of Factiva
    if not has_wrapped_lines:
        assert [text for text in story.paragraphs if not any(text in each.text for each in document.paragraphs)] == []


@pytest.mark.parametrize("name", sorted(KINDS.keys() - {"sequence", "saved page", "WARC", "compressed WARC"}))
def test_headers_are_metadata(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]
    read = articles(read_kind(kind, kind.build(SAMPLE), tmp_path))
    for article, story in zip(read, SAMPLE, strict=False):
        given_values = (article.given.title, article.given.authors, article.given.published)
        assert given_values == (story.title, (story.author,), story.published)


@pytest.mark.parametrize("name", ["Nexis", "Factiva", "ProQuest", "sequence"])
def test_an_article_of_a_text_is_the_bytes_that_its_name_gives(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]
    data = kind.build(SAMPLE)
    for article in articles(read_kind(kind, data, tmp_path)):
        start, end = map(int, article.name.rpartition(":")[2].split("-"))
        assert article.raw == data[start:end]


def test_the_articles_of_every_kind_are_indexed_and_each_citation_holds(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "data", embedder=WordEmbedder())
    folder = tmp_path / "stories"
    folder.mkdir()
    for number, (name, kind) in enumerate(KINDS.items()):
        told_apart = [
            Story(
                title=story.title,
                author=story.author,
                published=story.published,
                paragraphs=tuple(f"{name} {paragraph}" for paragraph in story.paragraphs),
            )
            for story in SAMPLE
        ]
        host = b"couri%02d.example" % number  # of the same length, since records say how long they are
        data = kind.build(told_apart).replace(b"courier.example", host)
        (folder / f"{number}{kind.suffix}").write_bytes(data)
    results = ingest(library, [folder])
    assert [result.error for result in results if result.error] == []
    assert len(list(library.documents())) == sum(1 if kind.holds_one else len(SAMPLE) for kind in KINDS.values())
    assert library.verify().mismatches == ()
    assert {result.change for result in ingest(library, [folder])} == {"unchanged"}


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_container_gives_results_and_no_errors(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]
    chance = random.Random(name)
    data = kind.build(SAMPLE)
    for _ in range(25):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(damaged))
            match chance.randrange(4):
                case 0:
                    damaged[place] = chance.randrange(256)
                case 1:
                    del damaged[place : place + chance.randrange(1, 50)]
                case 2:
                    damaged[place:place] = damaged[: chance.randrange(1, 200)]
                case _:
                    del damaged[max(place, 10) :]
        results = read_kind(kind, bytes(damaged), tmp_path)
        assert all(isinstance(result, RawSource | SourceRejected | SourceNote) for result in results)
        assert not any("unexpectedly" in str(result) for result in results)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].suffix != ".txt"])
def test_a_stream_is_told_by_its_beginning(name: str) -> None:
    kind = KINDS[name]
    if name == "TSV":
        pytest.skip("a table without a suffix is told by its header, as the one of CSV is")
    read = articles(list(read_stream(io.BytesIO(kind.build(SAMPLE)), "-")))
    assert len(read) == (1 if kind.holds_one else len(SAMPLE))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b'{\n "text": "a"}', JSON),
        (b"Subject: a\r\nFrom: b\r\nTo: c\r\n\r\nd", MAIL),
        (b"Subject: the quay\n\nIt closes.", None),
        (b"The mayor said: we close, and the ferries leave.\n", None),
        (b"<html><body><p>A page.</p></body></html>", None),
        (b"[The mayor] said so.", None),
    ],
)
def test_a_text_is_no_container(start: bytes, kind: object) -> None:
    assert detect_container(start) is kind


def test_every_format_has_a_reader() -> None:
    for each in FORMATS:
        for result in each.read(io.BytesIO(b"\n"), "x"):
            if isinstance(result, RawSource):  # its extractor says what is wrong
                assert is_extracted(result.media_type)
                with pytest.raises(SourceRejected):
                    extract(result)
            else:
                assert isinstance(result, SourceRejected)


def test_a_container_ends_at_the_limit_of_its_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wherefrom.index.sources.containers.registry.MAX_ENTRIES", 2)
    *read, last = read_kind(KINDS["RSS"], KINDS["RSS"].build(SAMPLE), tmp_path)
    assert isinstance(last, SourceRejected)
    assert "more than 2 entries" in str(last)
    assert len(read) == 3


@pytest.mark.parametrize("name", ["mail", "saved page", "RSS", "JSON"])
def test_a_container_beyond_the_size_limit_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(limits, "MAX_SOURCE_BYTES", 500)
    (error,) = read_kind(KINDS[name], KINDS[name].build(SAMPLE), tmp_path)
    assert isinstance(error, SourceRejected)
    assert "more than 500 bytes" in str(error)

"""Articles of a text are exact bytes of it, in any encoding."""

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.press.press_archives import read_markdown, read_text
from wherefrom.index.sources.encodings.encoding_detection import decode
from wherefrom.index.types import RawSource

PROSE = "Les inspecteurs avaient trouvé des fissures à l'été, a dit le maire très inquiet de la région. " * 8
STORY = "Southport ferme son quai nord\nPar Mara Lind\n4 mars 2024\n\n{}\n\n"
TEXT = "".join(STORY.format(f"{number}: {PROSE}") for number in range(3))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_slice_is_exact_in_every_encoding(encoding: str) -> None:
    raw = TEXT.encode(encoding)
    articles = [article for article in read_text(raw, "x.txt") if isinstance(article, RawSource)]
    assert [decode(article.raw, source="x").text for article in articles] == [
        STORY.format(f"{number}: {PROSE}").strip() for number in range(3)
    ]
    for article in articles:
        start, end = map(int, article.name.removeprefix("x.txt:").split("-"))
        assert article.raw == raw[start:end]


def test_an_article_whose_bytes_tell_no_encoding_is_converted_and_says_so() -> None:
    text = TEXT + STORY.format("word " * 60 + "Ž")
    raw = text.encode("cp1252")
    last = list(read_text(raw, "x.txt"))[-1]
    assert isinstance(last, RawSource)
    assert decode(last.raw, source="x").text.endswith("Ž")
    assert last.name.startswith("x.txt:")


def test_a_text_of_one_article_is_the_file() -> None:
    for raw in (PROSE.encode(), b"", b"\x00\x01" * 200):
        (article,) = read_text(raw, "x.txt")
        assert article == RawSource(name="x.txt", raw=raw)


def test_a_document_without_text_costs_no_other() -> None:
    head = b"\n1 of 2 DOCUMENTS\n\nLENGTH: 0 words\n\nLOAD-DATE: x\n\n2 of 2 DOCUMENTS\n\nLENGTH: 3 words\n\n"
    export = head + b"The quay closes.\n" + b" " * 200
    first, second = read_text(export, "x.txt")
    assert isinstance(first, SourceRejected)
    assert isinstance(second, RawSource)
    assert second.raw == b"The quay closes."


def test_the_stories_of_a_markdown_file_are_divided_unless_it_has_front_matter() -> None:
    story = f"# Le quai fermé\n\n*Par Mara Lind, 4 mars 2024*\n\n{PROSE}\n\n"
    raw = (story * 2).encode()
    assert [each for each in read_markdown(raw, "x.md") if isinstance(each, RawSource)] == [
        RawSource(name=f"x.md:{start}-{end}", raw=story.strip().encode(), media_type="text/markdown")
        for start in (0, len(raw) // 2)
        for end in (start + len(story.strip().encode()),)
    ]
    declared = b"---\ntitle: Le quai\n---\n" + raw
    assert list(read_markdown(declared, "x.md")) == [RawSource(name="x.md", raw=declared, media_type="text/markdown")]

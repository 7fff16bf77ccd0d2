from datetime import date

from tests.support.pages import BODY, page_of
from wherefrom.index.cleaning.metadata.extract_metadata import extract_metadata

TEXT = f"Old bridge is to close for the winter\nBy Jane Doe\nPosted : 2016-02-02 16:54\n\n{BODY}\nSource: AFP\n"


def test_every_value_has_the_place_that_it_was_read_from() -> None:
    metadata, _ = extract_metadata(page_of(TEXT))
    read = {name: tuple(TEXT[span.start : span.end] for span in spans) for name, spans in metadata.evidence.items()}
    assert read == {
        "title": ("Old bridge is to close for the winter",),
        "authors": ("Jane Doe",),
        "published": ("2016-02-02",),
        "agency": ("AFP",),
    }
    assert metadata.published == date(2016, 2, 2)


def test_a_text_that_says_nothing_of_itself_has_no_metadata() -> None:
    metadata, uses = extract_metadata(page_of(BODY))
    assert (metadata.title, metadata.publisher, metadata.agency, metadata.published) == (None, None, None, None)
    assert metadata.authors == ()
    assert metadata.evidence == {}
    assert uses == {}


def test_the_blocks_that_were_read_are_named_by_their_use() -> None:
    _, uses = extract_metadata(page_of(TEXT))
    assert sorted(uses.values()) == ["byline", "credit", "stamp", "title"]

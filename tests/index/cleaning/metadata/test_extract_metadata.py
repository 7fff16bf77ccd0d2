from datetime import date

from tests.support.pages import BODY, page_of
from wherefrom.index.cleaning.metadata.extract_metadata import extract_metadata

TEXT = f"Old bridge is to close for the winter\nBy Jane Doe\nPosted : 2016-02-02 16:54\n\n{BODY}\nSource: AFP\n"


def test_every_value_has_the_span_it_was_read_from() -> None:
    metadata, _ = extract_metadata(page_of(TEXT))
    slices = {name: tuple(TEXT[span.start : span.end] for span in spans) for name, spans in metadata.evidence.items()}
    assert slices == {
        "title": ("Old bridge is to close for the winter",),
        "authors": ("Jane Doe",),
        "published": ("2016-02-02",),
        "agency": ("AFP",),
    }
    assert metadata.published == date(2016, 2, 2)


def test_a_text_without_metadata_has_none() -> None:
    metadata, rules = extract_metadata(page_of(BODY))
    assert (metadata.title, metadata.publisher, metadata.agency, metadata.published) == (None, None, None, None)
    assert metadata.authors == ()
    assert metadata.evidence == {}
    assert rules == {}


def test_blocks_that_a_value_was_read_from_have_its_rule() -> None:
    _, rules = extract_metadata(page_of(TEXT))
    assert sorted(rules.values()) == ["byline", "credit", "stamp", "title"]

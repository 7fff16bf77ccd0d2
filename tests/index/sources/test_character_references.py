import html

import pytest

from wherefrom.index.sources.character_references import UnreadableReference, resolve_references


@pytest.mark.parametrize("text", ["a &amp; b", "&eacute;", "&#233;", "&#xE9", "&notit;", "&#0;", "&", "&#"])
def test_references_are_resolved_as_the_standard_library_does(text: str) -> None:
    assert resolve_references(text) == html.unescape(text)


def test_a_reference_with_thousands_of_digits_cannot_be_resolved() -> None:
    with pytest.raises(UnreadableReference, match="thousands of digits"):
        resolve_references(f"&#{'1' * 5_000};")

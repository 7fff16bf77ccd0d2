"""Language tags are spelled as BCP 47 does; names of languages are no tags."""

import pytest

from wherefrom.index.text.language_tags import language_ranges, language_tag


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("en", "en"),
        ("EN_us", "en-US"),
        ("pt-br", "pt-BR"),
        ("zh_hant_TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("gsw", "gsw"),
        ("English", None),
        ("und", None),
        ("x", None),
        ("", None),
        ("en us", None),
        ("en-", None),
        ("e\u0301n", None),
    ],
)
def test_a_tag_has_its_usual_spelling_and_nothing_else_is_one(given: str, tag: str | None) -> None:
    assert language_tag(given) == tag


def test_a_tag_lies_in_the_ranges_of_its_beginnings() -> None:
    assert language_ranges("zh-Hant-TW") == ("zh", "zh-hant", "zh-hant-tw")
    assert language_ranges("en") == ("en",)

from tests.support.paths import ROOT
from wherefrom.index.sources.containers.scraped.field_aliases import ALIASES, FIELDS, field_of, folded


def test_names_are_compared_without_case_and_punctuation() -> None:
    assert field_of("articleBody") == field_of("article_body") == field_of("Article Body") == "text"
    assert field_of("keywords") is None


def test_no_name_stands_for_two_fields() -> None:
    names = [folded(name) for names in ALIASES.values() for name in names]
    assert len(set(names)) == len(FIELDS)
    for field, aliases in ALIASES.items():
        assert {field_of(name) for name in aliases} == {field}


def test_the_guide_lists_every_name() -> None:
    guide = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    missing = [name for names in ALIASES.values() for name in names if f"`{name}`" not in guide]
    assert missing == []

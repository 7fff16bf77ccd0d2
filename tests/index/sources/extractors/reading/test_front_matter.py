"""Front matter."""

from datetime import date

import pytest

from wherefrom.index.sources.extractors.reading.front_matter import has_front_matter, read_front_matter
from wherefrom.index.types import Given


def given(lines: str, fence: str = "---") -> Given:
    return read_front_matter(f"{fence}\n{lines}\n{fence}\nText.").properties


def test_fields_are_metadata_under_their_usual_names() -> None:
    properties = given(
        "title: 'No: 5'\nauthor:\n  - name: Jane Roe\n  - '[[Tom Grell]]'\ndate: 2024-03-04 10:00:00\n"
        "source: https://a.example/b\nsite: The Courier\nlang: en"
    )
    assert properties == Given(
        title="No: 5",
        authors=("Jane Roe", "Tom Grell"),
        published=date(2024, 3, 4),
        url="https://a.example/b",
        publisher="The Courier",
        language="en",
    )


def test_a_source_that_is_no_address_is_the_publisher() -> None:
    assert given("title: A\nsource: The Courier").publisher == "The Courier"


def test_other_fields_are_further_ones_of_their_kind() -> None:
    properties = given("tags: [a, 'b']\nyear: 2016\ndraft: false\nscore: 1.5\ncreated: 2024-01-02\nempty:")
    assert properties.extra == {
        "tags": ("a", "b"), "year": 2016, "draft": False, "score": 1.5, "created": "2024-01-02"
    }  # fmt: skip


def test_a_date_that_is_not_clear_stays_as_it_is_written() -> None:
    properties = given("title: A\ndate: 03/04/2024")
    assert properties.published is None
    assert properties.extra == {"date": "03/04/2024"}


def test_a_title_is_taken_as_it_is_written() -> None:
    assert given("title: 2024").title == "2024"
    assert given("title: no").title == "no"


def test_toml_is_read_too() -> None:
    properties = given('title = "A"\ndate = 2024-03-04', "+++")
    assert (properties.title, properties.published) == ("A", date(2024, 3, 4))


def test_yaml_that_is_not_valid_is_read_line_by_line_and_told() -> None:
    front_matter = read_front_matter("---\ntitle: The quay: closed\nauthor: Jane Roe\n---\nText.")
    assert front_matter.properties.title == "The quay: closed"
    assert front_matter.properties.authors == ("Jane Roe",)
    assert "no valid YAML" in front_matter.warnings[0]


@pytest.mark.parametrize(
    "text", ["---\n\nText\n\n---\n", "Text", "---\ntitle: A\nno end", "---\nJust a sentence.\n---\n"]
)
def test_what_is_no_front_matter(text: str) -> None:
    assert not has_front_matter(text)
    assert read_front_matter(text).end == 0


def test_aliases_are_no_copies() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    front_matter = read_front_matter("---\ntitle: A\n" + "\n".join(lines) + "\n---\nText.")
    assert front_matter.properties.title == "A"

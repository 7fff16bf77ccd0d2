"""JSON as pages write it is read; a string whose end is a guess is not."""

import pytest

from tests.support.work import grows_linearly
from wherefrom.index.cleaning.metadata.markup.json_repair import parse_json

ARTICLE = '{"headline": "The mill", "datePublished": "2024-03-04"}'
READ = {"headline": "The mill", "datePublished": "2024-03-04"}


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/*<![CDATA[*/{ARTICLE}/*]]>*/",
        f"<![CDATA[{ARTICLE}]]>",
        f"<!--\n{ARTICLE}\n-->",
        f"<!-- //\n{ARTICLE}\n// -->",
        f"{ARTICLE};",
        f"{ARTICLE}\n}}",
        f"{ARTICLE}]}}",
        f"{ARTICLE}{ARTICLE}",
        '{"headline": "The mill", "datePublished": "2024-03-04",}',
        '{"headline": "The mill", /* the day */ "datePublished": "2024-03-04"}',
        '{"headline": "The mill", // the day\n"datePublished": "2024-03-04"}',
        '{"headline": "The mill",, "datePublished": "2024-03-04"}',
        '{"headline": "The mill", "datePublished": "2024-03-04"',
    ],
)
def test_what_pages_write_around_and_between_values_is_left_out(script: str) -> None:
    assert parse_json(script) == READ


@pytest.mark.parametrize(
    "headline",
    ['"Closed" until May', 'The "old" mill', 'The mill, "old"', 'He said "no", and left', 'A "mill": closed'],
)
def test_a_string_with_unescaped_quotation_marks_is_none_and_the_rest_is_read(headline: str) -> None:
    script = f'{{"headline": "{headline}", "author": {{"name": "Mara Lind"}}, "tags": ["a", "b"]}}'
    assert parse_json(script) == {"headline": None, "author": {"name": "Mara Lind"}, "tags": ["a", "b"]}


def test_an_address_is_no_comment() -> None:
    assert parse_json('{"url": "https://courier.example/1", "name": "x",}') == {
        "url": "https://courier.example/1",
        "name": "x",
    }


@pytest.mark.parametrize("script", ["", "nonsense here", "{", '{"a', "[" * 2_000, "<!-- -->", '"'])
def test_what_is_no_json_gives_no_article(script: str) -> None:
    assert not isinstance(parse_json(script), dict) or parse_json(script) == {}


@pytest.mark.parametrize("part", ['"', '",\n', '" , ', "{", "/* ", "<!-- ", "// ", '{"a":', " "])
def test_broken_json_is_read_in_linear_time(part: str) -> None:
    single, double = ('{"a": "' + part * times for times in (20_000, 40_000))
    assert grows_linearly(parse_json, single, double)

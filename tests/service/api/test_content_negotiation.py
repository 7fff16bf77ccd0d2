import pytest
from starlette.datastructures import Headers

from wherefrom.service.api.content_negotiation import preferred_type

OFFERED = ("application/x-ndjson", "application/json")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", 0),
        ("*/*", 0),
        ("application/*", 0),
        ("application/json", 1),
        ("APPLICATION/JSON", 1),
        ("text/html, application/json;q=0.1", 1),
        ("application/json;q=0.5, application/x-ndjson;q=0.4", 1),
        ("application/json, */*;q=0.1", 1),
        ("application/x-ndjson;q=0, */*", 1),
        ("application/json;q=much", 1),
        ("text/html", 0),
        (";;,,", 0),
    ],
)
def test_the_most_specific_range_gives_the_weight_of_a_type(accept: str, expected: int) -> None:
    assert preferred_type(Headers({"accept": accept}), OFFERED) == OFFERED[expected]


def test_several_headers_count_as_one() -> None:
    headers = Headers(raw=[(b"accept", b"text/html"), (b"accept", b"application/json")])
    assert preferred_type(headers, OFFERED) == "application/json"


def test_without_a_header_the_first_type_is_sent() -> None:
    assert preferred_type(Headers({}), OFFERED) == OFFERED[0]

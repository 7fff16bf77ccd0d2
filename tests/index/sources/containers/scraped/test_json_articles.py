"""A JSON file holds one article, a list of them, or an object around one list."""

import io
import json

import pytest

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.containers.scraped.json_articles import read_json
from wherefrom.index.sources.read_result import ReadResult
from wherefrom.index.types import RawSource

ONE = {"text": "The quay closes in May.", "title": "Quay"}
TWO = {"body": "The mill burned down.", "title": "Mill"}


def read(value: object) -> list[ReadResult]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read_json(io.BytesIO(data), "x.json"))


def names(value: object) -> list[str]:
    return [result.name for result in read(value) if isinstance(result, RawSource)]


def test_one_article_has_the_name_of_the_file() -> None:
    assert names(ONE) == ["x.json"]


@pytest.mark.parametrize(
    "value",
    [
        [ONE, TWO],
        {"articles": [ONE, TWO], "total": 2, "tags": ["a"]},
        {"response": {"docs": [ONE, TWO]}},
        {"hits": {"total": 2, "hits": [{"_id": "1", "_source": ONE}, {"_id": "2", "_source": TWO}]}},
        {"a1": ONE, "a2": TWO},
        [[], ONE, TWO][1:],
    ],
)
def test_articles_of_a_list_are_named_by_their_position(value: object) -> None:
    assert names(value) == ["x.json:1", "x.json:2"]


def test_lines_of_objects_are_json_lines() -> None:
    data = json.dumps(ONE).encode() + b"\n" + json.dumps(TWO).encode() + b"\n"
    assert names(data) == ["x.json:1", "x.json:2"]


def test_an_entry_that_is_wrong_costs_no_other() -> None:
    results = read([ONE, 7, {"text": 7}, TWO])
    assert [isinstance(result, SourceRejected) for result in results] == [False, True, True, False]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (
            b'[{"text": "Ben mended it.", "n": ' + b"7" * 5_000 + b"}]",
            "^.*whole number in this JSON has too many digits$",
        ),
        ({"name": "left-pad", "version": "1"}, "holds no article; its fields are name, version"),
        ({"news": [ONE], "sport": [TWO]}, "more than one list of articles"),
        (b'"text"', "holds no article"),
    ],
)
def test_what_holds_no_article_is_refused(value: object, reason: str) -> None:
    with pytest.raises(SourceRejected, match=reason):
        read(value)


def test_another_encoding_is_detected() -> None:
    data = json.dumps({"text": "Fissures trouvées à l'été."}, ensure_ascii=False).encode("utf-16")
    (article,) = read(data)
    assert isinstance(article, RawSource)
    assert article.raw.decode() == "Fissures trouvées à l'été."

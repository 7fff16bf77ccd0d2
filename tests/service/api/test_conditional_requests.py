import pytest
from starlette.datastructures import Headers

from wherefrom.index.errors import PreconditionFailed
from wherefrom.index.storage.writer import ABSENT
from wherefrom.service.api.conditional_requests import entity_tag, expected_etag, is_unchanged
from wherefrom.service.errors import MalformedHeader


def expected(headers: dict[str, str], stored: str | None = "aa") -> str | None:
    return expected_etag(Headers(headers), "x", stored)


def test_a_change_without_conditions_is_for_any_state() -> None:
    assert expected({}) is None
    assert expected({"if-match": ""}) is None


def test_a_change_is_for_the_state_that_is_there_if_it_is_among_those_named() -> None:
    assert expected({"if-match": '"aa"'}) == "aa"
    assert expected({"if-match": '"b,b" , "aa"'}) == "aa"
    assert expected({"if-match": "*"}) == "aa"
    assert expected({"if-none-match": "*"}) == ABSENT


@pytest.mark.parametrize("given", ['"bb"', 'W/"aa"', '""', '"a", "a"'])
def test_a_change_for_another_state_is_refused(given: str) -> None:
    with pytest.raises(PreconditionFailed):
        expected({"if-match": given})


@pytest.mark.parametrize("given", ["*", '"aa"'])
def test_a_change_of_a_document_that_is_not_there_is_refused(given: str) -> None:
    with pytest.raises(PreconditionFailed, match="no such document"):
        expected({"if-match": given}, None)


@pytest.mark.parametrize("given", ["aa", '"aa', '"a""b"', '"aa",', "*, *", 'w/"aa"', '"a\x00"', '"aa" "bb"'])
def test_what_is_no_entity_tag_is_refused_by_the_name_of_its_header(given: str) -> None:
    with pytest.raises(MalformedHeader, match="If-Match"):
        expected({"if-match": given})
    with pytest.raises(MalformedHeader, match="If-None-Match"):
        is_unchanged(Headers({"if-none-match": given}), "aa")


def test_a_change_takes_no_other_form_of_if_none_match() -> None:
    with pytest.raises(MalformedHeader, match="If-None-Match: a change takes only"):
        expected({"if-none-match": '"aa"'})


def test_a_state_is_known_by_a_weak_tag_too() -> None:
    for given in ("*", entity_tag("aa"), 'W/"aa"', '"bb", "aa"'):
        assert is_unchanged(Headers({"if-none-match": given}), "aa")
    for given in ("", '"bb"'):
        assert not is_unchanged(Headers({"if-none-match": given}), "aa")


def test_a_header_sent_twice_is_one_list() -> None:
    headers = Headers(raw=[(b"if-match", b'"bb"'), (b"if-match", b'"aa"')])
    assert expected_etag(headers, "x", "aa") == "aa"

import pytest
from starlette.datastructures import Headers

from wherefrom.index.errors import PreconditionFailed
from wherefrom.service.api.conditional_requests import entity_tag, is_unchanged, precondition
from wherefrom.service.errors import MalformedHeader


def check(headers: dict[str, str], stored: str | None = "aa") -> None:
    """Check the precondition of a change of the document "x" whose etag is `stored`."""
    condition = precondition(Headers(headers), "x")
    if condition is not None:
        condition(stored)


def test_a_change_without_conditions_has_no_precondition() -> None:
    assert precondition(Headers({}), "x") is None
    assert precondition(Headers({"if-match": ""}), "x") is None


def test_a_change_is_allowed_if_the_stored_etag_is_among_those_named() -> None:
    check({"if-match": '"aa"'})
    check({"if-match": '"b,b" , "aa"'})
    check({"if-match": "*"})
    check({"if-none-match": "*"}, stored=None)


def test_a_change_for_a_new_document_is_refused_if_there_is_one() -> None:
    with pytest.raises(PreconditionFailed):
        check({"if-none-match": "*"})


@pytest.mark.parametrize("stored", [None, "aa"])
@pytest.mark.parametrize("given", ["*", '"aa"', '"bb"'])
def test_both_conditions_must_hold_and_never_do(given: str, stored: str | None) -> None:
    with pytest.raises(PreconditionFailed):
        check({"if-match": given, "if-none-match": "*"}, stored)


@pytest.mark.parametrize("given", ['"bb"', 'W/"aa"', '""', '"a", "a"'])
def test_a_change_for_another_state_is_refused(given: str) -> None:
    with pytest.raises(PreconditionFailed):
        check({"if-match": given})


@pytest.mark.parametrize("given", ["*", '"aa"'])
def test_a_change_of_a_missing_document_is_refused(given: str) -> None:
    with pytest.raises(PreconditionFailed, match="no such document"):
        check({"if-match": given}, None)


@pytest.mark.parametrize("given", ["aa", '"aa', '"a""b"', '"aa",', "*, *", 'w/"aa"', '"a\x00"', '"aa" "bb"'])
def test_a_malformed_entity_tag_is_refused_by_the_name_of_its_header(given: str) -> None:
    with pytest.raises(MalformedHeader, match="If-Match"):
        check({"if-match": given})
    with pytest.raises(MalformedHeader, match="If-None-Match"):
        is_unchanged(Headers({"if-none-match": given}), "aa")


def test_a_change_accepts_only_a_star_in_if_none_match() -> None:
    with pytest.raises(MalformedHeader, match="If-None-Match: a change takes only"):
        check({"if-none-match": '"aa"'})


def test_a_weak_tag_matches_an_unchanged_state() -> None:
    for given in ("*", entity_tag("aa"), 'W/"aa"', '"bb", "aa"'):
        assert is_unchanged(Headers({"if-none-match": given}), "aa")
    for given in ("", '"bb"'):
        assert not is_unchanged(Headers({"if-none-match": given}), "aa")


def test_a_header_sent_twice_is_one_list() -> None:
    headers = Headers(raw=[(b"if-match", b'"bb"'), (b"if-match", b'"aa"')])
    condition = precondition(headers, "x")
    assert condition is not None
    condition("aa")
    with pytest.raises(PreconditionFailed):
        condition("cc")

"""HTML is split into tokens that tile it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.sources.html_tokenizer import tokenize

PIECES = st.sampled_from(
    ["<", ">", "</", "/>", "<p", "<a href=", '"', "'", "=", " ", "x", "<!--", "-->", "<!", "<?", "<script>", "</script",
     "<title>", "</title>", "&lt;", "\n", "é", "<meta content=\"a>b\" name=x>"]
)  # fmt: skip


@given(st.lists(PIECES).map("".join))
def test_tokens_tile_the_page(page: str) -> None:
    edge = 0
    for token in tokenize(page):
        assert token.start == edge < token.end
        edge = token.end
    assert edge == len(page)


def test_a_tag_gives_its_attribute_values() -> None:
    page = "<META Property=og:title content='A &amp; B' / x>"
    (token,) = tokenize(page)
    assert (token.kind, token.name) == ("open", "meta")
    assert token.value(page, "content") == "A & B"
    assert token.value(page, "property") == "og:title"
    assert token.value(page, "missing") is None


@pytest.mark.parametrize("end", ["</script>", "</SCRIPT >", "</script/x>"])
def test_a_script_ends_only_at_its_own_end_tag(end: str) -> None:
    page = f"<script>'</b>' </scripted> <!-- {end}yes"
    kinds = [token.kind for token in tokenize(page)]
    assert kinds == ["open", "raw", "close", "text"]

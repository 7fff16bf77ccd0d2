"""Words that one text took from another are found again, in their order."""

from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.cleaning.body.alignment import matched_words

TEXT = "home news sport the bridge was closed on monday mission accomplished nobody was hurt in it share home"
PAGE = TEXT.split()
WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=60)


def matched(ours: list[str], theirs: list[str]) -> list[str]:
    return [word for word, found in zip(ours, matched_words(ours, theirs), strict=True) if found]


def test_the_words_of_a_part_are_matched_and_no_others() -> None:
    body = PAGE[3:16]
    assert matched(PAGE, body) == body


def test_what_was_left_out_in_the_middle_is_not_matched() -> None:
    theirs = PAGE[3:9] + PAGE[11:16]
    assert matched(PAGE, theirs) == theirs


def test_a_short_sentence_between_two_others_is_matched() -> None:
    ours = [*PAGE[3:9], "advertisement", *PAGE[9:11], "advertisement", *PAGE[11:16]]
    assert matched(ours, PAGE[3:16]) == PAGE[3:16]


def test_of_a_text_that_is_said_twice_the_first_is_matched() -> None:
    body = PAGE[3:16]
    assert matched_words([*body, "again", *body], body) == [True] * 13 + [False] * 14


@given(ours=WORDS, theirs=WORDS)
def test_never_more_is_matched_than_there_is(ours: list[str], theirs: list[str]) -> None:
    found = matched(ours, theirs)
    assert len(found) <= len(theirs)
    rest = iter(theirs)
    assert all(word in rest for word in found)

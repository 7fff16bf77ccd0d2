"""The words that one text took from another are matched, in their order."""

from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.cleaning.body.html.alignment import matched_words

TEXT = "home news sport the bridge was closed on monday mission accomplished nobody was hurt in it share home"
PAGE = TEXT.split()
WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]), max_size=60)


def matched(ours: list[str], theirs: list[str]) -> list[str]:
    return [word for word, is_matched in zip(ours, matched_words(ours, theirs), strict=True) if is_matched]


def test_only_the_words_of_the_extracted_part_are_matched() -> None:
    body = PAGE[3:16]
    assert matched(PAGE, body) == body


def test_words_omitted_in_the_middle_are_not_matched() -> None:
    theirs = PAGE[3:9] + PAGE[11:16]
    assert matched(PAGE, theirs) == theirs


def test_a_short_sentence_between_two_others_is_matched() -> None:
    ours = [*PAGE[3:9], "advertisement", *PAGE[9:11], "advertisement", *PAGE[11:16]]
    assert matched(ours, PAGE[3:16]) == PAGE[3:16]


def test_of_a_repeated_text_the_first_occurrence_is_matched() -> None:
    body = PAGE[3:16]
    assert matched_words([*body, "again", *body], body) == [True] * 13 + [False] * 14


@given(ours=WORDS, theirs=WORDS)
def test_the_matched_words_are_a_subsequence_of_the_other_text(ours: list[str], theirs: list[str]) -> None:
    words = matched(ours, theirs)
    assert len(words) <= len(theirs)
    remaining = iter(theirs)
    assert all(word in remaining for word in words)

import numpy as np
import pytest

from wherefrom.index.arrays import Matrix
from wherefrom.index.scoring.near_duplicates import MAX_COMPARED_CHARACTERS, close_pairs, group_duplicates, same_passage

WIRE = "The ministry said on Tuesday that 27,000 troops would stay in the country until the talks are over."


def alike(count: int) -> Matrix:
    """So many vectors that are all close to each other."""
    vectors = np.full((count, 8), 1.0, dtype=np.float32)
    vectors[:, 0] += np.arange(count) * 0.01
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


@pytest.mark.parametrize(
    "other",
    [
        WIRE.upper(),
        WIRE.replace("on Tuesday ", ""),
        WIRE.replace("The ministry", "The defence ministry"),
        WIRE.replace(" ", "\u00a0 "),
    ],
)
def test_a_touched_up_copy_is_the_same_passage(other: str) -> None:
    assert same_passage(WIRE, other)


@pytest.mark.parametrize(
    "dateline",
    [
        "SEOUL, Feb. 2 (Yonhap) -- ",
        "SEOUL, Feb. 2, 2016 (AP) - ",
        "SEOUL, 2 February 2016 \u2014 ",
        "Seoul, 2 Feb (Reuters) - ",
        "NEW YORK, March 12, 2016 (AFP): ",
    ],
)
def test_a_copy_with_a_dateline_is_the_same_passage(dateline: str) -> None:
    assert same_passage(WIRE, dateline + WIRE)
    assert same_passage("SEOUL, Feb. 3 (AP) - " + WIRE, dateline + WIRE)
    assert not same_passage(WIRE, dateline + WIRE.replace("27,000", "28,500"))


def test_the_same_report_of_another_day_is_another_passage() -> None:
    report = "South Korean stocks opened lower on Tuesday as investors took profits from recent gains, analysts said."
    first, second = "SEOUL, Feb. 2 (Yonhap) -- " + report, "SEOUL, Feb. 3 (Yonhap) -- " + report
    assert same_passage(first, second)
    assert same_passage(first, report.replace("Tuesday", "Wednesday"))
    assert not same_passage(first, second.replace("Tuesday", "Wednesday"))


@pytest.mark.parametrize("opening", ["USA 3 - ", "The talks of May 3 - a Tuesday - failed. ", "In 2016 - "])
def test_numbers_that_open_a_text_are_no_dateline(opening: str) -> None:
    assert not same_passage(WIRE, opening + WIRE)


@pytest.mark.parametrize(
    "other",
    [
        WIRE.replace("27,000", "28,500"),
        WIRE.replace("27,000 ", ""),
        "The ministry said nothing on Wednesday about the 27,000 soldiers whom it wants to bring home.",
        "",
    ],
)
def test_other_numbers_or_other_words_are_another_passage(other: str) -> None:
    assert not same_passage(WIRE, other)


def test_texts_that_are_too_long_are_not_compared() -> None:
    """Two of two million characters take a minute; an index from before the limit of paragraphs may hold such."""
    long = WIRE * (MAX_COMPARED_CHARACTERS // len(WIRE))
    assert same_passage(long, long.upper())
    assert not same_passage(long * 500, (long * 500).upper())
    assert not same_passage(long, long * 500)


def test_copies_join_the_first_of_them_in_the_ranking() -> None:
    texts = ["Another story altogether.", WIRE, "A third one.", WIRE.replace("on Tuesday ", ""), WIRE.upper()]
    documents = np.array([0, 1, 2, 3, 4])
    assert group_duplicates(close_pairs(alike(5), documents), documents, texts.__getitem__) == [[0], [1, 3, 4], [2]]


def test_a_document_that_repeats_itself_keeps_both() -> None:
    same, two = np.array([7, 7]), np.array([1, 7, 7])
    assert group_duplicates(close_pairs(alike(2), same), same, [WIRE, WIRE].__getitem__) == [[0], [1]]
    assert group_duplicates(close_pairs(alike(3), two), two, [WIRE, WIRE, WIRE].__getitem__) == [[0, 1], [2]]


def test_texts_are_read_only_where_vectors_are_close() -> None:
    def unread(position: int) -> str:
        raise AssertionError(position)

    assert group_duplicates(close_pairs(np.eye(4, dtype=np.float32), np.arange(4)), np.arange(4), unread) == [
        [0],
        [1],
        [2],
        [3],
    ]


def test_nothing_folds_into_nothing() -> None:
    assert group_duplicates(np.empty((0, 8), dtype=np.float32), np.empty(0, dtype=np.int64), str) == []

import pytest

from wherefrom.index.writing.cited_sentences import SentenceParser


def parse(text: str, size: int = 3) -> list[tuple[str, tuple[int, ...]]]:
    parser = SentenceParser()
    sentences = [
        sentence for start in range(0, len(text), size) for sentence in parser.feed(text[start : start + size])
    ]
    return [(sentence.text, sentence.numbers) for sentence in [*sentences, *parser.finish()]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia objects [1]. The talks began [2].", [("Russia objects.", (1,)), ("The talks began.", (2,))]),
        ("Russia objects. [1] The talks began. [2]", [("Russia objects.", (1,)), ("The talks began.", (2,))]),
        ("Russia objects.[1][3] The talks began.", [("Russia objects.", (1, 3)), ("The talks began.", ())]),
        ("Russia objects [1, 2] to the radar [2-4].", [("Russia objects to the radar.", (1, 2, 3, 4))]),
        ("Russia objects [Passage 1]. Talks began (passage 2).", [("Russia objects.", (1,)), ("Talks began.", (2,))]),
        ("[1] Russia objects.\n[2] The talks began.", [("Russia objects.", (1,)), ("The talks began.", (2,))]),
        ("Russia objects.\n[1]\nThe talks began.\n[2]", [("Russia objects.", (1,)), ("The talks began.", (2,))]),
        ("- Russia **objects** [1].\n2. Talks began [2].", [("Russia objects.", (1,)), ("Talks began.", (2,))]),
        ("-  [1]  Russia objects.\n-\t[2] Talks began.", [("Russia objects.", (1,)), ("Talks began.", (2,))]),
        ("# Why\nRussia objects [1]", [("Why", ()), ("Russia objects", (1,))]),
        (
            "The U.S. Army and Dr. Kim met [1]. They left.",
            [("The U.S. Army and Dr. Kim met.", (1,)), ("They left.", ())],
        ),
        ("It cost $4.5 million in 2016 (see below) [1].", [("It cost $4.5 million in 2016 (see below).", (1,))]),
        (
            "He said \u300cno\u300d\u3010\u0031\u3011. Then he left.",
            [("He said \u300cno\u300d.", (1,)), ("Then he left.", ())],
        ),
        ("<think>Passage [2] says. Hm.\nYes.</think>\n\nRussia objects [1].", [("Russia objects.", (1,))]),
        ("<think>without an end. And on.", []),
        ("***\n---\n[1]\n", []),
        ("", []),
    ],
)
def test_a_text_is_split_into_sentences_with_the_numbers_they_cite(
    text: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    for size in (1, 3, 1_000):
        assert parse(text, size) == expected


def test_a_sentence_is_returned_as_soon_as_the_next_one_has_begun() -> None:
    parser = SentenceParser()
    assert parser.feed("Russia objects to the radar. ") == []
    assert parser.feed("[1") == []
    assert parser.feed("] The talks ") == []
    assert [sentence.numbers for sentence in parser.feed("began ")] == [(1,)]
    assert parser.feed("in March.\n[2") == []
    assert [sentence.numbers for sentence in parser.feed("]\nNobody knows the end")] == [(2,)]


def test_a_range_of_numbers_that_is_too_wide_is_two_numbers() -> None:
    assert parse("It is so [1-999].") == [("It is so.", (1, 999))]

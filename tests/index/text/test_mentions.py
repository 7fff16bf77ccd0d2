from pathlib import Path

import pytest

from tests.support.documents import document
from tests.support.library_samples import WordEmbedder
from wherefrom.index.library import Library
from wherefrom.index.text.mentions import mentions

RAW = b"""A story about the harbour

The Japanese minister met Mr. Moon in Seoul on Tuesday, and 27,000 people watched them from the old harbour.
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Moon and Trump agree on?", ["moon", "trum"]),
        ("Who is the Japanese prime minister?", ["japan"]),
        ("How many people in 2019 saw Frozen 2?", ["2019", "froz", "2"]),
        ("THAAD cost", ["thaad"[:4]]),
        ("Why did it happen?", []),
        ("WHY DOES RUSSIA OBJECT?", []),
        ("Why Does Russia Object to the X-Band Radar?", []),
        ("How Many Were in Seoul in 2016?", ["2016"]),
        ("Who Did Park Geun-hye Meet?", []),
        ("Who is The Rock?", ["rock"]),
        ("Seoul and Moscow", ["moscow"[:4]]),
        ("what did moon say", []),
        ("Moon and Moon again, Moon", ["moon"]),
        ("were 27,000 at the U.S. base", ["27000", "us"]),
        ("", []),
    ],
)
def test_capitalized_words_inside_a_question_and_numbers_anywhere_are_mentions(
    question: str, expected: list[str]
) -> None:
    assert list(mentions(question)) == expected


def test_a_name_the_collection_never_mentions_is_missing_and_an_inflected_name_is_not(tmp_path: Path) -> None:
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("a", document(RAW))

        def missing(question: str) -> float:
            return library.score_passages(question)[0].features.missing

        assert missing("who met Moon in Japan?") == 0
        assert missing("who met Mattis in Japan?") == 1
        assert missing("did 27,000 meet Moon?") == missing("did 27000 meet Moon?") == 0
        assert missing("did 27,001 meet Moon?") == 1
        assert missing("did Hollande meet Mattis in 2016?") == 3


def test_a_removed_document_mentions_nobody(tmp_path: Path) -> None:
    other = RAW.replace(b"Moon", b"Mattis")
    with Library.open(tmp_path, embedder=WordEmbedder()) as library:
        library.put("a", document(RAW))
        library.put("b", document(other))
        assert library.score_passages("who met Mattis in Seoul?")[0].features.missing == 0
        library.remove("b")
        assert library.score_passages("who met Mattis in Seoul?")[0].features.missing == 1

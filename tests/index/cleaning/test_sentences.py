import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherefrom.index.cleaning.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. and S. Korea met after the test on Jan. 6, he said.",
        '"We are closely watching this. It is late," said the envoy.',
        "China and Russia effectively rejected it. (Yonhap)",
        "It was Batman vs. Dr. Who in the end.",
        "J. R. R. Tolkien left the U.S. Army in 1918.",
        "中国表示反对",
        "Am 12. September startet wieder die Messe in Köln.",
        "Osterburg, 4. Mai 2023 - Der Bürgermeister ist zurückgetreten.",
        "Den 3. Februar begynte det.",
        "Kokous oli 6. Tammikuuta.",
    ],
)
def test_one_sentence_is_not_split(text: str) -> None:
    assert sentences(text) == [text]


def test_text_is_split_where_a_sentence_ends() -> None:
    assert sentences('"That is it," he said. "It is late." 😀 They left.') == [
        '"That is it," he said.',
        '"It is late."',
        "😀 They left.",
    ]


def test_a_sentence_may_end_with_a_number() -> None:
    assert sentences("Es stand 3:4. Mehr war nicht zu sehen.") == ["Es stand 3:4.", "Mehr war nicht zu sehen."]
    assert sentences("He came in 4. May was second.") == ["He came in 4.", "May was second."]
    assert sentences("The oldest is 81. August is the youngest.") == ["The oldest is 81.", "August is the youngest."]
    assert sentences("The answer is 42. Nobody knew it.") == ["The answer is 42.", "Nobody knew it."]


def test_long_texts_are_split_like_short_ones() -> None:
    text = " ".join(f"This is the sentence with the number {number}, he said." for number in range(1000))
    assert sentences(text) == [f"This is the sentence with the number {number}, he said." for number in range(1000)]


@given(words=st.lists(st.text(min_size=1), min_size=1))
def test_sentences_tile_any_text(words: list[str]) -> None:
    text = " ".join(" ".join(words).split())
    edge = 0
    for start, end in split_sentences(text):
        assert not text[edge:start].strip()
        assert start < end
        edge = end
    assert edge == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ա բ գ։ Դ ե զ։",
        "ሀ ለ። ሐ መ።",
        "ក ខ។ គ ឃ។",
        "က ခ။ ဂ ဃ။",
        "ཀ ཁ། ག ང།",
        "क ख। ग घ।",
        "ب ت۔ ث ج۔",
        "ب ت؟ ث ج.",
        "今日。明日。",
    ],
)
def test_full_stops_of_other_scripts_end_sentences(text: str) -> None:
    assert len(split_sentences(text)) == 2

import pytest
from tokenizers import Tokenizer

from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder
from wherefrom.index.embedding.tokenization import TextTokenizer, text_token_positions


@pytest.fixture(scope="module")
def tokenizer() -> TextTokenizer:
    model_tokenizer = Tokenizer.from_file(str(model_folder(DEFAULT_MODEL) / "tokenizer.json"))
    return TextTokenizer(model_tokenizer.to_str(), 16)


def test_texts_are_truncated_at_the_limit_and_not_padded(tokenizer: TextTokenizer) -> None:
    short, long = tokenizer.encode(["a radar", "radar " * 100])
    assert (len(short.ids), len(long.ids)) == (4, 16)


def test_a_text_without_context_stands_alone(tokenizer: TextTokenizer) -> None:
    (joined,) = tokenizer.add_context(["He refused."], [""])
    assert (joined.text, joined.start) == ("He refused.", 0)


def test_the_contexts_end_fills_the_room_that_the_text_leaves(tokenizer: TextTokenizer) -> None:
    (joined,) = tokenizer.add_context(
        ["He refused."], ["one two three four five six seven eight nine ten eleven twelve"]
    )
    assert joined.text == "two three four five six seven eight nine ten eleven twelve He refused."
    assert joined.text[joined.start :] == "He refused."
    assert len(tokenizer.encode([joined.text])[0].ids) == 16


def test_a_text_that_leaves_no_room_gets_no_context(tokenizer: TextTokenizer) -> None:
    (joined,) = tokenizer.add_context(["radar " * 14], ["before"])
    assert (joined.text, joined.start) == ("radar " * 14, 0)


def test_texts_with_and_without_context_keep_their_order(tokenizer: TextTokenizer) -> None:
    joined = list(tokenizer.add_context(["a", "b", "c"], ["", "before", " "]))
    assert [each.text for each in joined] == ["a", "before b", " c"]


def test_text_tokens_are_those_after_the_start_without_special_tokens(tokenizer: TextTokenizer) -> None:
    (joined,) = tokenizer.add_context(["He refused."], ["Wang spoke."])
    (encoding,) = tokenizer.encode([joined.text])
    assert [encoding.tokens[at] for at in text_token_positions(encoding, joined.start)] == ["he", "refused", "."]

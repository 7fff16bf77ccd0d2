import pytest
from tokenizers import Tokenizer

from wherefrom.index.embedding.model_files import DEFAULT_MODEL, model_folder
from wherefrom.index.embedding.tokenization import TextTokenizer, text_token_positions


@pytest.fixture(scope="module")
def tokens() -> TextTokenizer:
    tokenizer = Tokenizer.from_file(str(model_folder(DEFAULT_MODEL) / "tokenizer.json"))
    return TextTokenizer(tokenizer.to_str(), 16)


def test_texts_are_cut_at_what_the_model_reads_and_not_padded(tokens: TextTokenizer) -> None:
    short, long = tokens.encode(["a radar", "radar " * 100])
    assert (len(short.ids), len(long.ids)) == (4, 16)


def test_a_text_without_context_stands_alone(tokens: TextTokenizer) -> None:
    (joined,) = tokens.add_context(["He refused."], [""])
    assert (joined.text, joined.start) == ("He refused.", 0)


def test_as_much_of_the_contexts_end_is_read_as_leaves_room_for_the_text(tokens: TextTokenizer) -> None:
    (joined,) = tokens.add_context(["He refused."], ["one two three four five six seven eight nine ten eleven twelve"])
    assert joined.text == "two three four five six seven eight nine ten eleven twelve He refused."
    assert joined.text[joined.start :] == "He refused."
    assert len(tokens.encode([joined.text])[0].ids) == 16


def test_a_text_that_fills_the_model_is_read_without_its_context(tokens: TextTokenizer) -> None:
    (joined,) = tokens.add_context(["radar " * 14], ["before"])
    assert (joined.text, joined.start) == ("radar " * 14, 0)


def test_texts_with_and_without_context_keep_their_order(tokens: TextTokenizer) -> None:
    joined = list(tokens.add_context(["a", "b", "c"], ["", "before", " "]))
    assert [each.text for each in joined] == ["a", "before b", " c"]


def test_a_texts_own_tokens_are_those_behind_its_start_that_are_no_special_ones(tokens: TextTokenizer) -> None:
    (joined,) = tokens.add_context(["He refused."], ["Wang spoke."])
    (encoding,) = tokens.encode([joined.text])
    assert [encoding.tokens[at] for at in text_token_positions(encoding, joined.start)] == ["he", "refused", "."]

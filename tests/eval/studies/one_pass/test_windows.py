import pytest

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.studies.one_pass.windows import (
    CONTEXT_SHARE,
    WINDOW_TOKENS,
    PassName,
    TokenCounter,
    Window,
    paragraph_text,
    windows,
)
from wherefrom.index.embedding.export_manifest import TOKENIZER
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.embedding.tokenization import TextTokenizer

STORY = [
    f"Paragraph {number} of a long story. It says that the ferry number {number} was late." for number in range(40)
]
LONG = " ".join(["The ferry was late again."] * 100)


@pytest.fixture(scope="module")
def embedder() -> OpenVinoEmbedder:
    loaded = load_embedder()
    assert isinstance(loaded, OpenVinoEmbedder)
    return loaded


@pytest.fixture(scope="module")
def counter(embedder: OpenVinoEmbedder) -> TokenCounter:
    return TokenCounter((embedder.folder / TOKENIZER).read_text(encoding="utf-8"))


def own_texts(window: Window) -> list[str]:
    ends = [*(start - 1 for start in window.starts[1:]), len(window.text)]
    return [window.text[start:end] for start, end in zip(window.starts, ends, strict=True)]


def tokens_of(tokenizer: TextTokenizer, text: str) -> int:
    return len(tokenizer.encode([text])[0])


def test_sentences_are_found_in_a_paragraph_whose_months_are_spelled_out() -> None:
    (paragraph,) = build_document(
        "a", ["It began on Jan. 6. The o\ufb03ce was closed until Feb. 11, they said."]
    ).paragraphs
    found = paragraph_text(paragraph)
    assert found.text == "It began on January 6. The office was closed until February 11, they said."
    assert [found.text[start:end] for start, end in found.sentences] == [
        "It began on January 6.",
        "The office was closed until February 11, they said.",
    ]


@pytest.mark.parametrize("name", ["alone", "after one", "window 128", "window 256"])
def test_every_paragraph_is_in_one_window_whole(
    name: PassName, embedder: OpenVinoEmbedder, counter: TokenCounter
) -> None:
    found = windows(name, STORY, embedder.tokenizer, counter)
    assert [text for window in found for text in own_texts(window)] == STORY
    assert [window.first for window in found] == [
        sum(len(before.starts) for before in found[:number]) for number in range(len(found))
    ]


@pytest.mark.parametrize("name", ["window 128", "window 256"])
def test_windows_of_a_document_keep_to_their_size_and_begin_with_the_end_of_the_paragraph_before(
    name: PassName, embedder: OpenVinoEmbedder, counter: TokenCounter
) -> None:
    found = windows(name, STORY, embedder.tokenizer, counter)
    sizes = [tokens_of(embedder.tokenizer, window.text) for window in found]
    assert max(sizes) <= WINDOW_TOKENS[name]
    assert min(sizes[:-1]) > WINDOW_TOKENS[name] * (1 - CONTEXT_SHARE) / 2
    assert found[0].starts[0] == 0
    for window in found[1:]:
        assert STORY[window.first - 1].endswith(window.text[: window.starts[0] - 1])
        assert window.starts[0] > 0


def test_a_paragraph_that_is_longer_than_a_window_has_one_of_its_own(
    embedder: OpenVinoEmbedder, counter: TokenCounter
) -> None:
    found = windows("window 128", [STORY[0], LONG, STORY[1]], embedder.tokenizer, counter)
    assert [own_texts(window) for window in found] == [[STORY[0]], [LONG], [STORY[1]]]
    assert found[1].text == LONG


def test_a_document_without_paragraphs_has_no_windows(embedder: OpenVinoEmbedder, counter: TokenCounter) -> None:
    assert windows("window 256", [], embedder.tokenizer, counter) == []

"""Windows: the input texts of a pass through the model, and the places of paragraphs and sentences in them.

A pass has one window per paragraph, alone or after the preceding paragraph, or windows of many paragraphs, so that each
word is read only about once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Literal, get_args

from tokenizers import Encoding, Tokenizer

from wherefrom.index.embedding.tokenization import TextTokenizer
from wherefrom.index.text.spellings import embeddable
from wherefrom.index.types import Paragraph

PassName = Literal["alone", "after one", "window 128", "window 256"]
PASSES: tuple[PassName, ...] = get_args(PassName)
WINDOW_TOKENS = {"window 128": 128, "window 256": 256}
"""Maximum number of tokens of a window, special tokens included."""
CONTEXT_SHARE = 0.2
"""Maximum share of a window's tokens that belong to the paragraph before its first one."""
SEPARATOR = " "
Range = tuple[int, int]
"""The characters from the first number up to the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphText:
    """The text of a paragraph for embedding, and the range of characters of each of its sentences."""

    text: str
    sentences: tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A text to embed; `starts` are the offsets at which its paragraphs begin, without those that are only context.

    `first` is the number in the document of the first of these paragraphs, from 0.
    """

    text: str
    first: int
    starts: tuple[int, ...]


def paragraph_text(paragraph: Paragraph) -> ParagraphText:
    """Return the text of a paragraph for embedding, joined from its sentences, with the place of each."""
    bounds = [0, *(place for each in paragraph.sentences for place in (each.start, each.end)), len(paragraph.text)]
    pieces = [embeddable(paragraph.text[start:end]) for start, end in pairwise(bounds)]
    places = [0, *accumulate(map(len, pieces))]
    sentences = tuple(zip(places[1:-1:2], places[2::2], strict=True))
    return ParagraphText(text="".join(pieces), sentences=sentences)


def windows(name: PassName, texts: Sequence[str], tokenizer: TextTokenizer, counter: "TokenCounter") -> list[Window]:
    """Return the windows of a document, whose paragraphs have these texts, in a pass."""
    if name == "alone":
        return [Window(text=text, first=number, starts=(0,)) for number, text in enumerate(texts)]
    if name == "after one":
        joined = tokenizer.add_context(texts, ["", *texts[:-1]])
        return [Window(text=each.text, first=at, starts=(each.start,)) for at, each in enumerate(joined)]
    return list(_document_windows(texts, counter.encode(texts), WINDOW_TOKENS[name] - counter.special_tokens))


class TokenCounter:
    """Encodes texts into tokens, without special tokens and without a limit."""

    def __init__(self, tokenizer: str) -> None:
        """Create a counter for a model's tokenizer, given in its JSON form."""
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.special_tokens: int = self._tokenizer.num_special_tokens_to_add(is_pair=False)

    def encode(self, texts: Sequence[str]) -> Sequence[Encoding]:
        """Return the encoding of each text."""
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)


def _document_windows(texts: Sequence[str], encodings: Sequence[Encoding], room: int) -> Iterator[Window]:
    """Yield windows of as many paragraphs as fit, after the end of the preceding paragraph.

    A paragraph that is longer than a window gets a separate window.
    """
    at = 0
    while at < len(texts):
        first, used = at, 0
        while at < len(texts) and (at == first or used + len(encodings[at]) <= room * (1 - CONTEXT_SHARE)):
            used += len(encodings[at])
            at += 1
        room_before = min(room - used, int(room * CONTEXT_SHARE))
        context = _end(texts[first - 1], encodings[first - 1], room_before) if first else ""
        parts = [*([context] if context else []), *texts[first:at]]
        starts = [0, *accumulate(len(part) + len(SEPARATOR) for part in parts)]
        own = starts[1 if context else 0 : len(parts)]
        yield Window(text=SEPARATOR.join(parts), first=first, starts=tuple(own))


def _end(text: str, encoding: Encoding, tokens: int) -> str:
    """Return the end of a text, at most `tokens` tokens."""
    return text[encoding.offsets[-tokens:][0][0] :] if tokens > 0 and encoding.ids else ""

"""Texts to the model's tokens, and which of them are a text's own when it is read after its context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tokenizers import Encoding, Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInContext:
    """A text behind as much of its context as fits; `start` is where the text begins."""

    text: str
    start: int


class TextTokenizer:
    """A model's own tokenizer, told in its JSON form, cutting texts at `most` tokens."""

    def __init__(self, tokenizer: str, max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self._tokenizer = tokenizer
        self._cut = Tokenizer.from_str(tokenizer)
        self._cut.no_padding()
        self._cut.enable_truncation(max_tokens)
        self._room = max_tokens - self._cut.num_special_tokens_to_add(is_pair=False)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """What the model reads of each text, special tokens included."""
        if len(texts) == 1:
            return [self._cut.encode(texts[0])]  # a batch of one waits 0.1 ms for the tokenizer's threads
        return self._cut.encode_batch(list(texts))

    def add_context(self, texts: Sequence[str], contexts: Sequence[str]) -> Iterator[TextInContext]:
        """Put each text behind the end of its context, as much of it as leaves room for the text."""
        with_context = [(text, context) for text, context in zip(texts, contexts, strict=True) if context]
        if not with_context:
            yield from (TextInContext(text=text, start=0) for text in texts)
            return
        inside = self._inside([text for text, _ in with_context])
        before = self._inside([context for _, context in with_context])
        joined = (
            self._joined(*pair, len(own.ids), of_context)
            for pair, own, of_context in zip(with_context, inside, before, strict=True)
        )
        for text, context in zip(texts, contexts, strict=True):
            yield next(joined) if context else TextInContext(text=text, start=0)

    @cached_property
    def _whole(self) -> Tokenizer:
        """The tokenizer without a limit; not made before the first context, since that takes 30 ms."""
        whole = Tokenizer.from_str(self._tokenizer)
        whole.no_padding()
        whole.no_truncation()
        return whole

    def _inside(self, texts: Sequence[str]) -> list[Encoding]:
        return self._whole.encode_batch(list(texts), add_special_tokens=False)

    def _joined(self, text: str, context: str, length: int, before: Encoding) -> TextInContext:
        room = self._room - length
        if room <= 0:
            return TextInContext(text=text, start=0)
        kept = context[before.offsets[-room:][0][0] :] if before.ids else ""
        return TextInContext(text=f"{kept} {text}", start=len(kept) + 1)


def text_token_positions(encoding: Encoding, start: int) -> list[int]:
    """The positions of the tokens that stand at or behind `start`, without the model's special ones."""
    own = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
    if not start:
        return own
    offsets = encoding.offsets
    return [at for at in own if offsets[at][0] >= start]

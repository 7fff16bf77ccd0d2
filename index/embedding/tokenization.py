"""Splits texts into the model's tokens, puts a context before a text, and finds the tokens of the text itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tokenizers import Encoding, Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInContext:
    """`text` is the end of a context, followed by the text itself from the character offset `start`."""

    text: str
    start: int


class TextTokenizer:
    """A model's own tokenizer, created from its JSON; it truncates texts at `max_tokens` tokens."""

    def __init__(self, tokenizer: str, max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self._json = tokenizer
        self._truncating = Tokenizer.from_str(tokenizer)
        self._truncating.no_padding()
        self._truncating.enable_truncation(max_tokens)
        self._max_text_tokens = max_tokens - self._truncating.num_special_tokens_to_add(is_pair=False)

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Return the truncated encoding of each text, special tokens included, without padding."""
        if len(texts) == 1:
            return [self._truncating.encode(texts[0])]  # `encode_batch` waits 0.1 ms for the tokenizer's threads
        return self._truncating.encode_batch(list(texts))

    def add_context(self, texts: Sequence[str], contexts: Sequence[str]) -> Iterator[TextInContext]:
        """Yield each text after its context, whose beginning is cut to fit into the model's limit.

        A text without a context, or one that leaves no room, is yielded alone.
        """
        with_context = [(text, context) for text, context in zip(texts, contexts, strict=True) if context]
        if not with_context:
            yield from (TextInContext(text=text, start=0) for text in texts)
            return
        text_encodings = self._encode_untruncated([text for text, _ in with_context])
        context_encodings = self._encode_untruncated([context for _, context in with_context])
        joined = (
            self._join(text, context, len(text_encoding.ids), context_encoding)
            for (text, context), text_encoding, context_encoding in zip(
                with_context, text_encodings, context_encodings, strict=True
            )
        )
        for text, context in zip(texts, contexts, strict=True):
            yield next(joined) if context else TextInContext(text=text, start=0)

    @cached_property
    def _untruncating(self) -> Tokenizer:
        """The tokenizer without a limit; created for the first context, since that takes 30 ms."""
        tokenizer = Tokenizer.from_str(self._json)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def _encode_untruncated(self, texts: Sequence[str]) -> list[Encoding]:
        return self._untruncating.encode_batch(list(texts), add_special_tokens=False)

    def _join(self, text: str, context: str, text_tokens: int, context_encoding: Encoding) -> TextInContext:
        room = self._max_text_tokens - text_tokens
        if room <= 0:
            return TextInContext(text=text, start=0)
        context_end = context[context_encoding.offsets[-room:][0][0] :] if context_encoding.ids else ""
        return TextInContext(text=f"{context_end} {text}", start=len(context_end) + 1)


def text_token_positions(encoding: Encoding, start: int) -> list[int]:
    """Return the positions of the tokens, without special ones, that begin at or after the character offset `start`."""
    positions = [position for position, special in enumerate(encoding.special_tokens_mask) if not special]
    if not start:
        return positions
    offsets = encoding.offsets
    return [position for position in positions if offsets[position][0] >= start]

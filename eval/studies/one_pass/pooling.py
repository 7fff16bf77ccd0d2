"""Pooled vectors: means over the tokens of each paragraph and its parts in one pass through the model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wherefrom.eval.studies.one_pass.windows import PassName, Range, TokenCounter, Window, paragraph_text, windows
from wherefrom.index.arrays import Matrix, Rows, unit
from wherefrom.index.embedding.export_manifest import TOKENIZER
from wherefrom.index.embedding.openvino_embedder import OpenVinoEmbedder
from wherefrom.index.embedding.token_head import project
from wherefrom.index.scoring.late_interaction import pack
from wherefrom.index.types import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRows:
    """The model's token vectors of a text, shape (tokens, dimension), and the character at which each token begins.

    `special` is the sum of the vectors of the special tokens, which are not among the rows; `specials` is their number.
    """

    rows: Matrix
    starts: Rows
    special: Matrix
    specials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledParagraph:
    """The vectors of a paragraph in one pass: means over tokens, not of unit length, and its packed tokens.

    `paragraph` and `window` have shape (dimension,): the mean over the paragraph, and over all of its window, special
    tokens included. `sentences` has shape (sentences, dimension). The `..._special` ones count the window's special
    tokens too.
    """

    tokens: bytes
    paragraph: Matrix
    paragraph_special: Matrix
    sentences: Matrix
    sentences_special: Matrix
    window: Matrix


class PoolingEmbedder(OpenVinoEmbedder):
    """An embedder that also returns the model's own token vectors of a text."""

    def __init__(self, embedder: OpenVinoEmbedder) -> None:
        """Load the graph of an embedder once more."""
        super().__init__(embedder.folder, embedder.manifest, embedder.identity, embedder.precision)
        self.counter = TokenCounter((embedder.folder / TOKENIZER).read_text(encoding="utf-8"))

    def token_rows(self, texts: Sequence[str]) -> Iterator[TokenRows]:
        """Yield the token vectors of each text, in order."""
        encodings = self.tokenizer.encode(texts)
        rows: dict[int, Matrix] = {}

        def receive(batch: Sequence[int], token_rows: Iterator[Matrix], _: Matrix) -> None:
            for position, each in zip(batch, token_rows, strict=True):
                rows[position] = each[: len(encodings[position])].copy()

        self._run(encodings, receive)
        for position, encoding in enumerate(encodings):
            special = np.array(encoding.special_tokens_mask, dtype=bool)
            own = rows.pop(position)
            yield TokenRows(
                rows=own[~special],
                starts=np.array(encoding.offsets, dtype=np.int64)[~special, 0],
                special=own[special].sum(axis=0),
                specials=int(special.sum()),
            )

    def tokens_read(self, name: PassName, documents: Sequence[Document]) -> int:
        """Return the number of tokens that the model reads in a pass, special tokens included."""
        texts = [[paragraph_text(paragraph).text for paragraph in document.paragraphs] for document in documents]
        cut = [window.text for of_one in texts for window in windows(name, of_one, self.tokenizer, self.counter)]
        return sum(map(len, self.tokenizer.encode(cut)))

    def pool(self, name: PassName, documents: Sequence[Document]) -> list[list[PooledParagraph]]:
        """Return the vectors of each document's paragraphs in a pass."""
        texts = [[paragraph_text(paragraph) for paragraph in document.paragraphs] for document in documents]
        cut = [windows(name, [each.text for each in of_one], self.tokenizer, self.counter) for of_one in texts]
        rows = self.token_rows([window.text for of_one in cut for window in of_one])
        return [
            [
                pooled
                for window in of_document
                for pooled in self._pool_window(
                    window,
                    [each.sentences for each in of_texts[window.first : window.first + len(window.starts)]],
                    next(rows),
                )
            ]
            for of_texts, of_document in zip(texts, cut, strict=True)
        ]

    def _pool_window(
        self, window: Window, sentences: Sequence[Sequence[Range]], tokens: TokenRows
    ) -> Iterator[PooledParagraph]:
        """Yield the vectors of a window's paragraphs; `sentences` has the character ranges of their sentences."""
        whole = (tokens.rows.sum(axis=0) + tokens.special) / (len(tokens.rows) + tokens.specials)
        ends = [*window.starts[1:], len(window.text)]
        for start, end, ranges in zip(window.starts, ends, sentences, strict=True):
            first, last = np.searchsorted(tokens.starts, [start, end]).tolist()
            own = tokens.rows[first:last]
            bounds = np.searchsorted(tokens.starts, [place + start for each in ranges for place in each]).tolist()
            parts = [tokens.rows[low:high] for low, high in zip(bounds[::2], bounds[1::2], strict=True)]
            yield PooledParagraph(
                tokens=pack(project(unit(own), self.identity)),
                paragraph=_mean(own, tokens, special=False),
                paragraph_special=_mean(own, tokens, special=True),
                sentences=_stack([_mean(part, tokens, special=False) for part in parts], own),
                sentences_special=_stack([_mean(part, tokens, special=True) for part in parts], own),
                window=whole,
            )


def is_cut(pooled: PooledParagraph) -> list[bool]:
    """Return for each sentence whether none of its tokens was within the model's limit."""
    return [not row.any() for row in pooled.sentences]


def _mean(rows: Matrix, tokens: TokenRows, *, special: bool) -> Matrix:
    """Return the mean of rows, zeros if there are none; with `special`, of the special tokens too."""
    if not len(rows):
        return np.zeros(tokens.special.shape, dtype=np.float32)
    if special:
        return np.asarray((rows.sum(axis=0) + tokens.special) / np.float32(len(rows) + tokens.specials))
    return np.asarray(rows.mean(axis=0))


def _stack(rows: Sequence[Matrix], like: Matrix) -> Matrix:
    return np.stack(rows) if rows else np.zeros((0, like.shape[1]), dtype=np.float32)

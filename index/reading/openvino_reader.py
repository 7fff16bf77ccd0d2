"""The reader that runs exported graphs with OpenVINO."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from wherefrom.index.arrays import Matrix
from wherefrom.index.bounded_cache import BoundedCache
from wherefrom.index.cores import available_cores
from wherefrom.index.embedding.batch_layouts import PackedLayout
from wherefrom.index.embedding.export_manifest import Precision
from wherefrom.index.embedding.infer_requests import RequestPool
from wherefrom.index.embedding.openvino_embedder import supported_precisions
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.reading.export_manifest import JOINED_GRAPH, SEPARATE_GRAPH, TOKENIZER, ReaderManifest
from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS
from wherefrom.index.reading.pair_layout import balanced, pair_inputs
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.reading.spans import reading_of

CACHED_PASSAGES = 512
"""Passages whose states after the lower layers are kept: about 50 kB each."""
MIN_BATCH_TOKENS = 64
"""Smallest number of tokens for which a separate batch, on a core of its own, pays off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageStates:
    """The states of a passage's tokens after the lower layers, float16, and the characters of each token."""

    states: Matrix
    offsets: Sequence[tuple[int, int]]


class OpenVinoReader:
    """Reads on the CPU. Thread-safe."""

    def __init__(self, folder: Path, manifest: ReaderManifest, precision: Precision | None = None) -> None:
        """Load the graphs in a folder; `precision` defaults to the fastest verified one of this processor."""
        core = openvino.Core()
        verified = [each for each in supported_precisions(core) if each in manifest.precisions]
        self.precision: Precision = verified[0] if precision is None else precision
        self._layout = PackedLayout(pad_id=manifest.pad_id)
        self._questions = _tokenizer(folder / TOKENIZER, MAX_QUESTION_TOKENS)
        self._passages = _tokenizer(folder / TOKENIZER, MAX_PASSAGE_TOKENS)
        self._separate = RequestPool(core, core.read_model(folder / SEPARATE_GRAPH), self.precision)
        self._joined = RequestPool(core, core.read_model(folder / JOINED_GRAPH), self.precision)
        self._cache: BoundedCache[str, PassageStates] = BoundedCache(CACHED_PASSAGES)

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage; see `Reader.read`."""
        if not passages:
            return []
        question_states, of_passages = self._states(question, passages)
        readings: dict[int, Reading] = {}
        lengths = [len(question_states) + len(each.states) for each in of_passages]
        parts = min(available_cores(), max(sum(lengths) // MIN_BATCH_TOKENS, 1))
        batches = balanced(lengths, parts)
        inputs = [pair_inputs(question_states, [of_passages[at].states for at in batch]) for batch in batches]
        for batch, (pairs, tokens) in zip(batches, self._joined.run(inputs), strict=True):
            end = 0
            for position, scores in zip(batch, pairs, strict=True):
                start, end = end, end + lengths[position]
                readings[position] = reading_of(
                    scores, tokens[start:end], len(question_states), of_passages[position].offsets
                )
        return [readings[position] for position in range(len(passages))]

    def _states(self, question: str, passages: Sequence[str]) -> tuple[Matrix, list[PassageStates]]:
        """Return the states of the question, with its special tokens, and of each passage, without the first one."""
        cached = [self._cache.get(passage) for passage in passages]
        missing = [passage for passage, found in zip(passages, cached, strict=True) if found is None]
        encodings = [self._questions.encode(question), *(self._passages.encode(passage) for passage in missing)]
        states = self._run_separate(encodings)
        new: dict[str, PassageStates] = {}
        for passage, encoding, rows in zip(missing, encodings[1:], states[1:], strict=True):
            new[passage] = PassageStates(states=rows[1:].astype(np.float16), offsets=encoding.offsets[1:])
            self._cache.put(passage, new[passage])
        found = [new[passage] if each is None else each for passage, each in zip(passages, cached, strict=True)]
        return states[0].astype(np.float16), found

    def _run_separate(self, encodings: Sequence[Encoding]) -> list[Matrix]:
        lengths = [len(encoding) for encoding in encodings]
        parts = min(available_cores(), max(sum(lengths) // MIN_BATCH_TOKENS, 1))
        batches = balanced(lengths, parts)
        inputs = [tuple(self._layout.inputs([encodings[at] for at in batch]).values()) for batch in batches]
        states: dict[int, Matrix] = {}
        for batch, (tokens,) in zip(batches, self._separate.run(inputs), strict=True):
            rows = self._layout.token_rows(tokens, [lengths[at] for at in batch])
            states.update(zip(batch, (each.copy() for each in rows), strict=True))
        return [states[position] for position in range(len(encodings))]


def _tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer

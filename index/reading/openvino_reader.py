"""The reader that runs an exported graph with OpenVINO."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from wherefrom.index.cores import available_cores
from wherefrom.index.embedding.export_manifest import Precision
from wherefrom.index.embedding.infer_requests import RequestPool
from wherefrom.index.embedding.openvino_embedder import supported_precisions
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.reading.export_manifest import GRAPH, TOKENIZER, ReaderManifest
from wherefrom.index.reading.limits import MAX_PASSAGE_TOKENS, MAX_QUESTION_TOKENS
from wherefrom.index.reading.pair_layout import balanced, pair_inputs
from wherefrom.index.reading.protocol import Reading
from wherefrom.index.reading.spans import reading_of

MIN_BATCH_TOKENS = 64
"""Smallest number of tokens for which a separate batch, on a core of its own, pays off."""


class OpenVinoReader:
    """Reads on the CPU. Thread-safe."""

    def __init__(self, folder: Path, manifest: ReaderManifest, precision: Precision | None = None) -> None:
        """Load the graph in a folder; `precision` defaults to the fastest verified one of this processor."""
        core = openvino.Core()
        verified = [each for each in supported_precisions(core) if each in manifest.precisions]
        self.precision: Precision = verified[0] if precision is None else precision
        self._questions = _tokenizer(folder / TOKENIZER, MAX_QUESTION_TOKENS)
        self._passages = _tokenizer(folder / TOKENIZER, MAX_PASSAGE_TOKENS)
        self._requests = RequestPool(core, core.read_model(folder / GRAPH), self.precision)

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage; see `Reader.read`."""
        if not passages:
            return []
        question_ids = self._questions.encode(question).ids
        encodings = [self._passages.encode(passage) for passage in passages]
        lengths = [len(question_ids) + len(encoding) - 1 for encoding in encodings]
        batches = balanced(lengths, min(available_cores(), max(sum(lengths) // MIN_BATCH_TOKENS, 1)))
        inputs = [pair_inputs(question_ids, [encodings[at].ids[1:] for at in batch]) for batch in batches]
        readings: dict[int, Reading] = {}
        for batch, (pairs, tokens) in zip(batches, self._requests.run(inputs), strict=True):
            end = 0
            for position, scores in zip(batch, pairs, strict=True):
                start, end = end, end + lengths[position]
                offsets = encodings[position].offsets[1:]
                readings[position] = reading_of(scores, tokens[start:end], len(question_ids), offsets)
        return [readings[position] for position in range(len(passages))]


def _tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer

"""A model as it is served: its exported graph in OpenVINO, without PyTorch."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding

from index.buckets import batches
from index.embedder import Matrix, ModelIdentity, Reading, unit
from index.exports import CAPABILITIES, GRAPH, TOKENIZER, Export, Precision
from index.openvino_runtime import openvino
from index.tokens import Tokens, own_tokens

Numbers = npt.NDArray[np.int64]


class GraphEmbedder:
    """An exported model; many threads may call it, one at a time is served."""

    def __init__(self, home: Path, export: Export, identity: ModelIdentity, precision: Precision | None = None) -> None:
        """Load the graph in a folder, in the best precision that was verified and that this processor computes in."""
        self.identity = identity
        self.home = home
        self.export = export
        self.tokens = Tokens((home / TOKENIZER).read_text(encoding="utf-8"), export.most_tokens)
        core = openvino.Core()
        self.precision = precision or next(each for each in precisions(core) if each in export.precisions)
        settings = {"INFERENCE_PRECISION_HINT": self.precision, "PERFORMANCE_HINT": "LATENCY"}
        self._request = core.compile_model(home / GRAPH, "CPU", settings).create_infer_request()
        self._turn = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text; no row depends on the other texts, bit for bit."""
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)
        for position, _, vector in self._run(self.tokens.encode(texts)):
            rows[position] = vector
        return unit(rows)

    def read(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        """Read each text after as much of its context as leaves room for the text."""
        joined = list(self.tokens.join(texts, contexts))
        encodings = self.tokens.encode([each.text for each in joined])
        readings: dict[int, Reading] = {}
        for position, tokens, vector in self._run(encodings):
            own = own_tokens(encodings[position], joined[position].start)
            readings[position] = Reading(vector=unit(vector), tokens=unit(tokens[own]))
        return [readings[position] for position in range(len(texts))]

    def _run(self, encodings: Sequence[Encoding]) -> Iterator[tuple[int, Matrix, Matrix]]:
        """(position, a row a token, vector) of every text; the arrays are to be copied before the next is taken."""
        for length, positions in batches([len(each.ids) for each in encodings], self.export.most_tokens):
            inputs = self._inputs([encodings[position] for position in positions], length)
            with self._turn:
                for at, table in enumerate(inputs):
                    self._request.set_input_tensor(at, openvino.Tensor(table, shared_memory=True))
                self._request.infer(share_outputs=True)
                tokens, vectors = (self._request.get_output_tensor(at).data for at in (0, 1))
                yield from zip(positions, tokens, vectors, strict=True)

    def _inputs(self, encodings: Sequence[Encoding], length: int) -> list[Numbers]:
        """What the graph takes, in its order, each of shape (texts, length)."""
        columns = {
            "input_ids": ([each.ids for each in encodings], self.export.pad_id),
            "attention_mask": ([each.attention_mask for each in encodings], 0),
            "token_type_ids": ([each.type_ids for each in encodings], 0),
        }
        return [_table(*columns[name], length) for name in self.export.inputs]


def precisions(core: openvino.Core) -> list[Precision]:
    """What this processor computes in, the fastest first."""
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return [precision for precision, capability in CAPABILITIES.items() if capability in able]


def _table(rows: Sequence[Sequence[int]], filler: int, length: int) -> Numbers:
    table = np.full((len(rows), length), filler, dtype=np.int64)
    for row, numbers in enumerate(rows):
        table[row, : len(numbers)] = numbers
    return table

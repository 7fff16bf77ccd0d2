"""A model as it is served: its exported graph in OpenVINO, without PyTorch."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import accumulate, count
from pathlib import Path

import numpy as np
from tokenizers import Encoding

from wherefrom.index.arrays import Matrix, unit
from wherefrom.index.embedding.batch_layouts import MIN_TOKENS, IntArray, Layout, PackedLayout, PaddedLayout
from wherefrom.index.embedding.export_manifest import CAPABILITIES, GRAPH, TOKENIZER, ExportManifest, Precision
from wherefrom.index.embedding.infer_requests import GraphRunner, RequestPool, SingleRequest
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.embedding.protocol import ModelIdentity, TextEmbedding
from wherefrom.index.embedding.tokenization import TextTokenizer, text_token_positions

CORES = len(os.sched_getaffinity(0))
COMPILE_THREAD_NAME = "wherefrom-compile"
COMPILE_AFTER = 8
"""Short texts alone after which a graph of their shape is compiled, in 0.2 s and 30 MB: it takes half a millisecond
less for each, since a graph of any shape prepares itself anew whenever the shape changes."""
Take = Callable[[Sequence[int], Iterator[Matrix], Matrix], None]
"""Is given positions of texts, of each a row a token, and their vectors; what it keeps it must copy."""


class OpenVinoEmbedder:
    """An exported model; many threads may call it."""

    def __init__(
        self, home: Path, export: ExportManifest, identity: ModelIdentity, precision: Precision | None = None
    ) -> None:
        """Load the graph in a folder, in the best precision that was verified and that this processor computes in."""
        self.identity = identity
        self.home = home
        self.export = export
        self.tokenizer = TextTokenizer((home / TOKENIZER).read_text(encoding="utf-8"), export.most_tokens)
        self.layout: Layout = (
            PackedLayout(pad_id=export.pad_id)
            if export.layout == "packed"
            else PaddedLayout(pad_id=export.pad_id, most=export.most_tokens)
        )
        self._core = openvino.Core()
        able = [each for each in precisions(self._core) if each in export.precisions]
        self.precision: Precision = able[0] if precision is None else precision
        self._graph = self._core.read_model(home / GRAPH)
        self._alone = SingleRequest(self._core, self._graph, self.precision)
        self._short: Future[GraphRunner] | None = None
        self._short_alone = count(1)
        self._several: RequestPool | None = None
        self._compiling = threading.Lock()
        self._counting = threading.Lock()
        self._running = 0

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One float32 row of length 1 a text; no row depends on the other texts, bit for bit."""
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)

        def take(batch: Sequence[int], _: Iterator[Matrix], vectors: Matrix) -> None:
            rows[batch] = vectors

        self._run(self.tokenizer.encode(texts), take)
        return unit(rows)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Read each text after as much of its context as leaves room for the text."""
        joined = list(self.tokenizer.add_context(texts, contexts))
        encodings = self.tokenizer.encode([each.text for each in joined])
        readings: dict[int, TextEmbedding] = {}

        def take(batch: Sequence[int], tokens: Iterator[Matrix], vectors: Matrix) -> None:
            own = [text_token_positions(encodings[position], joined[position].start) for position in batch]
            kept = unit(np.concatenate([rows[places] for rows, places in zip(tokens, own, strict=True)]))
            ends = accumulate(map(len, own))
            for position, places, end, vector in zip(batch, own, ends, unit(vectors), strict=True):
                readings[position] = TextEmbedding(vector=vector, tokens=kept[end - len(places) : end])

        self._run(encodings, take)
        return [readings[position] for position in range(len(texts))]

    def _run(self, encodings: Sequence[Encoding], take: Take) -> None:
        """Let every text's vectors be taken, in no order; whoever calls at the same time has a share of the cores."""
        with self._sharing() as cores:
            batches = self.layout.batches([len(each) for each in encodings], cores)
            inputs = (self._inputs([encodings[position] for position in batch]) for batch in batches)
            alone = len(batches) == 1 and cores == CORES
            graph = self._for_one(encodings) if alone else self._together
            for batch, (tokens, vectors) in zip(batches, graph.run(inputs), strict=True):
                rows = self.layout.tokens(tokens, [len(encodings[position]) for position in batch])
                take(batch, rows, vectors)

    @contextmanager
    def _sharing(self) -> Iterator[int]:
        """How many cores to use, with those who run already."""
        with self._counting:
            self._running += 1
            cores = max(CORES // self._running, 1)
        try:
            yield cores
        finally:
            with self._counting:
                self._running -= 1

    def _inputs(self, encodings: Sequence[Encoding]) -> list[IntArray]:
        inputs = self.layout.inputs(encodings)
        return [inputs[name] for name in self.export.inputs]

    def _for_one(self, encodings: Sequence[Encoding]) -> GraphRunner:
        """The graph for a batch alone: that of one short text, once enough of them have come for it to be compiled."""
        if len(encodings) != 1 or len(encodings[0]) > MIN_TOKENS:
            return self._alone
        if next(self._short_alone) == COMPILE_AFTER:
            thread = ThreadPoolExecutor(1, COMPILE_THREAD_NAME)
            self._short = thread.submit(self._compile, [each.shape for each in self._inputs(encodings)])
            thread.shutdown(wait=False)
        short = self._short
        return self._alone if short is None or not short.done() or short.exception() else short.result()

    def _compile(self, shapes: Sequence[tuple[int, ...]]) -> GraphRunner:
        graph = self._graph.clone()
        graph.reshape({each: list(shape) for each, shape in zip(graph.inputs, shapes, strict=True)})
        return SingleRequest(self._core, graph, self.precision)

    @property
    def _together(self) -> GraphRunner:
        """The graph for several batches at a time; compiled when first wanted, since it takes 0.3 s and 110 MB."""
        with self._compiling:
            if self._several is None:
                self._several = RequestPool(self._core, self._graph, self.precision)
            return self._several


def precisions(core: openvino.Core) -> list[Precision]:
    """What this processor computes in, the fastest first."""
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return [precision for precision, capability in CAPABILITIES.items() if capability in able]

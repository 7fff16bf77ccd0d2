"""The embedder that runs an exported graph with OpenVINO, without PyTorch."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import accumulate, count
from pathlib import Path

import numpy as np
from tokenizers import Encoding

from wherefrom.index.arrays import Matrix, unit
from wherefrom.index.cores import available_cores
from wherefrom.index.embedding.batch_layouts import MIN_TOKENS, BatchLayout, IntArray, PackedLayout, PaddedLayout
from wherefrom.index.embedding.export_manifest import CAPABILITIES, GRAPH, TOKENIZER, ExportManifest, Precision
from wherefrom.index.embedding.infer_requests import GraphRunner, RequestPool, SingleRequest
from wherefrom.index.embedding.openvino_runtime import openvino
from wherefrom.index.embedding.protocol import ModelIdentity, TextEmbedding
from wherefrom.index.embedding.tokenization import TextTokenizer, text_token_positions

CORES = available_cores()
COMPILE_THREAD_NAME = "wherefrom-compile"
COMPILE_AFTER = 8
"""Number of single short texts after which a graph with their static shape is compiled, in 0.2 s and 30 MB.

It saves 0.5 ms per text: a graph with dynamic shapes is prepared again whenever the shape changes."""
Receive = Callable[[Sequence[int], Iterator[Matrix], Matrix], None]
"""A callback that gets for each batch the texts' positions, the token rows of each text, and the text vectors.

The arrays are overwritten afterwards, so the callback must copy the data it needs later."""


class OpenVinoEmbedder:
    """An embedder that runs an exported model on the CPU. Thread-safe."""

    def __init__(
        self, folder: Path, manifest: ExportManifest, identity: ModelIdentity, precision: Precision | None = None
    ) -> None:
        """Load the graph in a folder.

        `precision` defaults to the fastest one that this processor supports and in which the graph was verified.
        """
        self.identity = identity
        self.folder = folder
        self.manifest = manifest
        self.tokenizer = TextTokenizer((folder / TOKENIZER).read_text(encoding="utf-8"), manifest.most_tokens)
        self.layout: BatchLayout = (
            PackedLayout(pad_id=manifest.pad_id)
            if manifest.layout == "packed"
            else PaddedLayout(pad_id=manifest.pad_id, max_tokens=manifest.most_tokens)
        )
        self._core = openvino.Core()
        verified = [each for each in supported_precisions(self._core) if each in manifest.precisions]
        self.precision: Precision = verified[0] if precision is None else precision
        self._graph = self._core.read_model(folder / GRAPH)
        self._single_request = SingleRequest(self._core, self._graph, self.precision)
        self._short_text_graph: Future[GraphRunner] | None = None
        self._single_short_texts = count(1)
        self._request_pool: RequestPool | None = None
        self._pool_lock = threading.Lock()
        self._callers_lock = threading.Lock()
        self._callers = 0

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one unit vector per text, float32, shape (len(texts), dimension).

        Each row is bit-for-bit independent of the other texts.
        """
        rows = np.zeros((len(texts), self.identity.dimension), dtype=np.float32)

        def receive(batch: Sequence[int], _: Iterator[Matrix], vectors: Matrix) -> None:
            rows[batch] = vectors

        self._run(self.tokenizer.encode(texts), receive)
        return unit(rows)

    def embed_in_context(self, texts: Sequence[str], contexts: Sequence[str]) -> list[TextEmbedding]:
        """Embed each text after its context; see `Embedder.embed_in_context`."""
        inputs = list(self.tokenizer.add_context(texts, contexts))
        encodings = self.tokenizer.encode([each.text for each in inputs])
        embeddings: dict[int, TextEmbedding] = {}

        def receive(batch: Sequence[int], token_rows: Iterator[Matrix], vectors: Matrix) -> None:
            text_positions = [text_token_positions(encodings[position], inputs[position].start) for position in batch]
            tokens = unit(
                np.concatenate([rows[positions] for rows, positions in zip(token_rows, text_positions, strict=True)])
            )
            ends = accumulate(map(len, text_positions))
            for position, positions, end, vector in zip(batch, text_positions, ends, unit(vectors), strict=True):
                embeddings[position] = TextEmbedding(vector=vector, tokens=tokens[end - len(positions) : end])

        self._run(encodings, receive)
        return [embeddings[position] for position in range(len(texts))]

    def _run(self, encodings: Sequence[Encoding], receive: Receive) -> None:
        """Run the graph on all texts, batch by batch in no particular order; concurrent callers share the cores."""
        with self._share_of_cores() as cores:
            batches = self.layout.batches([len(encoding) for encoding in encodings], cores)
            inputs = (self._inputs([encodings[position] for position in batch]) for batch in batches)
            use_all_cores = len(batches) == 1 and cores == CORES
            runner = self._runner_for_one_batch(encodings) if use_all_cores else self._runner_for_batches
            for batch, (tokens, vectors) in zip(batches, runner.run(inputs), strict=True):
                token_rows = self.layout.token_rows(tokens, [len(encodings[position]) for position in batch])
                receive(batch, token_rows, vectors)

    @contextmanager
    def _share_of_cores(self) -> Iterator[int]:
        """Count this caller as active; yield its number of cores: an equal share, at least one."""
        with self._callers_lock:
            self._callers += 1
            cores = max(CORES // self._callers, 1)
        try:
            yield cores
        finally:
            with self._callers_lock:
                self._callers -= 1

    def _inputs(self, encodings: Sequence[Encoding]) -> list[IntArray]:
        """Return the graph's inputs for a batch, in the graph's order."""
        inputs = self.layout.inputs(encodings)
        return [inputs[name] for name in self.manifest.inputs]

    def _runner_for_one_batch(self, encodings: Sequence[Encoding]) -> GraphRunner:
        """Return the runner for the only batch of a call.

        For a single short text it is the graph with the static shape of such texts, once a background thread has
        compiled it after COMPILE_AFTER of them.
        """
        if len(encodings) != 1 or len(encodings[0]) > MIN_TOKENS:
            return self._single_request
        if next(self._single_short_texts) == COMPILE_AFTER:
            thread = ThreadPoolExecutor(1, COMPILE_THREAD_NAME)
            self._short_text_graph = thread.submit(self._compile, [each.shape for each in self._inputs(encodings)])
            thread.shutdown(wait=False)
        compiled = self._short_text_graph
        return (
            self._single_request
            if compiled is None or not compiled.done() or compiled.exception()
            else compiled.result()
        )

    def _compile(self, shapes: Sequence[tuple[int, ...]]) -> GraphRunner:
        graph = self._graph.clone()
        graph.reshape({each: list(shape) for each, shape in zip(graph.inputs, shapes, strict=True)})
        return SingleRequest(self._core, graph, self.precision)

    @property
    def _runner_for_batches(self) -> GraphRunner:
        """The pool that runs batches in parallel; it is compiled on first use, which takes 0.3 s and 110 MB."""
        with self._pool_lock:
            if self._request_pool is None:
                self._request_pool = RequestPool(self._core, self._graph, self.precision)
            return self._request_pool


def supported_precisions(core: openvino.Core) -> list[Precision]:
    """Return the precisions that this processor supports, the fastest first."""
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return [precision for precision, capability in CAPABILITIES.items() if capability in capabilities]

"""A compiled graph and the requests that may run on it at the same time."""

import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.embedder import Matrix
from index.openvino_runtime import openvino

Numbers = npt.NDArray[np.int64]
Hint = Literal["LATENCY", "THROUGHPUT"]
"""All cores for one request, or a request a core: those compute a tenth more, since none waits for another."""


class Inference:
    """Runs a graph for many threads; each waits until one of the requests is free."""

    def __init__(self, core: "openvino.Core", graph: "openvino.Model", hint: Hint, precision: str) -> None:
        """Compile a graph of two outputs: token vectors and text vectors."""
        settings = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": hint}
        compiled = core.compile_model(graph, "CPU", settings)
        self.size = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        """How many run at a time."""
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()
        for _ in range(self.size):
            self._free.put(compiled.create_infer_request())

    @contextmanager
    def run(self, inputs: Sequence[Numbers]) -> Iterator[tuple[Matrix, Matrix]]:
        """Vectors of shape (texts, tokens, dimension) and (texts, dimension), which last as long as this is held."""
        request = self._free.get()
        try:
            for at, table in enumerate(inputs):
                request.set_input_tensor(at, openvino.Tensor(table, shared_memory=True))
            request.infer(share_outputs=True)
            yield request.get_output_tensor(0).data, request.get_output_tensor(1).data
        finally:
            self._free.put(request)

"""A compiled graph and the requests that may run on it at the same time."""

import queue
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from index.embedder import Matrix
from index.layouts import Numbers
from index.openvino_runtime import openvino

Hint = Literal["LATENCY", "THROUGHPUT"]
"""All cores for one request, or a request a core: those compute a tenth more, since none waits for another."""
AHEAD = 2
"""Requests a core, so that none is idle while what another has computed is taken."""


class Inference:
    """Runs a graph for many threads; each waits until one of the requests is free."""

    def __init__(self, core: "openvino.Core", graph: "openvino.Model", hint: Hint, precision: str) -> None:
        """Compile a graph of two outputs: token vectors and text vectors."""
        settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "PERFORMANCE_HINT": hint,
            "ENABLE_CPU_PINNING": False,  # pinned, it waits for Python on its core while the other is idle
        }
        compiled = core.compile_model(graph, "CPU", settings)
        self._several = hint == "THROUGHPUT"
        size = int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) * AHEAD if self._several else 1
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()
        for _ in range(size):
            self._free.put(compiled.create_infer_request())

    def run(self, batches: Iterable[Sequence[Numbers]]) -> Iterator[tuple[Matrix, Matrix]]:
        """Token vectors as the layout has them and those of texts, (texts, dimension), of each batch in order.

        They last until the next are asked for. As many batches are computed at a time as there are free requests.
        """
        waiting = iter(batches)
        inputs = next(waiting, None)
        running: deque[tuple[Any, Sequence[Numbers]]] = deque()
        try:
            while inputs is not None or running:
                while inputs is not None and (request := self._take(wait=not running)) is not None:
                    running.append((request, inputs))  # the inputs too, since the request only borrows them
                    self._start(request, inputs)
                    inputs = next(waiting, None)
                request, _ = running.popleft()
                try:
                    request.wait()
                    yield request.get_output_tensor(0).data, request.get_output_tensor(1).data
                finally:
                    self._free.put(request)
        finally:
            for request, _ in running:
                request.wait()
                self._free.put(request)

    def _take(self, *, wait: bool) -> Any:  # noqa: ANN401 - of a class that OpenVINO does not type
        """A free request; none, if one need not be waited for: two that hold some must not wait for each other's."""
        try:
            return self._free.get(block=wait)
        except queue.Empty:
            return None

    def _start(self, request: Any, inputs: Sequence[Numbers]) -> None:  # noqa: ANN401
        for at, table in enumerate(inputs):
            request.set_input_tensor(at, openvino.Tensor(table, shared_memory=True))
        if self._several:
            request.start_async()
        else:
            request.infer(share_outputs=True)  # in this thread: 0.3 ms less for a question than in one that is woken

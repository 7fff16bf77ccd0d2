"""Compiled graphs, and the requests that run on them: one text or batch alone, or several at the same time."""

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol

from wherefrom.index.arrays import Matrix
from wherefrom.index.embedding.batch_layouts import IntArray
from wherefrom.index.embedding.openvino_runtime import openvino

PerformanceHint = Literal["LATENCY", "THROUGHPUT"]
"""All cores for one request, or a request a core: those compute a tenth more, since none waits for another.

The threads of one request are kept on a core each, which takes a tenth less time for a question: where two share a core
for a moment, all wait. Those of several are not: they would wait for Python on their core while another is idle.
"""
REQUESTS_PER_CORE = 2
"""Requests a core, so that none is idle while what another has computed is taken."""
Outputs = tuple[Matrix, Matrix]
"""Token vectors as the layout has them, and those of texts, (texts, dimension)."""


class GraphRunner(Protocol):
    """Runs a graph of two outputs, token vectors and text vectors, for many threads."""

    def run(self, batches: Iterable[Sequence[IntArray]]) -> Iterator[Outputs]:
        """The outputs of each batch in order; they last until the next are asked for."""


class SingleRequest:
    """One request, on all cores and in the thread that asks: 0.3 ms less for a question than in one that is woken.

    Where every shape of the graph is known, what goes in and out has its place once and for all.
    """

    def __init__(self, core: "openvino.Core", graph: "openvino.Model", precision: str) -> None:
        self._request = _compiled(core, graph, "LATENCY", precision).create_infer_request()
        self._running = threading.Lock()
        self._places: Sequence[IntArray] | None = None
        if not graph.is_dynamic():
            self._places = [self._request.get_input_tensor(at).data for at in range(len(graph.inputs))]

    def run(self, batches: Iterable[Sequence[IntArray]]) -> Iterator[Outputs]:
        """One batch behind the other; other threads wait until all are done."""
        with self._running:
            for inputs in batches:
                if self._places is None:
                    _borrow(self._request, inputs)
                else:
                    for place, table in zip(self._places, inputs, strict=True):
                        place[...] = table
                tokens, vectors = self._request.infer(share_outputs=True).to_tuple()
                yield tokens, vectors


class RequestPool:
    """As many requests at a time as the cores have work for; each thread waits until one of them is free."""

    def __init__(self, core: "openvino.Core", graph: "openvino.Model", precision: str) -> None:
        compiled = _compiled(core, graph, "THROUGHPUT", precision)
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()
        for _ in range(int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) * REQUESTS_PER_CORE):
            self._free.put(compiled.create_infer_request())

    def run(self, batches: Iterable[Sequence[IntArray]]) -> Iterator[Outputs]:
        """As many batches are computed at a time as there are free requests."""
        waiting = iter(batches)
        inputs = next(waiting, None)
        running: deque[tuple[Any, Sequence[IntArray]]] = deque()
        try:
            while inputs is not None or running:
                while inputs is not None and (request := self._take(wait=not running)) is not None:
                    running.append((request, inputs))  # the inputs too, since the request only borrows them
                    _borrow(request, inputs)
                    request.start_async()
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


def _compiled(
    core: "openvino.Core", graph: "openvino.Model", hint: PerformanceHint, precision: str
) -> "openvino.CompiledModel":
    settings = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": hint,
        "ENABLE_CPU_PINNING": hint == "LATENCY",
    }
    return core.compile_model(graph, "CPU", settings)


def _borrow(request: Any, inputs: Sequence[IntArray]) -> None:  # noqa: ANN401
    """Let a request read tables where they lie."""
    for at, table in enumerate(inputs):
        request.set_input_tensor(at, openvino.Tensor(table, shared_memory=True))

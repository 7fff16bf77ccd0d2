"""Compiled graphs and their infer requests: one request on all cores, or a pool of requests that run in parallel."""

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol

from wherefrom.index.arrays import Array, Matrix
from wherefrom.index.embedding.openvino_runtime import CACHE_SETTINGS, openvino

PerformanceHint = Literal["LATENCY", "THROUGHPUT"]
"""OpenVINO's hint: LATENCY uses all cores for one request, THROUGHPUT one core per request.

One request per core has 10 % more throughput, since no thread waits for another. The threads of a LATENCY request are
pinned to one core each, which makes a question 10 % faster: when two threads share a core for a moment, all others
wait. The threads of THROUGHPUT requests are not pinned: they would wait for Python on their core while another is idle.
"""
REQUESTS_PER_CORE = 2
"""Infer requests per core of a THROUGHPUT graph, so that no core is idle while the results of a request are read."""
Outputs = tuple[Matrix, ...]
"""The outputs of a graph, in order."""


class GraphRunner(Protocol):
    """Runs a graph. Thread-safe."""

    def run(self, batches: Iterable[Sequence[Array]]) -> Iterator[Outputs]:
        """Yield the outputs of each batch, in order; they are valid until the next ones are requested."""


class SingleRequest:
    """One request that uses all cores and runs in the calling thread.

    A question takes 0.3 ms less than with a request that has to wake a thread. If all shapes of the graph are static,
    the inputs are copied into the request's own tensors, whose addresses never change.
    """

    def __init__(self, core: "openvino.Core", graph: "openvino.Model", precision: str) -> None:
        self._request = _compile(core, graph, "LATENCY", precision).create_infer_request()
        self._lock = threading.Lock()
        self._input_tensors: Sequence[Array] | None = None
        if not graph.is_dynamic():
            self._input_tensors = [self._request.get_input_tensor(index).data for index in range(len(graph.inputs))]

    def run(self, batches: Iterable[Sequence[Array]]) -> Iterator[Outputs]:
        """Run the batches one after another; other threads wait until all of them are done."""
        with self._lock:
            for inputs in batches:
                if self._input_tensors is None:
                    _set_inputs(self._request, inputs)
                else:
                    for tensor, values in zip(self._input_tensors, inputs, strict=True):
                        tensor[...] = values
                outputs: Outputs = self._request.infer(share_outputs=True).to_tuple()
                yield outputs


class RequestPool:
    """Parallel requests that keep all cores busy; a thread without one waits until one is free."""

    def __init__(self, core: "openvino.Core", graph: "openvino.Model", precision: str) -> None:
        compiled = _compile(core, graph, "THROUGHPUT", precision)
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()
        self._outputs = range(len(graph.outputs))
        self._callers_without = 0
        self._callers_lock = threading.Lock()
        for _ in range(int(compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) * REQUESTS_PER_CORE):
            self._free.put(compiled.create_infer_request())

    def run(self, batches: Iterable[Sequence[Array]]) -> Iterator[Outputs]:
        """Run the batches in parallel, one per free request."""
        remaining = iter(batches)
        inputs = next(remaining, None)
        running: deque[tuple[Any, Sequence[Array]]] = deque()
        try:
            while inputs is not None or running:
                while inputs is not None and (request := self._acquire(wait=not running)) is not None:
                    running.append((request, inputs))  # keeps the inputs alive: the request does not copy them
                    _set_inputs(request, inputs)
                    request.start_async()
                    inputs = next(remaining, None)
                request, _ = running.popleft()
                try:
                    request.wait()
                    yield tuple([request.get_output_tensor(index).data for index in self._outputs])
                finally:
                    self._free.put(request)
        finally:
            for request, _ in running:
                request.wait()
                self._free.put(request)

    def _acquire(self, *, wait: bool) -> Any:  # noqa: ANN401 - OpenVINO has no types
        """Take a free request; without `wait`, return `None` if there is none or another thread waits for one.

        A thread that already holds requests must not wait: two such threads would deadlock. Nor may it take back the
        requests that it has just returned while another thread waits, which would then wait until all batches are done.
        """
        if not wait:
            try:
                return None if self._callers_without else self._free.get_nowait()
            except queue.Empty:
                return None
        with self._callers_lock:
            self._callers_without += 1
        try:
            return self._free.get()
        finally:
            with self._callers_lock:
                self._callers_without -= 1


def _compile(
    core: "openvino.Core", graph: "openvino.Model", hint: PerformanceHint, precision: str
) -> "openvino.CompiledModel":
    settings = {
        "INFERENCE_PRECISION_HINT": precision,
        "PERFORMANCE_HINT": hint,
        "ENABLE_CPU_PINNING": hint == "LATENCY",
        **CACHE_SETTINGS,
    }
    return core.compile_model(graph, "CPU", settings)


def _set_inputs(request: Any, inputs: Sequence[Array]) -> None:  # noqa: ANN401
    """Set the inputs of a request without a copy; they must stay alive until the request is done."""
    for index, values in enumerate(inputs):
        request.set_input_tensor(index, openvino.Tensor(values, shared_memory=True))

"""A writer in this process: a model in a folder or a GGUF file, run by `openvino-genai`."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from wherefrom.index.writing.writers.protocol import Message, WriterFailed, WriterKind, WriterUnavailable

log = logging.getLogger(__name__)


class LocalWriter:
    """Writes with a model in a thread of its own, where it begins to load at once; texts are written one at a time."""

    def __init__(self, path: Path) -> None:
        """Begin to load the model. Raise WriterUnavailable if the model or the extra is missing."""
        if find_spec("openvino_genai") is None:
            raise WriterUnavailable("a writer of the kind local needs an extra: pip install 'wherefrom[local-writer]'")
        if not path.exists():
            raise WriterUnavailable(f"the writer's model {path} does not exist")
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._closing = threading.Event()
        self._pipeline = self._thread.submit(self._load)

    @property
    def kind(self) -> WriterKind:
        """The kind of the writer."""
        return "local"

    @property
    def model(self) -> str:
        """The name of the model's folder or file."""
        return self._path.name

    @property
    def model_bytes(self) -> int | None:
        """The size of the model's file, or of all files in its folder."""
        files = [self._path] if self._path.is_file() else [each for each in self._path.rglob("*") if each.is_file()]
        return sum(each.stat().st_size for each in files)

    async def write(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Yield the reply piece by piece; closing the generator stops the model with a token. Raise WriterFailed."""
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[str | WriterFailed | None] = asyncio.Queue()
        stopped = threading.Event()

        def send(piece: str | WriterFailed | None) -> None:
            if not stopped.is_set():
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        def generate() -> None:
            if not stopped.is_set():
                send(self._generate(messages, max_tokens, send, stopped))

        try:
            self._thread.submit(generate)
        except RuntimeError:
            raise WriterFailed("is shutting down") from None
        try:
            while (piece := await pieces.get()) is not None:
                if isinstance(piece, WriterFailed):
                    raise piece
                yield piece
        finally:
            stopped.set()

    async def close(self) -> None:
        """Stop the model at its next token; does not wait for a model that is still loading."""
        self._closing.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _load(self) -> Any:  # noqa: ANN401 - the extra's type
        import openvino_genai  # noqa: PLC0415 - an extra

        pipeline = openvino_genai.LLMPipeline(self._path, "CPU")
        log.info("The writer %s is loaded", self.model)
        return pipeline

    def _generate(
        self,
        messages: Sequence[Message],
        max_tokens: int,
        send: Callable[[str], None],
        stopped: threading.Event,
    ) -> WriterFailed | None:
        """Write in the model's thread; return the error if it failed, `None` if the text is complete."""
        try:
            import openvino_genai  # noqa: PLC0415 - an extra

            pipeline = self._pipeline.result()
            status = openvino_genai.StreamingStatus
            tokens = 0

            def stream(piece: str) -> Any:  # noqa: ANN401
                nonlocal tokens
                tokens += 1
                send(piece)
                return status.CANCEL if stopped.is_set() or self._closing.is_set() else status.RUNNING

            begun = messages[-1].content if messages[-1].role == "assistant" else ""
            asked = [{"role": each.role, "content": each.content} for each in (messages[:-1] if begun else messages)]
            prompt = openvino_genai.ChatHistory(asked)
            if begun:  # the reply goes on from the words that are given; only of a list are the tokens counted
                prompt = [pipeline.get_tokenizer().apply_chat_template(prompt, add_generation_prompt=True) + begun]
            result = pipeline.generate(
                prompt,
                max_new_tokens=max_tokens,
                do_sample=False,
                repetition_penalty=1.0,  # a penalty would count the words of the passages too
                apply_chat_template=not begun,
                streamer=stream,
            )
            unended = tokens > 0 and self._reached_limit(result, max_tokens)
        except Exception:
            log.exception("The writer %s failed", self.model)
            return WriterFailed("failed; the log says why")
        return WriterFailed(f"did not come to an end within {max_tokens} tokens") if unended else None

    @staticmethod
    def _reached_limit(result: Any, max_tokens: int) -> bool:  # noqa: ANN401
        return int(result.perf_metrics.get_num_generated_tokens()) >= max_tokens

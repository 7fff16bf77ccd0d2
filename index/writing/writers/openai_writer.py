"""A writer behind OpenAI's API: Ollama, vLLM, llama.cpp, LM Studio, or a hosted service.

The `openai` package is slow to import, so it is imported when the first text is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from wherefrom.index.writing.writers.protocol import Message, WriterFailed, WriterKind, WriterUnavailable

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MAX_RETRIES = 2
"""Number of retries, with the client's back-off of half a second and more; none after the reply has begun."""
CONNECT_SECONDS = 5.0
NO_KEY = "none"
"""Sent where no key is set: the client requires one, and local servers ignore it."""
LENGTH, FILTERED = "length", "content_filter"
"""Reasons for which a server ends a reply before the model does."""


class OpenAIWriter:
    """Writes through the chat completions of the server at `url`, which only the operator's setting names.

    The client's own environment variables cannot change address, key or account, and redirects are not followed, since
    they could lead to another server.
    """

    def __init__(self, url: str, model: str, key: str | None, *, seconds: float) -> None:
        """Create the writer, which connects for the first text. Raise WriterUnavailable."""
        if find_spec("openai") is None:
            raise WriterUnavailable("a writer of the kind openai needs an extra: pip install 'wherefrom[openai]'")
        self._url, self._model, self._key, self._seconds = url, model, key, seconds
        self._client: AsyncOpenAI | None = None

    @property
    def kind(self) -> WriterKind:
        """The kind of the writer."""
        return "openai"

    @property
    def model(self) -> str:
        """The name of the model on the server."""
        return self._model

    @property
    def model_bytes(self) -> int | None:
        """`None`, since a server does not report the size of its model."""
        return None

    async def write(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Yield the reply piece by piece; closing the generator closes the connection. Raise WriterFailed."""
        if self._client is None:
            self._client = await asyncio.to_thread(self._new_client)
        client, last, ended = self._client, None, None
        with _failures():
            stream: Any = await client.chat.completions.create(
                model=self._model,
                messages=[{"role": each.role, "content": each.content} for each in messages],  # type: ignore[misc]
                max_tokens=max_tokens,
                temperature=0,
                stream=True,
            )
            try:
                async for chunk in stream:
                    last = chunk
                    for choice in (getattr(chunk, "choices", None) or ())[:1]:
                        ended = choice.finish_reason or ended
                        if choice.delta is not None and choice.delta.content:
                            yield choice.delta.content
            finally:
                await stream.close()
        if ended is None:
            raise WriterFailed("sent a reply that cannot be read" if last is None else "broke off before its end")
        if ended == LENGTH:
            raise WriterFailed(f"did not come to an end within {max_tokens} tokens")
        if ended == FILTERED:
            raise WriterFailed("was stopped by its server's content filter")

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    def _new_client(self) -> AsyncOpenAI:
        import httpx2  # noqa: PLC0415 - see above
        from openai import AsyncOpenAI  # noqa: PLC0415

        timeout = httpx2.Timeout(self._seconds, connect=min(CONNECT_SECONDS, self._seconds))
        return AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=self._url,
            organization="",
            project="",
            max_retries=MAX_RETRIES,
            timeout=timeout,
            http_client=httpx2.AsyncClient(base_url=self._url, timeout=timeout, follow_redirects=False),
        )


@contextmanager
def _failures() -> Iterator[None]:
    """Turn errors of the client into WriterFailed with our own messages: an error of the server may quote the key."""
    import openai  # noqa: PLC0415 - see above

    try:
        yield
    except openai.APITimeoutError:
        raise WriterFailed("did not reply in time") from None
    except openai.APIConnectionError:
        raise WriterFailed("cannot be reached, or the connection broke") from None
    except openai.APIStatusError as error:
        raise WriterFailed(f"refused the request with the status {error.status_code}") from None
    except openai.OpenAIError:
        raise WriterFailed("reported an error while it wrote") from None
    except (ValueError, TypeError, AttributeError, KeyError, UnicodeError):
        raise WriterFailed("sent a reply that cannot be read") from None

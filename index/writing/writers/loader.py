"""Creates the writer of the settings."""

from pathlib import Path

from wherefrom.index.writing.writers.protocol import Writer, WriterKind, WriterUnavailable


def load_writer(kind: WriterKind, *, model: str | None, url: str | None, key: str | None, seconds: float) -> Writer:
    """Return a writer; `model` is its name on the server at `url`, or a folder or GGUF file. Raise WriterUnavailable.

    `seconds` is the time limit of a text.
    """
    if not model:
        raise WriterUnavailable(f"a writer of the kind {kind} needs a model")
    if kind == "openai":
        if not url:
            raise WriterUnavailable("a writer of the kind openai needs the URL of its server")
        from wherefrom.index.writing.writers.openai_writer import OpenAIWriter  # noqa: PLC0415 - loaded if it is used

        return OpenAIWriter(url, model, key, seconds=seconds)
    from wherefrom.index.writing.writers.local_writer import LocalWriter  # noqa: PLC0415 - loaded if it is used

    return LocalWriter(Path(model))

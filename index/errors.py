"""The errors of the index. Each message names the problem and its place.

`wherefrom.service.error_mapping` maps them to HTTP.
"""

from typing import Self


class WherefromError(Exception):
    """Base class of all errors that a caller of `index` is expected to handle."""


class SourceRejected(WherefromError):
    """A source cannot be indexed: it is empty, binary, cannot be decoded or read, or holds no article.

    `field` is the name of the invalid or unknown field of an article in JSON, and `close` has similar names.
    """

    field: str | None = None
    close: tuple[str, ...] = ()

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason

    @classmethod
    def in_field(cls, source: str, field: str, reason: str, close: tuple[str, ...] = ()) -> Self:
        """Return the error for a field of an article in JSON."""
        error = cls(source, f"{field}: {reason}")
        error.field, error.close = field, close
        return error


class InvalidQuestion(WherefromError):
    """A question or one of its parameters is invalid; `field` is its name in the API."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class UnknownFilterValue(InvalidQuestion):
    """A filter has a value that no document has; `close` lists similar values that documents have."""

    def __init__(self, field: str, value: str, close: tuple[str, ...]) -> None:
        hint = f"; close: {', '.join(close)}" if close else ""
        super().__init__(field, f"no document has {value!r}{hint}")
        self.value = value
        self.close = close


class DocumentNotFound(WherefromError):
    """No document has this id."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"no document has the id {document_id!r}")
        self.document_id = document_id


class ParagraphNotFound(WherefromError):
    """A document has no paragraph with this number."""

    def __init__(self, document_id: str, number: int, paragraphs: int) -> None:
        super().__init__(f"{document_id!r} has no paragraph {number}; its paragraphs are numbered 1 to {paragraphs}")
        self.document_id = document_id


class QuotationRefused(WherefromError):
    """A text cannot be quoted: it is not at the given place of its source; the message gives the reason."""


class PageNotFound(WherefromError):
    """A document has no page with this number, or no pages at all."""

    def __init__(self, document_id: str, number: int) -> None:
        super().__init__(f"{document_id!r} has no page {number} that can be shown as a picture")
        self.document_id = document_id


class PreconditionFailed(WherefromError):
    """A document is not in the state that a change requires.

    `expected` is the required etag, empty if the document must not exist; `found` is the actual one, `None` if the
    document does not exist.
    """

    def __init__(self, document_id: str, expected: str, found: str | None) -> None:
        stored = f"it is {found!r}" if found else "there is no such document"
        wanted = repr(expected) if expected else "absent"
        super().__init__(f"{document_id!r} is not {wanted}: {stored}; read it again and repeat the change")
        self.document_id = document_id
        self.found = found


class IndexUnusable(WherefromError):
    """The data folder cannot be used; the message gives the reason and a remedy."""


class IndexMismatch(IndexUnusable):
    """The index was built with another model, cleaner or schema than the one it is opened with."""


class IndexLocked(IndexUnusable):
    """Another process is writing to this data folder."""


class IndexDamaged(IndexUnusable):
    """The stored data differs from the data that was written.

    `detail` is what was found, without its place and a remedy; empty if the message has no such part.
    """

    detail: str = ""


class StorageFull(IndexUnusable):
    """The disk is full: nothing was changed, and questions can still be answered."""


class StorageReadOnly(IndexUnusable):
    """The data folder cannot be written to; questions can still be answered."""


class EngineUnavailable(IndexUnusable):
    """PostgreSQL or Milvus cannot be reached, or does not answer in time; the caller may retry."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(f"{part} cannot be used now: {reason}")
        self.part = part
        self.reason = reason


class ExtractionUnavailable(WherefromError):
    """No process can be started to extract a source."""


class ModelUnavailable(WherefromError):
    """The embedding model cannot be loaded."""

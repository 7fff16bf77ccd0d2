"""The text of a source, in which the offsets of its citations count."""

from wherefrom.index.types import Citation, DocumentSummary
from wherefrom.service.schemas.responses import DocumentDetail


def decode(raw: bytes, source: Citation | DocumentSummary | DocumentDetail) -> str:
    """Return the bytes of a source as text, as a citation of it or its document says how to decode them.

    Raise UnicodeDecodeError if they are of another source.
    """
    return raw.decode(source.encoding, source.errors)

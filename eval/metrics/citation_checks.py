"""Checks of citations from the cited file and the citation; of the index, only its text extractors are used.

The check is the one that the product promises to its users: read the bytes, compare their SHA-256, decode or extract
the text, join the slices, resolve character references if the source is HTML, and collapse white space.
"""

import hashlib
import html
from collections.abc import Iterator
from pathlib import Path

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.extractors.registry import extractor_of
from wherefrom.index.types import Answer, Citation, ExtractedCitation


def citations_of(answer: Answer) -> Iterator[Citation]:
    """Yield every citation of an answer: those of its sentence, its passages and their copies."""
    if answer.answer is not None:
        yield answer.answer.citation
    for passage in answer.passages:
        yield passage.citation
        yield from passage.also_in


def _text_of(citation: Citation, raw: bytes) -> str:
    """Return the text that the offsets refer to. Raise SourceRejected if the text extracted now has another hash."""
    if not isinstance(citation, ExtractedCitation):
        return raw.decode(citation.encoding, citation.errors)
    text = extractor_of(citation.media_type)(raw, citation.source).text
    if hashlib.sha256(text.encode()).hexdigest() != citation.text_sha256:
        raise SourceRejected(citation.source, "extracting its text gives another text than the one that was cited")
    return text


def citation_fault(citation: Citation) -> str | None:
    """Return the reason why a citation does not match its source, `None` if it matches."""
    try:
        raw = Path(citation.source).read_bytes()
    except OSError as error:
        return f"{citation.source} cannot be read: {error.strerror or error}"
    if hashlib.sha256(raw).hexdigest() != citation.source_sha256:
        return f"{citation.source} is not the file that was cited: its SHA-256 differs"
    try:
        text = _text_of(citation, raw)
    except (LookupError, UnicodeDecodeError) as error:
        return f"{citation.source} cannot be decoded as {citation.encoding}: {error}"
    except SourceRejected as error:
        return str(error)
    joined = "".join(text[span.start : span.end] for span in citation.segments)
    quoted = " ".join((html.unescape(joined) if citation.media_type == "text/html" else joined).split())
    cited = " ".join(citation.cited_text.split())
    if not cited or quoted != cited:
        return f"{citation.source}: the source has {quoted!r}, not {cited!r}"
    return None

"""Check citations as a stranger would: from the file and the citation alone, with nothing of the index's code.

The recipe is the first promise of the product: read the bytes, compare their SHA-256, decode, take the slices,
join them, resolve character references where it is HTML, collapse white space.
"""

import hashlib
import html
from collections.abc import Iterator
from pathlib import Path

from wherefrom.index.types import Answer, Citation


def citations_of(answer: Answer) -> Iterator[Citation]:
    """Every citation that an answer gives: its sentence's, its passages' and those of their copies."""
    if answer.answer is not None:
        yield answer.answer.citation
    for passage in answer.passages:
        yield passage.citation
        yield from passage.also_in


def fault(citation: Citation) -> str | None:
    """Why a citation does not hold; null if it does."""
    try:
        raw = Path(citation.source).read_bytes()
    except OSError as error:
        return f"{citation.source} cannot be read: {error.strerror or error}"
    if hashlib.sha256(raw).hexdigest() != citation.source_sha256:
        return f"{citation.source} is not the file that was cited: its SHA-256 differs"
    try:
        text = raw.decode(citation.encoding)
    except (LookupError, UnicodeDecodeError) as error:
        return f"{citation.source} cannot be decoded as {citation.encoding}: {error}"
    joined = "".join(text[span.start : span.end] for span in citation.segments)
    found = " ".join((html.unescape(joined) if citation.media_type == "text/html" else joined).split())
    cited = " ".join(citation.cited_text.split())
    if not cited or found != cited:
        return f"{citation.source}: {found!r} stands there, not {cited!r}"
    return None

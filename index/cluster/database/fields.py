"""The metadata of a document in the form that filters and lists use: hashes of field keys, numbers, values, sort keys.

The keys are those of `segments.document_fields`, and one for the publisher. Both PostgreSQL and Milvus store only their
64-bit hashes with each document: among a million different keys, the probability that any two share a hash is 3 in 100
million.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence

from wherefrom.index.collection.document_query import fold, sort_key
from wherefrom.index.field_conditions import Scalar
from wherefrom.index.segments.document_fields import field_keys, key
from wherefrom.index.segments.segment import UNDATED
from wherefrom.index.storage.rows import IndexedDocument
from wherefrom.index.types import Metadata

LARGEST = sys.float_info.max


def key_hash(text: str) -> int:
    """Return the signed 64-bit hash of a key."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def number_name(name: str) -> int:
    """Return the hash that identifies an extra field in comparisons of its numbers."""
    return key_hash(key("number", name))


def publisher_key(name: str) -> str:
    """Return the key of a publisher."""
    return key("publisher", name)


def hashed_keys(metadata: Metadata) -> Mapping[int, str]:
    """Return the keys of a document by their hashes."""
    indexed = IndexedDocument(
        document_id="",
        digest="",
        publisher=metadata.publisher,
        published=metadata.published,
        agency=metadata.agency,
        authors=metadata.authors,
        title=metadata.title,
        language=metadata.language,
        extra=metadata.extra,
        rows=(),
    )
    keys = field_keys(indexed)
    if metadata.publisher is not None:
        keys.append(publisher_key(metadata.publisher))
    return {key_hash(each): each for each in keys}


def numbers(metadata: Metadata) -> Iterator[tuple[int, int, float]]:
    """Yield the numbers in a document's extra fields: the field's hash, the position among its numbers, the number."""
    for name, value in metadata.extra.items():
        held = [each for each in (value if isinstance(value, tuple) else (value,)) if _is_number(each)]
        for place, each in enumerate(held):
            yield number_name(name), place, as_double(each)


def as_double(number: Scalar) -> float:
    """Return a number as a 64-bit float, limited to the range of finite floats."""
    try:
        return min(max(float(number), -LARGEST), LARGEST) + 0.0
    except OverflowError:
        return LARGEST if int(number) > 0 else -LARGEST


def published_ordinal(metadata: Metadata) -> int:
    """Return the ordinal of the publication date, UNDATED without one."""
    return metadata.published.toordinal() if metadata.published else UNDATED


def listed_values(metadata: Metadata) -> Iterator[tuple[str, bytes]]:
    """Yield the values of a document that lists count, with the names that `CountedField` has for them."""
    for name, value in (
        ("publisher", metadata.publisher),
        ("agency", metadata.agency),
        ("language", metadata.language),
        ("month", metadata.published.isoformat()[:7] if metadata.published else None),
    ):
        if value is not None:
            yield name, value.encode()
    for author in dict.fromkeys(metadata.authors):
        yield "author", author.encode()


def searched_text(document_id: str, source: str, metadata: Metadata) -> bytes:
    """Return the metadata of a document, in the form of `fold`, in which the list of documents searches for words."""
    parts: Sequence[str | None] = (
        document_id,
        source,
        metadata.title,
        metadata.publisher,
        metadata.agency,
        "\n".join(metadata.authors),
        metadata.url,
    )
    return fold("\n".join(part or "" for part in parts)).encode()


def sort_keys(metadata: Metadata) -> tuple[bytes, bytes, bytes]:
    """Return the sort keys of a document: by title, by publisher and by date."""
    published = metadata.published.isoformat() if metadata.published else ""
    return sort_key(metadata.title).encode(), sort_key(metadata.publisher).encode(), published.encode()


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

"""Texts with an external declaration of encoding, as in the header of a mail or of an HTTP response."""

from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.encodings.encoding_detection import Decoded, decode


def text_bytes(raw: bytes, label: str | None) -> bytes:
    """Return bytes that `decode`, without a label, decodes to the text in the encoding that `label` declares.

    These are the unchanged bytes if they decode to the same text without the label, else the text as UTF-8. If the
    label is missing, unknown or wrong, the bytes are unchanged and `decode` detects the encoding.
    """
    if label is None or _is_utf_8(raw):
        return raw
    declared, detected = _decoded(raw, label), _decoded(raw, None)
    if declared is None or declared.errors != "strict" or (detected and detected.text == declared.text):
        return raw
    return declared.text.encode()


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(raw: bytes, label: str | None) -> Decoded | None:
    try:
        return decode(raw, source="", label=label)
    except SourceRejected:
        return None

"""The contents of a file of quotations: each quotation with its note, and its place in words."""

from dataclasses import dataclass

from wherefrom.index.answering.quotations import Quotation

HEADING = "Quotations"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuotation:
    """A verified quotation with a note, which may be empty."""

    quotation: Quotation
    note: str = ""


def source_in_words(quotation: Quotation) -> str:
    """Return the place of the quotation in its source: file, lines, characters and digests, to check it with."""
    lines = f"line {quotation.line_start}"
    if quotation.line_end != quotation.line_start:
        lines = f"lines {quotation.line_start}\u2013{quotation.line_end}"
    spans = ", ".join(f"{span.start}\u2013{span.end}" for span in quotation.segments)
    extracted = f", SHA-256 of the extracted text {quotation.text_sha256}" if quotation.text_sha256 else ""
    return f"{quotation.source}, {lines}, characters {spans}, SHA-256 {quotation.source_sha256}{extracted}"


def web_address(quotation: Quotation) -> str | None:
    """Return the address of the published page, with a text fragment if possible; `None` if there is no web address."""
    address = quotation.text_fragment_url or quotation.url or ""
    return address if address.lower().startswith(("http://", "https://")) else None

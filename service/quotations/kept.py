"""What a file of quotations holds: each quotation with the note that its reader made, and their places in words."""

from dataclasses import dataclass

from wherefrom.index.answering.quotations import Quotation

HEADING = "Quotations"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuotation:
    """A quotation that was proved, and a note on it; the note may be empty."""

    quotation: Quotation
    note: str = ""


def source_in_words(quotation: Quotation) -> str:
    """Return where the quotation stands in its file: enough for anyone to check it."""
    lines = f"line {quotation.line_start}"
    if quotation.line_end != quotation.line_start:
        lines = f"lines {quotation.line_start}\u2013{quotation.line_end}"
    spans = ", ".join(f"{span.start}\u2013{span.end}" for span in quotation.segments)
    extracted = f", SHA-256 of the extracted text {quotation.text_sha256}" if quotation.text_sha256 else ""
    return f"{quotation.source}, {lines}, characters {spans}, SHA-256 {quotation.source_sha256}{extracted}"


def web_address(quotation: Quotation) -> str | None:
    """Return the address of the published page, at the text if possible; `None` unless it is one of the web."""
    address = quotation.text_fragment_url or quotation.url or ""
    return address if address.lower().startswith(("http://", "https://")) else None

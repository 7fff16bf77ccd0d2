"""The file formats of exported quotations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from wherefrom.service.quotations.kept import KeptQuotation
from wherefrom.service.quotations.markdown import as_markdown
from wherefrom.service.quotations.spreadsheet import as_csv
from wherefrom.service.quotations.word import as_docx

QuotationFormat = Literal["markdown", "docx", "csv"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """A file format: the function that writes it, its media type, and the name of the file."""

    write: Callable[[Sequence[KeptQuotation]], bytes]
    media_type: str
    file_name: str


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS: Mapping[QuotationFormat, FileForm] = {
    "markdown": FileForm(write=as_markdown, media_type="text/markdown; charset=utf-8", file_name="quotations.md"),
    "docx": FileForm(write=as_docx, media_type=DOCX, file_name="quotations.docx"),
    "csv": FileForm(write=as_csv, media_type="text/csv; charset=utf-8", file_name="quotations.csv"),
}

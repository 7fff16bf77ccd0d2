"""Measures, file by file, the share of the text of PDF, Word and other files that is in kept paragraphs.

    python -m wherefrom.eval.studies.format_coverage FOLDER

The reference is the text that other programs extract: `pdftotext` (Poppler) for PDF, `pandoc` for DOCX, ODT, RTF, EPUB
and Markdown, and Python's `email` for mails. Files without a reference are left out; the study ends with the name of a
program that is not installed. The texts are compared as multisets of words.
"""

import email
import email.policy
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wherefrom.index.cleaning.extraction_pool import ExtractionPool
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import read_file
from wherefrom.index.sources.read_result import SourceNote
from wherefrom.index.types import Document

WORD = re.compile(r"[^\W_]+")
HYPHENATED_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\n(?=[^\W\d_])")
SPACED_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_](?: [^\W\d_]){2,}(?![^\W_])")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
PANDOC_FORMATS = {".docx": "docx", ".odt": "odt", ".rtf": "rtf", ".epub": "epub", ".md": "markdown"}
MIN_COVERAGE, MIN_MEAN = 0.8, 0.92
SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCoverage:
    """The shares of the reference's words that are in kept paragraphs, and in any text that is shown of the file.

    `refusal` is the reason if the file is refused; `words` is the number of words of the reference.
    """

    name: str
    words: int
    kept: float
    shown: float
    refusal: str | None = None


def words_of(text: str) -> Counter[str]:
    """Return the number of occurrences of each word of a text, in lower case.

    Words that are hyphenated at line ends are joined, and so are letters with spaces between them, as in recognised
    text.
    """
    joined = HYPHENATED_LINE_END.sub("", text.translate(LIGATURES))
    joined = SPACED_LETTERS.sub(lambda match: match[0].replace(" ", ""), joined)
    return Counter(word.casefold() for word in WORD.findall(joined))


def share_of(reference: Counter[str], found: Counter[str]) -> float:
    """Return the share of the reference's words that were found, 1 if it has none."""
    return sum((reference & found).values()) / max(sum(reference.values()), 1) if reference else 1.0


def reference_text(path: Path) -> str | None:
    """Return the text that another program extracts from a file, `None` without such a program or if it fails."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return _output("pdftotext", "-enc", "UTF-8", str(path), "-")
    if suffix in PANDOC_FORMATS:
        return _output("pandoc", "-f", PANDOC_FORMATS[suffix], "-t", "plain", "--wrap=none", str(path))
    return _mail_text(path.read_bytes()) if suffix == ".eml" else None


def _output(*command: str) -> str | None:
    if shutil.which(command[0]) is None:
        raise SystemExit(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - no shell
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _mail_text(raw: bytes) -> str | None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    try:
        text = body.get_content() if body is not None else None
    except (LookupError, KeyError, UnicodeError):
        return None
    if body is not None and body.get_content_subtype() == "html":
        return re.sub(r"<[^>]+>", " ", str(text))
    return str(text) if text is not None else None


def coverage(path: Path, pool: ExtractionPool) -> FileCoverage | None:
    """Return the coverage of a file, `None` without a reference."""
    text = reference_text(path)
    if text is None or not text.strip():
        return None
    reference = words_of(text)
    kept: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    refusal = None
    for source in read_file(path, path.name):
        if isinstance(source, SourceNote):
            continue
        try:
            if isinstance(source, SourceRejected):
                raise source
            document = pool.extract(source)
        except SourceRejected as error:
            refusal = error.reason
            continue
        kept += words_of("\n\n".join(paragraph.text for paragraph in document.paragraphs))
        shown += words_of("\n\n".join(_shown(document)))
    return FileCoverage(
        name=path.name,
        words=sum(reference.values()),
        kept=share_of(reference, kept),
        shown=share_of(reference, shown),
        refusal=refusal if not kept else None,
    )


def _shown(document: Document) -> Iterator[str]:
    """Yield all text of a document that a user can see: paragraphs, headings, and dropped text."""
    yield from (paragraph.text for paragraph in document.paragraphs)
    yield from (heading.text for heading in document.headings)
    yield from (document.text[dropped.start : dropped.end] for dropped in document.dropped)


def report(results: Sequence[FileCoverage]) -> Iterator[str]:
    """Yield a line for each file, and the mean over the files that were read."""
    yield f"{'file':45} {'words':>7} {'kept':>6} {'shown':>6}"
    for each in results:
        if each.refusal is not None:
            yield f"{each.name:45} {each.words:>7,} refused: {each.refusal}"
        else:
            mark = "  below the least" if each.kept < MIN_COVERAGE else ""
            yield f"{each.name:45} {each.words:>7,} {each.kept:>6.1%} {each.shown:>6.1%}{mark}"
    read = [each for each in results if each.refusal is None]
    if read:
        mean = sum(each.kept for each in read) / len(read)
        yield f"mean of {len(read)} files: {mean:.1%} kept (at least {MIN_MEAN:.0%})"


def main(folder: Path) -> None:
    """Print the coverage of every file in a folder that has a reference."""
    with ExtractionPool() as pool:
        results = [found for path in sorted(folder.iterdir()) if (found := coverage(path, pool)) is not None]
    for line in report(results):
        print(line)  # noqa: T201 - a command


if __name__ == "__main__":
    main(Path(sys.argv[1]))

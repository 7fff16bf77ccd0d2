"""A process that extracts documents, one after another, and can be killed: it reads from standard input.

Requests and replies are pickles. The process imports the cleaning and nothing else of the library: no model, no index.
`wherefrom.index.cleaning.extraction_pool` starts it.
"""

import os
import pickle
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import Document, Paragraph, RawSource, Sentence, Span

MIB = 1 << 20
ORPHAN_SECONDS = 1.0
"""How much later than its parent a worker ends itself, in case the parent is not there any more."""
MAX_IDLE_MIB = 256
"""A worker that has ever held more memory is replaced, since memory goes back to the system with the process only."""
PackedParagraph = tuple[int, str, tuple[int, ...], int, int, tuple[tuple[int, int, tuple[int, ...]], ...]]


class Reply(NamedTuple):
    """The document without its bytes and paragraphs, and its paragraphs packed; or the reason for its refusal."""

    document: Document | None
    paragraphs: tuple[PackedParagraph, ...]
    reason: str
    is_last: bool
    """Whether the worker ends after this reply."""


def seconds_allowed(source: RawSource, seconds_per_mib: float) -> float:
    """Return how long the reading of a source may take: `seconds_per_mib` for each MiB that it begins."""
    return seconds_per_mib * (len(source.raw) // MIB + 1)


def main(seconds_per_mib: float, memory_mib: int) -> None:
    """Extract what standard input asks for until it ends, within `memory_mib` of memory."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the replies
    _limit_memory(memory_mib)
    try:
        serve(sys.stdin.buffer, replies, seconds_per_mib, memory_mib)
    except BrokenPipeError:  # the parent was killed: nobody is there to be told
        os._exit(0)


def serve(requests: BinaryIO, replies: BinaryIO, seconds_per_mib: float, memory_mib: int) -> None:
    """Answer each pickled RawSource with a pickled Reply, until the requests end."""
    while True:
        try:
            source: RawSource = pickle.load(requests)  # noqa: S301 - from our own parent
        except (EOFError, pickle.UnpicklingError):  # the latter if the parent was killed while it sent one
            return
        _set_alarm(seconds_allowed(source, seconds_per_mib) + ORPHAN_SECONDS)
        reply = _reply(source, memory_mib)
        _set_alarm(0)
        replies.write(_dump(reply, memory_mib))
        replies.flush()
        if reply.is_last:
            return


def unpack(reply: Reply, source: RawSource) -> Document:
    """Return the document of a reply. Raise SourceRejected if the source was refused."""
    if reply.document is None:
        raise SourceRejected(source.name, reply.reason)
    return replace(reply.document, raw=source.raw, paragraphs=tuple(map(_unpacked, reply.paragraphs)))


def _reply(source: RawSource, memory_mib: int) -> Reply:
    try:
        document = extract(source)
        paragraphs = tuple(map(_packed, document.paragraphs))
    except SourceRejected as error:
        is_out_of_memory = isinstance(error.__cause__, MemoryError)
        return _refusal(_memory_reason(memory_mib) if is_out_of_memory else error.reason, is_last=is_out_of_memory)
    except MemoryError:
        return _refusal(_memory_reason(memory_mib), is_last=True)
    return Reply(replace(document, raw=b"", paragraphs=()), paragraphs, "", is_last=_peak_mib() > MAX_IDLE_MIB)


def _refusal(reason: str, *, is_last: bool) -> Reply:
    return Reply(None, (), reason, is_last=is_last or _peak_mib() > MAX_IDLE_MIB)


def _memory_reason(memory_mib: int) -> str:
    return f"reading it takes more than {memory_mib} MiB of memory"


def _dump(reply: Reply, memory_mib: int) -> bytes:
    try:
        return pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(_refusal(_memory_reason(memory_mib), is_last=True))


def _packed(paragraph: Paragraph) -> PackedParagraph:
    """Return a paragraph as tuples: pickling its dataclasses takes a tenth of the time that reading took."""
    return (
        paragraph.number,
        paragraph.text,
        _flat(paragraph.segments),
        paragraph.line_start,
        paragraph.line_end,
        tuple([(sentence.start, sentence.end, _flat(sentence.segments)) for sentence in paragraph.sentences]),
    )


def _unpacked(packed: PackedParagraph) -> Paragraph:
    number, text, segments, line_start, line_end, sentences = packed
    return Paragraph(
        number=number,
        text=text,
        segments=_spans(segments),
        line_start=line_start,
        line_end=line_end,
        sentences=tuple([Sentence(start=start, end=end, segments=_spans(flat)) for start, end, flat in sentences]),
    )


def _flat(spans: tuple[Span, ...]) -> tuple[int, ...]:
    return tuple([offset for span in spans for offset in (span.start, span.end)])


def _spans(flat: tuple[int, ...]) -> tuple[Span, ...]:
    return tuple([Span(start=start, end=end) for start, end in zip(flat[::2], flat[1::2], strict=True)])


def _set_alarm(seconds: float) -> None:
    """Have the system end this process after some seconds, whatever it does then; 0 cancels that."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(memory_mib: int) -> None:
    """Limit the private memory of this process; Windows has no such limit, and macOS does not enforce it."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = memory_mib * MIB
        resource.setrlimit(resource.RLIMIT_DATA, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))


def _peak_mib() -> int:
    """Return the most resident memory that this process has had, in MiB; 0 where the system does not tell.

    On Linux, `getrusage` counts the memory of the process that started this one: below a service with a model, a worker
    would have reached MAX_IDLE_MIB before it reads anything, and every source would wait for a new one.
    """
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux":
        try:
            status = Path("/proc/self/status").read_bytes()
            return int(status.partition(b"VmHWM:")[2].split()[0]) // 1024
        except (OSError, IndexError):
            pass  # without /proc, a worker is replaced too often
    import resource  # noqa: PLC0415

    peak: Any = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak) // (MIB if sys.platform == "darwin" else 1024)

"""The worker process of `extraction_pool`: it extracts documents one after another, as requested on standard input.

Requests and replies are pickles. The process imports only the cleaning package of the library: no model, no index.
"""

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.cleaning.extraction_reply import Reply, document_reply, refusal, seconds_allowed
from wherefrom.index.errors import SourceRejected
from wherefrom.index.types import RawSource

MIB = 1 << 20
ORPHAN_SECONDS = 1.0
"""Seconds after the time limit at which a worker ends itself, in case its parent no longer exists."""
MAX_IDLE_MIB = 256
"""Peak memory above which a worker is replaced, since only the end of a process returns its memory to the system."""


def main(seconds_per_mib: float, memory_mib: int) -> None:
    """Answer the requests on standard input until it ends, within `memory_mib` MiB of memory."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keeps the output of libraries out of the replies
    _limit_memory(memory_mib)
    try:
        serve(sys.stdin.buffer, replies, seconds_per_mib, memory_mib)
    except BrokenPipeError:  # the parent was killed, so no one reads the reply
        os._exit(0)


def serve(requests: BinaryIO, replies: BinaryIO, seconds_per_mib: float, memory_mib: int) -> None:
    """Answer each pickled RawSource with a pickled Reply until the requests end or a reply is the last."""
    while True:
        try:
            source: RawSource = pickle.load(requests)  # noqa: S301 - from our own parent
        except (EOFError, pickle.UnpicklingError):  # the latter if the parent was killed while sending
            return
        _set_alarm(seconds_allowed(source, seconds_per_mib) + ORPHAN_SECONDS)
        reply = _reply(source, memory_mib)
        _set_alarm(0)
        replies.write(_dump(reply, memory_mib))
        replies.flush()
        if reply.is_last:
            return


def _reply(source: RawSource, memory_mib: int) -> Reply:
    try:
        reply = document_reply(extract(source), is_last=_peak_mib() > MAX_IDLE_MIB)
    except SourceRejected as error:
        is_out_of_memory = isinstance(error.__cause__, MemoryError)
        return _refusal(_memory_reason(memory_mib) if is_out_of_memory else error.reason, is_last=is_out_of_memory)
    except MemoryError:
        return _refusal(_memory_reason(memory_mib), is_last=True)
    return reply


def _refusal(reason: str, *, is_last: bool) -> Reply:
    return refusal(reason, is_last=is_last or _peak_mib() > MAX_IDLE_MIB)


def _memory_reason(memory_mib: int) -> str:
    return f"reading it takes more than {memory_mib} MiB of memory"


def _dump(reply: Reply, memory_mib: int) -> bytes:
    try:
        return pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(_refusal(_memory_reason(memory_mib), is_last=True))


def _set_alarm(seconds: float) -> None:
    """Have the system end this process after some seconds, whatever it is doing; 0 cancels the alarm."""
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
    """Return the peak resident memory of this process in MiB; 0 on Windows.

    On Linux, `getrusage` includes the memory of the parent process: under a service with a model, a worker would exceed
    MAX_IDLE_MIB before its first source, and every source would wait for a new worker.
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

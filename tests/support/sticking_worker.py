"""An extraction worker in which some sources hang or die: `python -m tests.support.sticking_worker`.

A regular expression with catastrophic backtracking stands for any such pattern that has not been found yet.
"""

import os
import re
import signal
import subprocess
import sys
from typing import BinaryIO, cast

from tests.support.paths import ROOT
from wherefrom.index.cleaning import extraction_worker
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.cleaning.extraction_pool import Worker
from wherefrom.index.types import Document, RawSource

STUCK = b"STUCK in a regular expression. "
KILLED = b"KILLED by the system. "


def start_sticking_process(seconds_per_mib: float, memory_mib: int) -> Worker:
    """Start this worker, as `extraction_pool.start_process` starts an ordinary one."""
    command = [sys.executable, "-m", "tests.support.sticking_worker", str(seconds_per_mib), str(memory_mib)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return Worker(process, cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout))


def extract_or_stick(source: RawSource) -> Document:
    """Extract a source, unless it begins with STUCK, which hangs the process, or KILLED, which kills it."""
    if source.raw.startswith(STUCK):
        sys.stderr.write("stuck\n")
        sys.stderr.flush()
        re.match("(a+)+b", "a" * 1_000)
    if source.raw.startswith(KILLED):
        os.kill(os.getpid(), signal.SIGKILL)
    return extract(source)


if __name__ == "__main__":
    vars(extraction_worker)["extract"] = extract_or_stick
    extraction_worker.main(float(sys.argv[1]), int(sys.argv[2]))

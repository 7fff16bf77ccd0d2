"""Damages real files in many ways and extracts each: none may crash the process, or take too much time or memory.

    python -m wherefrom.eval.studies.mutated_files FOLDER [MUTATIONS]

Prints a line for each file of the folder, and the seeds of the mutations that exceed a limit; exits with 1 if any does.
Each file is read in a separate process. Times are processor times, which exclude other load.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.index.cleaning.extract import extract
from wherefrom.index.errors import SourceRejected
from wherefrom.index.sources.file_formats import read_file
from wherefrom.index.types import RawSource

MUTATIONS = 40
SECONDS_PER_BYTE = 1 / 100_000
MIN_SECONDS = 1.0
"""Time limit for a file of up to 100 kB, and for each page of a PDF."""
MEMORY_MIB = 200
MEMORY_PER_BYTE = 20
CRASH_SECONDS = 600
"""Time limit of a process that reads the mutations of a file."""
MAX_CHANGES = 12
PAGE = b"/Page"
MIB = 1 << 20


@dataclass(slots=True, kw_only=True)
class Outcome:
    """The outcome of the mutations of a file: numbers of read and refused ones, maxima, and exceeded limits."""

    file: str
    mutations: int = 0
    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    memory_mib: int = 0
    broken: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the outcome as a line of text."""
        counts = f"{self.mutations} mutations: {self.read} read, {self.refused} refused"
        worst = f"at most {self.seconds:.2f} s and {self.memory_mib} MiB"
        return "\n  ".join([f"{self.file}: {counts}; {worst}", *self.broken])


def mutated(raw: bytes, seed: int) -> bytes:
    """Return the bytes damaged in up to MAX_CHANGES places; the seed determines the result, and 0 changes nothing."""
    if seed == 0 or not raw:
        return raw
    chance = random.Random(seed)  # noqa: S311 - no secret
    data = bytearray(raw)
    for _ in range(chance.randint(1, MAX_CHANGES)):
        place = chance.randrange(len(data) or 1)
        match chance.randrange(6):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[place : place + chance.randint(1, 200)]
            case 2:
                data[place:place] = data[max(place - 100, 0) : place] * chance.randint(1, 50)
            case 3:
                data[place : place + 4] = chance.choice(
                    (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"9999")
                )
            case 4:
                other = chance.randrange(len(data) or 1)
                data[place : place + 64] = data[other : other + 64]
            case _:
                if chance.randrange(4) == 0:
                    del data[max(place, 10) :]
    return bytes(data)


def limits(name: str, raw: bytes) -> tuple[float, float]:
    """Return the seconds and the MiB of memory that the reading of a file may take."""
    seconds = MIN_SECONDS * max(raw.count(PAGE), 1) if name.endswith(".pdf") else len(raw) * SECONDS_PER_BYTE
    return max(seconds, MIN_SECONDS), MEMORY_MIB + MEMORY_PER_BYTE * len(raw) / MIB


def read_mutations(path: Path, count: int) -> Outcome:
    """Read the mutations of a file one after the other in this process."""
    outcome = Outcome(file=path.name)
    whole = path.read_bytes()
    with TemporaryDirectory(prefix="wherefrom-mutated-") as folder:
        for seed in range(count):
            raw = mutated(whole, seed)
            file = Path(folder) / path.name
            file.write_bytes(raw)
            before = _clear_peak()
            started = time.process_time()
            read, reasons = _read(file)
            seconds, memory = time.process_time() - started, _peak_mib() - before
            outcome.mutations += 1
            outcome.read += read > 0
            outcome.refused += read == 0
            outcome.seconds, outcome.memory_mib = max(outcome.seconds, seconds), max(outcome.memory_mib, memory)
            most_seconds, most_memory = limits(path.name, raw)
            if seconds > most_seconds:
                outcome.broken.append(f"seed {seed}: {seconds:.2f} s, where {most_seconds:.2f} s are allowed")
            if memory > most_memory:
                outcome.broken.append(f"seed {seed}: {memory} MiB, where {most_memory:.0f} MiB are allowed")
            outcome.broken += [f"seed {seed}: {reason}" for reason in reasons]
    return outcome


def _read(file: Path) -> tuple[int, list[str]]:
    """Return the number of articles that were read, and the errors that are not refusals."""
    read = 0
    wrong: list[str] = []
    try:
        for result in read_file(file, file.name):
            if isinstance(result, SourceRejected):
                wrong += [str(result)] if "unexpectedly" in result.reason else []
            elif isinstance(result, RawSource):
                try:
                    extract(result)
                    read += 1
                except SourceRejected as error:
                    wrong += [str(error)] if "unexpectedly" in error.reason else []
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        wrong.append(f"{type(error).__name__}: {error}")
    return read, wrong


def _clear_peak() -> int:
    """Reset the peak of this process's memory, and return its present memory, in MiB."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak_mib()


def _peak_mib() -> int:
    try:
        status = Path("/proc/self/status").read_bytes()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return int(status.partition(b"VmHWM:")[2].split()[0]) // 1024


def study(path: Path, count: int) -> Outcome:
    """Read the mutations of a file in another process, which may crash."""
    command = [sys.executable, "-m", "wherefrom.eval.studies.mutated_files", "--one", str(path), str(count)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=CRASH_SECONDS, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return Outcome(file=path.name, broken=[f"not done after {CRASH_SECONDS} s"])
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return Outcome(file=path.name, broken=[f"the process ended with {done.returncode}: {' '.join(last)}"])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main(folder: Path, count: int) -> int:
    """Print the outcome of every file of a folder; return 1 if a limit was exceeded, else 0."""
    totals: Counter[str] = Counter()
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        outcome = study(path, count)
        print(outcome.line(), flush=True)  # noqa: T201 - a command
        totals.update(files=1, mutations=outcome.mutations, broken=len(outcome.broken))
    print(", ".join(f"{number} {name}" for name, number in totals.items()))  # noqa: T201
    return int(totals["broken"] > 0)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[0] == "--one":
        sys.stdout.write(json.dumps(asdict(read_mutations(Path(arguments[1]), int(arguments[2])))) + "\n")
    else:
        sys.exit(main(Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else MUTATIONS))

"""Measures services under load by `wrk` of Debian, with one and many clients: a section of docs/benchmarks.md."""

import os
import re
import statistics
import subprocess
import urllib.parse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import typer

from wherefrom.eval.benchmarks.encoder_speed import question_speeds
from wherefrom.eval.benchmarks.service_process import Service, running_service
from wherefrom.eval.reports.doc_sections import Section
from wherefrom.eval.reports.plots import Axis, Line, plot
from wherefrom.index.embedding.protocol import Embedder

CLIENTS = (1, 32)
PEERS = ("naive", "naive with a CrossEncoder", "txtai")
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
"""Milliseconds of each unit that `wrk` prints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """The result of a run of `wrk`: latencies in milliseconds, requests per second, and the number of errors."""

    p50: float
    p99: float
    rate: float
    errors: int


def load_section(
    services: Sequence[Service],
    questions: Sequence[str],
    exported: Embedder,
    peers: Path | None,
    work: Path,
    *,
    seconds: int,
    rounds: int,
) -> Section:
    """Measure every service in turn, in each round with one client and with many.

    Nothing is measured without `wrk` or without its script, which is in the folder `peers`.
    """
    if which("wrk") is None or peers is None:
        typer.echo("Skipping the load test: it needs Debian's package `wrk` and --peers (its load.lua)", err=True)
        return Section(text="## Questions over HTTP\n\nNot measured: no `wrk` or no peers.", plots={})
    results: dict[tuple[str, int], list[LoadResult]] = {}
    encoder_ms: list[float] = []
    with ExitStack() as stack:
        running = {
            service.name: stack.enter_context(running_service(service, work / f"{service.url[-5:]}.log"))
            for service in services
        }
        for number in range(rounds + 1):
            encoder_ms.append(question_speeds([exported], questions)[0].single_ms)
            for service in services:
                paths = work / f"{service.url[-5:]}.paths"
                requests = (service.ask + urllib.parse.quote(question) for question in questions)
                paths.write_text("".join(f"{request}\n" for request in requests), encoding="ascii")
                for clients in CLIENTS:
                    duration = seconds if number else 1
                    result = run_wrk(service, paths, peers / "load.lua", clients=clients, seconds=duration)
                    if number:  # the first round warms up
                        results.setdefault((service.name, clients), []).append(result)
        memory_mb = {name: service.resident_mb() for name, service in running.items()}
    medians = {
        service.name: tuple(_median(results[service.name, clients]) for clients in CLIENTS) for service in services
    }
    return _section(medians, statistics.median(encoder_ms), memory_mb)


def run_wrk(service: Service, paths: Path, script: Path, *, clients: int, seconds: int) -> LoadResult:
    """Load a service with `clients` connections for `seconds`; each sends its next question after an answer."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
    command += ["-s", str(script), service.url]
    environment = os.environ | {"PATHS": str(paths)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - as configured
    return parse_wrk(done.stdout)


def parse_wrk(output: str) -> LoadResult:
    """Parse the output of `wrk --latency`."""
    errors = re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)", output)
    return LoadResult(
        p50=_milliseconds(output, "50%"),
        p99=_milliseconds(output, "99%"),
        rate=float(re.findall(r"Requests/sec:\s+([\d.]+)", output)[0]),
        errors=sum(int(number) for pair in errors for number in pair if number),
    )


def _milliseconds(output: str, percentile: str) -> float:
    number, unit = re.findall(rf"{percentile}\s+([\d.]+)(us|ms|s|m)\b", output)[0]
    return float(number) * UNITS[unit]


def _section(
    medians: Mapping[str, tuple[LoadResult, ...]], encoder_ms: float, memory_mb: Mapping[str, float]
) -> Section:
    rows = [
        "| | p50, 1 client | requests/s, 1 | p50, 32 clients | p99, 32 | requests/s, 32 | memory |",
        "|---" * 7 + "|",
    ]
    for name, (one, many) in medians.items():
        errors = f" ({one.errors + many.errors} errors)" if one.errors + many.errors else ""
        rows.append(
            f"| {name}{errors} | {one.p50:.2f} ms | {one.rate:.0f} | {many.p50:.1f} ms | {many.p99:.1f} ms"
            f" | {many.rate:.0f} | {memory_mb[name]:.0f} MB |"
        )
    text = "\n".join(["## Questions over HTTP", "", "The seeds; the eval set's questions in turn.", "", *rows, ""])
    listed = "\n".join(f"- {ratio}" for ratio in _ratios(medians, encoder_ms))
    return Section(
        text=f"{text}\n{listed}\n\n![Requests a second](benchmarks-load.svg)",
        plots={"benchmarks-load.svg": _rate_plot(medians)},
    )


def _ratios(medians: Mapping[str, tuple[LoadResult, ...]], encoder_ms: float) -> list[str]:
    """Compare Wherefrom with its own encoder and with the other services, a line each."""
    one, many = medians["wherefrom"]
    ratios = [
        f"p50 at one client: {one.p50 / encoder_ms:.2f} times the encoder's own {encoder_ms:.2f} ms",
        f"p99 to p50 at 32 clients: {many.p99 / many.p50:.2f}",
    ]
    for name in ("wherefrom", "wherefrom, careful"):
        ratios += [_compare(name, peer, medians) for peer in PEERS if name in medians and peer in medians]
    return ratios


def _compare(name: str, peer: str, medians: Mapping[str, tuple[LoadResult, ...]]) -> str:
    (one, many), (peer_one, peer_many) = medians[name], medians[peer]
    p50, rate = one.p50 / peer_one.p50, many.rate / peer_many.rate
    return f"{name} compared with {peer}: {p50:.3f} times its p50, {rate:.1f} times its throughput at 32 clients"


def _rate_plot(medians: Mapping[str, tuple[LoadResult, ...]]) -> str:
    names = [name for name in medians if "cached" not in name]
    highest = max(medians[name][1].rate for name in names) * 1.1
    lines = [
        Line(name=name, x=[float(clients) for clients in CLIENTS], y=[each.rate for each in medians[name]], dots=True)
        for name in names
    ]
    clients, rate = Axis(name="clients", low=0, high=32), Axis(name="requests/s", low=0, high=highest)
    return plot("Requests a second", clients, rate, lines)


def _median(results: Sequence[LoadResult]) -> LoadResult:
    return LoadResult(
        p50=statistics.median(each.p50 for each in results),
        p99=statistics.median(each.p99 for each in results),
        rate=statistics.median(each.rate for each in results),
        errors=sum(each.errors for each in results),
    )

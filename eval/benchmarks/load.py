"""Services asked in turn, by one client and by many, as a part of docs/benchmarks.md."""

import statistics
import urllib.parse
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import which

import typer

from wherefrom.eval.benchmarks.encoder_speed import question_speeds
from wherefrom.eval.benchmarks.section import Section
from wherefrom.eval.benchmarks.service_process import Load, Service, load, started
from wherefrom.eval.reports.plots import Axis, Line, plot
from wherefrom.index.embedding.protocol import Embedder

CLIENTS = (1, 32)


def under_load(
    measured: Sequence[Service],
    questions: Sequence[str],
    exported: Embedder,
    peers: Path | None,
    work: Path,
    *,
    seconds: int,
    rounds: int,
) -> Section:
    """Ask every service in turn, round after round, with few and with many clients; not without `wrk` and peers."""
    if which("wrk") is None or peers is None:
        typer.echo("NO LOAD: Debian's package `wrk` and --peers (its load.lua) are needed", err=True)
        return Section(text="## Under load\n\nNot measured: no `wrk` or no peers.", plots={})
    runs: dict[tuple[str, int], list[Load]] = {}
    alone: list[float] = []
    with ExitStack() as held:
        up = {each.name: held.enter_context(started(each, work / f"{each.url[-5:]}.log")) for each in measured}
        for number in range(rounds + 1):
            alone.append(question_speeds([exported], questions)[0].alone_ms)
            for service in measured:
                paths = work / f"{service.url[-5:]}.paths"
                asked = (service.ask + urllib.parse.quote(question) for question in questions)
                paths.write_text("".join(f"{path}\n" for path in asked), encoding="ascii")
                for clients in CLIENTS:
                    took = load(service, paths, peers / "load.lua", clients=clients, seconds=seconds if number else 1)
                    if number:  # the first round warms up
                        runs.setdefault((service.name, clients), []).append(took)
        resident = {name: each.resident_mb() for name, each in up.items()}
    return _load_section(measured, runs, statistics.median(alone), resident)


def _load_section(
    measured: Sequence[Service],
    runs: Mapping[tuple[str, int], Sequence[Load]],
    alone: float,
    resident: Mapping[str, float],
) -> Section:
    rows = [
        "| | p50, 1 client | requests/s, 1 | p50, 32 clients | p99, 32 | requests/s, 32 | memory |",
        "|---" * 7 + "|",
    ]
    middle: dict[str, tuple[Load, Load]] = {}
    for service in measured:
        one, many = (_median(runs[service.name, clients]) for clients in CLIENTS)
        middle[service.name] = (one, many)
        errors = f" ({one.errors + many.errors} errors)" if one.errors + many.errors else ""
        rows.append(
            f"| {service.name}{errors} | {one.p50:.2f} ms | {one.rate:.0f} | {many.p50:.1f} ms | {many.p99:.1f} ms"
            f" | {many.rate:.0f} | {resident[service.name]:.0f} MB |"
        )
    ours = middle["wherefrom"]
    ratios = [f"p50 at one client: {ours[0].p50 / alone:.2f} times the encoder's own {alone:.2f} ms (asked for: 2)"]
    ratios.append(f"p99 to p50 at 32 clients: {ours[1].p99 / ours[1].p50:.2f} (asked for: at most 3)")
    for peer, wanted in (("naive", "0.25 and 10"), ("txtai", "13 times the throughput")):
        if peer in middle:
            p50, rate = ours[0].p50 / middle[peer][0].p50, ours[1].rate / middle[peer][1].rate
            ratios.append(
                f"beside {peer}: p50 {p50:.3f}, throughput at 32 clients {rate:.1f} times (asked for: {wanted})"
            )
    text = "\n".join(["## Questions over HTTP", "", "The seeds; the eval set's questions in turn.", "", *rows, ""])
    names = [name for name in middle if "remembered" not in name]
    most = max(middle[name][1].rate for name in names) * 1.1
    lines = [
        Line(name=name, x=[float(each) for each in CLIENTS], y=[load.rate for load in middle[name]], dots=True)
        for name in names
    ]
    figure = plot(
        "Requests a second", Axis(name="clients", low=0, high=32), Axis(name="requests/s", low=0, high=most), lines
    )
    listed = "\n".join(f"- {ratio}" for ratio in ratios)
    return Section(
        text=f"{text}\n{listed}\n\n![Requests a second](benchmarks-load.svg)", plots={"benchmarks-load.svg": figure}
    )


def _median(loads: Sequence[Load]) -> Load:
    return Load(
        p50=statistics.median(each.p50 for each in loads),
        p99=statistics.median(each.p99 for each in loads),
        rate=statistics.median(each.rate for each in loads),
        errors=sum(each.errors for each in loads),
    )

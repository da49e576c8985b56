"""How the benchmarks time: the median of several runs after one that is not counted."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any


def seconds(work: Callable[[], Any], runs: int = 7) -> float:
    """The median wall time of ``work``."""
    work()
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def row(what: str, ours: float, other: float, other_name: str, bar: float) -> str:
    """A line: our time, the other's, and their ratio beside the bar it should reach."""
    ratio = other / ours
    verdict = "reached" if ratio >= bar else "MISSED"
    return f"{what:<34} {ours * 1e3:10.2f} ms   {other_name} {other * 1e3:10.1f} ms   ratio {ratio:7.1f}   bar {bar:g}: {verdict}"

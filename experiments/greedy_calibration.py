"""Where solvers other than basis pursuit succeed and fail on Gaussian matrices: the table that the package ships.

Five solvers, ±1 and Gaussian coefficients, n = 200 and 400 unknowns, nine values of delta = m/n. At each point nine values of k
within a third of where an up-and-down run at n = 200 found the transition, fresh matrices and signals in every trial, success
below a relative error of 1e-3. k50 comes from a probit fit in k, with a standard error from its profile likelihood interval. The
solvers that take k are told k.

    sparsecs run experiments/greedy_calibration.py

The table is kept as sparsecs/curves/measured_transitions.csv, which ``MeasuredTransition`` reads. ``python
experiments/greedy_calibration.py`` writes it from the store, with its provenance.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sparsecs import (
    AMP,
    HTP,
    OMP,
    Gaussian,
    NormalizedIHT,
    Recovery,
    Signal,
    Signs,
    Solver,
    Spikes,
    Store,
    SubspacePursuit,
    Sweep,
    __version__,
    grid,
    run_all,
)

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "greedy_calibration.jsonl"

SOLVERS: tuple[Solver, ...] = (OMP(), SubspacePursuit(), HTP(), NormalizedIHT(), AMP())
SIGNALS: tuple[Signal, ...] = (Signs(), Spikes())
DELTAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 0.95)
REPEATS = {200: 12, 400: 4}
SLOW = {"AMP": {200: 6}, "NormalizedIHT": {200: 12, 400: 3}}  # fewer trials; AMP is known to do what theory says
SPREAD = np.exp(np.linspace(-0.36, 0.36, 9))
PILOT_AT = (0.1, 0.25, 0.5, 0.75, 0.95)
PILOT = {
    "OMP Signs": (0.166, 0.156, 0.172, 0.197, 0.226),
    "OMP Spikes": (0.232, 0.321, 0.353, 0.389, 0.388),
    "SubspacePursuit Signs": (0.173, 0.252, 0.324, 0.400, 0.440),
    "SubspacePursuit Spikes": (0.217, 0.331, 0.424, 0.472, 0.494),
    "HTP Signs": (0.168, 0.179, 0.273, 0.358, 0.381),
    "HTP Spikes": (0.216, 0.318, 0.408, 0.478, 0.548),
    "NormalizedIHT Signs": (0.140, 0.181, 0.275, 0.334, 0.391),
    "NormalizedIHT Spikes": (0.133, 0.245, 0.391, 0.489, 0.572),
    "AMP Signs": (0.141, 0.261, 0.383, 0.526, 0.723),
    "AMP Spikes": (0.182, 0.254, 0.374, 0.504, 0.714),
}


def repeats(solver: Solver) -> dict[int, int]:
    """Trials at a cell, for each n."""
    return SLOW.get(type(solver).__name__, REPEATS)


def sweep(solver: Solver, signal: Signal, n: int) -> Sweep:
    """All deltas of one solver, signal and n."""
    about = np.interp(DELTAS, PILOT_AT, PILOT[f"{type(solver).__name__} {type(signal).__name__}"])
    cells = []
    for delta, rho in zip(DELTAS, about, strict=True):
        m = round(delta * n)
        sizes = np.unique(np.clip(np.round(rho * m * SPREAD), 1, m)).astype(int)
        cells += list(
            grid(n=n, m=m, k=[int(k) for k in np.union1d(sizes, [max(1, sizes[0] - 1), min(m, sizes[-1] + 1)])])
        )
    return Sweep(Recovery(Gaussian(), signal, solver), tuple(cells), repeats(solver)[n])


SWEEP = {
    f"{type(solver).__name__} {type(signal).__name__} {n}": sweep(solver, signal, n)
    for solver in SOLVERS
    for n in repeats(solver)
    for signal in SIGNALS
}


def table(diagrams: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each solver, signal, n and m at which k50 has bounds: k50, its standard error, and how many trials there were."""
    rows = []
    for label, diagram in diagrams.items():
        solver, signal, n = label.split()
        for m in sorted({cell["m"] for cell in diagram.tallies}):
            fit = diagram.transition("k", "probit", m=m)
            counted = [tally for cell, tally in diagram.tallies.items() if cell["m"] == m]
            where = {"solver": solver, "signal": signal, "n": int(n), "m": m}
            found = {"k50": round(fit.value, 3), "error": round(fit.error, 3), "slope": round(fit.slope, 4)}
            if np.isfinite([fit.value, fit.error]).all():
                rows.append({**where, **found, "trials": sum(tally.trials for tally in counted)})
    return rows


def report(diagrams: dict[str, Any]) -> str:
    """k50 / m for each, in a table."""
    rows = table(diagrams)
    lines = ["rho at 50 %".ljust(30) + "".join(f"{delta:>13}" for delta in DELTAS)]
    for label in diagrams:
        mine = {row["m"] / row["n"]: row for row in rows if f"{row['solver']} {row['signal']} {row['n']}" == label}
        both = {delta: (row["k50"] / row["m"], row["error"] / row["m"]) for delta, row in mine.items()}
        shown = ["{:.3f}±{:.3f}".format(*both[delta]) if delta in both else "-" for delta in DELTAS]
        lines.append(label.ljust(30) + "".join(f"{text:>13}" for text in shown))
    return "\n".join(lines)


def figure(diagrams: dict[str, Any]) -> Any:
    """The transitions over delta, at the larger n."""
    import matplotlib.pyplot as plt

    axes = plt.subplots()[1]
    for label in diagrams:
        rows = [row for row in table({label: diagrams[label]}) if row["n"] == max(REPEATS)]
        if rows:
            over = [row["m"] / row["n"] for row in rows]
            style = "o-" if "Signs" in label else "s--"
            heights, errors = ([row[name] / row["m"] for row in rows] for name in ("k50", "error"))
            axes.errorbar(over, heights, errors, fmt=style, label=" ".join(label.split()[:2]))
    axes.set(xlabel="δ = m/n", ylabel="ρ = k/m", title="Measured transitions on Gaussian matrices")
    axes.legend(fontsize="small")
    return axes


def write(file: Path) -> None:
    """The table of all trials in the store, under lines that say what they are."""
    diagrams = dict(zip(SWEEP, run_all(tuple(SWEEP.values()), Store(DATA)), strict=True))
    rows = table(diagrams)
    with file.open("w", newline="", encoding="utf-8") as out:
        out.write(
            "# k at which half of the signals are found: Gaussian matrices, fresh in every trial, relative error below 1e-3.\n"
            "# A probit fit in k; error is a standard error, slope that of the probit. Solvers with their defaults, told k.\n"
            f"# Made by experiments/greedy_calibration.py, sparsecs {__version__}, seed 0, {date.today()}; "
            f"{sum(row['trials'] for row in rows)} trials.\n"
        )
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(ROOT / "sparsecs" / "curves" / "measured_transitions.csv")

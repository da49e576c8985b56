"""Basis pursuit on Gaussian matrices meets the phase transition of Donoho and Tanner.

n = 200 unknowns, nine values of delta = m/n. For each, values of rho = k/m: thirteen within 2/sqrt(n) of the theory, where
the transition is, and ten across the whole; those that round to one k count once. At every cell 20 trials, each with a matrix
and a ±1 signal of its own; success is a relative error below 1e-3. The 50 % points of a probit fit are compared with the
asymptotic curve and with the same corrected for finite n. Nine intervals are asked at once, so each has confidence
1 - 0.05/9: all nine hold the true value with a probability of at least 95 %.

    sparsecs run experiments/donoho_tanner_gaussian.py
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs import (
    BasisPursuit,
    DonohoTanner,
    Gaussian,
    Recovery,
    Signs,
    StatisticalDimension,
    Sweep,
    phase_diagram,
    phase_grid,
)

N = 200
DELTAS = np.arange(1, 10) / 10
COARSE = np.arange(5, 100, 10) / 100
CONFIDENCE = 1 - 0.05 / len(DELTAS)


def rhos(delta: float) -> np.ndarray:
    """Where to look: near the theory closely, elsewhere coarsely."""
    near = DonohoTanner().rho(delta) + np.linspace(-2, 2, 13) / np.sqrt(N)
    return np.union1d(np.clip(near, 1 / (delta * N), 1), COARSE)


CELLS = tuple(cell for delta in DELTAS for cell in phase_grid(N, delta, rhos(delta)))
SWEEP = Sweep(Recovery(Gaussian(), Signs(), BasisPursuit()), CELLS, repeats=20)


def comparison(diagrams: dict[str, Any]) -> list[dict[str, float]]:
    """For each delta the fitted 50 % point in k with its interval, and what theory says."""
    (diagram,) = diagrams.values()
    rows = []
    for m in sorted({cell["m"] for cell in CELLS}):
        fit = diagram.transition("k", "probit", CONFIDENCE, m=m)
        theory = {"asymptotic": DonohoTanner().k(m, N), "finite": StatisticalDimension().finite_sparsity(m, N)}
        rows.append({"m": m, "k50": fit.value, "lower": fit.lower, "upper": fit.upper, **theory})
    return rows


def report(diagrams: dict[str, Any]) -> str:
    """The comparison as text."""
    lines = ["  m    measured k50 [interval]     Donoho-Tanner   with finite-n correction"]
    rows = comparison(diagrams)
    inside = 0
    for row in rows:
        lands = row["lower"] <= row["finite"] <= row["upper"]
        inside += lands
        lines.append(
            f"{row['m']:>3}   {row['k50']:7.2f} [{row['lower']:6.2f}, {row['upper']:6.2f}]   {row['asymptotic']:10.2f}"
            f"   {row['finite']:14.2f} {'inside' if lands else 'outside'}"
        )
    lines.append(f"{inside} of {len(rows)} corrected theory values lie inside, jointly a 95 % statement.")
    return "\n".join(lines)


def figure(diagrams: dict[str, Any]) -> Any:
    """The phase diagram with the curve on top."""
    (diagram,) = diagrams.values()
    ax = phase_diagram(diagram, curves=[DonohoTanner()], fit="probit")
    ax.set_title(f"Basis pursuit on Gaussian matrices, n = {N}")
    return ax

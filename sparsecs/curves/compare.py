"""A measured diagram against theory: where the transition is, how wide, and whether the counts follow the exact law."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, one_of, probability, whole_number
from sparsecs.curves._deviance import deviances, significance
from sparsecs.curves.base import Curve
from sparsecs.curves.comparison import Comparison
from sparsecs.curves.k50 import k50
from sparsecs.curves.success_probability import CONES, log_chances
from sparsecs.sweeps.diagram import Diagram
from sparsecs.sweeps.transition import fit_transition

ONE_BELOW = 0.158655253931457  # the normal law at one deviation below its mean


def compare(
    diagram: Diagram,
    curve: Curve | None = None,
    cone: str = "l1",
    confidence: float = 0.95,
    draws: int = 9999,
    seed: int = 0,
) -> Comparison:
    """A ``Comparison`` of measured success counts with a curve, and with the exact law of a Gaussian matrix at finite size.

    For each m and n, the 50 % point of a probit fit in k is held against the curve, and the deviation of the fit against that of
    the law. The counts of all cells together are tested against the law by their likelihood ratio. Nothing is fitted in that
    test. If an expected count is below 5, its p-value comes from simulated counts, and is exact but for their number.

    Parameters
    ----------
    diagram : Diagram
        Of cells with k, m and n, and with trials that are independent.
    curve : Curve, optional
        Where theory has the transition; if not given, that of the exact law.
    cone : {"l1", "nonnegative", "simplex", "box", "orthant"}
        Of the exact law; see ``success_probability``.
    confidence : float
        Of the interval of each 50 % point.
    draws : int
        How often the law is simulated, at least 99.
    seed : int
        Of the simulation.

    Raises
    ------
    ValueError
        If the cells have other axes than k, m and n, or sizes that the law does not know.

    Examples
    --------
    >>> from sparsecs import BasisPursuit, Gaussian, Recovery, Signs, Sweep, compare, grid, run
    >>> sweep = Sweep(Recovery(Gaussian(), Signs(), BasisPursuit()), grid(n=20, m=10, k=range(1, 9)), repeats=20)
    >>> found = compare(run(sweep))
    >>> found.p_value > 0.01, abs(found.rows[0]["offset"]) < 1
    (True, True)
    """
    a_kind_of(diagram, Diagram, "diagram", "run(sweep)")
    if curve is not None:
        a_kind_of(curve, Curve, "curve", "DonohoTanner()")
    one_of(cone, "cone", CONES)
    probability(confidence, "confidence")
    whole_number(draws, "draws", 99)
    slices = _slices(diagram)
    rows, cells = [], []
    for (n, m), counts in sorted(slices.items()):
        row, used = _row(m, n, np.array(sorted(counts)).T, curve, cone, confidence)
        rows.append(row)
        cells.append(used)
    trials, log_good, log_bad = np.concatenate(cells, axis=1)
    total = float(sum(row["deviance"] for row in rows))
    p_value, method = significance(total, trials.astype(int), log_good, log_bad, draws, seed)
    name = "the exact law" if curve is None else repr(curve)
    return Comparison(tuple(rows), total, trials.size, p_value, method, name, cone, confidence)


def _slices(diagram: Diagram) -> dict[tuple[int, int], list[tuple[int, int, int]]]:
    """k, trials and successes of the cells with trials, for each n and m."""
    slices: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for cell, tally in diagram.tallies.items():
        axes = [name for name, _ in cell.values]
        if axes != ["k", "m", "n"]:
            raise ValueError(f"The law speaks of cells with k, m and n; these have {', '.join(axes)}.")
        if tally.trials:
            slices.setdefault((cell["n"], cell["m"]), []).append((cell["k"], tally.trials, tally.successes))
    if not slices:
        raise ValueError("The diagram holds no trials.")
    return slices


def _row(
    m: int, n: int, counts: np.ndarray, curve: Curve | None, cone: str, confidence: float
) -> tuple[dict[str, Any], np.ndarray]:
    k, trials, successes = counts
    log_good, log_bad = log_chances(k, m, n, cone)
    parts = deviances(successes, trials, log_good, log_bad)
    open_cells = np.isfinite(log_good) & np.isfinite(log_bad)
    measured, lower, upper, width = _fitted(k, trials, successes, confidence)
    exact = k50(m, n, cone)
    theory = exact if curve is None else curve.k(m, n)
    row = {
        "m": m,
        "n": n,
        "trials": int(trials.sum()),
        "measured": measured,
        "lower": lower,
        "upper": upper,
        "theory": theory,
        "offset": measured - theory,
        "exact": exact,
        "width": width,
        "exact_width": (k50(m, n, cone, ONE_BELOW) - k50(m, n, cone, 1 - ONE_BELOW)) / 2,
        "deviance": float(parts.sum()),
        "cells": int(open_cells.sum()),
    }
    return row, np.stack([trials, log_good, log_bad])[:, open_cells]


def _fitted(k: np.ndarray, trials: np.ndarray, successes: np.ndarray, confidence: float) -> tuple[float, ...]:
    """The 50 % point, its interval and the deviation of a probit fit; without bounds where one k alone was tried."""
    if k.size < 2:
        return float("nan"), -np.inf, np.inf, float("nan")
    fit = fit_transition(k, trials, successes, "probit", confidence)
    return fit.value, fit.lower, fit.upper, 1 / fit.slope

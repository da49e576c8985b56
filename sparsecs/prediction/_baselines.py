"""What simpler rules predict: counting rows, counting ranks, and weighing columns by their norms."""

from __future__ import annotations

import numpy as np

from sparsecs.curves.donoho_tanner import DonohoTanner
from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.operators.base import Operator
from sparsecs.prediction._leverage_law import leverage_law
from sparsecs.prediction._theory import POINTS, Theory

ROWS, RANKS, NORMS = "Donoho–Tanner, m/n", "Gaussian, rank and distinct columns", "column norms as weights"


def baselines(
    operator: Operator, rank: int, kept: int, norms: np.ndarray, orders: list[np.ndarray], law: Theory
) -> dict[str, float]:
    """k at 50 % success by each rule, with the leverage law's own value last.

    Parameters
    ----------
    operator : Operator
        As it was given.
    rank, kept : int
        Of the matrix that has one column of each direction.
    norms : (kept,) array
        Lengths of its columns.
    orders : list of arrays of int
        Supports are their first k.
    law : Theory
    """
    m, n = operator.shape
    return {
        ROWS: float(DonohoTanner().k(min(m, n), n)),
        RANKS: float(kept if rank >= kept else StatisticalDimension().finite_sparsity(rank, kept)),
        NORMS: _by_norms(norms, rank, orders),
        "leverage law": law.where(0.5),
    }


def _by_norms(norms: np.ndarray, rank: int, orders: list[np.ndarray]) -> float:
    """Weights 1/‖a_j‖, as if the unit columns were Gaussian."""
    with np.errstate(over="ignore"):
        h = 1 / (1 + (np.median(norms) / norms) ** 2)
    k = np.unique(np.linspace(0, min(rank, max(o.size for o in orders)), POINTS).round().astype(int))
    return Theory(k, leverage_law(h, rank, orders, k).mean(axis=0)).where(0.5)

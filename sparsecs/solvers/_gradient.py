r"""What the methods of iterative hard thresholding share: where they stand, and the step that never raises the residual.

    g = A^H r,   mu = ||g_S||^2 / ||A g_S||^2,   x' = H_k(x + mu g)

S is the support of x. The step mu is the best one as long as the support stays. If it changes, the step must also satisfy
mu <= (1 - c) ||x' - x||^2 / ||A (x' - x)||^2, or it is divided by kappa (1 - c) until it does. (Blumensath and Davies 2010.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers._blocks import chosen_columns, keep_chosen
from sparsecs.solvers._support import Columns

MARGIN, SHRINK = 0.01, 2.0  # c and kappa, where a method does not let them be chosen


class Point(NamedTuple):
    """A sparse x, what it leaves of y, the columns it may use, and Aᴴ of the residual."""

    x: np.ndarray
    residual: np.ndarray
    support: np.ndarray
    gradient: np.ndarray


def beginning(columns: Columns, problem: Problem) -> Point:
    """x = 0, with the support of the largest correlations."""
    gradient = columns.correlations(problem.y)
    support = chosen_columns(gradient, problem.sparsity or 1, problem.groups)
    return Point(problem.nothing(), problem.y, support, gradient)


def at(columns: Columns, problem: Problem, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k largest blocks of an array, what they leave of y, and their columns."""
    x, support = keep_chosen(wanted, problem.sparsity or 1, problem.groups)
    return x, problem.y - columns.image(x, support), support


def on(values: np.ndarray, support: np.ndarray) -> np.ndarray:
    """``values`` on a support, zero elsewhere."""
    kept = np.zeros_like(values)
    kept[support] = values[support]
    return kept


def square(values: np.ndarray) -> float:
    """The squared Euclidean norm of all entries."""
    return float(np.vdot(values, values).real)


def curvature(columns: Columns, here: Point) -> tuple[float, float]:
    """‖g_S‖² and ‖A g_S‖²."""
    inside = on(here.gradient, here.support)
    return square(inside), square(columns.image(inside, here.support))


def typical_length(columns: Columns, here: Point) -> float:
    """A length of the columns on the support, for comparing correlations with rounding; infinite if they are all zero."""
    rise, bend = curvature(columns, here)
    return float(np.sqrt(bend / rise)) if bend > 0 else float("inf")


def normalized_step(
    columns: Columns, problem: Problem, here: Point, c: float = MARGIN, kappa: float = SHRINK
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """The next x, what it leaves of y, and its columns; None if the gradient is zero on the support."""
    rise, bend = curvature(columns, here)
    if bend == 0:
        return None
    real = problem.y.real.dtype.type
    mu = real(rise / bend)
    while True:
        x, residual, support = at(columns, problem, here.x + mu * here.gradient)
        if np.array_equal(support, here.support) or not np.isfinite(residual).all():
            return x, residual, support
        moved = square(residual - here.residual)
        if moved == 0 or mu * moved <= (1 - c) * square(x - here.x):
            return x, residual, support
        mu = mu / real(kappa * (1 - c))

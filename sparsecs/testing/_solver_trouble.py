"""Laws of trouble: zero and twin columns, lost rank, ten decades of norms and y = 0 are normal input."""

from __future__ import annotations

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.solvers.result import Status
from sparsecs.testing._asked import Asked, demand_sound, distance
from sparsecs.testing._laws import Law, demand


def nothing_measured(asked: Asked) -> None:
    """y = 0 is answered by x = 0, with the status ZERO."""
    if not asked.solver.scales:
        return
    A, _, y = asked.easy()
    for matrix in (A, A.astype(np.float32)):
        result = asked.ask(matrix, (0 * y).astype(matrix.dtype))
        demand(result.status is Status.ZERO, f"the status is {result.status.name}.")
        demand(not result.x.any() and result.support.size == 0, f"{np.count_nonzero(result.x)} entries are not zero.")
        demand(not result.residual.any(), "the residual is not zero.")
        demand(result.x.dtype == matrix.dtype, f"x is {result.x.dtype} for a matrix of {matrix.dtype}.")


def nothing_measures(asked: Asked) -> None:
    """A matrix of zeros is answered by x = 0, and the residual is y."""
    A, _, y = asked.easy()
    result = asked.ask(np.zeros_like(A), y)
    demand(not result.x.any(), f"{np.count_nonzero(result.x)} entries of x are not zero.")
    if asked.fits_squares:
        demand(np.array_equal(result.residual, y), "the residual is not y.")


def zero_columns(asked: Asked) -> None:
    """Zero columns give no NaN, get no coefficient, and do not stand in the way."""
    A, x, y = asked.easy()
    A = A.copy()
    dead = np.flatnonzero(x == 0)[::3]
    A[:, dead] = 0
    for measured in (y, asked.noisy()[1]):
        for k in asked.from_few_to_all(A):
            result = asked.ask(A, measured, k, most=500)
            demand_sound(result, A, measured, f"with {dead.size} zero columns and k = {k}")
            demand(not result.x[dead].any(), f"{np.count_nonzero(result.x[dead])} zero columns have a coefficient.")
    if asked.exact and not asked.given:
        apart = distance(asked.ask(A, y).x, x)
        demand(
            apart <= 10 * asked.solver.tolerance, f"with {dead.size} zero columns the relative error is {apart:.2g}."
        )


def twin_columns(asked: Asked) -> None:
    """Columns that come twice, or as multiples, give no NaN and a true status."""
    A, _, y = asked.easy()
    twice = np.hstack([A, A, -2 * A[:, :10]])
    for k in asked.from_few_to_all(A):
        demand_sound(asked.ask(twice, y, k, most=2000), twice, y, f"with twin columns and k = {k}")
    if (
        asked.exact and not asked.solver.needs_sparsity and not asked.given
    ):  # a fixed k may leave none to spare for twins
        left = float(np.linalg.norm(asked.ask(twice, y).residual) / np.linalg.norm(y))
        demand(left <= 1e-6, f"with twin columns {left:.2g} of y is left.")


def lost_rank(asked: Asked) -> None:
    """A matrix of low rank gives no NaN and a true status, whether it explains y or not."""
    A = stream(0, "A").standard_normal((20, 4)) @ stream(0, "B").standard_normal((4, 30))
    for y in (A[:, 2] - 2 * A[:, 17], stream(0, "y").standard_normal(20)):
        for k in (1, 2, 20):
            demand_sound(asked.ask(A, y, k, most=2000), A, y, f"with a matrix of rank 4 and k = {k}")


def decades_of_norms(asked: Asked) -> None:
    """Columns whose norms span ten decades give no NaN and a true status."""
    A, x, y = asked.easy()
    n = A.shape[1]
    first = np.arange(n) == np.flatnonzero(x)[0]
    for lengths, what in (
        (10.0 ** stream(0, "lengths").permutation(np.linspace(-5, 5, n)), "norms over ten decades"),
        (np.where(first, 1e-10, 1.0), "one column of 1e-10"),
        (np.where(first, 1e10, 1.0), "one column of 1e10"),
        (np.where(np.arange(n) % 2, 1e-10, 1.0), "every other column of 1e-10"),
    ):
        for k in asked.from_few_to_all(A)[:2]:
            demand_sound(asked.ask(A * lengths, y, k, most=300), A * lengths, y, f"with {what} and k = {k}")


def short_columns(asked: Asked) -> None:
    """Columns too short to be inverted give no NaN and a true status, and do not make the answer zero."""
    A, _, y = asked.easy()
    A = A * np.where(np.arange(A.shape[1]) % 3 == 0, 1e-310, 1.0)
    result = asked.ask(A, y, most=300)
    demand_sound(result, A, y, "with every third column of 1e-310")
    demand(result.x.any() or not asked.exact, "x is zero.")


def small_and_tall(asked: Asked) -> None:
    """One row, one column, a single entry, and more rows than columns are answered."""
    A, _, y = asked.easy()
    for matrix, measured in (
        (np.array([[2.0]]), np.array([3.0])),
        (np.array([[0.0]]), np.array([3.0])),
        (np.array([[1.0, 2.0]]), np.array([3.0])),
        (np.array([[1.0], [2.0]]), np.array([1.0, 2.0])),
        (np.vstack([A, A[::-1]]), np.concatenate([y, y[::-1]])),
    ):
        what = f"for a matrix of {matrix.shape[0]} x {matrix.shape[1]}"
        result = asked.ask(matrix, measured, min(asked.k, *matrix.shape))
        demand_sound(result, matrix, measured, what)
        if asked.exact and matrix.any() and not asked.given:
            left = float(np.abs(result.residual).max())
            demand(left <= 1e-7, f"{what} y is explained but for {left:.2g}.")


LAWS: tuple[Law, ...] = (
    nothing_measured,
    nothing_measures,
    zero_columns,
    twin_columns,
    lost_rank,
    decades_of_norms,
    short_columns,
    small_and_tall,
)

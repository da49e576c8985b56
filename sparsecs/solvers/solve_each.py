"""Answer many signals that were measured by one operator, each for itself; what depends on A alone is done once."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.checks import finite, held, numeric
from sparsecs.operators.door import as_operator
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, exponents_of, safe_operator, times_each
from sparsecs.solvers.base import Solver
from sparsecs.solvers.result import Result
from sparsecs.solvers.results import Results
from sparsecs.solvers.solve import answer, borne_out, finished, the_solver


def solve_each(
    A: Any,
    Y: Any,
    solver: Solver | str,
    *,
    sparsity: int | None = None,
    groups: Any = None,
    weights: Any = None,
    noise: float = 0.0,
) -> Results:
    """The answers to the columns of Y, which have nothing in common but A; ``solve`` finds signals with one support.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    Y : (m, p) array
        What was measured of p signals, one a column.
    solver, sparsity, groups, weights, noise
        As for ``solve``.

    Returns
    -------
    Results
        A sequence of p results; ``.x`` is (n, p). Where a method does all at once, each result has its share of the time.

    Raises
    ------
    TypeError, ValueError
        As for ``solve``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OMP, solve_each
    >>> solve_each(np.eye(2), np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 0.0]]), OMP(), sparsity=1)
    <Results: 3 answers: 3 SOLVED>
    """
    method, operator = the_solver(solver), as_operator(A)
    Y = finite(numeric(Y, "Y"), "Y")
    if Y.ndim != 2 or Y.shape[0] != operator.shape[0] or Y.shape[1] == 0:
        hint = " For one signal use solve, or Y[:, None]." if Y.shape == operator.shape[:1] else ""
        raise ValueError(
            f"Y has shape {Y.shape} but the operator measures {operator.shape[0]} values: one row for each was asked for, "
            f"and one column for each signal.{hint}"
        )
    first = Problem(
        operator, np.ascontiguousarray(Y[:, 0]), sparsity=sparsity, groups=groups, weights=weights, noise=noise
    )
    method.accepts(first)
    rows = np.ascontiguousarray(held(Y.T, np.result_type(first.y, Y) if np.iscomplexobj(Y) else operator.dtype, "Y"))
    together = _together(first, rows, method)
    if together is None:
        together = [answer(first.but(y=row.copy()), method) for row in rows]
    return Results(tuple(together))


def _together(problem: Problem, rows: np.ndarray, solver: Solver) -> list[Result] | None:
    """All answers at once, where the method can and none of its parameters is in units of y."""
    if (
        type(solver).each is Solver.each
        or not solver.scales
        or len(rows) < 2
        or problem.noise
        or not rows.any(axis=1).all()
    ):
        return None
    start = perf_counter()
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        exponents = exponents_of(rows)
        scaled_rows = times_each(rows, -exponents)
        A, exponent = safe_operator(problem.operator, scaled_rows[0])
        units = [Units(exponent, int(e)) for e in exponents]
        if any(solver.rescaled(one) != solver for one in set(units)):
            return None
        scaled = problem.but(operator=A, y=scaled_rows[0])
        found = solver.each(scaled, np.ascontiguousarray(scaled_rows.T))
        if found is None:
            return None
        if any(last.dual is not None for last, _, _ in found):
            every = zip(scaled_rows, units, found, strict=True)
            return [finished(solver, scaled.but(y=y), one, done, start, len(rows)) for y, one, done in every]
        X = times_each(np.array([last.x for last, _, _ in found]), exponents - exponent)
        left = scaled_rows - A.matmat(np.array([last.x for last, _, _ in found]).T).T
        found = [
            (last, borne_out(solver, scaled.but(y=y), r, status), count)
            for (last, status, count), y, r in zip(found, scaled_rows, left, strict=True)
        ]
        residuals = times_each(left, exponents)
    if not np.isfinite(X).all():
        return None  # one by one, the refusal says which and why
    owners, places = np.nonzero(X)
    supports = np.split(places, np.searchsorted(owners, np.arange(1, len(X))))
    seconds = (perf_counter() - start) / len(rows)
    return [
        Result(x, support, residual, status, count, seconds)
        for x, support, residual, (_, status, count) in zip(X, supports, residuals, found, strict=True)
    ]

"""Answer many signals that were measured by one operator, each for itself; what depends on A alone is done once."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.checks import finite, numeric
from sparsecs.operators.door import as_operator
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, exponent_of, safe_operator, times
from sparsecs.solvers.base import Solver
from sparsecs.solvers.result import Result
from sparsecs.solvers.results import Results
from sparsecs.solvers.solve import answer, finished, the_solver


def solve_each(
    A: Any, Y: Any, solver: Solver | str, *, sparsity: int | None = None, groups: Any = None, weights: Any = None
) -> Results:
    """The answers to the columns of Y, which have nothing in common but A; ``solve`` finds signals with one support.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    Y : (m, p) array
        What was measured of p signals, one a column.
    solver, sparsity, groups, weights
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
        raise ValueError(
            f"Y has shape {Y.shape} but the operator measures {operator.shape[0]} values: one row for each was asked for, "
            "and one column for each signal."
        )
    problems = [
        Problem(operator, np.ascontiguousarray(Y[:, j]), sparsity=sparsity, groups=groups, weights=weights)
        for j in range(Y.shape[1])
    ]
    method.accepts(problems[0])
    together = _together(problems, method)
    return Results(tuple(together if together is not None else [answer(problem, method) for problem in problems]))


def _together(problems: list[Problem], solver: Solver) -> list[Result] | None:
    """All answers at once, where the method can and none of its parameters is in units of y."""
    lively = [problem for problem in problems if problem.y.any()]
    if type(solver).each is Solver.each or not solver.scales or len(lively) < 2:
        return None
    start = perf_counter()
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        exponents = [exponent_of(problem.y) for problem in lively]
        first = lively[0]
        Y = np.stack([times(problem.y, -e) for problem, e in zip(lively, exponents, strict=True)], axis=1)
        A, exponent = safe_operator(first.operator, Y[:, 0])
        if any(solver.rescaled(Units(exponent, e)) != solver for e in exponents):
            return None
        scaled = [
            Problem(A, np.ascontiguousarray(Y[:, j]), first.sparsity, groups=first.groups, weights=first.weights)
            for j in range(Y.shape[1])
        ]
        found = solver.each(scaled[0], Y)
        if found is None:
            return None
        done = iter(
            finished(solver, one, Units(exponent, e), answered, start, len(lively))
            for one, e, answered in zip(scaled, exponents, found, strict=True)
        )
        return [next(done) if problem.y.any() else answer(problem, solver) for problem in problems]

"""Answer a problem: the loop, the clock, the stop rule and the finiteness check, for every method alike.

A method never meets extreme numbers: see ``problems/units.py``. The answer, its residual and its certificate are those of the
problem as it was given.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, quote
from sparsecs.core.family import member
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, standardized, times
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Result, Status

FAR = 100.0  # a residual of so many times the size of y will not come back


def solve(
    A: Any,
    y: Any,
    solver: Solver | str,
    *,
    sparsity: int | None = None,
    groups: Any = None,
    weights: Any = None,
    noise: float = 0.0,
) -> Result:
    """A sparse x with A x ≈ y.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n): an array, a SciPy sparse matrix, a SciPy or PyLops operator, or an operator of this package.
    y : (m,) or (m, p) array
        What was measured. Several columns have signals with one support in common, for the methods with a joint form;
        ``solve_each`` answers columns that have nothing in common.
    solver : Solver or str
        For example ``OMP()``, ``BasisPursuit()``, or ``"OMP"`` with its defaults.
    sparsity : int, optional
        k, the number of nonzeros to look for, for the methods that need it.
    groups : (n,) array of labels or sequence of index lists, optional
        For the methods with a form for groups; ``sparsity`` then counts groups.
    weights : (n,) array, optional
        What each coefficient costs, for the methods with an ℓ1 norm, or each group: above zero, may be infinite.
    noise : float
        The standard deviation of the noise in y, if it is known. BasisPursuitDenoising and DantzigSelector allow for it by
        default, VAMP and SparseBayesianLearning take it as given; the others do not use it.

    Returns
    -------
    Result
        With ``x``, ``support``, ``residual``, ``status``, ``iterations``, ``seconds`` and ``certificate``.

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, numbers are not finite, or the method lacks what it needs.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OMP, solve
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> result = solve(A, [1.2, 1.6], OMP(), sparsity=1)
    >>> result.x, result.status.name
    (array([0., 0., 2.]), 'SOLVED')
    """
    problem = Problem(A, y, sparsity=sparsity, groups=groups, weights=weights, noise=noise)
    return answer(problem, the_solver(solver))


def the_solver(solver: Solver | str) -> Solver:
    """A solver, or the one with this name with its defaults."""
    if isinstance(solver, str):
        solver = member(solver, "sparsecs.solvers", Solver)()
    if not isinstance(solver, Solver):
        raise TypeError(f"solver must be a solver such as OMP(), or its name; got {quote(solver)}.")
    return solver


def answer(problem: Problem, solver: Solver) -> Result:
    """A solver's answer to a problem that is already made; ``solve`` makes one from A and y.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Signs, answer, plant, stream
    >>> problem = plant(Gaussian().draw(40, 80, stream(0, "A")), Signs(), 4, stream(0, "x"))
    >>> problem.error(answer(problem, OMP()).x) < 1e-12
    True
    """
    a_kind_of(problem, Problem, "problem", "Problem(A, y)")
    a_kind_of(solver, Solver, "solver", "OMP()")
    solver.accepts(problem)
    start = perf_counter()
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        if solver.scales and not problem.y.any():
            return _zero(problem, solver, start)
        scaled, units = standardized(problem, keep_y=not solver.scales)
        method = solver.rescaled(units)
        last, status, count = _run(method, scaled)
        return finished(method, scaled, units, (last, status, count), start)


def _zero(problem: Problem, solver: Solver, start: float) -> Result:
    x = problem.nothing()
    proof = solver.certificate(problem, x, problem.y, "y is zero")
    return Result(x, np.flatnonzero(x), problem.y.copy(), Status.ZERO, 0, perf_counter() - start, proof)


def finished(
    method: Solver, scaled: Problem, units: Units, found: tuple[Iterate, Status, int], start: float, share: int = 1
) -> Result:
    """The result in the units of the problem as it was given; ``share`` is among how many the time is divided."""
    last, status, count = found
    last = replace(last, x=without_rounding(method, scaled, last.x))
    x = times(last.x, units.exponent(-1, 1))
    if not np.isfinite(x).all():
        raise ValueError(
            f"The answer is too large for {x.dtype}: it has an entry of about 2^{units.exponent(-1, 1)} times "
            f"{np.abs(last.x).max():.2g}. Scale y down or A up."
        )
    left = method.residual(scaled, last.x)
    status = borne_out(method, scaled, left, status)
    residual = times(left, units.y).astype(x.dtype, copy=False)
    proof = None if last.dual is None else method.certificate(scaled, last.x, last.dual, last.road)
    if proof is not None:
        proof = proof.rescaled(units.exponent(*method.objective_units), units.exponent(*method.dual_units))
    support = np.flatnonzero(x if x.ndim == 1 else x.any(axis=1))
    return Result(x, support, residual, status, count, (perf_counter() - start) / share, proof)


def without_rounding(method: Solver, problem: Problem, x: np.ndarray) -> np.ndarray:
    """x without what only makes up for the rounding of y to single precision, if y is explained as well without it."""
    norm = float(np.linalg.norm(problem.y))
    if not method.exact or x.ndim == 2 or x.real.dtype != np.float32 or problem.operator.at_hand is None:
        return x
    parts = np.abs(x) * problem.operator.column_norms()
    short = np.where(parts <= 8 * np.finfo(np.float32).eps * norm, 0, x).astype(x.dtype)
    fits = np.linalg.norm(method.residual(problem, short)) <= method._floor(problem) * norm
    return short if fits else x


def borne_out(method: Solver, problem: Problem, residual: np.ndarray, status: Status) -> Status:
    """The status, unless it says SOLVED and y − A x, computed anew, says otherwise: columns almost depend on each other."""
    doubtful = status is Status.SOLVED and method.exact
    if doubtful and np.linalg.norm(residual) > 4 * method._floor(problem) * np.linalg.norm(problem.y):
        return Status.UNCERTAIN
    return status


def _run(method: Solver, problem: Problem) -> tuple[Iterate, Status, int]:
    """The last sound iterate, why it was the last, and how many there were."""
    found = method.at_once(problem)
    if found is not None and np.isfinite(found[0].x).all():
        return found
    last = Iterate(problem.nothing(), problem.y)
    far = FAR * float(np.linalg.norm(problem.y)) if method.scales else np.finfo(np.float64).max
    before, count = None, 0
    for iterate in method.iterates(problem):
        count += 1
        if not np.isfinite(iterate.x).all() or not np.linalg.norm(iterate.residual) <= far:
            return last, Status.DIVERGED, count
        status = iterate.status or method.stop(problem, before, iterate)
        last = before = iterate
        if status is not None:
            return last, status, count
        if count >= method.limit(problem):
            return last, Status.LIMIT, count
    return last, Status.STALLED, count

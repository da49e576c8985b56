"""Answer a problem: the loop, the clock, the stop rule and the finiteness check, for every method alike.

A method never meets extreme numbers: y is scaled to unit size by a power of two, which changes no digit, and A too if its
products leave the range that squares can be taken in. The answer, its residual and its certificate are those of the problem
as it was given.
"""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.checks import quote
from sparsecs.core.family import member
from sparsecs.operators.dense import Dense
from sparsecs.operators.scaled import Scaled
from sparsecs.problems.problem import Problem
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Result, Status


def solve(A: Any, y: Any, solver: Solver | str, *, sparsity: int | None = None, groups: Any = None) -> Result:
    """A sparse x with A x ≈ y.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n): an array, a SciPy sparse matrix, a SciPy or PyLops operator, or an operator of this package.
    y : (m,) array
        What was measured.
    solver : Solver or str
        For example ``OMP()``, ``BasisPursuit()``, or ``"OMP"`` with its defaults.
    sparsity : int, optional
        k, the number of nonzeros to look for, for the methods that need it.
    groups : (n,) array of labels or sequence of index lists, optional
        For the methods with a form for groups.

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
    if isinstance(solver, str):
        solver = member(solver, "sparsecs.solvers", Solver)()
    if not isinstance(solver, Solver):
        raise TypeError(f"solver must be a solver such as OMP(), or its name; got {quote(solver)}.")
    return answer(Problem(A, y, sparsity=sparsity, groups=groups), solver)


def answer(problem: Problem, solver: Solver) -> Result:
    """A solver's answer to a problem that is already made; ``solve`` makes one from A and y.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Signs, answer, plant, stream
    >>> problem = plant(Gaussian().draw(40, 80, stream(0, "A")), Signs(), 4, stream(0, "x"))
    >>> problem.error(answer(problem, OMP()).x) < 1e-12
    True
    """
    solver.accepts(problem)
    start = perf_counter()
    n = problem.shape[1]
    if not problem.y.any():
        zero = np.zeros(n, dtype=problem.y.dtype)
        certificate = solver.certificate(problem, zero, problem.y, "y is zero") if solver.convex else None
        return _result(problem, zero, problem.y.copy(), Status.ZERO, 0, start, certificate)
    scaled, operator_unit, y_unit = _standardized(problem)
    method = solver.rescaled(operator_unit, y_unit)
    last, status, count = None, None, 0
    with np.errstate(over="ignore", invalid="ignore"):
        for iterate in method.iterates(scaled):
            count += 1
            if not np.isfinite(iterate.x).all() or not np.isfinite(iterate.residual).all():
                status = Status.DIVERGED
                break
            status = iterate.status or method.stop(scaled, last, iterate)
            last = iterate
            if status is None and count >= solver.max_iterations:
                status = Status.LIMIT
            if status is not None:
                break
    last = last or Iterate(np.zeros(n, dtype=scaled.y.dtype), scaled.y)
    x = _times(last.x, y_unit / operator_unit)
    residual = problem.y - problem.operator.matvec(x)
    certificate = None
    if solver.convex and last.dual is not None:
        certificate = solver.certificate(problem, x, last.dual, last.road)
    return _result(problem, x, residual, status or Status.STALLED, count, start, certificate)


def _result(problem: Problem, x: Any, residual: Any, status: Status, count: int, start: float, proof: Any) -> Result:
    residual = residual.astype(problem.y.dtype, copy=False)
    return Result(x, np.flatnonzero(x), residual, status, count, perf_counter() - start, proof)


def _standardized(problem: Problem) -> tuple[Problem, float, float]:
    """The problem with ‖y‖ between 1 and 2 and ‖Aᴴy‖ in a safe range, and the two units it was divided by."""
    A = problem.operator
    largest = math.frexp(float(np.abs(problem.y).max()))[1]
    y = np.ldexp(problem.y, -largest)
    exponent = math.frexp(float(np.linalg.norm(y)))[1] - 1
    y, exponent = np.ldexp(y, -exponent), exponent + largest
    image = A.rmatvec(y)
    peak = float(np.abs(image).max(initial=0))
    reach = 100 if A.dtype.itemsize == 8 else 8
    shift = math.frexp(peak)[1] if np.isfinite(peak) and peak > 0 else 0
    if abs(shift) <= reach:
        shift = 0
    elif isinstance(A, Dense):
        A = Dense(np.ldexp(A.matrix, -shift))
    else:
        A = Scaled(A, np.full(A.shape[1], 2.0**-shift))
    return Problem(A, y, problem.sparsity, groups=problem.groups), 2.0**shift, 2.0**exponent


def _times(x: np.ndarray, factor: float) -> np.ndarray:
    """x times a power of two, in the precision of x; exact where the result can be held."""
    return np.ldexp(x, round(math.log2(factor)))

"""Least squares on the support of an answer: what a penalty has shortened gets its full length back."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.checks import distinct, indices
from sparsecs.operators.base import vector_norms
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import standardized, times
from sparsecs.solvers.result import Certificate, Result, Status

TOLERANCE = 1e-8


def debias(A: Any, y: Any, support: Any) -> Result:
    """The least-squares fit of y by the columns of a support; all other coefficients are zero.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    y : (m,) or (m, p) array
    support : Result, array of int, or (n,) array of truth values
        Where x may be nonzero: that of an answer, or any; each position once. Of dependent columns, the shortest
        coefficients in units in which every column has norm 1.

    Returns
    -------
    Result
        ``SOLVED`` if it fits y, else ``OPTIMAL`` with the proof: a residual that no column of the support correlates with.

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit, numbers are not finite, or a position comes twice.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1, ProximalGradient, debias, solve
    >>> shrunk = solve(np.eye(3), [0.0, 5.0, 1.0], ProximalGradient(L1(), weight=2.0))
    >>> debias(np.eye(3), [0.0, 5.0, 1.0], shrunk).x
    array([0., 5., 0.])
    """
    start, problem = perf_counter(), Problem(A, y)
    chosen = support.support if isinstance(support, Result) else support
    positions = np.sort(distinct(indices(chosen, "support", problem.shape[1]), "support"))
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        scaled, units = standardized(problem)
        x, fit = scaled.nothing(), _fit(scaled.operator.columns(positions), scaled.y)
        x[positions] = fit
        rest = scaled.y - scaled.operator @ x
        answer = times(x, units.exponent(-1, 1))
        if not np.isfinite(answer).all():
            raise ValueError(f"The answer is too large for {answer.dtype}. Scale y down or A up.")
        status, proof = _judged(scaled.y, rest)
        if proof is not None:
            proof = proof.rescaled(units.exponent(0, 2), units.exponent(0, 1))
        residual = times(rest, units.y).astype(answer.dtype, copy=False)
    found = np.flatnonzero(answer if answer.ndim == 1 else answer.any(axis=1))
    return Result(answer, found, residual, status, 1, perf_counter() - start, proof)


def _fit(part: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The coefficients that fit y best, found with columns of norm 1; zero for columns that are too short for that."""
    lengths = vector_norms(part)
    factors = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths >= np.finfo(lengths.dtype).tiny)
    live = np.flatnonzero(factors)
    found = np.zeros((part.shape[1], *y.shape[1:]), dtype=y.dtype)
    weights = factors[live] if y.ndim == 1 else factors[live, None]
    found[live] = _least_squares(part[:, live] * factors[live], y) * weights
    return found


def _least_squares(part: np.ndarray, y: np.ndarray) -> np.ndarray:
    """By QR; if the columns depend on each other the shortest solution, by singular values."""
    m, k = part.shape
    if 0 < k <= m:
        Q, R = np.linalg.qr(part)
        pivots = np.abs(np.diag(R))
        if pivots.min() > 1e3 * m * np.finfo(part.dtype).eps * pivots.max():
            return np.linalg.solve(R, Q.conj().T @ y)
    return np.linalg.lstsq(part, y, rcond=None)[0]


def _judged(y: np.ndarray, rest: np.ndarray) -> tuple[Status, Certificate | None]:
    """What a least-squares residual proves: ν = rest has the dual value ⟨y, ν⟩ − ½‖ν‖², since A_Sᴴν = 0."""
    size, left, eps = float(np.linalg.norm(y)), float(np.linalg.norm(rest)), float(np.finfo(y.dtype).eps)
    if size == 0:
        return Status.ZERO, None
    if left <= max(TOLERANCE, 16 * eps) * size:
        return Status.SOLVED, None
    wide = np.result_type(y, np.float64)
    primal = 0.5 * left**2
    proof = Certificate.of(
        primal, float(np.vdot(y.astype(wide), rest.astype(wide)).real) - primal, 0.0, rest, "least squares"
    )
    return (Status.OPTIMAL if abs(proof.relative_gap) <= 128 * eps * size / left else Status.UNCERTAIN), proof

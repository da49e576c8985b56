r"""Basis pursuit: the smallest l1 norm among all x that explain y.

    min ||x||_1  subject to  A x = y             dual:  max <y, nu>  subject to  ||A^H nu||_inf <= 1

(Chen, Donoho and Saunders 1998.) It is a linear program in the positive and negative parts of x, which HiGHS solves. The
answer is then polished: a least-squares fit on its support, and the dual point moved to meet the signs on it exactly. The
certificate is made from the polished pair. Should it miss the tolerance, because A is badly conditioned or its rows depend
on each other, the rows are replaced by an orthonormal basis of their span, which changes no answer, and HiGHS tries again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status

OPTIONS: Any = {"presolve": False}  # it finds nothing to remove in dense matrices, and takes as long as the solution


@dataclass(frozen=True)
class BasisPursuit(Solver):
    """min ‖x‖₁ subject to A x = y, by linear programming, with a certificate.

    Parameters
    ----------
    tolerance : float
        On the relative duality gap and on ‖A x − y‖ / ‖y‖.

    References
    ----------
    Chen, Donoho and Saunders, "Atomic decomposition by basis pursuit" (1998).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import BasisPursuit, solve
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> result = solve(A, [1.2, 1.6], BasisPursuit())
    >>> result.x.round(12), result.status.name, result.certificate.gap < 1e-12
    (array([0., 0., 2.]), 'OPTIMAL', True)
    """

    convex: ClassVar[bool] = True
    objective_units: ClassVar[tuple[int, int]] = (-1, 1)
    dual_units: ClassVar[tuple[int, int]] = (-1, 0)
    solves: ClassVar[str] = "min ‖x‖₁ subject to A x = y"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        A, y = problem.operator.dense().astype(np.float64), problem.y.astype(np.float64)
        unit = float(np.abs(A).max()) or 1.0
        first = self._attempt(problem, A, y, A / unit, y / unit, "HiGHS", 1 / unit)
        if first is not None and first.status is Status.OPTIMAL:
            yield first
            return
        U, s, Vt = np.linalg.svd(A, full_matrices=False)
        rank = int(np.count_nonzero(s > max(A.shape) * np.finfo(problem.y.dtype).eps * s[0])) if s[0] > 0 else 0
        back = U[:, :rank] / s[:rank]
        second = self._attempt(problem, A, y, Vt[:rank], back.T @ y, "HiGHS on orthonormal rows", back)
        answers = [found for found in (first, second) if found is not None]
        nothing = Iterate(np.zeros_like(A[0], dtype=problem.y.dtype), problem.y.copy(), Status.UNCERTAIN)
        yield min(answers, key=_order, default=nothing)

    def _attempt(
        self, problem: Problem, A: Any, y: Any, rows: Any, values: Any, road: str, back: Any
    ) -> Iterate | None:
        """Solve ``rows x = values`` and judge the polished answer against A x = y; ``back`` takes ν to the rows of A.

        None if HiGHS gives up, or takes y for out of reach, which the other road judges better.
        """
        kind = problem.y.dtype
        x, nu = _linear_program(rows, values)
        if x is None:
            return None
        x, nu = _polished(A, y, x, np.dot(back, nu))
        x, nu = x.astype(kind), nu.astype(kind)
        proof, floor = _certificate(A, y, x, nu, road), self._floor(problem)
        if proof.infeasibility > floor:
            status = Status.INFEASIBLE
        else:
            wrong = max(abs(proof.relative_gap), _correction(A, y - A @ x, proof))
            status = Status.OPTIMAL if wrong <= floor else Status.UNCERTAIN
        return Iterate(x, (y - A @ x).astype(kind), status, nu, road)

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        return _certificate(problem.operator, problem.y, x, direction, road)


def _certificate(A: Any, y: np.ndarray, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
    """The best dual point along a direction: scaled until ‖Aᴴν‖∞ = 1."""
    transpose = A.T if isinstance(A, np.ndarray) else A.H
    top = float(np.abs(transpose @ direction).max(initial=0))
    nu = direction / top if top > 0 else np.zeros_like(direction)
    size = np.linalg.norm(y)
    misfit = float(np.linalg.norm(A @ x - y) / size) if size > 0 else 0.0
    return Certificate.of(float(np.abs(x).sum(dtype=np.float64)), float(y @ nu), misfit, nu, road)


def _correction(A: np.ndarray, residual: np.ndarray, proof: Certificate) -> float:
    """How much of ‖x‖₁ it could cost to mend A x = y: small residuals matter where rows of A almost depend on each other."""
    if proof.primal == 0 or (proof.infeasibility <= 1e-13 and _well_conditioned(A)):
        return 0.0
    return float(np.abs(np.linalg.lstsq(A, residual, rcond=None)[0]).sum()) / proof.primal


def _well_conditioned(A: np.ndarray) -> bool:
    """Whether the rows of A are far enough from dependent that a residual of rounding means nothing."""
    try:
        pivots = np.diag(np.linalg.cholesky(A @ A.T))
    except np.linalg.LinAlgError:
        return False
    return bool(pivots.min() > 1e-4 * pivots.max())


def _linear_program(A: np.ndarray, y: np.ndarray) -> tuple[np.ndarray | None, np.ndarray]:
    from scipy.optimize import linprog

    n = A.shape[1]
    scale = np.abs(y).max(initial=0) or 1.0
    found = linprog(
        np.ones(2 * n), A_eq=np.hstack([A, -A]), b_eq=y / scale, bounds=(0, None), method="highs", options=OPTIONS
    )
    if found.x is None:
        return None, np.zeros_like(y)
    return (found.x[:n] - found.x[n:]) * scale, np.asarray(found.eqlin.marginals)


def _polished(A: np.ndarray, y: np.ndarray, x: np.ndarray, nu: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x refitted on its support, and ν moved to meet its signs there, each kept only if it is the better one."""
    support = np.flatnonzero(np.abs(x) > 1e-9 * np.abs(x).max(initial=0))
    if not 0 < support.size <= A.shape[0]:
        return x, nu
    part, signs = A[:, support], np.sign(x[support])
    fitted = np.zeros_like(x)
    fitted[support] = np.linalg.lstsq(part, y, rcond=None)[0]
    closer = np.linalg.norm(A @ fitted - y) <= max(np.linalg.norm(A @ x - y), 1e-13 * np.linalg.norm(y))
    if closer and (np.sign(fitted[support]) == signs).all():
        x = fitted
    top = np.abs(A.T @ nu).max(initial=0)
    moved = nu + np.linalg.lstsq(part.T, signs - part.T @ nu, rcond=None)[0]
    moved_top = np.abs(A.T @ moved).max(initial=0)
    if moved_top > 0 and (top == 0 or y @ moved / moved_top > y @ nu / top):
        nu = moved
    return x, nu


def _order(found: Iterate) -> tuple[bool, bool, float]:
    """Less is better: a proof, then an answer that fits, then a small residual."""
    return found.status is not Status.OPTIMAL, found.status is Status.INFEASIBLE, float(np.linalg.norm(found.residual))

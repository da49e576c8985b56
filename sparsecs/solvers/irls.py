r"""Iteratively reweighted least squares for the smallest l_p quasi-norm with A x = y, for p from above 0 to 1.

    x <- D A^T (A D A^T)^{-1} y,     D = diag( (x_i^2 + eps^2)^{1 - p/2} )

(Daubechies, DeVore, Fornasier and Gunturk 2010.) For p = 1 the answer is that of basis pursuit and comes with its certificate;
where the sparsity k is known eps falls as these authors prove it should, min(eps, r_{k+1} / n) with the (k+1)-th largest entry of
|x|. For p < 1 the problem is not convex and haste ends in a poor minimum: eps falls tenfold whenever x has settled for the
present one (Chartrand and Yin 2008). Small entries are on their way to zero: once the others alone explain y, they
are fitted and the rest is zero. The rows are made orthonormal first, which changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.problems.problem import Problem
from sparsecs.solvers._linear_program import closest
from sparsecs.solvers._unit_columns import rounding
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status

SMALL = (1e-3, 1e-5, 1e-6, 1e-7, 1e-8)  # at the end: what part of the largest entry may be on its way to zero
LEAST = 1e-9  # eps below this part of the largest entry changes no digit that is asked for


@dataclass(frozen=True)
class IRLS(Solver):
    """A sparse x with A x = y, by least squares whose weights keep small entries small.

    Parameters
    ----------
    p : float
        Above 0 and at most 1. With 1 it is basis pursuit, more slowly; below, fewer measurements may be enough, and the answer
        is a local minimum.
    tolerance : float
        On ‖A x − y‖ / ‖y‖, and for p = 1 on the relative duality gap.
    max_iterations : int

    References
    ----------
    Daubechies, DeVore, Fornasier and Güntürk, "Iteratively reweighted least squares minimization for sparse recovery" (2010).
    Chartrand and Yin, "Iteratively reweighted algorithms for compressive sensing" (2008).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import IRLS, solve
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> solve(A, [1.2, 1.6], IRLS()).x.round(9)
    array([0., 0., 2.])
    """

    ends_itself: ClassVar[bool] = True
    objective_units: ClassVar[tuple[int, int]] = (-1, 1)
    dual_units: ClassVar[tuple[int, int]] = (-1, 0)
    solves: ClassVar[str] = "a local minimum of Σ |xᵢ|ᵖ subject to A x = y"

    p: float = 0.5
    max_iterations: int = field(default=300, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < positive(self.p, "p") <= 1:
            raise ValueError(f"p must be above 0 and at most 1; got {self.p}.")

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        A, y = problem.operator.dense().astype(np.float64), problem.y.astype(np.float64)
        V, b, back = _orthonormal(A, y, float(np.finfo(problem.y.dtype).eps))
        x = V.T @ b
        epsilon = float(np.abs(x).max(initial=0))
        if epsilon == 0:
            yield Iterate(problem.nothing(), problem.y.copy(), Status.INFEASIBLE)
            return
        tried = np.zeros(x.size, dtype=bool)
        while True:
            roots = (x * x + epsilon * epsilon) ** (0.5 - 0.25 * self.p)
            before, (x, direction) = x, _weighted(V, b, roots)
            size, moved = float(np.abs(x).max()), float(np.linalg.norm(x - before))
            done = epsilon <= LEAST * size and moved <= LEAST * float(np.linalg.norm(x))
            for bar in (np.sqrt(epsilon / size), *(SMALL if done else ())):
                chosen = np.abs(x) > bar * size
                if not 0 < chosen.sum() <= b.size or (self.p < 1 and not done and np.array_equal(chosen, tried)):
                    continue
                tried, pair = chosen, _on(V, b, chosen, np.sign(x), direction)
                best = None if pair is None else self._iterate(problem, pair[0], back @ pair[1], True)
                if best is not None and best.status is not Status.UNCERTAIN:
                    yield best
                    return
            yield self._iterate(problem, x, back @ direction, done)
            epsilon = self._next(problem, np.abs(x), epsilon, moved / float(np.linalg.norm(x)), size)

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate | None:
        """That of basis pursuit, for p = 1."""
        if self.p < 1:
            return None
        A, y = problem.operator, problem.y
        top, size = float(np.abs(A.H @ direction).max(initial=0)), float(np.linalg.norm(y))
        nu = direction / top if top > 0 else np.zeros_like(direction)
        misfit = float(np.linalg.norm(y - A @ x)) / size if size > 0 else 0.0
        return Certificate.of(float(np.abs(x).sum(dtype=np.float64)), float(y @ nu), misfit, nu, road)

    def _iterate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, done: bool) -> Iterate:
        kind = problem.y.dtype
        x, nu = x.astype(kind), direction.astype(kind)
        residual = problem.y - problem.operator @ x
        if not done:
            return Iterate(x, residual, None, nu)
        status = Status.SOLVED
        beyond = float(np.linalg.norm(residual)) / float(np.linalg.norm(problem.y))
        if beyond > self._floor(problem):
            proven = beyond > self._floor(problem) + rounding(problem, x)
            status = Status.INFEASIBLE if proven and self._nothing_fits(problem) else Status.UNCERTAIN
        elif self.p == 1:
            proof = self.certificate(problem, x, nu, "")
            close = proof is not None and abs(proof.relative_gap) <= max(
                self.tolerance, 128 * float(np.finfo(kind).eps)
            )
            status = Status.OPTIMAL if close else Status.UNCERTAIN
        return Iterate(x, residual, status, nu, "reweighted least squares")

    def _nothing_fits(self, problem: Problem) -> bool:
        """Whether not even the least squares of unit columns explain y."""
        A, y = problem.operator.dense().astype(np.float64), problem.y.astype(np.float64)
        x = closest(A, y, np.full((2, A.shape[1]), np.inf))
        rest = float(np.linalg.norm(y - A @ x))
        return rest > (self._floor(problem) + rounding(problem, x)) * float(np.linalg.norm(y))

    def _next(self, problem: Problem, sizes: np.ndarray, epsilon: float, moved: float, size: float) -> float:
        if self.p == 1 and problem.sparsity is not None and problem.sparsity < sizes.size:
            beyond = float(np.partition(sizes, -problem.sparsity - 1)[-problem.sparsity - 1])
            return max(min(epsilon, beyond / sizes.size), 0.1 * LEAST * size)
        settled = moved <= (0.01 if self.p < 1 else 0.1) * np.sqrt(epsilon / size)
        return max(0.1 * epsilon, 0.1 * LEAST * size) if settled else epsilon


def _orthonormal(A: np.ndarray, y: np.ndarray, eps: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Orthonormal rows V and values b with V x = b where A x = y is met best, and what takes ν back to the rows of A."""
    norms = np.linalg.norm(A, axis=0)
    U, s, _ = np.linalg.svd(
        A / np.where(norms > 0, norms, 1.0), full_matrices=False
    )  # short columns count for rank too
    rank = int(np.count_nonzero(s > max(A.shape) * eps * s[0])) if s[0] > 0 else 0
    Q, R = np.linalg.qr(A.T @ U[:, :rank])
    back = np.linalg.solve(R.T, U[:, :rank].T).T if rank else U[:, :0]
    return Q.T, back.T @ y, back


def _weighted(V: np.ndarray, b: np.ndarray, roots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The x with V x = b of least Σ (xᵢ / rootsᵢ)², and the ν with xᵢ = rootsᵢ² (Vᵀν)ᵢ."""
    from scipy.linalg import solve_triangular

    Q, R = np.linalg.qr((V * roots).T)
    half = solve_triangular(R, b, trans="T", check_finite=False)
    return roots * (Q @ half), solve_triangular(R, half, check_finite=False)


def _on(
    V: np.ndarray, b: np.ndarray, chosen: np.ndarray, signs: np.ndarray, nu: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """x that lives on the chosen entries and the ν nearest to meeting their signs; None if they do not explain b."""
    for _ in range(2):  # once more without what the fit finds to be zero
        part, x = V[:, chosen], np.zeros(chosen.size)
        x[chosen] = np.linalg.lstsq(part, b, rcond=None)[0]
        chosen = np.abs(x) > 1e-10 * np.abs(x).max()
    part, x = V[:, chosen], np.where(chosen, x, 0)
    if np.linalg.norm(part @ x[chosen] - b) > 1e-12 * np.linalg.norm(b):
        return None
    top = float(np.abs(nu @ V).max(initial=0)) or 1.0
    return x, nu / top + np.linalg.lstsq(part.T, signs[chosen] - part.T @ nu / top, rcond=None)[0]

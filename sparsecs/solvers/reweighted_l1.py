r"""Reweighted l1: basis pursuit again and again, each time cheaper for what was large.

    x <- argmin sum w_i |x_i|  subject to  ||A x - y|| <= sigma,          w_i <- eps / (|x_i| + eps)

(Candes, Wakin and Boyd 2008.) Each step replaces sum log(|x_i| + eps), which is not convex, by its tangent at the last x, so that
sum never rises. With sigma = 0 each step is a linear program; else it is met on the path of a LASSO.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, times
from sparsecs.solvers._linear_program import closest
from sparsecs.solvers._pursuit import Question, roads
from sparsecs.solvers._root import denoised, nearest, within
from sparsecs.solvers._unit_columns import rounding
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status

SURE = 1e-6  # the relative gap of one step; the roads of basis pursuit end far below it, or give up


@dataclass(frozen=True)
class ReweightedL1(Solver):
    """A sparser x than basis pursuit finds, by a few weighted ones with A x = y, or with a misfit of at most σ.

    Parameters
    ----------
    sigma : float, optional
        σ, in the units of y. By default ``relative_sigma`` times ‖y‖.
    relative_sigma : float
        At least 0 and below 1; used if ``sigma`` is None. The default, 0, demands A x = y.
    relative_epsilon : float
        ε as a part of the largest coefficient of the first answer: somewhat below the smallest coefficient that counts.
    tolerance : float
        It stops when x moves by at most ``tolerance`` times its size.
    max_iterations : int
        Weighted problems, at most.

    References
    ----------
    Candès, Wakin and Boyd, "Enhancing sparsity by reweighted ℓ1 minimization" (2008).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import ReweightedL1, solve
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> solve(A, [1.2, 1.6], ReweightedL1()).x.round(9)
    array([0., 0., 2.])
    """

    uses_weights: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "a stationary point of Σ log(|xᵢ| + ε) subject to ‖A x − y‖₂ ≤ σ"

    sigma: float | None = None
    relative_sigma: float = 0.0
    relative_epsilon: float = 0.1
    max_iterations: int = field(default=50, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sigma is not None:
            positive(self.sigma, "sigma", zero=True)
        if not positive(self.relative_sigma, "relative_sigma", zero=True) < 1:
            raise ValueError(f"relative_sigma must be at least 0 and below 1; got {self.relative_sigma}.")
        positive(self.relative_epsilon, "relative_epsilon")

    def rescaled(self, units: Units) -> ReweightedL1:
        if self.sigma is None:
            return self
        sigma = min(float(times(np.array(self.sigma), -units.y)), float(np.finfo(np.float64).max))
        return dataclasses.replace(self, sigma=sigma)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, A = problem.y, problem.operator
        sigma = self.relative_sigma * float(np.linalg.norm(y)) if self.sigma is None else self.sigma
        if np.linalg.norm(y) <= sigma:
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO)
            return
        costs = np.ones(problem.shape[1]) if problem.weights is None else problem.weights
        used = costs < np.inf
        shares, before, epsilon = np.ones(costs.size), None, 0.0
        while True:
            weighted = dataclasses.replace(problem, weights=costs * shares)
            x, reached = _fitting(weighted) if sigma == 0 else _within(weighted, sigma)
            residual = y - A @ x
            sizes = np.multiply(costs, np.abs(x), out=np.zeros(costs.size), where=used)
            epsilon = epsilon or self.relative_epsilon * float(sizes.max(initial=0))
            rests = before is not None and np.linalg.norm(x - before) <= self._floor(problem) * np.linalg.norm(x)
            blur = rounding(problem, x) * float(np.linalg.norm(y))
            yield Iterate(x, residual, self._status(problem, residual, sigma, blur, reached, rests or epsilon == 0))
            shares, before = epsilon / (sizes + epsilon), x

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def _status(
        self, problem: Problem, residual: np.ndarray, sigma: float, blur: float, reached: bool, rests: bool
    ) -> Status | None:
        beyond = float(np.linalg.norm(residual)) - sigma - self._floor(problem) * float(np.linalg.norm(problem.y))
        if beyond > 0:
            return Status.INFEASIBLE if beyond > blur else Status.UNCERTAIN
        if not reached:
            return Status.UNCERTAIN
        if not rests:
            return None
        return Status.SOLVED if sigma == 0 else Status.STATIONARY


def _fitting(problem: Problem) -> tuple[np.ndarray, bool]:
    """The weighted basis pursuit and whether it is proven, or else the answer found that fits best."""
    y, A, w = problem.y, problem.operator, problem.weights
    best, least = problem.nothing(), np.inf
    question = Question(problem, (np.inf, np.inf))
    for x, nu, _ in roads(question, y):
        used = np.flatnonzero(x)
        cost = float(np.abs(x[used]) @ (np.ones(used.size) if w is None else w[used]))
        top = float((np.abs(A.H @ nu) / (1.0 if w is None else w)).max(initial=0))
        misfit = float(np.linalg.norm(y - A @ x))
        proven = top == 0 or abs(cost - float(y @ nu) / top) <= SURE * cost
        if proven and misfit <= SURE * np.linalg.norm(y):
            return x.astype(y.dtype), True
        if misfit < least:
            best, least = x.astype(y.dtype), misfit
    if least > SURE * np.linalg.norm(y) and question.matrix is not None:
        x = question.whole(closest(question.matrix, y.astype(question.kind), question.caps)).astype(y.dtype)
        best = x if np.linalg.norm(y - A @ x) < least else best
    return best, False


def _within(problem: Problem, sigma: float) -> tuple[np.ndarray, bool]:
    """The weighted basis pursuit denoising, and whether an answer was found."""
    pieces, met = denoised(problem, (-np.inf, np.inf), sigma)
    x = within(problem, pieces, sigma) if met else nearest(pieces).astype(problem.y.dtype)
    return x, met

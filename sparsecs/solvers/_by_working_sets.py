"""What the LASSO and the group LASSO share as solvers: they run on working sets, and prove their answers with few products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Penalized, Terms, proof
from sparsecs.solvers._working_set import descend, units_of
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Certificate, Status

FEW = 4  # a product with all of A pays if more than one column in so many is in use


@dataclass(frozen=True, kw_only=True)
class ByWorkingSets(Penalized):
    """Base of the solvers that run on working sets."""

    convex: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True

    max_iterations: int = field(default=1000, kw_only=True)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y = problem.y
        c = problem.operator.rmatvec(y)
        terms = self._terms_from(problem, c)
        working = units_of(problem, terms)
        longest = float(problem.operator.column_norms().max(initial=0))
        if self._unseen(problem, c, longest) or working.scores(c).max(initial=0) <= terms.weight:
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO, y, "x = 0 is optimal")
            return
        wide = c.astype(np.result_type(c, np.float64))
        for step in descend(problem, terms, self._gap_floor(problem), working, problem.nothing(), wide):
            status = Status.UNCERTAIN if step.stuck else None
            if step.proof.relative_gap <= self._gap_floor(problem):
                status = Status.OPTIMAL
            residual = step.residual.astype(y.dtype)
            yield self._inside(problem, Iterate(step.x.astype(y.dtype), residual, status, residual, step.proof.road))

    def _inside(self, problem: Problem, now: Iterate) -> Iterate:
        """The iterate within its bounds, which it may have left when it was rounded to the problem's precision."""
        x = self.penalty.inside(now.x) if isinstance(self.penalty, L1) else now.x
        if np.array_equal(x, now.x):
            return now
        residual, status = self.residual(problem, x), now.status
        if status is Status.OPTIMAL:
            proof = self.certificate(problem, x, residual, now.road)
            status = Status.OPTIMAL if proof.relative_gap <= self._gap_floor(problem) else Status.UNCERTAIN
        return Iterate(x, residual, status, residual, now.road)

    def residual(self, problem: Problem, x: np.ndarray) -> np.ndarray:
        return problem.y - _image(problem, x)

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        both = problem.operator.rmatmat(np.stack([problem.y, direction], axis=1))  # A is read once
        terms = self._terms_from(problem, both[:, 0])
        return proof(problem, terms, x, _image(problem, x), direction, both[:, 1], road)

    def _terms_from(self, problem: Problem, correlations: np.ndarray) -> Terms:
        """The terms, with λ from the correlations of y."""
        weight = self.weight
        if weight is None:
            top = self.penalty.dual_norm(correlations, groups=problem.groups, weights=problem.weights)
            weight = self.relative_weight * top
        return Terms(self.loss, self.penalty, weight)


def _image(problem: Problem, x: np.ndarray) -> np.ndarray:
    """A x, from few columns if x is sparse."""
    support = np.flatnonzero(x)
    if support.size * FEW > x.size:
        return problem.operator.matvec(x)
    return problem.operator.columns(support) @ x[support]

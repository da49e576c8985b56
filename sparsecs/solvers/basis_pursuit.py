r"""Basis pursuit: the smallest l1 norm among all x that explain y.

    min sum_i w_i |x_i|  subject to  A x = y          dual:  max <y, nu>  subject to  |a_i^H nu| <= w_i for all i

(Chen, Donoho and Saunders 1998.) Several roads lead to a pair x, nu, from the fast to the patient: a homotopy on a few columns
that grow in number until the dual point is feasible on all of them; an interior-point method that stops when its guess of the
support is proven right; the same on an orthonormal basis of the rows, where A is badly conditioned or its rows depend on each
other; and HiGHS. Whichever it was, the pair is judged on the problem as it was asked, and the first that proves itself is
the answer. With limits l <= x <= u the dual gains - sum_i (u max(0, a_i^T nu - w_i) - l max(0, -a_i^T nu - w_i)).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

import numpy as np

from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers._linear_program import closest
from sparsecs.solvers._pursuit import Question, best_multiple, roads
from sparsecs.solvers._unit_columns import rounding
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status

LEAST = 1e-140  # a smaller limit on y of size one is as good as this one, and products of limits stay above zero


@dataclass(frozen=True)
class BasisPursuit(Solver):
    """min ‖x‖₁ subject to A x = y, with a certificate; on request, weighted, nonnegative or within limits.

    Parameters
    ----------
    lower, upper : float, optional
        Limits on every entry of x, in its units: at most and at least zero. ``BasisPursuit(lower=0)`` looks for nonnegative x.
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
    >>> solve(A, [1.2, 1.6], BasisPursuit(upper=1.5)).x.round(12)
    array([0.3, 0.4, 1.5])
    """

    convex: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    uses_weights: ClassVar[bool] = True
    revision: ClassVar[int] = 2
    objective_units: ClassVar[tuple[int, int]] = (-1, 1)
    dual_units: ClassVar[tuple[int, int]] = (-1, 0)
    solves: ClassVar[str] = "min ‖x‖₁ subject to A x = y"
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, limit, sign in (("lower", self.lower, -1), ("upper", self.upper, 1)):
            if isinstance(limit, Real) and not (np.isfinite(limit) and sign * limit >= 0):
                side = "at least" if sign > 0 else "at most"
                raise ValueError(f"{name} must be {side} zero and finite, or None for no limit; got {limit}.")
        self._limits  # noqa: B018 - it refuses what is no number, and limits that leave nothing but zero

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        if self.caps != (np.inf, np.inf) and (np.iscomplexobj(problem.y) or problem.operator.dtype.kind == "c"):
            raise TypeError("Complex numbers have no order; leave lower= and upper= out.")

    def rescaled(self, units: Units) -> BasisPursuit:
        scaled = self._limits.rescaled(units.exponent(1, 0), units.exponent(-1, 1))
        lower, upper = (None if b is None or np.isinf(b) else b for b in (scaled.lower, scaled.upper))
        return dataclasses.replace(self, lower=lower, upper=upper)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        yield self._answer(Question(problem, self.caps), problem)

    def each(self, problem: Problem, Y: np.ndarray) -> list[tuple[Iterate, Status, int]]:
        question, answers = Question(problem, self.caps), []
        for column in np.ascontiguousarray(Y.T):
            one = self._answer(question, problem.but(y=column))
            answers.append((one, one.status or Status.UNCERTAIN, 1))
        return answers

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    @property
    def _limits(self) -> L1:
        """The norm, within its limits."""
        return L1(self.lower, self.upper)

    @property
    def caps(self) -> tuple[float, float]:
        """How far an entry of x may rise above, and fall below, zero."""
        sizes = [np.inf if b is None else abs(b) for b in (self.upper, self.lower)]
        rise, fall = (max(size, LEAST) if size > 0 else 0.0 for size in sizes)
        return rise, fall

    def _answer(self, question: Question, problem: Problem) -> Iterate:
        """The first proven answer, or else the best."""
        found = []
        for x, nu, road in roads(question, problem.y):
            found.append(self._judged(question, problem, x, nu, road))
            if found[-1].status is Status.OPTIMAL:
                return found[-1]
        if question.free and question.matrix is not None and all(one.status is Status.INFEASIBLE for one in found):
            x = question.whole(closest(question.matrix, problem.y.astype(question.kind), question.caps))
            found.append(self._judged(question, problem, x, np.zeros_like(problem.y), "least squares"))
        nothing = Iterate(problem.nothing(), problem.y.copy(), Status.UNCERTAIN)
        return min(found, key=_order, default=nothing)

    def _judged(self, question: Question, problem: Problem, x: np.ndarray, nu: np.ndarray, road: str) -> Iterate:
        """A pair with the status that it deserves."""
        kind = problem.y.dtype
        x, nu = self._limits.inside(x.astype(kind)), nu.astype(kind)
        proof, floor = self.certificate(problem, x, nu, road), self._floor(problem)
        residual = problem.y - problem.operator.matvec(x)
        if proof.infeasibility > floor:
            beyond = proof.infeasibility > floor + rounding(problem, x)
            status = Status.INFEASIBLE if beyond else Status.UNCERTAIN
        else:
            wrong = max(abs(proof.relative_gap), question.mending(problem.y, x, residual) / (proof.primal or 1.0))
            status = Status.OPTIMAL if wrong <= floor else Status.UNCERTAIN
        return Iterate(x, residual, status, nu, road)

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate:
        """The proof from the best multiple of a dual direction."""
        A, y, used = problem.operator, problem.y, np.flatnonzero(x)
        weights = np.ones(x.size) if problem.weights is None else problem.weights
        price = np.abs(x[used]) * weights[used]
        caps = None if self.caps == (np.inf, np.inf) else np.multiply.outer(self.caps, weights)
        multiple, loss = best_multiple(A.rmatvec(direction) / weights, float(np.vdot(y, direction).real), caps)
        nu = direction * direction.real.dtype.type(multiple)
        size = np.linalg.norm(y)
        misfit = float(np.linalg.norm(A.matvec(x) - y) / size) if size > 0 else 0.0
        dual = float(np.vdot(y, nu).real) - loss
        return Certificate.of(float(price.sum(dtype=np.float64)), dual, misfit, nu, road)


def _order(found: Iterate) -> tuple[bool, bool, float]:
    """Less is better: a proof, then an answer that fits, then a small residual."""
    return found.status is not Status.OPTIMAL, found.status is Status.INFEASIBLE, float(np.linalg.norm(found.residual))

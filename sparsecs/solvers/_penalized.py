r"""What all methods for  min_x  loss(A x, y) + lambda * penalty(x)  share: what lambda is, and the proof of an answer.

    primal(x) = loss(A x) + P(x),     dual(nu) = -loss*(-nu) - P*(A^H nu),     P = lambda * penalty

A dual point comes from a direction, minus the gradient of the loss at A x: scaled until P* is finite at its image.
"""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from sparsecs.core.checks import a_kind_of, positive
from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units, times
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status


class Terms(NamedTuple):
    """The two terms of one problem, with nothing relative left: loss, penalty and λ."""

    loss: Loss
    penalty: Penalty
    weight: float


@dataclass(frozen=True, kw_only=True)
class Penalized(Solver):
    """Base of the solvers of loss + λ · penalty.

    Attributes
    ----------
    needs_convex : bool
        Whether a member has no form for penalties that are not convex.
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    tolerance : float
        On the duality gap, relative to the objective.
    """

    objective_units: ClassVar[tuple[int, int]] = (0, 2)
    dual_units: ClassVar[tuple[int, int]] = (0, 1)
    uses_groups: ClassVar[bool] = True
    uses_weights: ClassVar[bool] = True
    exact: ClassVar[bool] = False
    needs_convex: ClassVar[bool] = False

    weight: float | None = None
    relative_weight: float = 0.01
    tolerance: float = field(default=1e-10, kw_only=True)

    @property
    @abstractmethod
    def penalty(self) -> Penalty:
        """What is paid for x; a field, or made from fields."""

    @property
    def loss(self) -> Loss:
        """What is paid for the misfit; a field where there is a choice."""
        return Squared()

    @property
    def scales(self) -> bool:
        return self.loss.scales

    def __post_init__(self) -> None:
        super().__post_init__()
        a_kind_of(self.penalty, Penalty, "penalty", "L1()")
        a_kind_of(self.loss, Loss, "loss", "Squared()")
        if self.needs_convex and not self.penalty.convex:
            raise ValueError(
                f"{self.penalty} cannot be solved by {type(self).__name__}: it must be convex. Use ProximalGradient."
            )
        if self.weight is not None:
            positive(self.weight, "weight")
        if not 0 < positive(self.relative_weight, "relative_weight") <= 1:
            raise ValueError(f"relative_weight must be above 0 and at most 1; got {self.relative_weight}.")

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        penalty, n = self.penalty, problem.shape[1]
        if penalty.uses_groups and problem.groups is None and problem.y.ndim == 1:
            raise ValueError(f"{penalty} needs groups: give groups=, a label for each of the {n} columns.")
        if problem.groups is not None and not penalty.uses_groups:
            raise ValueError(f"{penalty} has no groups; leave groups= out, or use GroupL2().")
        if problem.weights is not None and not penalty.uses_weights:
            raise ValueError(f"{penalty} has no form for weights; leave weights= out.")
        if np.iscomplexobj(problem.y) and not penalty.complex_data:
            raise TypeError(f"{penalty} works on real data; y is {problem.y.dtype}.")
        self.loss.accepts(problem.y)

    def rescaled(self, units: Units) -> Penalized:
        changes: dict[str, Any] = {}
        if self.weight is not None:
            degree = self.penalty.degree
            exponent = -units.exponent(degree, 2 - degree)
            info = np.finfo(np.float64)
            changes["weight"] = min(max(float(times(np.array(self.weight), exponent)), info.tiny), info.max)
        changes |= self._rescaled_terms(units)
        return dataclasses.replace(self, **changes) if changes else self

    def _rescaled_terms(self, units: Units) -> dict[str, Any]:
        """Fields with units of their own, in other units."""
        changes: dict[str, Any] = {}
        names = {field.name for field in dataclasses.fields(self)}
        if "penalty" in names:
            penalty = self.penalty.rescaled(units.exponent(1, 0), units.exponent(-1, 1))
            changes |= {} if penalty == self.penalty else {"penalty": penalty}
        if "loss" in names:
            loss = self.loss.rescaled(units.exponent(0, 1))
            changes |= {} if loss == self.loss else {"loss": loss}
        return changes

    def terms(self, problem: Problem) -> Terms:
        """The loss, the penalty and λ for a problem."""
        loss, penalty = self.loss.fitted(problem.y), self.penalty
        if penalty.relative:
            penalty = penalty.scaled_to(float(problem.operator.column_norms().max(initial=0)) or 1.0)
        if self.weight is not None:
            return Terms(loss, penalty, self.weight)
        start = -loss.gradient(np.zeros_like(problem.y), problem.y)
        top = penalty.dual_norm(problem.operator.H @ start, groups=problem.groups, weights=problem.weights)
        return Terms(loss, penalty, self.relative_weight * top)

    def at_zero(self, problem: Problem, terms: Terms) -> Iterate | None:
        """The answer x = 0 if it is a minimiser, or if no column sees the data above its rounding; else None."""
        x, A = problem.nothing(), problem.operator
        start = -terms.loss.gradient(np.zeros_like(problem.y), problem.y)
        slope = A.H @ start
        top = terms.penalty.dual_norm(slope, groups=problem.groups, weights=problem.weights)
        if top > terms.weight and not self._all_rounding(problem, start, slope):
            return None
        return Iterate(x, start, Status.ZERO, start, "x = 0 is optimal")

    def _all_rounding(self, problem: Problem, start: np.ndarray, slope: np.ndarray) -> bool:
        """Whether the slope at zero is no larger than what rounding alone makes of it, in every column."""
        unit = 8 * float(np.finfo(problem.y.dtype).eps) * float(np.linalg.norm(start))
        peak = float(np.abs(slope).max(initial=0))
        if peak == 0 or peak > unit * spectral_norm(problem.operator, steps=2):
            return peak == 0
        return _below(slope, unit * problem.operator.column_norms())

    def _unseen(self, problem: Problem, correlations: np.ndarray, length: float) -> bool:
        """As for all solvers, but sure of every column: x = 0 is said to be optimal then."""
        unit = 8 * float(np.finfo(problem.y.dtype).eps) * float(np.linalg.norm(problem.y))
        quick = super()._unseen(problem, correlations, length)
        return quick and _below(correlations, unit * problem.operator.column_norms())

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def residual(self, problem: Problem, x: np.ndarray) -> np.ndarray:
        return -self.loss.fitted(problem.y).gradient(problem.operator @ x, problem.y)

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate | None:
        if not self.penalty.convex:
            return None
        terms, A = self.terms(problem), problem.operator
        return proof(problem, terms, x, A @ x, direction, A.H @ direction, road)

    def _gap_floor(self, problem: Problem) -> float:
        """The tolerance, or what a duality gap can reach in the problem's precision if that is more."""
        return max(self.tolerance, 128 * float(np.finfo(problem.y.dtype).eps))


def _below(correlations: np.ndarray, bars: np.ndarray) -> bool:
    sizes = np.abs(correlations) if correlations.ndim == 1 else np.linalg.norm(correlations, axis=1)
    return bool((sizes <= bars).all())


def proof(
    problem: Problem,
    terms: Terms,
    x: np.ndarray,
    prediction: np.ndarray,
    direction: np.ndarray,
    image: np.ndarray,
    road: str,
) -> Certificate:
    """The certificate from x and A x, and from a dual direction and its image under Aᴴ."""
    loss, penalty, weight = terms
    wide = np.result_type(problem.y, np.float64)
    y, direction, image = problem.y.astype(wide), direction.astype(wide), image.astype(wide)
    own = {"groups": problem.groups, "weights": problem.weights}
    primal = loss.value(prediction.astype(wide), y) + penalty.value(x.astype(wide), weight, **own)
    limit = penalty.limit(image, weight, **own)
    points = [loss.dual_point(direction, y, limit)]
    if limit >= 1:  # the direction itself, which is the best point at an optimum; P* may say no to a longer one
        points.append(direction)
    square = float(np.vdot(direction, direction).real)
    bounds = []
    for nu in points:
        share = float(np.vdot(direction, nu).real) / square if square > 0 else 0.0
        bounds.append(loss.dual_value(nu, y) - penalty.conjugate(share * image, weight, **own))
    best = 1 if len(bounds) == 2 and bounds[1] > bounds[0] else 0
    return Certificate.of(primal, bounds[best], 0.0, points[best], road)

r"""One problem  f(A x) + P(x)  as the methods for any loss and any penalty see it, in coordinates that suit them.

    x = D z,    f(A D z) + P(D z)

A norm that is a sum over coefficients, or over groups, pays for D z what it pays for z with its weights times D. So the
columns of A can be brought to length one, and norms over ten decades do no harm. Other penalties keep D = I.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.kernels.thresholding import block_norms
from sparsecs.losses.squared import Squared
from sparsecs.operators.base import Operator
from sparsecs.operators.scaled import Scaled
from sparsecs.penalties.base import Penalty
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Terms, proof
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status

UNEVEN = 2.0  # ratio of column norms above which they are evened out


class Point(NamedTuple):
    """A place z, its image A D z, and the gradient of f(A D z) in z there."""

    z: np.ndarray
    Az: np.ndarray
    slope: np.ndarray


class Composite:
    """The functions of one problem, in the coordinates z.

    Parameters
    ----------
    problem : Problem
    terms : Terms
    """

    def __init__(self, problem: Problem, terms: Terms) -> None:
        self.loss, self.penalty, self.weight = self.terms = terms
        self.factors = _factors(problem, terms.penalty)
        if self.factors is not None:
            weights = _weights(problem, self.factors)
            scaled = Scaled(problem.operator, self.factors)
            problem = Problem(scaled, problem.y, groups=problem.groups, weights=weights)
        self.problem = problem
        self.own = {"groups": problem.groups, "weights": problem.weights}
        self.A: Operator = problem.operator
        self.y = problem.y
        self.affine = isinstance(terms.loss, Squared)  # the gradient of the loss is affine in x
        self.wide = np.result_type(problem.y, np.float64)

    def answer(self, z: np.ndarray) -> np.ndarray:
        """x = D z, a fresh array."""
        if self.factors is None:
            return z.copy()
        return (z * (self.factors if z.ndim == 1 else self.factors[:, None])).astype(z.dtype, copy=False)

    def prox(self, v: np.ndarray, step: float) -> np.ndarray:
        """The proximal map of ``step`` times the penalty."""
        return self.penalty.prox(v, step, self.weight, **self.own)

    def gradient(self, Az: np.ndarray) -> np.ndarray:
        """The gradient of the loss in the prediction."""
        return self.loss.gradient(Az, self.y)

    def at(self, z: np.ndarray, Az: np.ndarray | None = None) -> Point:
        """The point z, at the price of one product with A if its image is not given, and one with Aᴴ."""
        image = self.A @ z if Az is None else Az
        return Point(z, image, self.A.H @ self.gradient(image))

    def step(self, point: Point, length: float) -> np.ndarray:
        """The proximal gradient step from a point: prox(z − length · slope)."""
        return self.prox(point.z - point.slope * point.z.real.dtype.type(length), length)

    def objective(self, z: np.ndarray, Az: np.ndarray) -> float:
        """f(A D z) + P(D z)."""
        charge = self.penalty.value(z.astype(self.wide), self.weight, **self.own)
        return self.loss.value(Az.astype(self.wide), self.y.astype(self.wide)) + charge

    def unrest(self, point: Point, length: float) -> float:
        """How far from a minimiser: the relative duality gap, or the relative move of a step if there is no gap."""
        z, Az, slope = point
        if self.penalty.convex:
            return proof(self.problem, self.terms, z, Az, -self.gradient(Az), -slope, "").relative_gap
        size, moved = float(np.linalg.norm(z)), float(np.linalg.norm(z - self.step(point, length)))
        return moved / size if size > 0 else (np.inf if moved > 0 else 0.0)

    def iterate(self, z: np.ndarray, Az: np.ndarray, status: Status | None, road: str) -> Iterate:
        """A place and its image as an iterate of a solver."""
        residual = -self.gradient(Az)
        return Iterate(self.answer(z), residual, status, residual, road)


def _factors(problem: Problem, penalty: Penalty) -> np.ndarray | None:
    """The diagonal of D, one value a group where there are groups; None for the identity."""
    homogeneous = penalty.norm and penalty.separable and penalty.uses_weights and penalty.rescaled(0, 9) == penalty
    if not homogeneous or not _knows_norms(problem.operator):
        return None
    norms = problem.operator.column_norms().astype(np.float64)
    live = norms >= np.finfo(problem.operator.dtype).tiny
    if not live.any() or norms[live].max() <= UNEVEN * norms[live].min():
        return None
    if problem.groups is not None:
        shared = block_norms(np.where(live, norms, 0), problem.groups, int(problem.groups.max()) + 1)
        norms = shared[problem.groups]
        live = norms >= np.finfo(problem.operator.dtype).tiny
    return np.divide(1, norms, out=np.ones_like(norms), where=live)


def _knows_norms(A: Operator) -> bool:
    """Whether the norms of the columns cost less than a product with each of them."""
    return type(A).column_norms is not Operator.column_norms or A.shape[1] <= 200


def _weights(problem: Problem, factors: np.ndarray) -> np.ndarray:
    """What coefficients, or groups, cost in the coordinates z."""
    if problem.groups is not None:
        first = np.unique(problem.groups, return_index=True)[1]
        factors = factors[first]
    return factors if problem.weights is None else factors * problem.weights

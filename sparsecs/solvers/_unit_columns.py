"""A's columns at unit length, so that columns of any norm compete on equal terms; weights and bounds go along."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.problems.problem import Problem


class Columns:
    """A's columns at unit length, in double precision: products, weights and bounds in their units.

    Parameters
    ----------
    problem : Problem
    lower, upper : float
        Bounds of every coefficient.
    costs : (n,) array, optional
        Weights in place of the problem's.
    """

    def __init__(
        self, problem: Problem, lower: float = -np.inf, upper: float = np.inf, costs: np.ndarray | None = None
    ) -> None:
        self._A, matrix = problem.operator, problem.operator.at_hand
        self._rows = None if matrix is None else np.ascontiguousarray(matrix.T, dtype=np.float64)
        norms = self._A.column_norms().astype(np.float64)
        costs = problem.weights if costs is None else costs
        weights = np.ones(norms.size) if costs is None else costs
        self.live = (norms >= np.finfo(problem.y.dtype).tiny) & (weights < np.inf)
        self.inverse = np.divide(1.0, norms, out=np.zeros_like(norms), where=self.live)
        self.v = np.where(self.live, weights, 1.0) * np.where(self.live, self.inverse, 1.0)
        with np.errstate(invalid="ignore"):
            self.caps = np.where(self.live, np.array([[upper], [-lower]]) * np.where(self.live, norms, 1.0), 0.0)
        self.lower, self.upper = -_inward(-lower, problem.y.dtype), _inward(upper, problem.y.dtype)
        self.y = problem.y.astype(np.float64)
        self.eps = float(np.finfo(problem.y.dtype).eps)
        self.rounding = self.eps if matrix is None else float(np.finfo(np.float64).eps)  # of the products

    def part(self, chosen: Any) -> np.ndarray:
        """The unit columns of a support, an (m, k) array."""
        if self._rows is not None:
            return (self._rows[chosen] * self.inverse[chosen, None]).T
        return self._A.columns(chosen).astype(np.float64) * self.inverse[chosen]

    def correlations(self, r: np.ndarray) -> np.ndarray:
        """Inner products of all unit columns with r, (n,); zero for columns that take no part."""
        product = self._rows @ r if self._rows is not None else self._A.rmatvec(r.astype(self._A.dtype))
        return product * self.inverse

    def plain(self, u: np.ndarray) -> np.ndarray:
        """Coefficients of the unit columns as coefficients of A, within their bounds to the last digit."""
        x = u * self.inverse
        return x if self.lower == -np.inf and self.upper == np.inf else np.clip(x, self.lower, self.upper)


def _inward(bound: float, kind: np.dtype) -> float:
    """The largest number of this precision that is at most a bound above zero."""
    with np.errstate(over="ignore"):
        near = kind.type(bound)
    near = near if float(near) <= bound else np.nextafter(near, kind.type(0))  # float: in double precision
    return float(near) if near >= np.finfo(kind).tiny else 0.0


def rounding(problem: Problem, x: np.ndarray) -> float:
    """What rounding alone can leave of ‖A x − y‖ / ‖y‖: much, where nearly parallel columns cancel."""
    size = float(np.linalg.norm(problem.y))
    parts = float(problem.operator.column_norms().astype(np.float64) @ np.abs(x).astype(np.float64))
    return 4 * float(np.finfo(problem.y.dtype).eps) * (1 + parts / size) if size > 0 else 0.0

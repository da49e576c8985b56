r"""The exact path of the LASSO: every weight at which a column joins or leaves the answer, and the answers there.

    c_S = lambda s on the support,   |c_j| <= lambda elsewhere,   x_S += g d,   lambda -= g          with   c = A^T (y - A x)

Where several columns meet lambda at once, those that join are the support of the d which solves

    min 1/2 ||A d||^2 - <s, d>   over d on the support and the ties,   with   s_j d_j >= 0 at the ties

a least-squares problem with signs, solved as Lawson and Hanson (1974) do: no perturbation, and no cycles. The Cholesky factor
of the columns in use grows and shrinks; each breakpoint costs one product of A^T with two vectors. References: Osborne,
Presnell and Turlach (2000); Efron, Hastie, Johnstone and Tibshirani (2004).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.kernels.homotopy import NEARLY, grow, shrink, solve_factored
from sparsecs.operators.base import Operator

TIED = 1e-11  # of the first weight: inner products so near to lambda meet it
ROUNDING = 64 * float(np.finfo(np.float64).eps)  # of the first weight
FLAT = 1e-9  # slopes so near to 1 go with lambda


@dataclass(frozen=True, eq=False, repr=False)
class SolutionPath:
    """The answers of the LASSO for all weights, piecewise linear between breakpoints.

    Attributes
    ----------
    weights : (b,) array
        The breakpoints λ₀ > λ₁ > …; above λ₀ the answer is zero.
    coefficients : (n, b) sparse array
        The answers there, one a column.
    complete : bool
        Whether the path was followed as far as was asked; not so if it has more breakpoints than were allowed, or if λ is
        so small a part of λ₀ that rounding hides which columns meet it.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import homotopy_path
    >>> path = homotopy_path(np.eye(2), [3.0, 1.0])
    >>> path.weights, path.at(2.0)
    (array([3., 1., 0.]), array([1., 0.]))
    """

    weights: np.ndarray
    coefficients: Any
    complete: bool = True

    def __repr__(self) -> str:
        first, last = self.weights[0], self.weights[-1]
        return f"<SolutionPath: {self.weights.size} breakpoints, weights from {first:.3g} to {last:.3g}>"

    def at(self, weight: float) -> np.ndarray:
        """The answer for a weight, (n,).

        Raises
        ------
        ValueError
            If the path was not followed so far.
        """
        weight = positive(weight, "weight", zero=True)
        if weight < self.weights[-1]:
            raise ValueError(
                f"The path ends at the weight {self.weights[-1]:.6g}; got {weight:.6g}. Ask for a lower stop."
            )
        if weight >= self.weights[0]:
            return np.zeros(self.coefficients.shape[0])
        after = int(np.argmax(self.weights <= weight))
        high, low = self.weights[after - 1], self.weights[after]
        share = (high - weight) / (high - low)
        ends = self.coefficients[:, [after - 1, after]].toarray()
        return (1 - share) * ends[:, 0] + share * ends[:, 1]


class _Breakpoint(NamedTuple):
    """Where the path bends: λ, the columns in use, their coefficients, y − A x, and whether it goes no further."""

    weight: float
    support: np.ndarray
    x: np.ndarray
    residual: np.ndarray
    last: bool


class _Factor:
    """The columns in use, as rows, and the Cholesky factor of their inner products."""

    def __init__(self, m: int) -> None:
        self._rows, self._L = np.zeros((8, m)), np.zeros((8, 8))
        self.order: list[int] = []

    @property
    def rows(self) -> np.ndarray:
        return self._rows[: len(self.order)]

    def add(self, j: int, column: np.ndarray) -> bool:
        """Take column j in; False if it depends on the others."""
        size = len(self.order)
        if size == self._L.shape[0]:
            rows, L = np.zeros((2 * size, column.size)), np.zeros((2 * size, 2 * size))
            rows[:size], L[:size, :size] = self._rows, self._L
            self._rows, self._L = rows, L
        if not grow(self._L, size, np.append(self.rows @ column, 0.0), float(column @ column)):
            return False
        self._rows[size] = column
        self.order.append(j)
        return True

    def remove(self, j: int) -> None:
        place, size = self.order.index(j), len(self.order)
        shrink(self._L, size, place)
        self._rows[place : size - 1] = self._rows[place + 1 : size].copy()
        self.order.pop(place)

    def solve(self, b: np.ndarray) -> np.ndarray:
        z = np.empty(len(self.order))
        solve_factored(self._L, z.size, b, z)
        return z


def breakpoints(A: Operator, y: np.ndarray, weights: np.ndarray | None, stop: float) -> Iterator[_Breakpoint]:
    """The path from the first column that joins down to λ = ``stop``; ``y`` in double precision."""
    price = np.ones(A.shape[1]) if weights is None else weights
    x, factor, residual = np.zeros(A.shape[1]), _Factor(A.shape[0]), y.copy()
    c = _inner(A, residual[:, None], price)[:, 0]
    level = first = float(np.abs(c).max(initial=0))
    while True:
        support = np.flatnonzero(x)
        last = level <= max(stop, TIED * first)  # below, all columns look tied
        yield _Breakpoint(level, support, x[support] / price[support], residual, last)
        if last:
            return
        signs = np.where(x != 0, np.sign(x), np.sign(c))
        tied = {int(j) for j in np.flatnonzero((np.abs(c) >= level - TIED * first) & (x == 0))}
        d, a = _direction(A, price, factor, signs, tied)
        level, x = _step(x, factor.order, d, a, c, level, tied, (stop, ROUNDING * first))
        for j in [j for j in factor.order if x[j] == 0]:
            factor.remove(j)
        used = np.array(factor.order, dtype=np.intp)
        residual = y - x[used] @ factor.rows
        x[used] += factor.solve(factor.rows @ residual - level * signs[used])  # what rounding has left
        residual = y - x[used] @ factor.rows
        c = _inner(A, residual[:, None], price)[:, 0]


def _inner(A: Operator, vectors: np.ndarray, price: np.ndarray) -> np.ndarray:
    return A.rmatmat(vectors.astype(A.dtype, copy=False)).astype(np.float64, copy=False) / price[:, None]


def _direction(
    A: Operator, price: np.ndarray, factor: _Factor, signs: np.ndarray, tied: set[int]
) -> tuple[np.ndarray, np.ndarray]:
    """How the coefficients in use move as lambda falls, and their inner products; ties enter the factor, or leave it."""
    d, dependent = factor.solve(signs[factor.order]), set[int]()
    while True:
        a = _inner(A, (d @ factor.rows)[:, None], price)[:, 0]
        slow = [j for j in tied - dependent - set(factor.order) if signs[j] * a[j] < 1 - FLAT]
        if not slow:
            return d, a
        j = min(slow, key=lambda j: (signs[j] * a[j], j))
        if not factor.add(j, A.columns([j])[:, 0].astype(np.float64) / price[j]):
            dependent.add(j)
            continue
        d = np.append(d, 0.0)
        while True:
            goal = factor.solve(signs[factor.order])
            wrong = [i for i, j in enumerate(factor.order) if j in tied and signs[j] * goal[i] <= 0]
            if not wrong:
                d = goal
                break
            shares = [abs(d[i]) / (abs(d[i]) + abs(goal[i])) if d[i] != goal[i] else 0.0 for i in wrong]
            i = wrong[int(np.argmin(shares))]
            d = np.delete(d + min(shares) * (goal - d), i)
            factor.remove(factor.order[i])


def _step(
    x: np.ndarray,
    order: list[int],
    d: np.ndarray,
    a: np.ndarray,
    c: np.ndarray,
    level: float,
    tied: set[int],
    ends: tuple[float, float],
) -> tuple[float, np.ndarray]:
    """The weight and the coefficients at the next breakpoint."""
    free = np.ones(x.size, dtype=bool)
    free[order] = False
    joins = np.full((2, x.size), np.inf)
    for row, sign in zip(joins, (1, -1), strict=True):
        rate = 1 - sign * a
        can = free & (rate > FLAT)
        can[[j for j in tied if sign * c[j] > 0]] = False
        row[can] = (level - sign * c[can]) / rate[can]
    leaves = np.full(len(order), np.inf)
    falling = x[order] * d < 0
    leaves[falling] = -x[order][falling] / d[falling]
    fall = min(float(joins.min(initial=np.inf)), float(leaves.min(initial=np.inf)))
    stop, nothing = ends
    if level - fall <= max(nothing, (1 - NEARLY) * level):  # on the last piece all lines meet at zero
        fall = level
    fall, out = max(fall, 0.0), x.copy()
    fall = min(fall, level - stop)
    out[order] += fall * d
    out[[order[i] for i in np.flatnonzero(leaves <= fall * (1 + FLAT))]] = 0.0
    return level - fall if fall < level - stop else stop, out

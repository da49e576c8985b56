r"""Orthogonal least squares.

    j = argmin_j min_b ||y - A_{S+j} b||  =  argmax |a_j^H r| / ||P a_j||,    S <- S + j,    x_S = argmin ||y - A_S x||

P projects away from the chosen columns. OMP compares columns as they are, this method what is new in them. With each new
direction q, ||P a_j||^2 falls by |q^H a_j|^2, and a_j^H r by (q^H r) (a_j^H q): one product with A^H gives both. What the
sums have lost to rounding is found out when a column is about to be chosen. (Chen, Billings and Luo 1989; Rebollo-Neira and
Lowe 2002.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.kernels.selection import first_largest
from sparsecs.kernels.triangular import backward
from sparsecs.problems.problem import Problem
from sparsecs.solvers._blocks import block_sizes
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status

STALE = 1e-3  # correlations are updated while the residual is at least so much of what it was: three digits are lost


@dataclass(frozen=True)
class OLS(Solver):
    """Orthogonal least squares: in each step the column after which the residual is smallest.

    The gain over OMP in recovery is small: at 100 x 400 with 22 Gaussian coefficients both succeed in 20 of 20 cases, and
    with alike columns (cosines about ½) it does in 18 where OMP does in 14. Its residual after a given number of columns is
    often smaller. Without ``sparsity`` it goes on until the residual vanishes.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖.
    max_iterations : int
        A bound on the number of steps when no sparsity is given.

    References
    ----------
    Chen, Billings and Luo, "Orthogonal least squares methods and their application to non-linear system identification"
    (1989); Rebollo-Neira and Lowe, "Optimized orthogonal matching pursuit approach" (2002).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OLS, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], OLS(), sparsity=1).x
    array([0., 5., 0.])
    """

    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "greedy least squares: the next column that leaves the least residual"
    tolerance: float = field(default=1e-10, kw_only=True)

    def limit(self, problem: Problem) -> int:
        return problem.sparsity or self.max_iterations

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y = Columns(problem), problem.y
        k = min(*problem.shape, self.limit(problem))
        search = _Search(columns, y, k)
        noise = 8 * float(np.finfo(y.dtype).eps) * float(np.linalg.norm(y))
        x = problem.nothing()
        while len(search.order) < k:
            if not search.advance(noise):
                status = Status.DEPENDENT if search.order else Status.ZERO
                yield Iterate(x.copy(), search.residual.copy(), status)
                return
            x = columns.answer(columns.spread(search.coefficients(), np.array(search.order)))
            full = len(search.order) == problem.sparsity and not self._fits(problem, search.residual)
            yield Iterate(x, search.residual.copy(), Status.ALL_CHOSEN if full else None)


class _Search:
    """The chosen columns as Q Lᴴ, and what is new in each of the others."""

    def __init__(self, columns: Columns, y: np.ndarray, k: int) -> None:
        m = y.shape[0]
        self._columns, self.residual, self.order = columns, y, list[int]()
        self._Q = np.zeros((m, k), dtype=y.dtype, order="F")
        self._L = np.zeros((k, k), dtype=y.dtype)
        self._coordinates = np.zeros((k, *y.shape[1:]), dtype=y.dtype)
        self._available = columns.live.copy()
        self._new = np.ones(columns.live.size, dtype=y.real.dtype)  # ||P a_j||^2
        self._products, self._when_fresh = columns.correlations(y), float(np.linalg.norm(y))
        self._depends = (8 * np.sqrt(m) * float(np.finfo(y.dtype).eps)) ** 2

    def advance(self, noise: float) -> bool:
        """Choose one more column; False if none reduces the residual by more than ``noise``."""
        gains = self._gains()
        while True:
            j = first_largest(gains)
            if gains[j] <= noise:
                return False
            rest, old = self._rest(j)
            length = float(np.linalg.norm(rest))
            if length**2 <= self._depends:
                self._available[j], gains[j] = False, 0
                continue
            direction = rest / rest.real.dtype.type(length)
            exact = np.linalg.norm(direction.conj() @ self.residual)
            if exact < gains[j] * (1 - 1e-3):  # it came first by rounding only
                self._new[j], gains[j] = length**2, exact
                continue
            self._append(j, direction, old, length)
            return True

    def coefficients(self) -> np.ndarray:
        """The least squares fit on the chosen unit columns, in the order of choice."""
        s = len(self.order)
        right = self._coordinates[:s].reshape(s, -1)
        return backward(self._L[:s, :s], right).reshape(s, *self.residual.shape[1:])

    def _gains(self) -> np.ndarray:
        """By how much the residual would shrink, for each column."""
        new = np.maximum(self._new, self._depends)
        return np.where(self._available, block_sizes(self._products, None) / np.sqrt(new), 0)

    def _rest(self, j: int) -> tuple[np.ndarray, np.ndarray]:
        """What is new in a unit column, and its coordinates in the chosen ones; made orthogonal twice."""
        column, basis = self._columns.one(j), self._Q[:, : len(self.order)]
        first = basis.conj().T @ column
        rest = column - basis @ first
        second = basis.conj().T @ rest
        return rest - basis @ second, first + second

    def _append(self, j: int, direction: np.ndarray, old: np.ndarray, length: float) -> None:
        s = len(self.order)
        self._Q[:, s], self._L[s, :s], self._L[s, s] = direction, old.conj(), length
        self._coordinates[s] = direction.conj() @ self.residual
        self.residual = self.residual - np.multiply.outer(direction, self._coordinates[s])
        self.order.append(j)
        self._available[j] = False
        along = self._columns.correlations(direction)
        self._new -= np.abs(along) ** 2
        if np.linalg.norm(self.residual) > STALE * self._when_fresh:
            self._products = self._products - np.multiply.outer(along, self._coordinates[s])
        else:
            self._products = self._columns.correlations(self.residual)
            self._when_fresh = float(np.linalg.norm(self.residual))

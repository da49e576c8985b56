r"""Orthogonal matching pursuit, of single columns, of groups, and of several signals with one support.

    j = argmax |a_j^H r| / ||a_j||,    S <- S + j,    x_S = argmin ||y - A_S x||,    r = y - A_S x_S

Each step adds the column that is most correlated with the residual and fits all chosen columns anew. A QR factorisation of
A_S grows with S, so a step costs one product with A^H and 4 m |S| operations. On a matrix that is held as an array all steps
run in one compiled loop, and many signals on one such matrix share its Gram matrix. (Pati, Rezaiifar and Krishnaprasad 1993;
Davis, Mallat and Avellaneda 1997.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from sparsecs.kernels.chunks import in_parallel, threads_allowed
from sparsecs.kernels.gram_pursuit import UNSURE, run_many, worth_gram
from sparsecs.kernels.least_squares import back_substitution
from sparsecs.kernels.matching_pursuit import FITS, NONE_LEFT, grow, remaining, rows_or_columns, run, worth_coding
from sparsecs.kernels.screening import coded
from sparsecs.kernels.selection import first_largest
from sparsecs.operators.base import Operator
from sparsecs.problems.problem import Problem
from sparsecs.solvers._blocks import block_sizes
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class OMP(Solver):
    """Orthogonal matching pursuit: k greedy steps, or fewer if the residual vanishes first.

    Without ``sparsity`` it goes on until the residual vanishes. Columns of any norm compete on equal terms; zero columns
    are never chosen, and columns that depend on the chosen ones are passed over.

    With groups a step takes the group g for which the norm of the correlations of its unit columns, ‖U_gᴴ r‖, is largest
    (block OMP: Eldar, Kuppinger and Bölcskei 2010), and with several columns in y the column of A for which the norm of its
    correlations with all residuals is (simultaneous OMP: Tropp, Gilbert and Strauss 2006).

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖.
    max_iterations : int
        A bound on the number of steps when no sparsity is given.

    References
    ----------
    Pati, Rezaiifar and Krishnaprasad (1993); Tropp, Gilbert and Strauss (2006); Tropp and Gilbert (2007);
    Eldar, Kuppinger and Bölcskei (2010).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OMP, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], OMP(), sparsity=1).x
    array([0., 5., 0.])
    >>> solve(np.eye(4), [3.0, 0.0, 2.0, 2.5], OMP(), sparsity=1, groups=[0, 0, 1, 1]).x
    array([0. , 0. , 2. , 2.5])
    """

    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "greedy least squares: the best next column, then a refit of all chosen"
    tolerance: float = field(default=1e-10, kw_only=True)

    def limit(self, problem: Problem) -> int:
        return problem.sparsity or self.max_iterations

    def residual(self, problem: Problem, x: np.ndarray) -> np.ndarray:
        matrix = problem.operator.at_hand
        if matrix is None or not _plain(problem):
            return super().residual(problem, x)
        support = np.flatnonzero(x)
        if 8 * support.size > x.size or not (matrix.flags.c_contiguous or matrix.flags.f_contiguous):
            return super().residual(problem, x)
        return remaining(rows_or_columns(matrix), problem.y, x, support)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        A, y, groups = problem.operator, problem.y, problem.groups
        weights, noise = _weights(A), _noise(y)
        fit = _Fit(y, min(*problem.shape, problem.shape[1] if groups is not None else self.limit(problem)))
        free = np.ones(weights.size if groups is None else int(groups.max()) + 1, dtype=bool)
        steps, x = 0, problem.nothing()
        while not fit.full and steps < self.limit(problem):
            correlations = A.rmatvec(fit.residual) if y.ndim == 1 else A.rmatmat(fit.residual)
            sizes = np.where(free, block_sizes((correlations.T * weights).T, groups), 0)
            block = first_largest(sizes)
            if sizes[block] <= noise:
                yield Iterate(x.copy(), fit.residual, Status.DEPENDENT if steps else Status.ZERO)
                return
            free[block] = False
            members = np.array([block]) if groups is None else np.flatnonzero(groups == block)
            if not fit.takes(members, A.columns(members) * weights[members]):
                continue
            steps += 1
            x = fit.on(weights, problem.nothing())
            residual = fit.residual
            all_chosen = steps == problem.sparsity and not self._fits(problem, residual)
            yield Iterate(x, residual, Status.ALL_CHOSEN if all_chosen else None)

    def at_once(self, problem: Problem) -> tuple[Iterate, Status, int] | None:
        if problem.operator.at_hand is None or not _plain(problem):
            return None
        steps = min(*problem.shape, self.limit(problem))
        held = rows_or_columns(problem.operator.at_hand)
        codes = coded(*held) if worth_coding(problem.shape, steps) else None
        floor = self._floor(problem) * float(np.linalg.norm(problem.y))
        x, residual, size, why = run(held, codes, _weights(problem.operator), problem.y, steps, floor)
        return self._named(problem, x, residual, size, why)

    def each(self, problem: Problem, Y: np.ndarray) -> list[tuple[Iterate, Status, int]] | None:
        matrix = problem.operator.at_hand
        if matrix is None or not _plain(problem):
            return None
        rows, weights, steps = (
            np.ascontiguousarray(Y.T),
            _weights(problem.operator),
            min(*problem.shape, self.limit(problem)),
        )
        floors = self._floor(problem) * np.linalg.norm(rows, axis=1).astype(float)
        found: dict[int, tuple[Iterate, Status, int]] = {}
        if matrix.dtype == np.float64 and worth_gram(matrix.shape[1], rows.shape[0], steps):
            X, residuals, sizes, ends = run_many(matrix, weights, rows, steps, floors)
            for i in np.flatnonzero(ends != UNSURE).tolist():
                found[i] = self._named(problem, X[i], residuals[i], int(sizes[i]), ends[i])
        left = [i for i in range(len(rows)) if i not in found]
        held = rows_or_columns(matrix)
        codes = coded(*held) if left and worth_coding(problem.shape, steps * len(left)) else None
        alone = _shared_out(lambda i: run(held, codes, weights, rows[i], steps, floors[i]), left)
        found |= {i: self._named(problem, *one) for i, one in zip(left, alone, strict=True)}
        return [found[i] for i in range(len(rows))]

    def _named(
        self, problem: Problem, x: np.ndarray, residual: np.ndarray, size: int, why: int
    ) -> tuple[Iterate, Status, int]:
        """What a compiled run says, in the words of ``iterates``."""
        if why == NONE_LEFT:
            return Iterate(x, residual), Status.DEPENDENT if size else Status.ZERO, size + 1
        if why == FITS:
            return Iterate(x, residual), Status.SOLVED, size
        if size == problem.sparsity:
            return Iterate(x, residual), Status.ALL_CHOSEN, size
        return Iterate(x, residual), Status.LIMIT if size >= self.max_iterations else Status.STALLED, size


class _Fit:
    """Least squares on a growing support, for one y or several."""

    def __init__(self, y: np.ndarray, capacity: int) -> None:
        self._shape, self._size = y.shape, 0
        self._residuals = np.array(y.T, ndmin=2, order="C")  # a row for each signal
        self._Q, self._R = np.empty((capacity, y.shape[0]), y.dtype), np.empty((capacity, capacity), y.dtype)
        self._coordinates = np.empty((self._residuals.shape[0], capacity), y.dtype)
        self._support = np.empty(capacity, dtype=np.intp)

    @property
    def full(self) -> bool:
        """Whether there is no place for one more column."""
        return self._size == self._support.size

    @property
    def residual(self) -> np.ndarray:
        """y − A x, a fresh array of the shape of y."""
        return self._residuals.T.reshape(self._shape).copy()

    def takes(self, members: np.ndarray, columns: np.ndarray) -> bool:
        """Take in those of the columns that do not depend on others; whether there was one."""
        before = self._size
        for j, column in zip(members, columns.T, strict=True):
            straight = np.ascontiguousarray(column, dtype=self._Q.dtype)
            if grow(self._Q, self._R, self._coordinates, self._residuals, self._size, straight):
                self._support[self._size] = j
                self._size += 1
        return self._size > before

    def on(self, weights: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The coefficients of the fit written into ``x``, which is zero."""
        chosen = self._support[: self._size]
        fitted = [back_substitution(self._R, self._size, row) for row in self._coordinates]
        x[chosen] = (np.array(fitted) * weights[chosen]).T.reshape(chosen.size, *self._shape[1:])
        return x


def _weights(A: Operator) -> np.ndarray:
    """One over the norms of the columns; zero for those too short to have a reciprocal."""
    norms = A.column_norms()
    return np.divide(1, norms, out=np.zeros_like(norms), where=norms >= np.finfo(norms.dtype).tiny)


def _noise(y: np.ndarray) -> float:
    """A correlation with a unit column that is nothing but rounding."""
    return 8 * float(np.finfo(y.dtype).eps) * float(np.linalg.norm(y))


def _shared_out(work: Callable[[int], Any], numbers: list[int]) -> list[Any]:
    """What ``work`` gives for each number, with as many threads as are allowed."""
    threads = max(1, min(threads_allowed(), len(numbers)))
    parts = in_parallel(lambda part: [work(i) for i in part], [(numbers[t::threads],) for t in range(threads)])
    return [parts[i % threads][i // threads] for i in range(len(numbers))]


def _plain(problem: Problem) -> bool:
    """Whether single columns are chosen for one real y."""
    return problem.y.ndim == 1 and problem.groups is None and not np.iscomplexobj(problem.y)

r"""Matching pursuit.

    j = argmax |a_j^H r| / ||a_j||,    x_j <- x_j + a_j^H r / ||a_j||^2,    r <- r - a_j a_j^H r / ||a_j||^2

Nothing is fitted anew: a column may be chosen many times. A group is fitted to r as a whole. (Mallat and Zhang 1993; for
groups Eldar, Kuppinger and Bölcskei 2010.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.kernels.selection import first_largest
from sparsecs.problems.problem import Problem
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class MatchingPursuit(Solver):
    """Matching pursuit, on columns of unit length.

    Each step is cheap and none is undone, so it takes many. OMP begins alike and is better in almost every other respect:
    at 100 x 400 with 18 Gaussian coefficients it succeeds in 19 of 20 cases where matching pursuit does in 13, and with
    alike columns (cosines about ½) in 19 where matching pursuit does in none. It needs no memory for chosen columns.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when no column would change that by more than a tenth of it.
    max_iterations : int
        A bound on the number of steps. With ``sparsity`` k, steps go on among the first k columns (or groups) chosen, towards
        the least squares fit on them.

    References
    ----------
    Mallat and Zhang, "Matching pursuits with time-frequency dictionaries" (1993).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import MatchingPursuit, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], MatchingPursuit(), sparsity=1).x
    array([0., 5., 0.])
    """

    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "greedy steps along one column at a time, without a refit"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y = Columns(problem), problem.y
        z, residual, chosen = problem.nothing(), y, np.zeros(0, dtype=np.intp)
        support, k = chosen, problem.sparsity or problem.shape[1]
        length = float(np.linalg.norm(y))
        noise = 8 * float(np.finfo(y.dtype).eps) * length
        while True:
            full = chosen.size >= k
            sizes = columns.sizes(columns.inner(residual, support) if full else columns.correlations(residual))
            best = first_largest(sizes)
            if sizes[best] <= max(noise, 0.1 * self._floor(problem) * length if chosen.size else 0):
                yield Iterate(columns.answer(z), residual.copy(), Status.STALLED if chosen.size else Status.ZERO)
                return
            block = np.array([best])
            step, residual = columns.fit(residual, columns.members(block))
            chosen, z = np.union1d(chosen, block), z + step
            support = columns.members(chosen)
            yield Iterate(columns.answer(z), residual.copy())

r"""What the methods share that add several columns a step and refit.

    S <- S + chosen(A^H r),    x_S = argmin ||y - A_S x||,    r = y - A_S x_S

A member says what is chosen, and how many columns are enough. Columns that depend on those chosen before are passed over.
Where a sparsity is asked for, an iterate has the k largest blocks of x only, fitted once more; the search goes on with all of S.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True, kw_only=True)
class Stagewise(Solver):
    """Base of the greedy methods that choose several columns a step, on columns of unit length."""

    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    tolerance: float = field(default=1e-10, kw_only=True)

    @abstractmethod
    def choose(self, columns: Columns, sizes: np.ndarray, residual: np.ndarray, k: int | None) -> np.ndarray:
        """The blocks to add; ``sizes`` are those of the correlations, zero for blocks that are chosen already.

        If it finds none in the first step, the largest is added.
        """

    @abstractmethod
    def enough(self, blocks: int, steps: int, k: int | None) -> bool:
        """Whether the search is over after so many steps, with so many blocks chosen."""

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y, k = Columns(problem), problem.y, problem.sparsity
        x, residual, left, steps = problem.nothing(), y.copy(), y, 0
        blocks = support = np.zeros(0, dtype=np.intp)
        noise = 8 * float(np.finfo(y.dtype).eps) * float(np.linalg.norm(y))
        while True:
            sizes = columns.sizes(columns.correlations(left))
            sizes[blocks] = 0
            if sizes.max() <= noise or support.size >= y.shape[0]:
                status = Status.DEPENDENT if steps else Status.ZERO
                if k is not None and blocks.size > k:  # the search has found all, but x has only k of them
                    status = self._fits(problem, residual) or Status.ALL_CHOSEN
                yield Iterate(x.copy(), residual.copy(), status)
                return
            added = self.choose(columns, sizes, left, k)
            if added.size == 0 and steps == 0:
                added = columns.largest(sizes, 1)
            if added.size == 0:
                yield Iterate(x.copy(), residual.copy(), self._fits(problem, residual) or Status.STALLED)
                return
            wanted, before, steps = np.zeros_like(sizes), support, steps + 1
            wanted[added] = sizes[added]
            added = columns.largest(wanted, added.size, y.shape[0] - before.size)
            blocks, support = np.union1d(blocks, added), np.union1d(before, columns.members(added))
            z, left = columns.fit(y, support)
            if not columns.regular:
                support = columns.independent(np.concatenate([before, np.setdiff1d(support, before)]))
                z, left = columns.fit(y, support)
            z, residual = (z, left.copy()) if k is None else self._k_best(columns, problem, blocks, z, left)
            x = columns.answer(z)
            over = self.enough(blocks.size, steps, k) or (self._fits(problem, left) is not None)
            yield Iterate(x, residual, (self._fits(problem, residual) or Status.ALL_CHOSEN) if over else None)

    def _k_best(
        self, columns: Columns, problem: Problem, blocks: np.ndarray, z: np.ndarray, left: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """A fit on the k largest blocks of z, and what it leaves of y."""
        k = problem.sparsity or blocks.size
        return (z, left.copy()) if blocks.size <= k else columns.fit(problem.y, columns.best(z, k))

r"""Block coordinate descent for any smooth loss and any separable penalty.

    for each block b of a working set:   x_b' = prox_{1/L_b}( x_b - A_b^H grad f(A x) / L_b ),   A x' = A x + A_b (x_b' - x_b)

with L_b the smoothness of the loss times ||A_b||^2, which is far below that of all of A, so that steps are long (Tseng 2001;
Nesterov 2012). A block is made of columns that stand apart, or of whole groups. The working set holds the coefficients in
use and those that a proximal step would bring in first. Dual points are extrapolated from the last residuals, and Newton steps
end what descent has brought near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np

from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._composite import Composite, Point
from sparsecs.solvers._extrapolation import Extrapolation
from sparsecs.solvers._newton import Finish
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status

WIDTH = 32  # columns in a block: fewer make shorter products, more make shorter steps
PASSES = 5  # over the working set, between two looks at all columns
NEW = 50  # units that may come in at once, or as many as there are


class _Block(NamedTuple):
    """Some coefficients: where they are, their columns, 1 / L_b, and their groups and weights."""

    rows: np.ndarray
    columns: np.ndarray
    step: float
    own: dict[str, Any]


@dataclass(frozen=True)
class CoordinateDescent(Penalized):
    """min loss(A x, y) + λ · penalty(x), by block coordinate descent, to a proven duality gap where the penalty is convex.

    Parameters
    ----------
    penalty : Penalty
        A separable one: a sum over coefficients or over groups, such as ``ElasticNet()``, ``MCP()`` or ``SparseGroup()``.
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    loss : Loss
    tolerance : float
        On the duality gap, relative to the objective; on the relative move of a step where the penalty is not convex.

    References
    ----------
    Tseng, "Convergence of a block coordinate descent method for nondifferentiable minimization" (2001).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import MCP, CoordinateDescent, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], CoordinateDescent(MCP(), weight=1.0))
    >>> result.x.round(6), result.status.name
    (array([0., 5., 0.]), 'STATIONARY')
    """

    convex: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "min loss(A x, y) + λ · penalty(x), the penalty separable"
    penalty: Penalty = L1()  # noqa: RUF009 - a frozen value
    loss: Loss = field(default=Squared(), kw_only=True)
    max_iterations: int = field(default=5000, kw_only=True)

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        if not self.penalty.separable:
            raise ValueError(
                f"{self.penalty} cannot be minimised by CoordinateDescent: it must be a sum over coefficients or groups, "
                "and declare so by `separable = True`. ProximalGradient takes any penalty."
            )

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        done = self.at_zero(problem, self.terms(problem))
        if done is not None:
            yield done
            return
        task = Composite(problem, self.terms(problem))
        longest = float(task.A.column_norms().max(initial=0))
        length, finish = 1 / (task.loss.smoothness * longest**2), Finish(task)
        past = Extrapolation(task.problem, task.terms)
        here, unrest = task.at(task.problem.nothing()), np.inf
        while True:
            blocks = _blocks(task, here, length)
            z, Az = here.z.copy(), here.Az.copy()
            for _ in range(PASSES if blocks else 0):
                for block in blocks:
                    _descend(task, block, z, Az)
            moving = bool((z != here.z).any())
            here, road = task.at(z), "block coordinate descent"
            better = finish(here, unrest, length)
            if better is not None:
                here, road, moving = better, "block coordinate descent and Newton", True
            residual, gap = -task.gradient(here.Az), task.unrest(here, length)
            unrest, dual = past.better(here.z, here.Az, residual, -here.slope, gap)
            yield Iterate(task.answer(here.z), residual, self._status(problem, unrest, moving), dual, road)

    def _status(self, problem: Problem, unrest: float, moving: bool) -> Status | None:
        if self.penalty.convex:
            arrived = Status.OPTIMAL if unrest <= self._gap_floor(problem) else None
            return arrived or (None if moving else Status.UNCERTAIN)
        return Status.STATIONARY if unrest <= self._floor(problem) or not moving else None


def _descend(task: Composite, block: _Block, z: np.ndarray, Az: np.ndarray) -> None:
    """One block's step, in place."""
    slope = block.columns.conj().T @ task.gradient(Az)
    old = z[block.rows]
    new = task.penalty.prox(old - block.step * slope, block.step, task.weight, **block.own).astype(z.dtype)
    if (new != old).any():
        z[block.rows] = new
        Az += block.columns @ (new - old)


def _blocks(task: Composite, point: Point, length: float) -> list[_Block]:
    """The working set, in blocks."""
    groups = task.problem.groups
    labels = np.arange(point.z.shape[0]) if groups is None else groups
    used, moving = point.z != 0, task.step(point, length) != point.z
    inside = np.unique(labels[used])
    drive = np.bincount(labels, weights=np.where(moving, np.abs(point.slope), 0))
    drive[inside] = 0
    most = max(NEW, inside.size)
    units = np.union1d(inside, np.argsort(-drive, kind="stable")[: min(most, np.count_nonzero(drive))])
    width = max(1, int(WIDTH * units.size / max(1, np.isin(labels, units).sum())))
    count = -(-units.size // width)
    return [block for i in range(count) if (block := _block(task, labels, units[i::count])) is not None]


def _block(task: Composite, labels: np.ndarray, units: np.ndarray) -> _Block | None:
    """One block, of some units; None if its columns are zero."""
    rows = np.flatnonzero(np.isin(labels, units))
    columns = task.A.columns(rows)
    steep = task.loss.smoothness * float(np.linalg.norm(columns.astype(task.wide), 2)) ** 2
    if steep == 0:
        return None
    weights, groups = task.problem.weights, None
    if task.problem.groups is not None:
        groups = np.searchsorted(units, labels[rows])
    if weights is not None:
        weights = weights[units]
    return _Block(rows, columns, 1 / (steep * (1 + 1e-6)), {"groups": groups, "weights": weights})

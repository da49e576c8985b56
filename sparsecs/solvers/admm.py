r"""The alternating direction method of multipliers, for any loss and any convex penalty.

    squared loss     x = argmin 1/2 ||A x - y||^2 + rho/2 ||x - w + u||^2
    other losses     v = prox_f( A x + s ),    x = argmin kappa ||A x - v + s||^2 + ||x - w + u||^2,    s += A x - v
    both             w = prox_P( x + u ),      u += x - w,      x relaxed to 1.6 x - 0.6 w

(Boyd, Parikh, Chu, Peleato and Eckstein 2011.) The x step has one matrix: it is factored once, and again where rho changes;
rho follows the ratio of the primal and the dual residual. What is returned is w, which has exact zeros; the duality gap ends
it. Once as much work has gone into steps as Newton's method on the coefficients in use would cost, it is tried, and kept
where it is better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._composite import Composite, Point
from sparsecs.solvers._newton import Finish
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers._splitting import Ridge, loss_prox
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status

RELAXED = 1.6
EVERY = 5  # steps between two looks at the duality gap, which costs a product with Aᴴ


@dataclass(frozen=True)
class ADMM(Penalized):
    """min loss(A x, y) + λ · penalty(x), by the alternating direction method of multipliers, to a proven duality gap.

    Parameters
    ----------
    penalty : Penalty
        Convex.
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    loss : Loss
    rho : float
        The first ρ, as a part of the square of A's norm; it adapts.
    tolerance : float
        It stops when the duality gap is at most ``tolerance`` times the objective.

    References
    ----------
    Boyd, Parikh, Chu, Peleato and Eckstein (2011).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import ADMM, L1, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], ADMM(L1(), weight=2.0))
    >>> result.x.round(4), result.status.name
    (array([0., 3., 0.]), 'OPTIMAL')
    """

    convex: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    needs_convex: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "min loss(A x, y) + λ · penalty(x)"
    penalty: Penalty = L1()  # noqa: RUF009 - a frozen value
    loss: Loss = field(default=Squared(), kw_only=True)
    rho: float = field(default=0.1, kw_only=True)
    max_iterations: int = field(default=10_000, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        positive(self.rho, "rho")

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        terms = self.terms(problem)
        done = self.at_zero(problem, terms)
        if done is not None:
            yield done
            return
        task, floor = Composite(problem, terms), self._gap_floor(problem)
        finish, square = Finish(task), spectral_norm(task.A, steps=12) ** 2
        length = 1 / (1.01 * terms.loss.smoothness * square)
        steps = (_Exact if task.affine else _Split)(task, self.rho * terms.loss.smoothness * square, square)
        count = 0
        while True:
            count += 1
            w = steps.next(count).astype(problem.y.dtype, copy=False)
            if count % EVERY and w.any():
                yield task.iterate(w, task.A @ w, None, "ADMM")
                continue
            here, road = task.at(w), "ADMM"
            unrest = task.unrest(here, length)
            while unrest > floor:
                better = finish(here, unrest, length)
                if better is None:
                    break
                here, road, unrest = better, "Newton", task.unrest(better, length)
            if road == "Newton":
                steps.jump(here)
            yield task.iterate(here.z, here.Az, Status.OPTIMAL if unrest <= floor else None, road)


class _Steps:
    """w, u and ρ, and what both forms share."""

    def __init__(self, task: Composite, rho: float, square: float) -> None:
        self.task, self.rho, self.square = task, rho, square
        self.ridge, self.y = Ridge(task.A), task.y.astype(task.wide)
        self.x = self.w = self.u = task.problem.nothing().astype(task.wide)
        self.adapt = 4

    def _shrunk(self, x: np.ndarray, count: int) -> np.ndarray:
        """The step in w and u, and ρ nearer to balance at the 4th, 8th, 16th … step."""
        before, relaxed = self.w, RELAXED * x + (1 - RELAXED) * self.w
        self.x, self.w = x, self.task.prox(relaxed + self.u, 1 / self.rho)
        self.u = self.u + relaxed - self.w
        if count == self.adapt:
            self.adapt *= 2
            primal = np.linalg.norm(x - self.w) * np.linalg.norm(self.u)
            dual = np.linalg.norm(self.w - before) * max(np.linalg.norm(x), np.linalg.norm(self.w))
            if primal > 0 and dual > 0:
                self._change(float(np.clip(np.sqrt(primal / dual), 0.01, 100)))
        return self.w

    def _change(self, ratio: float) -> None:
        self.rho *= ratio
        self.u = self.u / ratio

    def jump(self, point: Point) -> None:
        """Go on from a point, with the multipliers that belong to it."""
        self.x = self.w = point.z.astype(self.task.wide)
        self.u = -point.slope.astype(self.task.wide) / self.rho


class _Exact(_Steps):
    """The squared loss, met exactly by x."""

    def next(self, count: int) -> np.ndarray:
        b = self.task.A.H @ self.y + self.rho * (self.w - self.u)
        return self._shrunk(self.ridge.solve(b, self.rho, self.x), count)


class _Split(_Steps):
    """Any loss: v is its copy of A x, tied to it with weight ρ κ."""

    def __init__(self, task: Composite, rho: float, square: float) -> None:
        super().__init__(task, rho, square)
        self.kappa = 10 / square
        self.v = self.s = np.zeros_like(self.y)

    def next(self, count: int) -> np.ndarray:
        A, kappa = self.task.A, self.kappa
        b = A.H @ (self.v - self.s) + (self.w - self.u) / kappa
        x = self.ridge.solve(b, 1 / kappa, self.x)
        relaxed = RELAXED * (A @ x) + (1 - RELAXED) * self.v
        self.v = loss_prox(self.task.loss, relaxed + self.s, self.y, self.rho * kappa, self.v)
        self.s = self.s + relaxed - self.v
        return self._shrunk(x, count)

    def _change(self, ratio: float) -> None:
        super()._change(ratio)
        self.s = self.s / ratio

    def jump(self, point: Point) -> None:
        super().jump(point)
        self.v = point.Az.astype(self.task.wide)
        self.s = self.task.gradient(point.Az).astype(self.task.wide) / (self.rho * self.kappa)

r"""Proximal gradient descent (ISTA), or with momentum and restarts (FISTA), for any loss and any penalty.

    x' = prox_{1/L}( z - A^H grad f(A z) / L ),    z = x' + (t - 1)/t' (x' - x),    t' = (1 + sqrt(1 + 4 t^2)) / 2

for min f(A x) + P(x) (Beck and Teboulle 2009). The momentum is dropped when it points uphill (O'Donoghue and Candes 2015),
and never used where P is not convex: each step then lowers the objective. L starts as an estimate of the loss's smoothness
times ||A||^2 and grows if a step shows it to be too small. An iteration costs one product with A and one with A^H: A z is
combined from A x' and A x, and so is the gradient if f is the squared loss, whose duality gap then comes free. Once as much
work has gone into steps as Newton's method on the coefficients in use would cost, it is tried, and kept where it is better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.losses.base import Loss
from sparsecs.losses.squared import Squared
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._composite import Composite, Point
from sparsecs.solvers._newton import Finish
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status

EVERY = 10  # steps between two looks at the duality gap where it costs a product


@dataclass(frozen=True)
class ProximalGradient(Penalized):
    """min loss(A x, y) + λ · penalty(x), by FISTA, to a proven duality gap.

    Parameters
    ----------
    penalty : Penalty
        ``L1()`` is the LASSO, ``GroupL2()`` the group LASSO. Where it is not convex the method ends at a fixed point,
        without a certificate.
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    loss : Loss
    accelerated : bool
        Whether steps have momentum: FISTA, else ISTA.
    tolerance : float
        It stops when the duality gap is at most ``tolerance`` times the objective; where there is none, when a step is
        at most ``tolerance`` times the length of x.

    References
    ----------
    Beck and Teboulle (2009); O'Donoghue and Candes (2015).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1, ProximalGradient, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], ProximalGradient(L1(), weight=2.0))
    >>> result.x.round(4), result.status.name
    (array([0., 3., 0.]), 'OPTIMAL')
    """

    convex: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "min loss(A x, y) + λ · penalty(x)"
    penalty: Penalty = L1()  # noqa: RUF009 - a frozen value
    loss: Loss = field(default=Squared(), kw_only=True)
    accelerated: bool = field(default=True, kw_only=True)
    max_iterations: int = field(default=20_000, kw_only=True)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        terms = self.terms(problem)
        done = self.at_zero(problem, terms)
        if done is not None:
            yield done
            return
        task = Composite(problem, terms)
        finish, momentum = Finish(task), self.accelerated and terms.penalty.convex
        L = 1.01 * terms.loss.smoothness * spectral_norm(task.A, steps=12) ** 2
        here = ahead = task.at(task.problem.nothing())
        t, unrest, looked, count = 1.0, np.inf, True, 0
        while True:
            better = finish(here, unrest, 1 / L) if looked else None
            if better is not None:
                here, ahead, t, moving, road = better, better, 1.0, True, "Newton"
            else:
                z, Az, L = _step(task, ahead, L)
                moving, road = bool((z != ahead.z).any()), "FISTA" if momentum else "ISTA"
                turned = np.vdot(z - ahead.z, z - here.z).real < 0  # the step turns back against the momentum
                beta, t = _momentum(1.0 if turned else t) if momentum else (0.0, t)
                count += 1
                looked = task.affine or not momentum or not moving or count % EVERY == 0
                before, here = here, task.at(z, Az) if looked else Point(z, Az, here.slope)
                ahead = _ahead(task, before, here, beta) if beta or not looked else here
            unrest = task.unrest(here, 1 / L) if looked else np.inf
            yield task.iterate(here.z, here.Az, self._status(problem, unrest, moving), road)

    def _status(self, problem: Problem, unrest: float, moving: bool) -> Status | None:
        """Whether that is the end, and what it is."""
        if self.penalty.convex:
            arrived = Status.OPTIMAL if unrest <= self._gap_floor(problem) else None
            return arrived or (None if moving else Status.UNCERTAIN)
        return Status.STATIONARY if unrest <= self._floor(problem) else None


def _step(task: Composite, point: Point, L: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Where a step of length 1/L leads, its image, and L, raised until it bounds the bend that the step meets."""
    eps, smoothness = float(np.finfo(point.z.dtype).eps), task.loss.smoothness
    while True:
        z = task.step(point, 1 / L)
        Az = task.A @ z
        moved, image = float(np.linalg.norm(z - point.z)), float(np.linalg.norm(Az - point.Az))
        steepest = np.sqrt(L / smoothness)
        rounding = 64 * eps * (float(np.linalg.norm(point.Az)) + steepest * float(np.linalg.norm(point.z)))
        if moved == 0 or not image > steepest * (1 + 1e-6) * moved + rounding:
            return z, Az, L
        L = 1.05 * smoothness * (image / moved) ** 2


def _momentum(t: float) -> tuple[float, float]:
    """The share of the last move that is added, and the next t."""
    grown = 0.5 * (1 + np.sqrt(1 + 4 * t * t))
    return (t - 1) / grown, grown


def _ahead(task: Composite, before: Point, here: Point, beta: float) -> Point:
    """The point beyond ``here``, where the last move is carried on."""
    share = here.z.real.dtype.type(beta)
    z, Az = here.z + share * (here.z - before.z), here.Az + share * (here.Az - before.Az)
    return Point(z, Az, here.slope + share * (here.slope - before.slope)) if task.affine else task.at(z, Az)

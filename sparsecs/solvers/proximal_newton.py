r"""The proximal Newton method: a quadratic model of the loss on a working set, solved well, and a line search.

    d = argmin  g^T d + 1/2 d^T (A^H C A + mu I) d + P(x + d),    x' = x + alpha d,    g = A^H grad f(A x)

with the second derivative C of f at A x and a small mu that goes to zero with the duality gap (Lee, Sun and Saunders 2014).
The working set holds the coefficients in use and those that a proximal step would bring in first. It needs few products
with A: for losses that bend, such as the logistic one, where each product is dear.
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
from sparsecs.solvers._newton import hessian, rows_in_use
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers._quadratic_model import QuadraticModel
from sparsecs.solvers.base import Iterate
from sparsecs.solvers.result import Status

NEW = 50  # coefficients that may come in at once, or as many as there are
DAMPING = 0.01  # mu as a part of the model's mean bend, times the duality gap


@dataclass(frozen=True)
class ProximalNewton(Penalized):
    """min loss(A x, y) + λ · penalty(x), by proximal Newton steps, to a proven duality gap.

    Parameters
    ----------
    penalty : Penalty
        Convex.
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    loss : Loss
    tolerance : float
        It stops when the duality gap is at most ``tolerance`` times the objective.

    References
    ----------
    Lee, Sun and Saunders (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1, ProximalNewton, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], ProximalNewton(L1(), weight=2.0))
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
    max_iterations: int = field(default=200, kw_only=True)

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        terms = self.terms(problem)
        done = self.at_zero(problem, terms)
        if done is not None:
            yield done
            return
        task, floor = Composite(problem, terms), self._gap_floor(problem)
        length = 1 / (1.01 * terms.loss.smoothness * spectral_norm(task.A, steps=3) ** 2)
        here = task.at(task.problem.nothing())
        unrest = task.unrest(here, length)
        while True:
            rows = _working_set(task, here, length)
            if rows.size == 0:  # x = 0, and a proximal step stays there
                yield task.iterate(here.z, here.Az, Status.OPTIMAL if unrest <= floor else Status.UNCERTAIN, "x = 0")
                return
            columns = task.A.columns(rows).astype(task.wide)
            H = hessian(terms.loss, columns, here.Az.astype(task.wide), task.y.astype(task.wide))
            mean = terms.loss.smoothness * float(np.vdot(columns, columns).real) / rows.size
            H[np.diag_indices_from(H)] += DAMPING * min(unrest, 1.0) * mean
            aim = QuadraticModel(task, here, rows, H).minimiser(0.01 * min(unrest, 1.0))
            found = _searched(task, here, aim.astype(here.z.dtype))
            here = here if found is None else found
            unrest = task.unrest(here, length)
            arrived = Status.OPTIMAL if unrest <= floor else None
            yield task.iterate(
                here.z, here.Az, arrived or (Status.UNCERTAIN if found is None else None), "proximal Newton"
            )


def _working_set(task: Composite, here: Point, length: float) -> np.ndarray:
    """The rows in use, and about as many again of those that a proximal step brings in."""
    step = task.step(here, length)
    used = rows_in_use(here.z, here.z)
    sizes = np.abs(step) if step.ndim == 1 else np.linalg.norm(step, axis=1)
    sizes[used] = 0
    fresh = np.argsort(-sizes, kind="stable")[: max(NEW, used.size)]
    return np.union1d(used, fresh[sizes[fresh] > 0])


def _searched(task: Composite, here: Point, aim: np.ndarray) -> Point | None:
    """The first point on the way back from the aim at which the objective is low enough (Armijo's rule); else None."""
    d = aim - here.z
    Ad = task.A @ d
    now = task.objective(here.z, here.Az)
    change = task.penalty.value(aim, task.weight, **task.own) - task.penalty.value(here.z, task.weight, **task.own)
    promise = float(np.vdot(here.slope, d).real) + change
    if not d.any():
        return None
    share = here.z.real.dtype.type(1)
    for _ in range(40):
        z = aim if share == 1 else here.z + share * d
        Az = here.Az + share * Ad
        if task.objective(z, Az) <= now + 1e-4 * float(share) * min(promise, 0.0) + 1e-14 * abs(now):
            return task.at(z)
        share = share / 2
    return None

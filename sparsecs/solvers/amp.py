r"""Approximate message passing.

    r = x + A^T z,     x' = f(r),     z' = y - A x' + z sum f'(r) / m

on columns of unit norm (Donoho, Maleki and Montanari 2009). The last term, Onsager's, makes the error of r look like Gaussian
noise of variance ||z||^2 / m, so that f may be any denoiser, and the error of each step can be foretold by a single number,
"state evolution". That holds for large matrices with independent entries; on others see ``VAMP``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of, positive
from sparsecs.denoisers.base import Denoiser
from sparsecs.denoisers.soft_denoiser import SoftDenoiser
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers._message_passing import Pace, flushed, settled, unit_columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class AMP(Solver):
    """Approximate message passing, for matrices with independent entries.

    On such matrices it needs few steps of two products each, whatever the size. On others it may run away: it is then slowed
    down step by step, and ends with ``DIVERGED`` if that does not help. ``VAMP`` stands more, ``BasisPursuit`` everything.

    Parameters
    ----------
    denoiser : Denoiser
        What is known of x. ``SoftDenoiser()`` finds what ℓ1 minimisation finds; ``BernoulliGaussianDenoiser()`` learns how
        many nonzeros there are, and of what size.
    damping : float
        The part of each new message that is taken at the start, above 0 and at most 1.
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when x moves by less than a tenth of that part of its size: with noise
        it rests where the noise is left over.

    References
    ----------
    Donoho, Maleki and Montanari, "Message-passing algorithms for compressed sensing" (2009); Vila and Schniter (2013).

    Examples
    --------
    >>> from sparsecs import AMP, Gaussian, Signs, answer, plant, stream
    >>> problem = plant(Gaussian().draw(250, 500, stream(0, "A")), Signs(), 50, stream(0, "x"))
    >>> result = answer(problem, AMP())
    >>> result.status.name, problem.error(result.x) < 1e-7
    ('SOLVED', True)
    """

    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "message passing with a denoiser; with soft thresholding, ℓ1 minimisation"
    denoiser: Denoiser = SoftDenoiser()  # noqa: RUF009 - a frozen value
    damping: float = 1.0
    max_iterations: int = field(default=5000, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        a_kind_of(self.denoiser, Denoiser, "denoiser", "SoftDenoiser()")
        if positive(self.damping, "damping") > 1:
            raise ValueError(f"damping must be above 0 and at most 1; got {self.damping}.")

    def rescaled(self, units: Units) -> AMP:
        return replace(self, denoiser=self.denoiser.rescaled(units.exponent(0, 1)))

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        y, (A, factors) = problem.y, unit_columns(problem.operator)
        live, m, size = factors > 0, y.size, float(np.linalg.norm(y))
        x, z = problem.nothing(), y.copy()
        if self._unseen(problem, A.rmatvec(y), 1.0):
            yield Iterate(x, z, Status.ZERO)
            return
        denoiser = self.denoiser.fitted(m, int(live.sum()), size**2 / int(live.sum()))
        pace, floor, before = Pace(self.damping, size), self._floor(problem), np.inf

        def fits(x: np.ndarray) -> bool:
            return bool(np.linalg.norm(y - A.matvec(x)) <= floor * size)

        while True:
            r, variance = x + A.rmatvec(z), float(z @ z) / m
            denoiser = denoiser.learned(r[live], variance, self.denoiser)
            estimate, slope = denoiser.denoise(r, variance)
            moved = estimate - x
            proposal = flushed(x + pace.share * moved)
            residual = y - A.matvec(proposal)
            misfit, movement = float(np.linalg.norm(residual)), float(np.linalg.norm(moved))
            back = pace.retreat(proposal, misfit)
            if back is not None:
                x, z = back, y - A.matvec(back)
                yield Iterate(x * factors, z.copy(), Status.DIVERGED if pace.lost else None)
                continue
            onsager = min(float(slope[live].sum()), max(m - 1, 0.5)) / m  # with m nonzeros there is nothing to rest at
            z = z + pace.share * (residual + onsager * z - z)
            x = proposal
            pace.watch(movement, variance)
            at_rest = max(movement, before) <= 0.1 * floor * float(np.linalg.norm(x))  # it may turn without resting
            before = movement
            found, status = settled(denoiser, (x, r, variance), at_rest, misfit <= floor * size, fits)
            yield Iterate(found * factors, residual if found is x else y - A.matvec(found), status)

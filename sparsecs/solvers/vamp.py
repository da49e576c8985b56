r"""Vector approximate message passing.

    x = f(r),                                               the denoiser's, with r = x + noise of variance v
    r2 = (x - a r) / (1 - a),                               a = mean f'(r)
    x2 = r2 + W (y - A r2),   W = v2 A^T (v2 A A^T + s I)^-1,  the linear estimate, with noise of variance s in y
    r = (x2 - a2 r2) / (1 - a2),   v = v2 a2 / (1 - a2),    a2 = 1 - tr(W A) / n

on columns of unit norm, by one singular value decomposition of A (Rangan, Schniter and Fletcher 2019; with a denoiser that is
not the signal's own, v2 is estimated as in orthogonal message passing, Ma and Ping 2017). What is taken off the two estimates
keeps their errors independent whenever the right singular vectors of A are a random rotation, whatever its singular values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of, positive
from sparsecs.denoisers.base import Denoiser
from sparsecs.denoisers.bernoulli_gaussian_denoiser import BernoulliGaussianDenoiser
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers._message_passing import Pace, settled, unit_columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status

FEW = 10  # measurements, below which nothing can be learned about noise, and there is taken to be none
LOUD = 100.0  # the signal's power over the noise's, at the start, where it is learned
INSIDE = 1e-6  # how far mean derivatives stay from 0 and 1, at which nothing is left to pass on


@dataclass(frozen=True)
class VAMP(Solver):
    """Vector approximate message passing, for matrices with any singular values.

    It takes one singular value decomposition of the dense matrix, and then few steps. It is made for matrices whose right
    singular vectors are a random rotation; on others it is slowed down where it must be, as ``AMP`` is.

    Parameters
    ----------
    denoiser : Denoiser
        What is known of x.
    damping : float
        The part of each new message that is taken at the start, above 0 and at most 1.
    tolerance : float
        As for ``AMP``. The noise is that of the problem, or learned where that is zero.

    References
    ----------
    Rangan, Schniter and Fletcher, "Vector approximate message passing" (2019); Ma and Ping, "Orthogonal AMP" (2017).

    Examples
    --------
    >>> from sparsecs import VAMP, Gaussian, Signs, answer, plant, stream
    >>> problem = plant(Gaussian().draw(100, 200, stream(0, "A")), Signs(), 15, stream(0, "x"))
    >>> result = answer(problem, VAMP())
    >>> result.status.name, problem.error(result.x) < 1e-7
    ('SOLVED', True)
    """

    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "message passing between a denoiser and a linear estimate"
    denoiser: Denoiser = BernoulliGaussianDenoiser()  # noqa: RUF009 - a frozen value
    damping: float = 1.0
    max_iterations: int = field(default=5000, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        a_kind_of(self.denoiser, Denoiser, "denoiser", "BernoulliGaussianDenoiser()")
        if positive(self.damping, "damping") > 1:
            raise ValueError(f"damping must be above 0 and at most 1; got {self.damping}.")

    def rescaled(self, units: Units) -> VAMP:
        return replace(self, denoiser=self.denoiser.rescaled(units.exponent(0, 1)))

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        (A, factors), y = unit_columns(problem.operator), problem.y
        if self._unseen(problem, A.rmatvec(y), 1.0):
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO)
            return
        live, size = factors > 0, float(np.linalg.norm(y))
        linear = _Linear(A.dense()[:, live].astype(np.float64), y.astype(np.float64), problem.noise)
        n, floor = linear.n, self._floor(problem)
        denoiser, pace = self.denoiser.fitted(y.size, n, size**2 / n), Pace(self.damping, size)
        x, r2, v2 = np.zeros(n), np.zeros(n), size**2 / n

        def whole(x: np.ndarray) -> np.ndarray:
            full = problem.nothing()
            full[live] = x
            return full

        def misfit(x: np.ndarray) -> np.ndarray:
            return y - A.matvec(whole(x))

        while True:
            r, v = linear.estimate(r2, v2, pace.share)
            denoiser = denoiser.learned(r, v, self.denoiser)
            estimate, slope = denoiser.denoise(r, v)
            a = min(max(float(slope.mean()), INSIDE), 1 - INSIDE)
            moved = estimate - x
            x = x + pace.share * moved
            residual = misfit(x)
            back = pace.retreat(x, float(np.linalg.norm(residual)))
            if back is not None:
                x, r2, v2 = back, back, size**2 / n
                yield Iterate(whole(x) * factors, misfit(x), Status.DIVERGED if pace.lost else None)
                continue
            spread = (denoiser.error(r, v) - a * a * v) / (1 - a) ** 2
            r2 = r2 + pace.share * ((estimate - a * r) / (1 - a) - r2)
            v2 = v2 ** (1 - pace.share) * max(spread, 0.01 * a * v / (1 - a)) ** pace.share
            movement = float(np.linalg.norm(moved))
            pace.watch(movement)
            at_rest = movement <= 0.1 * floor * float(np.linalg.norm(x))
            fitting = bool(np.linalg.norm(residual) <= floor * size)
            found, status = settled(
                denoiser, (x, r, v), at_rest, fitting, lambda x: bool(np.linalg.norm(misfit(x)) <= floor * size)
            )
            yield Iterate(whole(found) * factors, residual if found is x else misfit(found), status)


class _Linear:
    """The linear estimate, and the noise that is learned with it."""

    def __init__(self, A: np.ndarray, y: np.ndarray, noise: float) -> None:
        U, s, Vt = np.linalg.svd(A, full_matrices=False)
        kept = s > max(A.shape) * np.finfo(np.float64).eps * s[0]
        self.m, self.n = A.shape
        self._s, self._Vt = s[kept], Vt[kept]
        self._seen = U.T[kept] @ y
        self._unseen = max(float(y @ y - self._seen @ self._seen), 0.0)  # what no x explains
        self._least = (16 * np.finfo(np.float64).eps) ** 2 * float(y @ y) / self.m
        self._given = noise > 0 or self.m < FEW
        self._noise = max(noise**2, self._least) if self._given else float(y @ y) / (self.m * (1 + LOUD))

    def estimate(self, r2: np.ndarray, v2: float, share: float) -> tuple[np.ndarray, float]:
        """r and v from r2 and v2; only a share of what is learned about the noise is taken."""
        s, noise = self._s, self._noise
        rest = self._seen - s * (self._Vt @ r2)
        gain = v2 * s * s / (v2 * s * s + noise)
        explained = min(max(float(gain.sum()) / self.n, INSIDE), 1 - INSIDE)
        r = r2 + self._Vt.T @ (gain / s * rest) / explained
        if not self._given:
            left = (1 - gain) * rest
            learned = (self._unseen + float(left @ left) + noise * float(gain.sum())) / self.m
            self._noise = max(noise ** (1 - share) * learned**share, self._least)
        return r, v2 * (1 - explained) / explained

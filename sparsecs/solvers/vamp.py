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
from sparsecs.solvers._message_passing import Pace, flushed, settled, unit_columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status

FEW = 10  # measurements, below which nothing can be learned about noise, and there is taken to be none
LOUD = 100.0  # the signal's power over the noise's, at the start, where it is learned
INSIDE = 1e-6  # how far mean derivatives stay from 0 and 1, at which nothing is left to pass on

LEAST = 0.01  # of the error that a denoiser would have which knows the signal; an estimate of it may be below zero


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
        linear, y, floor = _Linear(problem), problem.y, self._floor(problem)
        if self._unseen(problem, linear.A.rmatvec(y), 1.0):
            yield Iterate(problem.nothing(), y.copy(), Status.ZERO)
            return
        linear.decompose()
        n, power, bar = linear.n, linear.power, floor * float(np.linalg.norm(y))
        denoiser, pace = self.denoiser.fitted(y.size, n, power), Pace(self.damping, float(np.linalg.norm(y)))
        x, r2, v2, before = np.zeros(n), np.zeros(n), power, np.inf
        while True:
            r, v = linear.estimate(r2, v2, pace.share)
            denoiser = denoiser.learned(r, v, self.denoiser)
            estimate, slope = denoiser.denoise(r, v)
            a, moved = _inside(float(slope.mean())), estimate - x
            x = flushed(x + pace.share * moved)
            residual = linear.residual(x)
            misfit, movement = float(np.linalg.norm(residual)), float(np.linalg.norm(moved))
            back = pace.retreat(x, misfit)
            if back is not None:
                x, r2, v2 = back, back, power
                yield Iterate(linear.answer(x), linear.residual(x), Status.DIVERGED if pace.lost else None)
                continue
            spread = max((denoiser.error(r, v) - a * a * v) / (1 - a) ** 2, LEAST * a * v / (1 - a))
            r2 = r2 + pace.share * ((estimate - a * r) / (1 - a) - r2)
            v2 = v2 ** (1 - pace.share) * spread**pace.share
            pace.watch(movement, v)
            at_rest = max(movement, before) <= 0.1 * floor * float(np.linalg.norm(x))  # it may turn without resting
            before = movement
            found, status = settled(
                denoiser, (x, r, v), at_rest, misfit <= bar, lambda x: bool(np.linalg.norm(linear.residual(x)) <= bar)
            )
            yield Iterate(linear.answer(found), residual if found is x else linear.residual(found), status)


class _Linear:
    """The linear estimate of the coefficients of live columns, and the noise that is learned with it."""

    def __init__(self, problem: Problem) -> None:
        self._problem, (self.A, self._factors) = problem, unit_columns(problem.operator)
        self._live = self._factors > 0
        self.m, self.n = problem.shape[0], int(self._live.sum())

    def decompose(self) -> None:
        """The singular value decomposition, and what it shows of y."""
        y, noise = self._problem.y.astype(np.float64), self._problem.noise
        U, s, Vt = np.linalg.svd(self.A.dense()[:, self._live].astype(np.float64), full_matrices=False)
        kept = s > max(self.m, self.n) * np.finfo(self._problem.y.dtype).eps * s[0]
        self._s, self._Vt, self._seen = s[kept], Vt[kept], U.T[kept] @ y
        self._unseen = max(float(y @ y - self._seen @ self._seen), 0.0)  # what no x explains
        self.power = float(y @ y) / self.n
        self._least = (16 * np.finfo(np.float64).eps) ** 2 * float(y @ y) / self.m
        self._given = noise > 0 or self.m < FEW
        self._noise = max(noise**2, self._least) if self._given else float(y @ y) / (self.m * (1 + LOUD))

    def estimate(self, r2: np.ndarray, v2: float, share: float) -> tuple[np.ndarray, float]:
        """r and v from r2 and v2; only a share of what is learned about the noise is taken."""
        s, noise = self._s, self._noise
        rest = self._seen - s * (self._Vt @ r2)
        gain = v2 * s * s / (v2 * s * s + noise)
        explained = _inside(float(gain.sum()) / self.n)
        r = r2 + self._Vt.T @ (gain / s * rest) / explained
        if not self._given:
            left = (1 - gain) * rest
            learned = (self._unseen + float(left @ left) + noise * float(gain.sum())) / self.m
            self._noise = max(noise ** (1 - share) * learned**share, self._least)
        return r, v2 * (1 - explained) / explained

    def residual(self, x: np.ndarray) -> np.ndarray:
        """y − A x."""
        return self._problem.y - self.A.matvec(self._whole(x))

    def answer(self, x: np.ndarray) -> np.ndarray:
        """Coefficients of the live unit columns as coefficients of the problem's A."""
        return self._whole(x) * self._factors

    def _whole(self, x: np.ndarray) -> np.ndarray:
        full = self._problem.nothing()
        full[self._live] = x
        return full


def _inside(part: float) -> float:
    return min(max(part, INSIDE), 1 - INSIDE)

r"""What the message-passing methods share: columns of unit norm, the pace at which they go, and the last clean-up.

Both are made for matrices with random columns, and go out of bounds on others. Taking only a part of each new message damps
that (Rangan, Schniter, Fletcher and Sarkar 2019): the pace is halved, from the best estimate on, whenever the residual leaves
all bounds, or when in one stretch of steps the estimates move no less than in the one before, and see no less noise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sparsecs.denoisers.base import Denoiser
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.scaled import Scaled
from sparsecs.solvers.result import Status

FAR = 4.0  # a residual of so many times the size of y is out of bounds
STRETCH = 20  # steps at full pace between two looks at how far the estimates move
SLOWEST = 1 / 64
CALMER = 0.95  # how much less they must move, or how much less noise they must see


def unit_columns(A: Operator) -> tuple[Operator, np.ndarray]:
    """A with columns of norm 1, and the factors that made them so; columns too short to have a reciprocal are zero."""
    norms = A.column_norms()
    factors = np.divide(1, norms, out=np.zeros_like(norms), where=norms >= np.finfo(norms.dtype).tiny)
    matrix = A.at_hand
    return (Scaled(A, factors) if matrix is None else Dense(matrix * factors)), factors


class Pace:
    """Which part of each new message is taken.

    Parameters
    ----------
    share : float
        Above 0 and at most 1, at the start.
    size : float
        The norm of y.
    """

    def __init__(self, share: float, size: float) -> None:
        self.share, self._far = share, FAR * size
        self._least, self._best, self._quietest = size, np.zeros(0), np.inf
        self._forget()

    def _forget(self) -> None:
        self._steps, self._most, self._before = 0, 0.0, np.inf

    @property
    def lost(self) -> bool:
        """Whether it cannot go any slower."""
        return self.share < SLOWEST

    def retreat(self, x: np.ndarray, misfit: float) -> np.ndarray | None:
        """The best estimate so far, to go on from at half the pace, if the newest is out of bounds; else None."""
        if misfit <= self._far:
            if misfit < self._least:
                self._least, self._best = misfit, x
            return None
        self.share /= 2
        self._forget()
        return self._best if self._best.size else np.zeros_like(x)

    def watch(self, movement: float, variance: float) -> None:
        """Take note of how far the estimate would have moved at full pace, and of the noise in what it was made from."""
        self._steps, self._most = self._steps + 1, max(self._most, movement)
        if self._steps < STRETCH / self.share:
            return
        calm = self._most <= CALMER * self._before or variance <= CALMER * self._quietest
        self._steps, self._most, self._before = 0, 0.0, self._most if calm else np.inf
        self._quietest = min(variance, self._quietest)
        if not calm and self.share > 2 * SLOWEST:
            self.share /= 2


def flushed(x: np.ndarray) -> np.ndarray:
    """x without entries far below its rounding, which damping would halve for ever: the smallest numbers are slow."""
    modulus = np.abs(x)
    return np.where(modulus > np.finfo(x.dtype).eps ** 2 * modulus.max(initial=0), x, x.dtype.type(0))


def settled(
    denoiser: Denoiser,
    seen: tuple[np.ndarray, np.ndarray, float],
    at_rest: bool,
    fitting: bool,
    fits: Callable[[np.ndarray], bool],
) -> tuple[np.ndarray, Status | None]:
    """The estimate to answer with, and a status if it is the last.

    Where y is fitted or the estimate is at rest, coefficients that are almost surely zero become exactly zero.

    Parameters
    ----------
    denoiser : Denoiser
    seen : tuple
        The estimate, what it was made from, and the variance of the noise in that.
    at_rest, fitting : bool
        Whether the estimate no longer moves, and whether y − A x is within the tolerance.
    fits : callable
        Whether it is so for another x.
    """
    x, r, variance = seen
    if not (fitting or at_rest):
        return x, None
    clean = np.where(denoiser.negligible(r, variance), x.dtype.type(0), x)
    if fits(clean):
        return clean, Status.SOLVED
    if not at_rest:
        return x, None
    return (x if denoiser.sparse or fitting else clean), Status.SOLVED if fitting else Status.STALLED

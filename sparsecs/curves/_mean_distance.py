r"""The mean square distance of a Gaussian vector to multiples of a subdifferential, in the limit of many unknowns.

The unknowns come in blocks of B, in classes of weight w_i that hold parts p_i of all blocks and s_i of those on the support. With
a part e of all blocks on the support, t_i = tau w_i, and the tails of a block's norm v (half of them if nonzeros are positive),

    psi(e) = min_tau  sum_i { s_i e (B + t_i^2) + (p_i - s_i e) E (v - t_i)_+^2 } / B.

tau is the parameter of the curve. Where the minimum is, with N = sum p_i w_i E (v - t_i)_+,

    e = N / D,   D = sum_i s_i w_i (t_i + E (v - t_i)_+),
    1 - psi = sum_i (p_i - s_i e) (B - E (v - t_i)_+^2 - t_i E (v - t_i)_+) / B,
    p_i - s_i e = { p_i tau sum_j s_j w_j^2 + sum_j w_j E (v - t_j)_+ (p_i s_j - s_i p_j) } / D,

so that nothing cancels at either end. The distance's variance, and what its minimum over tau lies below psi, give the law at
finite size (``StatisticalDimension``).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sparsecs.curves._norm_tails import halved, tails

LOG_TAU = -40.0  # here psi is 1 to rounding
STEP = 0.5


class Point(NamedTuple):
    """A point of the curve, in parts of all unknowns: on the support, measurements needed and those spared; and its moments."""

    tau: float
    support: float
    needed: float
    spared: float
    variance: float
    below: float

    @property
    def share(self) -> float:
        """rho: nonzeros a measurement."""
        return self.support / self.needed if self.needed > 0 else 0.0


class MeanDistance:
    """The curve for one block size and classes (w_i, p_i, s_i)."""

    def __init__(self, B: int, signed: bool, classes: np.ndarray) -> None:
        self.B, self.signed = B, signed
        self.w, self.p, self.s = classes
        self.w = self.w / self.w.max()
        self._bend = float(self.s @ self.w**2)
        self._cross = np.outer(self.p, self.s) - np.outer(self.s, self.p)

    def at(self, tau: float) -> Point:
        """The point at tau; parts of classes below 0 say that tau lies beyond the end."""
        (chance, first, second, fourth, inside), t = self._tails(tau), tau * self.w
        pull = self.w * first
        whole = float(self.s @ (self.w * t + pull))
        e = float(self.p @ pull) / whole
        rest = (self.p * tau * self._bend + self._cross @ pull) / whole
        on = e * self.s
        needed = float(on @ (self.B + t**2) + rest @ second) / self.B
        variance = float(on @ (2 * self.B + 4 * t**2) + rest @ (fourth - second**2)) / self.B - 2 * needed
        square = self.w**2
        above = 4 * e * self._bend + 4 * float(rest @ (square * (second - first**2)))
        curvature = 2 * e * self._bend + 2 * float(rest @ (square * chance))
        below = 0.5 * above / curvature if curvature > 0 else 0.0
        return Point(tau, e, needed, float(rest @ inside) / self.B, variance, below)

    def nonzeros(self, point: Point) -> float:
        """Which part of all unknowns soft thresholding at tau leaves, if those on the support are large; without weights."""
        chance = float(self._tails(point.tau)[0][0])
        return point.support + (1 - point.support) * chance

    def last(self) -> Point | None:
        """Where the support has filled a class, and the curve ends; nothing if that is where it has filled all."""
        rate = self.s / self.p
        if np.allclose(rate, 1, rtol=1e-12, atol=0):
            return None
        return self.at(self._tau(lambda point: _log(point.support * float(rate.max()))))

    def needing(self, delta: float) -> Point:
        """The point with psi = delta, for 0 < delta < 1."""
        aim = math.log(delta) - math.log1p(-delta)
        return self.at(self._tau(lambda point: _log(point.needed) - _log(point.spared) - aim))

    def with_support(self, e: float) -> Point:
        """The point with a part e of all unknowns on the support, 0 < e < 1."""
        return self.at(self._tau(lambda point: _log(point.support / e)))

    def with_share(self, rho: float) -> Point:
        """The point with e = rho psi(e), 0 < rho < 1."""
        return self.at(self._tau(lambda point: _log(point.share / rho)))

    def finite(self, m: float, n: float) -> Point:
        """The point at which psi, less what the minimum lies below it for n unknowns, is m / n."""
        return self.at(self._tau(lambda point: (n * point.needed - point.below) / m - 1))

    def _tau(self, surplus: Callable[[Point], float]) -> float:
        """The root of a function that falls with tau, by its logarithm."""
        from scipy.optimize import brentq

        def at(log_tau: float) -> float:
            return float(surplus(self.at(math.exp(log_tau))))

        high = math.log(math.sqrt(self.B) + 1)
        while at(high) > 0:
            high += STEP
        low = high - STEP
        while low > LOG_TAU and at(low) < 0:
            low -= 2 * STEP
        return math.exp(float(brentq(at, low, high, xtol=1e-15, rtol=1e-15))) if low > LOG_TAU else math.exp(LOG_TAU)

    def _tails(self, tau: float) -> tuple[np.ndarray, ...]:
        moments = [tails(float(tau * weight), self.B) for weight in self.w]
        if not self.signed:
            moments = [halved(one) for one in moments]
        return tuple(np.array(column) for column in zip(*moments, strict=True))


def _log(x: float) -> float:
    """log x, and below all others for an x that is too small to be a number."""
    return math.log(x) if x > 0 else -1e4

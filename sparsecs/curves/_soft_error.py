r"""What soft thresholding at theta makes of a sparse signal in noise of deviation tau, in closed form.

With r = x + tau z and a nonzero from a part of mean mu and deviation d, r has deviation s = sqrt(d^2 + tau^2), and what is known
of x from r has mean mu + g (r - mu) and variance g tau^2, g = d^2 / s^2. On each side of the threshold the error is a square of a
line in a normal variable, and its mean needs tails of the normal law only.
"""

from __future__ import annotations

import math

import numpy as np

from sparsecs.curves._signal_parts import Parts

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
NARROW = 1.0  # deviations: on shorter intervals the closed form cancels


class SoftError:
    """The mean-square error and the chances to pass, for a signal with this rate of nonzeros."""

    def __init__(self, rate: float, parts: Parts) -> None:
        rows = np.array([(1 - rate, 0.0, 0.0), *((rate * chance, mu, d) for chance, mu, d in parts)])
        self.chance, self.mean, self.deviation = rows.T
        self.rate = rate

    def _ends(self, tau: float, theta: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where r passes, in deviations of r, above and below; and its deviation."""
        spread = np.hypot(self.deviation, tau)
        with np.errstate(over="ignore"):
            return (theta - self.mean) / spread, (theta + self.mean) / spread, spread

    def passes(self, tau: float, theta: float) -> np.ndarray:
        """The chance that |r| exceeds theta: of a zero, then of each part."""
        from scipy.special import ndtr

        above, below, _ = self._ends(tau, theta)
        return np.asarray(ndtr(-above) + ndtr(-below))

    def log_passed(self, tau: float, theta: float) -> float:
        """The logarithm of the chance that |r| exceeds theta, over zeros and nonzeros."""
        from scipy.special import log_ndtr

        above, below, _ = self._ends(tau, theta)
        with np.errstate(divide="ignore", over="ignore"):
            logs = np.log(np.concatenate([self.chance, self.chance])) + log_ndtr(-np.concatenate([above, below]))
        top = float(logs.max())
        return top + math.log(float(np.exp(logs - top).sum())) if math.isfinite(top) else -math.inf

    def error(self, tau: float, theta: float) -> float:
        """E (f(r) - x)^2."""
        above, below, spread = self._ends(tau, theta)
        gain, slope = (self.deviation / spread) ** 2, (tau / spread) * tau
        if not math.isfinite(theta) or theta / tau > 1e100:
            return float(self.chance @ (self.mean**2 + self.deviation**2))
        passed = _line_squared(slope, -theta, above) + _line_squared(slope, -theta, below)
        total, first, second = _within(-below, above)
        slide = gain * spread
        stopped = self.mean**2 * total + 2 * self.mean * slide * first + slide**2 * second
        return float(self.chance @ (passed + stopped + tau**2 * gain))


def _line_squared(slope: np.ndarray, offset: float, start: np.ndarray) -> np.ndarray:
    """E (slope z + offset)^2 over z > start."""
    from scipy.special import ndtr

    tail, density = ndtr(-start), _density(start)
    squares = slope**2 * (tail + start * density) + 2 * slope * offset * density + offset**2 * tail
    return np.maximum(squares, 0.0)


def _within(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The chance and the first two moments of a normal variable between two ends."""
    from scipy.special import ndtr

    at_low, at_high = _density(low), _density(high)
    flipped = low > 0  # tails differ without loss where both are small
    total = np.where(flipped, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    first, second = at_low - at_high, total + low * at_low - high * at_high
    narrow = high - low < NARROW
    if narrow.any():
        half = 0.5 * (high - low)[:, None]
        places = 0.5 * (high + low)[:, None] + half * NODES
        mass = half * WEIGHTS * _density(places)
        exact = (mass.sum(1), (mass * places).sum(1), (mass * places**2).sum(1))
        total, first, second = (np.where(narrow, e, o) for e, o in zip(exact, (total, first, second), strict=True))
    return total, first, second


def _density(z: np.ndarray) -> np.ndarray:
    near = np.clip(z, -40.0, 40.0)
    return np.asarray(np.where(np.abs(z) < 40, np.exp(-0.5 * near**2) / math.sqrt(2 * math.pi), 0.0))

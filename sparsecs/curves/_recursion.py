"""The recursion of state evolution at one point of the phase plane, and where it rests."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.curves._fixed_point import FixedPoint
from sparsecs.curves._learning import at_rest
from sparsecs.curves._seen_in_noise import error_in_noise, sampled
from sparsecs.curves._signal_parts import Parts, parts_of, power_of
from sparsecs.denoisers.base import Denoiser
from sparsecs.denoisers.bernoulli_gaussian_denoiser import BernoulliGaussianDenoiser
from sparsecs.denoisers.soft_denoiser import SoftDenoiser

MANY = 2**60, 2**1000  # unknowns, for a denoiser that asks how many; for soft thresholding, down to the smallest delta
SCAN = np.geomspace(1e-9, 1e4, 91)  # errors among which fixed points are looked for, in their natural scale
NOTHING = 1e-10  # of the scale: as good as zero


class Recursion:
    """The recursion at one point of the phase plane."""

    def __init__(self, denoiser: Denoiser, signal: str | Parts, delta: float, rho: float, noise: float) -> None:
        for value, name in ((delta, "delta"), (rho, "rho")):
            if not 0 < positive(value, name) <= 1:
                raise ValueError(f"{name} must be above 0 and at most 1; got {value}.")
        self.delta, self.rate = float(delta), min(float(rho) * float(delta), 1 - 1e-16)
        self.noise = positive(noise, "noise", zero=True)
        self.parts, power = parts_of(signal), power_of(signal)
        self.start = self.rate * power
        self.denoiser, self.asked = filled(denoiser, self.delta, self.rate, power, self.noise), denoiser

    def variance(self, q: float) -> float:
        return self.noise**2 + q / self.delta

    def error(self, variance: float, learn: Callable[..., Any] = at_rest) -> float:
        if variance == 0:
            return 0.0
        if isinstance(self.asked, BernoulliGaussianDenoiser) and None in (self.asked.rate, self.asked.scale):
            r, chances = sampled(self.rate, self.parts, variance)
            self.denoiser = learn(self.asked, self.denoiser, r, chances, variance)
        return error_in_noise(self.denoiser, self.rate, self.parts, variance)

    def step(self, q: float, learn: Callable[..., Any] = at_rest) -> float:
        return self.error(self.variance(q), learn)

    def slope(self, q: float) -> float:
        h = 1e-4 * q
        return (self.step(q + h) - self.step(q - h)) / (2 * h)

    @property
    def scale(self) -> float:
        return max(self.start, self.delta * self.noise**2)

    def fixed_points(self) -> tuple[FixedPoint, ...]:
        from scipy.optimize import brentq

        def growth(log_q: float) -> float:
            return math.log(self.step(math.exp(log_q))) - log_q

        logs = np.log(self.scale * SCAN)
        grows = np.array([growth(float(log)) for log in logs])
        found = []
        if self.noise == 0:
            found.append(FixedPoint(0.0, math.exp(growth(math.log(self.scale * NOTHING)))))
        for i in np.flatnonzero(np.sign(grows[:-1]) != np.sign(grows[1:])):
            q = math.exp(float(brentq(growth, logs[i], logs[i + 1], xtol=1e-13, rtol=1e-14)))
            found.append(FixedPoint(q, self.slope(q)))
        return tuple(found)

    def rests_at(self) -> float:
        first = self.step(self.start)
        if first == self.start:
            return first
        below = [point.mse for point in self.fixed_points() if (point.mse < self.start) == (first < self.start)]
        if first < self.start:
            return max(below, default=0.0)
        return min(below, default=math.inf)


def filled(denoiser: Denoiser, delta: float, rate: float, power: float, noise: float = 0.0) -> Any:
    """The denoiser with a first guess of all that is open, as AMP makes it."""
    n = MANY[isinstance(denoiser, SoftDenoiser)]
    return denoiser.fitted(max(int(delta * n), 1), n, delta * noise**2 + rate * power)

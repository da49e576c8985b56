r"""How a spectrum enters the error of penalised least squares, as a function of a ridge s.

With u_i = c_i / (s + c_i) for the n eigenvalues c_i of A^T A, zeros included, and bars for means over i,

    a = mean u,    chi = mean 1 / (s + c),    R(-chi) = 1 / chi - s = a / chi,

and theta = lambda / R, chi = P / R say that a is the part of coefficients that is not zero. The derivative in

    tau^2 = R^(-2) d/dchi { (sigma^2 chi - E) R(-chi) },    E fixed,

is 1 / mean (s + c)^(-2) - 1 / chi^2 for R(-chi), and the sum is, without differences of large numbers,

    tau^2 = noise sigma^2 + error E,    noise = chi^2 b / (a^2 g),    error = var(1 / (s + c)) / (a^2 g),

g = mean (s + c)^(-2), b = mean c (s + c)^(-2). For independent entries of variance 1/m, noise = 1 and error = 1/delta.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np


class AtRidge(NamedTuple):
    """What a spectrum says at one s: ``active`` is a, ``stretch`` is theta / lambda, ``squares`` the mean of u^2."""

    active: float
    stretch: float
    noise: float
    error: float
    squares: float


class SpectralLaw(Protocol):
    """A spectrum whose largest eigenvalue is about 1."""

    rank: float

    def at(self, s: float) -> AtRidge:
        """All of it at one s > 0."""
        ...


class Eigenvalues:
    """The spectrum of one matrix: the positive eigenvalues of A^T A, the largest 1, and how many there are with the zeros."""

    def __init__(self, positive: np.ndarray, n: int) -> None:
        self._values, self._n = positive, n
        self.rank = positive.size / n

    def at(self, s: float) -> AtRidge:
        n, below = self._n, s + self._values
        u, v = self._values / below, 1 / below  # zeros have u = 0, v = 1 / s
        nothing = (n - u.size) / n
        active, chi = float(u.sum()) / n, float(v.sum()) / n + nothing / s
        w, idle = v / chi, 1 / (s * chi)  # 1 / (s + c) over its mean
        g = float((w**2).sum()) / n + nothing * idle**2
        b = float((u * w).sum()) / (n * active)
        if s < 1:
            spread = (float(((w - 1) ** 2).sum()) / n + nothing * (idle - 1) ** 2) / active**2
        else:  # then 1 / (s + c) = (1 - u) / s is almost constant, and u is not
            spread = (float(((u / active - 1) ** 2).sum()) / n + nothing) * idle**2
        return AtRidge(active, chi / active, b * chi / (active * g), spread / g, float(u @ u) / n)


class MarchenkoPastur:
    """The limit for independent entries of variance 1/m, m/n = delta, where R(-chi) = 1 / (1 + chi / delta)."""

    def __init__(self, delta: float) -> None:
        self.delta = delta
        self.rank = min(delta, 1.0)

    def at(self, s: float) -> AtRidge:
        delta = self.delta
        half = 0.5 * (s + 1 - 1 / delta)
        root = np.hypot(half, np.sqrt(s / delta))  # s chi^2 / delta + 2 half chi - 1 = 0
        chi = 1 / (half + root) if half > 0 else (root - half) * delta / s
        active = chi / (1 + chi / delta)
        squares = active**2 * (1 + delta - 2 * active) / (delta - active**2)
        return AtRidge(float(active), float(1 + chi / delta), 1.0, 1 / delta, float(squares))

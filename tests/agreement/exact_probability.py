r"""The exact success probability of l1 minimisation on a Gaussian matrix, at finite size, by polytope angles.

With random support and signs, l1 minimisation finds a k-sparse signal with probability (Affentranger, Schneider 1992)

    P = 2 sum_{l = m, m-2, ... >= k} 2^(l-k) C(n-k, l-k) beta(k, l) gamma(l, n)

and 1 - P is the same sum over l = m+2, m+4, ..., n if n - m is even. Here

    beta(k, l)  = 1/sqrt(2 pi) int exp(-k s^2 / 2l) [w(s / sqrt(2l)) / 2]^(l-k) ds  on Im s constant, w of Faddeeva
    gamma(l, n) = int_0^inf phi(x) erf(x / sqrt(2l))^(n-l) dx

and for a nonnegative signal, with v_j the conic intrinsic volumes of the descent cone, P = 2 (v_{m-1} + v_{m-3} + ...),

    v_j = C(n-k, j+1-k) beta(k, j+1) int_0^inf phi(x) Phi(x / sqrt(j+1))^(n-j-1) dx
          + C(n-k, j-k) 2^(k-n) Prob( sqrt(k) Z >= |g_1| + ... + |g_{j-k}| ).

Contours run through the saddle, where integrands are positive, so nothing cancels. All terms are positive.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import erf, erfcx, gammaln, log_ndtr, wofz

HALF_LOG_TWO_PI = math.log(2 * math.pi) / 2
NODES, WEIGHTS = np.polynomial.legendre.leggauss(160)


def found(k: int, m: int, n: int) -> float:
    """P for signals of any sign, from the faces with at most m vertices."""
    return 2 * math.fsum(math.exp(_signed(k, size, n)) for size in range(m, k - 1, -2))


def lost(k: int, m: int, n: int) -> float:
    """1 - P for signals of any sign and even n - m, from the faces with more than m vertices."""
    if (n - m) % 2:
        raise ValueError(f"The faces left over add to 1 - P for even n - m; got n = {n}, m = {m}.")
    return 2 * math.fsum(math.exp(_signed(k, size, n)) for size in range(m + 2, n + 1, 2))


def found_nonnegative(k: int, m: int, n: int) -> float:
    """P for nonnegative signals."""
    return 2 * math.fsum(_nonnegative(k, j, n) for j in range(m - 1, k - 2, -2))


def lost_nonnegative(k: int, m: int, n: int) -> float:
    """1 - P for nonnegative signals."""
    return 2 * math.fsum(_nonnegative(k, j, n) for j in range(m + 1, n + 1, 2))


def _signed(k: int, size: int, n: int) -> float:
    doubled = (size - k) * math.log(2) + _log_choose(n - k, size - k)
    return doubled + _log_internal(k, size) + _log_external(size, n, signed=True)


def _nonnegative(k: int, j: int, n: int) -> float:
    volume = 0.0
    if k <= j + 1 <= n:
        volume += math.exp(_log_choose(n - k, j + 1 - k) + _log_internal(k, j + 1) + _log_external(j + 1, n, False))
    if k <= j <= n:
        volume += math.exp(_log_choose(n - k, j - k) + (k - n) * math.log(2) + _log_exceeds(k, j - k))
    return volume


def _log_choose(n: int, k: int) -> float:
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _log_internal(k: int, size: int) -> float:
    """The angle of a simplex with ``size`` vertices at a face with ``k`` of them."""
    extra, unit = size - k, math.sqrt(2 * size)
    if extra == 0:
        return 0.0

    def height(saddle: float) -> float:
        return k / size * saddle**2 / 2 + extra * math.log(erfcx(saddle / unit) / 2)

    saddle = minimize_scalar(height, bounds=(0, 4 * size), method="bounded", options={"xatol": 1e-9}).x
    x = np.linspace(-1, 1, 801) * 14 * math.sqrt(size / k)
    s = x + 1j * saddle
    values = np.exp(-k / size * s * s / 2 + extra * np.log(wofz(s / unit) / 2) - height(saddle)).real
    return height(saddle) + math.log(values.sum() * (x[1] - x[0])) - HALF_LOG_TWO_PI


@lru_cache(maxsize=4096)
def _log_external(size: int, n: int, signed: bool) -> float:
    """log of the integral over x > 0 of phi(x) F(x)^(n - size), F(x) = erf(x / sqrt(2 size)) or Phi(x / sqrt(size))."""

    def log_power(x: np.ndarray) -> np.ndarray:
        log_f = np.log(erf(x / math.sqrt(2 * size))) if signed else log_ndtr(x / math.sqrt(size))
        return (n - size) * log_f

    grid = np.linspace(0, 40, 801)[1:]
    peak = float(grid[np.argmax(log_power(grid) - grid**2 / 2)])
    low, high = max(0.0, peak - 12), peak + 12
    x = low + (NODES + 1) * (high - low) / 2
    height: Any = log_power(x) - x**2 / 2
    top = float(height.max())
    return top + math.log(WEIGHTS @ np.exp(height - top) * (high - low) / 2) - HALF_LOG_TWO_PI


def _log_exceeds(k: int, count: int) -> float:
    """log Prob(sqrt(k) Z >= the sum of ``count`` half-normal variables), by inverting its Laplace transform."""
    if count == 0:
        return math.log(0.5)

    def height(c: float) -> float:
        return k * c * c / 2 + count * math.log(erfcx(c / math.sqrt(2))) - math.log(c)

    saddle = minimize_scalar(height, bounds=(1e-3, 200 + count / k), method="bounded", options={"xatol": 1e-9}).x
    y = np.linspace(-1, 1, 801) * 14 / math.sqrt(k)
    t = saddle + 1j * y
    values = np.exp(k * t * t / 2 + count * np.log(wofz(1j * t / math.sqrt(2))) - np.log(t) - height(saddle)).real
    return height(saddle) + math.log(values.sum() * (y[1] - y[0]) / (2 * math.pi))

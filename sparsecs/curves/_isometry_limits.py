r"""Bounds on the restricted isometry constants of Gaussian matrices with variance 1/m, n to infinity.

The extreme eigenvalue lambda of a Wishart matrix with gamma m columns has tails exp(m psi(lambda, gamma)), with u = log lambda,

    psi_max = [(1 + gamma) log lambda + 1 + gamma - gamma log gamma - lambda] / 2,
    psi_min = H(gamma) + [(1 - gamma) log lambda + 1 - gamma + gamma log gamma - lambda] / 2,

and all supports together pass a lambda with probability exp(-n ...) as soon as psi(lambda, gamma) + count < 0. With one matrix
for every support (Blanchard, Cartis and Tanner 2011) gamma = rho and count = H(rho delta) / delta. With matrices of gamma m
columns that share the supports within them (Bah and Tanner 2010) count = H(rho delta) / delta - gamma H(rho / gamma).

With groups, the best gamma is where psi + count has no slope in gamma. That gives lambda in closed form,

    lambda_max = gamma^3 / (gamma - rho)^2,      lambda_min = (1 - gamma)^2 (gamma - rho)^2 / gamma^3,

so that one equation in log(gamma - rho) is left; psi + count rises along these curves. For psi_max a second candidate is
gamma = 1: at a fixed lambda the slope in gamma changes sign at most twice, from - to + to -. Without groups, the larger sizes
that also bound U_k have one stationary point, a maximum, so that the smallest lambda is at gamma = rho or at gamma = 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from sparsecs.curves._entropy_rate import entropy_rate


def log_lowest(delta: float, rho: float, groups: bool) -> float:
    """log(1 - L)."""
    if rho == 1:
        return -math.inf
    if not groups:
        return _alone(lambda u: _psi_min(u, rho) + entropy_rate(delta, rho), math.log1p(-rho), -1.0)
    count = entropy_rate(delta, rho)

    def along(w: float) -> float:
        u, gap, gamma = _tangent_min(w, rho)
        return _psi_min(u, gamma) + count - _shared(rho, gap, gamma)

    last = math.log(0.5 * (math.sqrt((1 + rho) ** 2 + 12 * rho) - 1 - rho) - rho)  # here lambda is largest
    return _tangent_min(_alone(along, _end(_tangent_min, rho, last, -1), -1.0), rho)[0]


def log_highest(delta: float, rho: float, groups: bool) -> float:
    """log(1 + U)."""
    count = entropy_rate(delta, rho)
    if not groups:
        return min(_highest(rho, count), _highest(1.0, entropy_rate(delta, 1.0)))
    whole = _highest(1.0, count - _shared(rho, 1 - rho, 1.0))
    if rho == 1:
        return whole

    def along(w: float) -> float:
        u, gap, gamma = _tangent_max(w, rho)
        return _psi_max(u, gamma) + count - _shared(rho, gap, gamma)

    last = math.log(min(2 * rho, 1 - rho))  # up to gamma = 3 rho, where lambda is least
    last = _end(_tangent_max, rho, last, 1)
    return whole if along(last) < 0 else min(whole, _tangent_max(_alone(along, last, -1.0), rho)[0])


def _highest(gamma: float, count: float) -> float:
    return _alone(lambda u: _psi_max(u, gamma) + count, math.log1p(gamma), 1.0)


def _psi_max(u: float, gamma: float) -> float:
    return 0.5 * (gamma * (u + 1 - math.log(gamma)) - _excess(u))


def _psi_min(u: float, gamma: float) -> float:
    return -0.5 * (gamma * (u + 1 + math.log(gamma)) + _excess(u)) - (1 - gamma) * math.log1p(-gamma)


def _excess(u: float) -> float:
    """e^u - 1 - u, without cancellation near zero."""
    if abs(u) > 0.1:
        return math.expm1(u) - u
    series = 0.0
    for power in range(12, 1, -1):
        series = (1 + series) * u / power
    return series * u


def _shared(rho: float, gap: float, gamma: float) -> float:
    """gamma H(rho / gamma) with gap = gamma - rho."""
    return -rho * math.log(rho / gamma) - (gap * math.log(gap / gamma) if gap > 0 else 0.0)


def _tangent_max(w: float, rho: float) -> tuple[float, float, float]:
    """log lambda, gap and gamma at w = log gap."""
    gap = math.exp(w)
    return 3 * math.log(rho + gap) - 2 * w, gap, rho + gap


def _tangent_min(w: float, rho: float) -> tuple[float, float, float]:
    gap = math.exp(w)
    gamma = rho + gap
    return 2 * (math.log1p(-gamma) + w) - 3 * math.log(gamma), gap, gamma


def _end(tangent: Callable[[float, float], tuple[float, float, float]], rho: float, last: float, side: int) -> float:
    """The last point along a tangent where lambda is beyond 1 + side gamma; on this side of that nothing is unlikely."""

    def beyond(w: float) -> float:
        u, _, gamma = tangent(w, rho)
        return side * (math.log1p(side * gamma) - u)

    return last if beyond(last) <= 0 else _alone(beyond, last, -1.0)


def _alone(f: Callable[[float], float], edge: float, side: float) -> float:
    """The root of f on one side of an edge at which f is above 0."""
    from scipy.optimize import brentq

    step = 1.0
    while f(edge + side * step) > 0:
        step *= 2
    return float(brentq(f, edge, edge + side * step, xtol=1e-17, rtol=1e-15))

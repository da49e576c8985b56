r"""Exponents of the number of faces that a random projection loses, at nu = delta, where they decide.

With k = rho delta n, the expected number of faces of the crosspolytope (kappa = 2) or simplex (kappa = 1) with k vertices that
are lost in m = delta n dimensions grows like exp(n Psi), and Psi is the maximum over nu >= delta of (Vershik and Sporyshev 1992;
Donoho 2006; Donoho and Tanner 2005)

    Psi_com(nu) - Psi_int(nu) - Psi_ext(nu) + Psi_face.

Without Psi_face this is concave in nu, and its maximum is 0; below the weak threshold that lies at nu < delta, so that the
maximum over nu >= delta is at nu = delta. There the two saddle points are parameters in closed form,

    rho = 1 - t M(t),  M(t) = Phi(-t) / phi(t);        delta / (1 - delta) = kappa phi(z) / (z F(z)),  F(z) = 1 - kappa Phi(-z),

weak is t = z, and all terms in log(delta) cancel on paper: with s = log kappa and H the entropy,

    Psi / delta = S(t) + C(z),      S = H(rho) + rho t^2 / 2 + (1 - rho) log(M(t) / sqrt(2 pi)),
    C = s - log(1 - delta) / delta + log(sqrt(2 pi) z F / kappa) + (1 - delta) / delta log F,

for the strong threshold, Psi_face = rho delta s + H(rho delta). For the sectional one H(rho delta) / delta is taken away again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

ROOT_TWO_PI = math.sqrt(2 * math.pi)
FAR = 10.0  # from here on a series for 1 - t M(t), which would cancel
LOG_Z = (-40.0, 3.624)  # z along a curve: from delta = 1 to rounding to delta = 1e-307
LOG_T = (-40.0, 6.0)


def mills(t: float) -> float:
    """Phi(-t) / phi(t)."""
    from scipy.special import erfcx

    return float(math.sqrt(math.pi / 2) * erfcx(t / math.sqrt(2)))


def vertices(t: float) -> float:
    """1 - t M(t): rho at the parameter t, also where it is small."""
    if t < FAR:
        return 1 - t * mills(t)
    total, term = 0.0, 1 / t**2
    for j in range(1, 40):
        total += term
        term *= -(2 * j + 1) / t**2
    return total


def parameter(rho: float) -> float:
    """t with 1 - t M(t) = rho."""
    if rho == 1:
        return 0.0
    if rho > 0.5:
        return _root(lambda t: (1 - rho) - t * mills(t), LOG_T)
    return _root(lambda t: math.log(vertices(t) / rho), LOG_T)


def odds(z: float, kappa: int) -> float:
    """delta / (1 - delta) at the parameter z."""
    return kappa * math.exp(-z * z / 2) / ROOT_TWO_PI / (z * math.exp(_log_inside(z, kappa)))


def weak_parameter(delta: float, kappa: int) -> float:
    """z with odds(z) = delta / (1 - delta)."""
    if delta == 1:
        return 0.0
    aim = math.log(delta) - math.log1p(-delta)
    z = _root(lambda z: math.log(odds(z, kappa)) - aim, LOG_Z)
    return z + (math.log(odds(z, kappa)) - aim) / (z + 1 / z)  # a logarithm of z is known to fewer digits than z


def exponent(t: float, delta: float, z: float, kappa: int, strong: bool) -> float:
    """Psi / delta: its sign tells whether faces are lost."""
    rho, rest = vertices(t), t * mills(t)
    own = -_times_log(rest) - rho * (math.log1p(-rest) if rest < 0.5 else math.log(rho))
    own += rho * t * t / 2 + rest * math.log(mills(t) / ROOT_TWO_PI) + _of_measurements(delta, z, kappa)
    if strong:
        return own
    small = rho * delta  # H(rho delta) / delta, which counts the supports
    free = 1 - small if small < 0.5 else (1 - delta) + rest * delta
    return own + rho * math.log(small) + (free * (math.log1p(-small) if small < 0.5 else math.log(free))) / delta


def threshold(delta: float, kappa: int, strong: bool) -> float:
    """rho at which Psi = 0."""
    z = weak_parameter(delta, kappa)
    low = max(z, 1e-3 if delta == 1 else 0.0)  # at the weak threshold Psi is Psi_face, above 0
    return vertices(_root(lambda t: exponent(t, delta, z, kappa, strong), (math.log(low), LOG_T[1])))


def measurements(rho: float, kappa: int, strong: bool) -> float:
    """delta at which Psi = 0, for a rho below that of delta = 1."""
    t = parameter(rho)

    def surplus(z: float) -> float:
        ratio = odds(z, kappa)
        return exponent(t, ratio / (1 + ratio), z, kappa, strong)

    ratio = odds(_root(surplus, (LOG_Z[0], min(LOG_Z[1], math.log(t)))), kappa)
    return ratio / (1 + ratio)


@lru_cache(maxsize=8)
def last(kappa: int, strong: bool) -> float:
    """rho at delta = 1."""
    return threshold(1.0, kappa, strong)


def _of_measurements(delta: float, z: float, kappa: int) -> float:
    """C; where delta is small, its terms are written by the saddle point z, so that none is large."""
    if delta == 1:
        return math.log(kappa)
    inside = _log_inside(z, kappa)
    if delta >= 0.5:
        free = 1 - delta
        rest = (inside - math.log(free)) * free / delta - math.log(delta) - z * z / 2
        return math.log(kappa) + rest
    outside = -math.expm1(inside)
    last_term = -z * mills(z) * (1 - outside) * (-inside / outside if outside > 0 else 1.0)
    return -math.log1p(-delta) / delta + math.log(ROOT_TWO_PI * z) + inside + last_term


def _log_inside(z: float, kappa: int) -> float:
    """log F(z), F = erf(z / sqrt 2) or Phi(z)."""
    from scipy.special import log_ndtr

    if kappa == 1:
        return float(log_ndtr(z))
    y = z / math.sqrt(2)
    return math.log(math.erf(y)) if y < 0.5 else math.log1p(-math.erfc(y))


def _times_log(x: float) -> float:
    return x * math.log(x) if x > 0 else 0.0


def _root(f: Callable[[float], float], log_between: tuple[float, float]) -> float:
    from scipy.optimize import brentq

    return math.exp(brentq(lambda log: f(math.exp(log)), *log_between, xtol=1e-15, rtol=1e-15))

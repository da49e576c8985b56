r"""Angles of simplices and crosspolytopes, in logarithms, for arrays of sizes at once.

The internal angle of a simplex with k + j vertices at a face with k of them, and the probability that j half-normal variables
add to less than a normal variable of variance k, are integrals of one characteristic function,

    M(t) = E exp(t (sqrt(k) Z - |g_1| - ... - |g_j|)) = exp(k t^2 / 2) erfcx(t / sqrt 2)^j,
    angle = 2^-j sqrt(2 pi (k + j)) 1/2pi int M(c + iy) dy,
    Prob( sqrt(k) Z >= |g_1| + ... + |g_j| ) = 1/2pi int M(c + iy) / (c + iy) dy,    c > 0.

With c at the saddle the integrand is, but for a factor, the characteristic function of a variable of mean 0 and of a variance V
between k and 2k. It falls at least as fast as exp(-k y^2 / 2), and what the trapezoidal rule with step h takes too much is the
density 2 pi/h away: 30 nodes are enough for all k and j. External angles are integrals of log-concave functions over a line.

(Affentranger and Schneider 1992; Vershik and Sporyshev 1992; Boroczky and Henk 1999.)
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)
ROOT_TWO = math.sqrt(2.0)
REACH = 9.2  # exp(-REACH^2 / 2) is below 1e-18
DISTANCE = 14.0  # in deviations, from the mean to the nearest density that the trapezoidal rule takes too much
NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)


def log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    """log C(n, k), without the cancellation of three log-factorials.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.polytope_angles import log_choose
    >>> np.exp(log_choose(np.array([5, 5, 40]), np.array([0, 2, 20]))).round(3)
    array([1.00000000e+00, 1.00000000e+01, 1.37846529e+11])
    """
    n, k = np.broadcast_arrays(np.asarray(n, dtype=float), np.asarray(k, dtype=float))
    inside = (k > 0) & (k < n)
    a, b = np.where(inside, k, 1.0), np.where(inside, n - k, 1.0)
    entropy = a * np.log1p(b / a) + b * np.log1p(a / b)
    flat = 0.5 * np.log((a + b) / (a * b)) - HALF_LOG_TWO_PI
    return np.where(inside, entropy + flat + _stirling_rest(a + b) - _stirling_rest(a) - _stirling_rest(b), 0.0)


def log_internal(k: np.ndarray, extra: np.ndarray) -> np.ndarray:
    """The logarithm of the internal angle of a regular simplex with k + extra vertices at a face with k of them.

    Parameters
    ----------
    k, extra : arrays of whole numbers
        At least 1, and at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.polytope_angles import log_internal
    >>> np.exp(log_internal(np.array([1, 1, 2]), np.array([1, 2, 1]))).round(12)  # of a segment, and of a triangle
    array([0.5       , 0.16666667, 0.5       ])
    """
    from scipy.special import erfcx

    k, extra = (np.asarray(v, dtype=float) for v in np.broadcast_arrays(k, extra))
    tilt = extra * math.sqrt(2 / math.pi) / np.sqrt(k * (k + extra))
    for _ in range(4):
        mills = math.sqrt(2 / math.pi) / erfcx(tilt / ROOT_TWO)
        spread = k + extra * (1 - mills * (mills - tilt))
        tilt = np.maximum(tilt - ((k + extra) * tilt - extra * mills) / spread, 0.0)
    step = 2 * math.pi / DISTANCE / np.sqrt(spread)
    count = math.ceil(REACH * ROOT_TWO * DISTANCE / (2 * math.pi)) + 1
    height, values = _tilted(k, extra, tilt, step, count)
    total = values.real.sum(axis=-1) - 0.5
    return height + np.log(total * step / math.pi) - extra * math.log(2) + HALF_LOG_TWO_PI + 0.5 * np.log(k + extra)


def log_exceeds(k: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The logarithm of the probability that sqrt(k) Z is at least the sum of ``count`` half-normal variables.

    Parameters
    ----------
    k, count : arrays of whole numbers
        At least 1, and at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.polytope_angles import log_exceeds
    >>> np.exp(log_exceeds(np.array([1, 1]), np.array([0, 1]))).round(12)  # a half plane, and its quarter
    array([0.5 , 0.25])
    """
    from scipy.special import erfcx

    k, j = (np.asarray(v, dtype=float) for v in np.broadcast_arrays(k, count))
    first = j / np.sqrt(2 * math.pi * k * (k + j))
    tilt = first + np.sqrt(first**2 + 1 / k)
    for _ in range(4):
        mills = math.sqrt(2 / math.pi) / erfcx(tilt / ROOT_TWO)
        spread = k + j * (1 - mills * (mills - tilt))
        slope = (k + j) * tilt - j * mills - 1 / tilt
        tilt = np.maximum(tilt - slope / (spread + 1 / tilt**2), 0.5 * tilt)
    step = 2 * math.pi / np.maximum(DISTANCE * np.sqrt(spread), 40 / tilt)
    nodes = math.ceil(float(np.max(REACH / np.sqrt(k) / step, initial=1.0))) + 1
    height, values = _tilted(k, j, tilt, step, nodes)
    at = tilt[..., None] + 1j * step[..., None] * np.arange(nodes)
    total = (values / at).real.sum(axis=-1) - 0.5 / tilt
    return height + np.log(total * step / math.pi)


def log_external(size: np.ndarray, n: np.ndarray, signed: bool, whole: bool = False) -> np.ndarray:
    """The logarithm of the integral of phi(x) F(x)^(n - size) over x > 0, or over all x.

    With F(x) = Phi(x / sqrt(size)) over all x it is the external angle of a simplex with n vertices at a face with ``size`` of
    them. With F(x) = erf(x / sqrt(2 size)) over x > 0 it is half that of a crosspolytope with 2n vertices.

    Parameters
    ----------
    size, n : arrays of whole numbers
        At least 1 and at most n, and how many vertices, or pairs of them, there are.
    signed : bool
        F is erf, and not Phi.
    whole : bool
        All x, for Phi only.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.polytope_angles import log_external
    >>> np.exp(log_external(np.array([1, 2]), np.array([3, 2]), signed=False, whole=True)).round(12)
    array([0.33333333, 1.        ])
    """
    size, n = (np.asarray(v, dtype=float) for v in np.broadcast_arrays(size, n))
    power, root = n - size, np.sqrt(size)
    at = _peak(size, power, signed)
    pull = _pull(at, signed)
    deviation = 1 / np.sqrt(1 + power / size * pull * (at + pull))
    peak = root * at
    left = (
        peak - (REACH + 1) * deviation
    )  # further left the integrand is steeper still, further right it falls like phi
    edges = [left if whole else np.maximum(left, 0.0), peak, peak + REACH + 1]
    total, top = 0.0, power * _log_mass(at, signed) - peak**2 / 2
    for low, high in pairwise(edges):
        x = low[..., None] + (NODES + 1) * (high - low)[..., None] / 2
        values = np.exp(power[..., None] * _log_mass(x / root[..., None], signed) - x**2 / 2 - top[..., None])
        total = total + values @ WEIGHTS * (high - low) / 2
    return top + np.log(total) - HALF_LOG_TWO_PI


def _tilted(k: np.ndarray, extra: np.ndarray, tilt: np.ndarray, step: np.ndarray, nodes: int) -> tuple:
    """log M at the saddle, and M(c + iy)/M(c) at y = 0, h, 2h, ..."""
    from scipy.special import erfcx, wofz

    y = step[..., None] * np.arange(nodes)
    c, ease = tilt[..., None], erfcx(tilt / ROOT_TWO)
    ratio = wofz((1j * c - y) / ROOT_TWO) / ease[..., None]
    power = extra[..., None] * np.log(ratio) + k[..., None] * (1j * c * y - 0.5 * y * y)
    return 0.5 * k * tilt**2 + extra * np.log(ease), np.exp(power)


def _log_mass(u: np.ndarray, signed: bool) -> np.ndarray:
    """log F(u): of the mass of the normal law in (-u, u), or below u."""
    from scipy.special import erf, erfc, log_ndtr

    if not signed:
        return log_ndtr(u)
    small = u < 0.5
    near, far = np.where(small, u, 0.5), np.where(small, 0.5, u)
    with np.errstate(divide="ignore"):
        return np.where(small, np.log(erf(near / ROOT_TWO)), np.log1p(-erfc(far / ROOT_TWO)))


def _pull(u: np.ndarray, signed: bool) -> np.ndarray:
    """The derivative of log F."""
    return (2.0 if signed else 1.0) * np.exp(-0.5 * u * u - HALF_LOG_TWO_PI - _log_mass(u, signed))


def _peak(size: np.ndarray, power: np.ndarray, signed: bool) -> np.ndarray:
    """Where -size u^2 / 2 + power log F(u) is largest, nearly."""
    low, high = np.zeros(size.shape), np.full(size.shape, 40.0)
    for _ in range(40):
        middle = 0.5 * (low + high)
        rising = size * middle < power * _pull(middle, signed)
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return high


def _stirling_rest(n: np.ndarray) -> np.ndarray:
    """log n! less Stirling's formula, for n >= 1."""
    from scipy.special import gammaln

    small = np.minimum(n, 16.0)
    exact = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - HALF_LOG_TWO_PI
    large = np.maximum(n, 16.0)
    w = 1 / large**2
    series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w / 1188)))) / large
    return np.where(n < 16, exact, series)

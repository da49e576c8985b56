r"""Moments of sparse signals in Gaussian noise, r = x + sqrt(v) g.

    weak threshold:    delta(z) = 2 phi / (z + 2 phi rho),   rho(z) = 1 - z Phi(-z) / phi(z)
    spike and slab:    x ~ (1 - rate) delta_0 + rate N(0, s),   E[x | r] = pi s/(s + v) r,   pi = P(x != 0 | r)
    unbiased risk:     E[(f(r) - x)^2] = E[(f(r) - r)^2] + (2 E[f'(r)] - 1) v

(Donoho, Maleki and Montanari 2009; Vila and Schniter 2013; Stein 1981.)
"""

from __future__ import annotations

import math

import numpy as np


def weak_threshold(delta: float) -> tuple[float, float]:
    """The minimax threshold of soft thresholding for m/n = delta, in noise deviations, and k/m at the weak transition.

    Parameters
    ----------
    delta : float
        Above 0 and at most 1.

    Examples
    --------
    >>> from sparsecs.kernels.gaussian_moments import weak_threshold
    >>> threshold, rho = weak_threshold(0.5)
    >>> round(threshold, 6), round(rho, 8)
    (0.876901, 0.38568967)
    """
    low, high = 0.0, 37.0  # the density underflows above
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if _along(middle)[0] > delta else (low, middle)
    return high, _along(high)[1]


def _along(z: float) -> tuple[float, float]:
    """(delta, rho) at the threshold z."""
    density = math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    rho = max(1 - z * 0.5 * math.erfc(z / math.sqrt(2)) / density, 0.0)
    return 2 * density / (z + 2 * density * rho), rho


def spike_and_slab(
    r: np.ndarray, variance: float, rate: float, slab: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The posterior mean of x given r, its derivative by r, and the probability that x is not zero: three (n,) arrays.

    Parameters
    ----------
    r : (n,) array
    variance : float
        v, of the noise.
    rate : float
        How often x is not zero, between 0 and 1.
    slab : float
        s, the variance of x where it is not zero.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.gaussian_moments import spike_and_slab
    >>> mean, slope, probability = spike_and_slab(np.array([0.0, 9.0]), 1.0, 0.1, 9.0)
    >>> mean.round(3), probability.round(3)
    (array([0. , 8.1]), array([0.034, 1.   ]))
    """
    wide, gain = r.astype(np.float64), slab / (slab + variance)
    with np.errstate(over="ignore"):
        spread = gain * (wide / math.sqrt(variance)) ** 2
        log_odds = math.log(rate / (1 - rate)) + 0.5 * math.log(variance / (slab + variance)) + 0.5 * spread
        probability = 1 / (1 + np.exp(-log_odds))
    doubt = np.multiply(spread, 1 - probability, out=np.zeros_like(spread), where=probability < 1)  # ∞ · 0 is 0 here
    mean, slope = probability * gain * wide, probability * gain * (1 + doubt)
    return mean.astype(r.dtype), slope.astype(r.dtype), probability.astype(r.dtype)


def unbiased_risk(r: np.ndarray, estimate: np.ndarray, slope: float, variance: float) -> float:
    """Stein's unbiased estimate of the mean-square error of an estimate whose mean derivative is ``slope``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.gaussian_moments import unbiased_risk
    >>> unbiased_risk(np.array([3.0, -1.0]), np.array([3.0, -1.0]), 1.0, 0.25)
    0.25
    """
    gap = estimate - r
    return float(gap @ gap) / gap.size + (2 * slope - 1) * variance

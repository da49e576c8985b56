"""What a denoiser that learns makes of a signal in noise: its steps of expectation maximisation on a law instead of a sample."""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from sparsecs.denoisers.bernoulli_gaussian_denoiser import BernoulliGaussianDenoiser
from sparsecs.kernels.gaussian_moments import spike_and_slab

STEPS, ENOUGH = 300, 1e-7
LEAST, MOST = 1e-12, 1 - 1e-12  # rates


def after_a_step(
    asked: BernoulliGaussianDenoiser,
    now: BernoulliGaussianDenoiser,
    r: np.ndarray,
    chances: np.ndarray,
    variance: float,
) -> BernoulliGaussianDenoiser:
    """``now`` after a step of learning what ``asked`` leaves open, where r is seen with these chances.

    Parameters
    ----------
    asked, now : BernoulliGaussianDenoiser
    r, chances : (n,) array
    variance : float
    """
    rate, slab = now.rate or LEAST, (now.scale or 1.0) ** 2
    seen = chances * spike_and_slab(r, variance, rate, slab)[2]
    total, gain = float(seen.sum()), slab / (slab + variance)
    if asked.rate is None:
        rate = min(max(total, LEAST), MOST)
    if asked.scale is None and total > 0:
        slab = float(seen @ (gain * r) ** 2) / total + gain * variance
    return dataclasses.replace(now, rate=rate, scale=math.sqrt(slab))


def at_rest(
    asked: BernoulliGaussianDenoiser,
    start: BernoulliGaussianDenoiser,
    r: np.ndarray,
    chances: np.ndarray,
    variance: float,
) -> BernoulliGaussianDenoiser:
    """Where such steps end, from ``start`` on.

    Parameters
    ----------
    asked, start : BernoulliGaussianDenoiser
    r, chances : (n,) array
    variance : float
    """
    now = start
    for _ in range(STEPS):
        before, now = now, after_a_step(asked, now, r, chances, variance)
        if all(
            math.isclose(getattr(before, name) or 1.0, getattr(now, name), rel_tol=ENOUGH) for name in ("rate", "scale")
        ):
            break
    return now

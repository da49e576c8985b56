r"""Where the noiseless state evolution of a denoiser starts to get stuck.

With E(v) the mean-square error in noise of variance v and q_0 = epsilon E[x^2], the start from no knowledge, errors go to 0 iff
E(v) < delta v wherever v <= q_0 / delta, E being increasing: iff delta is above the largest min(E(v), q_0) / v. Soft thresholding
at a fixed multiple tau of the noise's deviation has a concave E (Donoho, Maleki and Montanari 2009), so that the slope at v = 0
decides, and no amplitudes enter:

    delta = epsilon (1 + tau^2) + (1 - epsilon) E (|z| - tau)_+^2.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sparsecs.curves._norm_tails import tails

LEAST, MOST, POINTS = 1e-9, 30.0, 36  # noise variances that are looked at, in mean squares of a nonzero


def of_soft_thresholding(delta: float, threshold: float) -> float:
    """rho, for soft thresholding at a multiple of the deviation."""
    spared = tails(threshold, 1).second
    return max(0.0, (1 - spared / delta) / (1 + threshold**2 - spared))


def worst_delta(error: Callable[[float], float], start: float, power: float) -> float:
    """The least delta that makes errors go to 0, given E and q_0, and the mean square of a nonzero."""
    from scipy.optimize import minimize_scalar

    def asked(log_variance: float) -> float:
        variance = math.exp(log_variance)
        return min(error(variance), start) / variance

    logs = np.linspace(math.log(MOST * power), math.log(LEAST * power), POINTS)  # as an error dies out
    found = [asked(float(log)) for log in logs]
    best = int(np.argmax(found))
    if best in (0, POINTS - 1):
        return found[best]
    ends = (float(logs[best + 1]), float(logs[best - 1]))
    inside = minimize_scalar(lambda log: -asked(log), bounds=ends, method="bounded", options={"xatol": 1e-6})
    return max(found[best], float(-inside.fun))

"""Where the exact success probability at finite size crosses a level."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sparsecs.core.checks import probability
from sparsecs.curves.success_probability import log_chances


def k50(m: int, n: int, cone: str = "l1", level: float = 0.5) -> float:
    """The number of nonzeros, a real one, at which the exact success probability falls through a level, one half at first.

    The law knows whole k only. Between the last with at least that probability and the next, the normal quantile of the
    probability is taken as linear in k; next to a probability of 0 or 1, which has none, the probability itself. The result is 0
    where no k has the probability, and at most m: there the law ends, with a jump. It never falls as m grows.

    Parameters
    ----------
    m, n : int
        Measurements and unknowns, at least 1 and at most n, and at most 10⁶.
    cone : {"l1", "nonnegative", "simplex", "box", "orthant"}
        As for ``success_probability``.
    level : float
        Between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, or a value out of range.

    Examples
    --------
    >>> from sparsecs import k50
    >>> round(k50(100, 200), 4), round(k50(100, 200, level=0.9), 4)
    (39.0263, 33.4287)
    >>> round(k50(1, 2), 9)  # a probability of one half at k = 1
    1.0
    """
    probability(level, "level")
    log_chances(0, m, n, cone)  # refuses what is no size, before anything is looked up
    return _crossing(int(m), int(n), cone, float(level))


@lru_cache(maxsize=4096)
def _crossing(m: int, n: int, cone: str, level: float) -> float:
    low, high = -1, (n if _chance(n, m, n, cone) else m) + 1  # at low the level is held, at high it is not
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _chance(middle, m, n, cone) >= level else (low, middle)
    if low < 0:
        return 0.0
    if high > m:
        return float(low)
    good, bad = log_chances(np.array([low, high]), m, n, cone)
    if np.isneginf([good, bad]).any():
        first, last = np.exp(good)
        return max(low + float((first - level) / (first - last)), 0.0)
    first, last = _quantiles(good, bad)
    target = float(_quantiles(np.log([level]), np.log1p([-level]))[0])
    return max(low + float((first - target) / (first - last)), 0.0)


def _chance(k: int, m: int, n: int, cone: str) -> float:
    return float(np.exp(log_chances(k, m, n, cone)[0]))


def _quantiles(good: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Of the normal law, from the logarithms of both sides."""
    from scipy.special import ndtri_exp

    return np.where(good < bad, ndtri_exp(np.minimum(good, -0.1)), -ndtri_exp(np.minimum(bad, -0.1)))

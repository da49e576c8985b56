"""Up to which sparsity a Gaussian matrix recovers all signals at once, by the union bound at finite size."""

from __future__ import annotations

import math

from sparsecs.core.checks import probability
from sparsecs.curves.strong_failure_bound import log_lost_faces


def strong_sparsity(m: int, n: int, cone: str = "l1", level: float = 0.01) -> int:
    """The largest k for which a Gaussian matrix fails to recover some signal with k nonzeros with a probability of at most level.

    By ``strong_failure_bound``, so the true number is this or larger.

    Parameters
    ----------
    m, n : int
        Measurements and unknowns, at least 1 and at most n, and at most 10⁶.
    cone : {"l1", "nonnegative", "simplex"}
        As for ``success_probability``.
    level : float
        Between 0 and 1.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, or a value out of range.

    Examples
    --------
    >>> from sparsecs import strong_failure_bound, strong_sparsity
    >>> k = strong_sparsity(200, 400)
    >>> k, strong_failure_bound(k, 200, 400) <= 0.01 < strong_failure_bound(k + 1, 200, 400)
    (18, True)
    """
    most = math.log(probability(level, "level"))
    low, high = 0, n + 1  # at low the bound holds: k = 0 is always recovered
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if log_lost_faces(middle, m, n, cone) <= most else (low, middle)
    return low

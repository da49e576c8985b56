r"""How often some sparse signal is not recovered, at most: the expected number of faces that are lost.

Every support (with signs, for l1) is a face of the polytope, and its signals are recovered if the projection keeps it. Each is
lost with probability 1 - P, the exact law. So the probability that one is lost is at most

    faces(k) (1 - P(k, m, n)),    faces = 2^k C(n, k) for l1, and C(n, k) for nonnegative signals.

A kept face has kept all its own faces, so the bound speaks of all signals with at most k nonzeros.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sparsecs.core.checks import one_of
from sparsecs.curves.success_probability import log_chances
from sparsecs.kernels.polytope_angles import log_choose

CONES = ("l1", "nonnegative", "simplex")


def strong_failure_bound(k: Any, m: int, n: int, cone: str = "l1") -> Any:
    """An upper bound on the probability that a Gaussian matrix fails to recover some signal with at most k nonzeros.

    It is the expected number of lost faces, or 1 if that is more: rigorous at finite size, and below the asymptotic strong
    threshold exponentially small in n.

    Parameters
    ----------
    k : int or array of ints
        At least 0 and at most n.
    m, n : int
        Measurements and unknowns, at least 1 and at most n, and at most 10⁶.
    cone : {"l1", "nonnegative", "simplex"}
        As for ``success_probability``.

    Returns
    -------
    float or array
        Of the shape of k.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, or out of range.

    References
    ----------
    Donoho and Tanner, "Exponential bounds implying construction of compressed sensing matrices, error-correcting codes, and
    neighborly polytopes by random sampling" (2010).

    Examples
    --------
    >>> from sparsecs import strong_failure_bound, success_probability
    >>> strong_failure_bound(3, 100, 200) < 1e-20
    True
    >>> bool(abs(strong_failure_bound(1, 6, 8) / (16 * success_probability(1, 6, 8, failure=True)) - 1) < 1e-9)
    True
    """
    bound = np.exp(np.minimum(log_lost_faces(k, m, n, cone), 0.0))
    return float(bound) if bound.ndim == 0 else bound


def log_lost_faces(k: Any, m: int, n: int, cone: str) -> np.ndarray:
    """The logarithm of the expected number of lost faces."""
    one_of(cone, "cone", CONES)
    bad = log_chances(k, m, n, cone)[1]
    sizes = np.asarray(k)
    faces = log_choose(np.full(sizes.shape, n), sizes) + (sizes * math.log(2) if cone == "l1" else 0.0)
    return faces + bad

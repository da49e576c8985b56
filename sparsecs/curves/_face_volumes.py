r"""Both sides of the exact law: log P and log (1 - P), from the conic intrinsic volumes of the descent cone.

A null space of dimension n - m in general position misses a cone with probability P = 2 (v_{m-1} + v_{m-3} + ...) and meets it
with probability 1 - P = 2 (v_{m+1} + v_{m+3} + ...), where v_j is the chance that the nearest point of the cone to a Gaussian
vector lies on a face of dimension j. With k nonzeros, l = j + 1, beta and gamma internal and external angles:

    l1            v_j = 2^(l-k) C(n-k, l-k) beta(k, l) gamma(l, n),   j < n;    v_n = Prob( sqrt(k) Z >= n-k half-normals )
    simplex       v_j = C(n-k, l-k) beta(k, l) gamma(l, n),           j < n
    nonnegative   the same, and C(n-k, j-k) 2^(k-n) Prob( sqrt(k) Z >= j-k half-normals ) for the faces that leave the simplex

Volumes fall, faster and faster, on both sides of their largest. So the sum that does not hold the largest is taken, from its edge
outwards, until what is left is below 1e-18 of it; the other side is one less that.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from sparsecs.kernels.polytope_angles import log_choose, log_exceeds, log_external, log_internal

LEFT_OUT = math.log(1e-19)
BLOCK = 12  # volumes of one k that are found at once
MOST = 1000  # k that are looked at together: some ten megabytes


def log_volumes(k: np.ndarray, j: np.ndarray, n: int, cone: str) -> np.ndarray:
    """log v_j of the descent cone at k nonzeros; -inf where there is no face. k and j are vectors of one length."""
    out = np.full(k.shape, -np.inf)
    proper = (j + 1 >= k) & (j + 1 <= n)
    out[proper] = _proper(k[proper], j[proper] + 1, n, cone)
    if cone == "l1":
        out[j == n] = log_exceeds(k[j == n], n - k[j == n])
    if cone == "nonnegative":
        solid = (j >= k) & (j <= n)
        few = k[solid]
        extra = log_choose(n - few, j[solid] - few) - (n - few) * math.log(2) + log_exceeds(few, j[solid] - few)
        out[solid] = np.logaddexp(out[solid], extra)
    return out


def log_sides(k: np.ndarray, m: int, n: int, cone: str) -> tuple[np.ndarray, np.ndarray]:
    """log P and log (1 - P) for 1 <= k <= m < n, the smaller of the two to full relative accuracy; k is a vector."""
    if k.size > MOST:
        parts = [log_sides(part, m, n, cone) for part in np.array_split(k, -(-k.size // MOST))]
        return np.concatenate([good for good, _ in parts]), np.concatenate([bad for _, bad in parts])
    below = log_volumes(k, np.full(k.shape, m - 1), n, cone)
    above = log_volumes(k, np.full(k.shape, m + 1), n, cone)
    high = below >= above  # the largest volume is below m: success is likely
    summed = log_sum(k, m, n, cone, high)
    summed = np.minimum(summed, 0.0)
    with np.errstate(divide="ignore"):
        other = np.where(summed < -1e-17, np.log(-np.expm1(summed)), -np.inf)
    return np.where(high, other, summed), np.where(high, summed, other)


def log_sum(k: np.ndarray, m: int, n: int, cone: str, upwards: np.ndarray) -> np.ndarray:
    """The logarithm of 1 - P where ``upwards``, from v_{m+1}, v_{m+3}, ...; of P elsewhere, from v_{m-1}, v_{m-3}, ..."""
    total, left = np.full(k.shape, -np.inf), np.arange(k.size)
    side = np.where(upwards, 1, -1)
    first = 0
    while left.size:
        steps = first + np.arange(BLOCK)
        j = m + side[left, None] * (1 + 2 * steps)
        few = np.broadcast_to(k[left, None], j.shape)
        volumes = log_volumes(few.ravel(), j.ravel(), n, cone).reshape(j.shape)
        total[left] = np.logaddexp(total[left], np.logaddexp.reduce(volumes, axis=1))
        outside = np.where(upwards[left], j[:, -1] >= n, j[:, -1] < k[left])
        left = left[~outside & (volumes[:, -1] > total[left] + LEFT_OUT)]
        first += BLOCK
    return total + math.log(2)


def _proper(k: np.ndarray, size: np.ndarray, n: int, cone: str) -> np.ndarray:
    angles = _external(n, cone)
    sizes = np.unique(size)
    new = sizes[np.isnan(angles[sizes])]
    if new.size:
        angles[new] = log_external(new, np.full(new.shape, n), cone == "l1", whole=cone == "simplex")
    signs = (size - k) * math.log(2) if cone == "l1" else 0.0
    return signs + log_choose(n - k, size - k) + log_internal(k, size - k) + angles[size]


@lru_cache(maxsize=16)
def _external(n: int, cone: str) -> np.ndarray:
    """What has been found of the external angles, by the size of the face; they do not depend on k and m."""
    return np.full(n + 1, np.nan)

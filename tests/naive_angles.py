"""The exact law of recovery, slow and plain: real integrals by SciPy, whole binomials, and linear programs on drawn matrices."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from scipy.integrate import quad
from scipy.optimize import linprog
from scipy.special import erf, ndtr, wofz


def chance(k: int, m: int, n: int, cone: str) -> float:
    """P, as twice a sum of intrinsic volumes; for the box and the orthant, of coins."""
    if cone in ("box", "orthant"):
        tosses = n - k - 1
        return sum(math.comb(tosses, heads) for heads in range(n - m, tosses + 1)) / 2**tosses
    return 2 * sum(volume(k, j, n, cone) for j in range(m - 1, k - 2, -2))


def volume(k: int, j: int, n: int, cone: str) -> float:
    """The conic intrinsic volume v_j of the descent cone at k nonzeros of n."""
    total, size = 0.0, j + 1
    if k <= size <= n:
        signs = 2 ** (size - k) if cone == "l1" else 1
        total += signs * math.comb(n - k, size - k) * internal(k, size) * external(size, n, cone)
    if cone == "l1" and j == n:
        total += exceeds(k, n - k)
    if cone == "nonnegative" and k <= j <= n:
        total += math.comb(n - k, j - k) / 2 ** (n - k) * exceeds(k, j - k)
    return total


def internal(k: int, size: int) -> float:
    """E[Phi(i Z / sqrt(size))^(size - k)]: a regular simplex at a face with k of its vertices. On the real line, uncentred."""

    def integrand(x: float) -> float:
        power = (wofz(x / math.sqrt(2 * size)) / 2) ** (size - k)
        return math.exp(-k * x * x / (2 * size)) * power.real / math.sqrt(2 * math.pi)

    return _over(integrand, 0.0, 12 * math.sqrt(size / k)) * 2


def external(size: int, n: int, cone: str) -> float:
    """The integral of a normal density times a power of a normal probability."""

    def integrand(x: float) -> float:
        mass = erf(x / math.sqrt(2 * size)) if cone == "l1" else ndtr(x / math.sqrt(size))
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi) * mass ** (n - size)

    return _over(integrand, -12.0 if cone == "simplex" else 0.0, 40.0)


def exceeds(k: int, count: int) -> float:
    """Prob( sqrt(k) Z >= |g_1| + ... + |g_count| ), from the characteristic function (Gil-Pelaez 1951)."""

    def integrand(t: float) -> float:
        turn = wofz(-t / math.sqrt(2)) ** count  # of minus the sum of half-normal variables
        return math.exp(-k * t * t / 2) * turn.imag / (math.pi * t)

    return 0.5 + _over(integrand, 1e-12, 12 / math.sqrt(k))


def split_chance(k: int, n: int, blocks: int, law: Callable[[int], float]) -> float:
    """The mean product of chances of blocks over all splits of k random positions, one by one."""
    total = 0.0
    for split in itertools.product(range(min(n, k) + 1), repeat=blocks):
        if sum(split) == k:
            total += math.prod(math.comb(n, few) * law(few) for few in split)
    return total / math.comb(n * blocks, k)


def kept(k: int, A: np.ndarray, cone: str) -> bool:
    """Whether the signal on the first k columns (inside the box: between its ends) is the only best one, by a linear program.

    Another as good is x + z with A z = 0, z >= 0 off the support, and no larger sum; |z| for l1.
    """
    m = A.shape[0]
    inside, outside = A[:, :k], A[:, k:]
    columns = np.hstack([inside, -inside, outside, -outside] if cone == "l1" else [inside, -inside, outside])
    gain = np.concatenate([np.ones(k), -np.ones(k), np.ones(columns.shape[1] - 2 * k)])
    away = np.concatenate([np.zeros(2 * k), np.ones(columns.shape[1] - 2 * k)])
    rows, limits = [away], [1.0]
    if cone in ("l1", "nonnegative"):
        rows, limits = [away, gain], [1.0, 0.0]
    equal = np.vstack([columns, gain]) if cone == "simplex" else columns
    found = linprog(-away, np.array(rows), limits, equal, np.zeros(m + (cone == "simplex")), method="highs")
    assert found.status == 0
    return bool(-found.fun < 0.5)


def _over(f: Callable[[float], float], low: float, high: float) -> float:
    edges = np.linspace(low, high, 25)
    return sum(quad(f, a, b, epsabs=1e-17, epsrel=1e-13)[0] for a, b in itertools.pairwise(edges))

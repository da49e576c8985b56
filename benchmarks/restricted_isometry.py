"""Restricted isometry constants of Gaussian matrices: the search beside plain enumeration, where that can finish.

    PYTHONPATH=benchmarks python benchmarks/restricted_isometry.py [small|middle|large ...]

Enumeration is NumPy's batched ``eigvalsh`` on all parts of the Gram matrix, in blocks of 20,000, in the same process. The bar is
ten times its speed at 20 x 40 for k = 4 and 5. Beyond a million supports it is not run; what it would take is told from its
speed on a block of them.
"""

from __future__ import annotations

import itertools
import sys
from math import comb
from time import perf_counter

import numpy as np
from _timing import row, seconds

from sparsecs import IsometryBounds, restricted_isometry, stream

SIZES = {"small": (20, 40, range(2, 11)), "middle": (32, 64, range(2, 9)), "large": (64, 128, range(2, 9))}
BLOCK, FINISHES, BAR = 20_000, 1_000_000, 10
PATIENCE = 30.0


def gaussian(m: int, n: int, unit: bool) -> np.ndarray:
    A = stream(0, "benchmark", m, n).standard_normal((m, n))
    return A / (np.linalg.norm(A, axis=0) if unit else m**0.5)


def enumerate_supports(A: np.ndarray, k: int, most: int | None = None) -> tuple[float, float]:
    """L and U by all supports, or by the first so many."""
    G, low, high = A.T @ A, np.inf, -np.inf
    supports = itertools.islice(itertools.combinations(range(A.shape[1]), k), most)
    while block := list(itertools.islice(supports, BLOCK)):
        chosen = np.array(block)
        values = np.linalg.eigvalsh(G[chosen[:, :, None], chosen[:, None, :]])
        low, high = min(low, values[:, 0].min()), max(high, values[:, -1].max())
    return 1 - low, high - 1


def beside_enumeration(A: np.ndarray, k: int, found: IsometryBounds, ours: float) -> str:
    """What enumeration takes, and whether it says the same."""
    count = comb(A.shape[1], k)
    if count > FINISHES:
        start = perf_counter()
        enumerate_supports(A, k, BLOCK)
        guess = (perf_counter() - start) * count / BLOCK
        return f"enumeration would take {guess:.1e} s for {count:.1e} supports, ratio {guess / ours:.0e}"
    theirs = seconds(lambda: enumerate_supports(A, k), 1)
    apart = max(abs(a - b) for a, b in zip(enumerate_supports(A, k), (found.L.upper, found.U.upper), strict=True))
    return f"enumeration {theirs:.3f} s, ratio {theirs / ours:.0f}, answers differ by {apart:.0e}"


def side(bounds: object) -> str:
    low, high, exact = bounds.lower, bounds.upper, bounds.exact  # type: ignore[attr-defined]
    return f"{low:.6f} exact         " if exact else f"{low:.6f} to {high:.6f}  "


def main() -> None:
    for name in sys.argv[1:] or SIZES:
        m, n, orders = SIZES[name]
        for unit in (True, False):
            A = gaussian(m, n, unit)
            print(f"\n{m} x {n} Gaussian, {'unit columns' if unit else 'columns as drawn'}", flush=True)
            restricted_isometry(A, 2)
            for k in orders:
                start = perf_counter()
                found = restricted_isometry(A, k, seconds=PATIENCE)
                ours = perf_counter() - start
                if ours < 0.2:
                    ours = seconds(lambda A=A, k=k: restricted_isometry(A, k), 5)
                told = beside_enumeration(A, k, found, ours)
                print(f"k = {k:<2}  L {side(found.L)}  U {side(found.U)}  {ours:8.4f} s;  {told}", flush=True)
                if name == "small" and k in (4, 5):
                    theirs = seconds(lambda A=A, k=k: enumerate_supports(A, k), 1)
                    print(row(f"        the bar at k = {k}", ours, theirs, "enumeration", BAR), flush=True)


if __name__ == "__main__":
    main()

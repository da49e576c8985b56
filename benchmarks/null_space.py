"""The null space constant of 32 x 64 and 64 x 128 Gaussian matrices: bounds, times, and what trying everything would take.

Plain enumeration solves one linear program for each support and pattern of signs, here by HiGHS through SciPy. Where it cannot
finish, its time is that of one program times their number. The relaxations are timed on smaller matrices, where they end.
"""

from __future__ import annotations

from itertools import combinations, islice, product
from math import comb
from time import perf_counter

import numpy as np
from scipy.optimize import linprog

from sparsecs import Gaussian, null_space_constant, stream

SECONDS = 120.0
PATIENCE = 10.0  # for plain enumeration


def share(A: np.ndarray, support: tuple[int, ...], signs: tuple[float, ...]) -> float:
    m, n = A.shape
    u = np.zeros(n)
    u[list(support)] = signs
    equal, sides = np.vstack([np.hstack([A, -A]), np.ones(2 * n)]), np.append(np.zeros(m), 1.0)
    return float(-linprog(np.concatenate([-u, u]), A_eq=equal, b_eq=sides, method="highs").fun)


def enumeration(A: np.ndarray, k: int) -> tuple[float, float, bool]:
    """The largest share seen, the time for all, and whether all were seen."""
    n, start, best = A.shape[1], perf_counter(), 0.0
    number, total = 0, comb(n, k) * 2 ** (k - 1)
    choices = ((S, (1.0, *rest)) for S in combinations(range(n), k) for rest in product([1.0, -1.0], repeat=k - 1))
    while perf_counter() - start < PATIENCE and number < total:
        for support, signs in islice(choices, 8):
            best, number = max(best, share(A, support, signs)), number + 1
    return best, (perf_counter() - start) * total / number, number == total


def main() -> None:
    null_space_constant(np.ones((1, 3)), 1)
    for m, n in [(32, 64), (64, 128)]:
        A = Gaussian().draw(m, n, stream(0, "null space", m)).dense()
        for k in range(1, 5):
            start = perf_counter()
            found = null_space_constant(A, k, seconds=SECONDS)
            ours = perf_counter() - start
            best, theirs, done = enumeration(A, k)
            print(
                f"{m} x {n}  k = {k}  {found}  {ours:8.2f} s   linprog {theirs:12.1f} s{'' if done else ' (projected)'}"
            )
            assert not done or abs(best - found.lower) < 1e-7
    for m, n in [(10, 20), (16, 32)]:
        A = Gaussian().draw(m, n, stream(0, "null space", m)).dense()
        for k in (1, 2, 3):
            for method in ("search", "local search", "linear relaxation", "semidefinite relaxation")[
                : 4 if n < 32 else 3
            ]:
                start = perf_counter()
                found = null_space_constant(A, k, method=method, seconds=SECONDS)
                print(
                    f"{m} x {n}  k = {k}  {found.lower:.6f} .. {found.upper:.6f}  {method:<24} {perf_counter() - start:8.2f} s"
                )


if __name__ == "__main__":
    main()

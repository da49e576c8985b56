"""Pursuits and thresholding methods on 1000 x 4000 with 80 nonzeros: time per iteration beside two products with the matrix.

Least wall times of several runs; products and solver take turns, so that a busy machine is busy for both. A run contains two
products more than its iterations: one for the units of the problem, one for the residual of the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from sparsecs import (
    CGIHT,
    HTP,
    IHT,
    OLS,
    OMP,
    ROMP,
    AcceleratedIHT,
    CoSaMP,
    Dense,
    GeneralizedOMP,
    MatchingPursuit,
    NormalizedIHT,
    Solver,
    StOMP,
    SubspacePursuit,
    solve,
    stream,
)

GRADIENT = [IHT(), NormalizedIHT(), AcceleratedIHT(), CGIHT()]
FITTED = [HTP(), CoSaMP(), SubspacePursuit(), StOMP(), ROMP(), GeneralizedOMP(choices=8)]
STEPWISE = [OMP(), OLS(), MatchingPursuit(max_iterations=300)]
BAR = 1.3  # of two products, for an iteration of a gradient method
ROUNDS = 7


def main() -> None:
    for dtype in (np.float64, np.float32):
        A, x, y = planted(dtype)
        for threads in (1, 2):
            with threadpool_limits(threads):
                print(f"\n{np.dtype(dtype).name}, {threads} BLAS threads")
                for solver in [*GRADIENT, *FITTED, *STEPWISE]:
                    print(line(solver, A, x, y))


def planted(dtype: type) -> tuple[Dense, np.ndarray, np.ndarray]:
    rng = stream(0, "thresholding pursuits")
    A = rng.standard_normal((1000, 4000))
    A /= np.linalg.norm(A, axis=0)
    x = np.zeros(4000)
    x[rng.choice(4000, 80, replace=False)] = rng.standard_normal(80)
    return Dense(A.astype(dtype)), x.astype(dtype), (A @ x).astype(dtype)


def line(solver: Solver, A: Dense, x: np.ndarray, y: np.ndarray) -> str:
    full = np.ones_like(x)
    result = solve(A, y, solver, sparsity=80)
    answers, products = [], []
    for _ in range(ROUNDS):
        answers.append(timed(lambda: solve(A, y, solver, sparsity=80)))
        products.append(timed(lambda: (A @ full, A.H @ y)))
    share = min(answers) / max(result.iterations, 1)
    ratio = share / min(products)
    verdict = ("reached" if ratio <= BAR else "MISSED") if solver in GRADIENT else "-"
    error = float(np.linalg.norm(result.x - x) / np.linalg.norm(x))
    return (
        f"  {type(solver).__name__:<16} {min(answers) * 1e3:8.1f} ms  {result.iterations:4d} iterations of {share * 1e3:6.2f} ms "
        f" two products {min(products) * 1e3:5.2f} ms  ratio {ratio:5.2f}  bar {BAR}: {verdict:<8} error {error:.0e}"
    )


def timed(work: Callable[[], Any]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


if __name__ == "__main__":
    main()

"""Many small problems, as a phase diagram asks them: n = 400, ten undersampling ratios times ten sparsities, one thread.

Recoveries a second over the whole grid, failing cells included, beside SPAMS where it is installed. Only the answers are timed,
not the drawing of problems. For basis pursuit the share of answers that their certificate proves is printed too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from sparsecs import OMP, BasisPursuit, Gaussian, Problem, Signs, Solver, answer, plant, stream

N, REPEATS = 400, 2
PARTS = np.arange(1, 11) / 10


def problems() -> Iterator[Problem]:
    for delta in PARTS:
        for rho in PARTS:
            for number in range(REPEATS):
                m = round(delta * N)
                rng = stream(number, "many small", float(delta), float(rho))
                yield plant(Gaussian().draw(m, N, rng), Signs(), max(1, round(rho * m)), rng)


def ours(solver: Solver, drawn: list[Problem]) -> tuple[float, float]:
    """Recoveries a second, and the part whose status says that it reached its aim."""
    for problem in drawn[:3]:
        answer(problem, solver)
    start = perf_counter()
    results = [answer(problem, solver) for problem in drawn]
    return len(drawn) / (perf_counter() - start), float(np.mean([result.status.reached for result in results]))


def theirs(method: Callable[[np.ndarray, np.ndarray, int], object], drawn: list[Problem]) -> float:
    cases = [
        (np.asfortranarray(p.operator.dense() / p.operator.column_norms()), np.asfortranarray(p.y), p.sparsity or 1)
        for p in drawn
    ]
    method(*cases[0])
    start = perf_counter()
    for case in cases:
        method(*case)
    return len(cases) / (perf_counter() - start)


def main() -> None:
    drawn = list(problems())
    with threadpool_limits(1):
        for solver, bar in ((OMP(), 600), (BasisPursuit(), 200)):
            rate, reached = ours(solver, drawn)
            print(f"{type(solver).__name__:<14} {rate:8.0f} a second   bar {bar}   {reached:.1%} solved or proven")
        try:
            import spams
        except ImportError:
            print("SPAMS is not installed.")
            return
        omp = theirs(lambda A, y, k: spams.omp(y[:, None], A, L=k, numThreads=1), drawn)
        lars = theirs(lambda A, y, k: spams.lasso(y[:, None], A, lambda1=1e-9, mode=2, numThreads=1), drawn)
        print(f"{'SPAMS omp':<14} {omp:8.0f} a second\n{'SPAMS lasso':<14} {lars:8.0f} a second")


if __name__ == "__main__":
    main()

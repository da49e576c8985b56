"""Basis pursuit beside HiGHS, SPGL1, scikit-learn's lars_path and SPAMS in one run, and 2,000 of a phase diagram."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
import scipy.linalg  # before the threads are counted
from _timing import row, seconds
from scipy.optimize import linprog
from sklearn.linear_model import lars_path

from sparsecs import BasisPursuit, Problem, Status, answer, stream
from sparsecs.core.threads import single_threaded

assert scipy.linalg
SIZES = ((256, 1024, 40), (500, 2000, 80), (1000, 5000, 100))
SIGNALS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "signs": lambda rng, k: rng.choice([-1.0, 1.0], k),
    "Gaussian": lambda rng, k: rng.standard_normal(k),
}
COLUMNS, REPEATS = 400, 20  # of the phase diagram
BAR = 200.0  # basis pursuits a second


def instance(m: int, n: int, k: int, signal: str, number: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A Gaussian matrix, and a k-sparse x."""
    rng = stream(number, "basis pursuit", m, n, k, signal)
    A, x = rng.standard_normal((m, n)) / m**0.5, np.zeros(n)
    x[rng.choice(n, k, replace=False)] = SIGNALS[signal](rng, k)
    return A, x


def highs(A: np.ndarray, y: np.ndarray) -> np.ndarray:
    n = A.shape[1]
    found = linprog(np.ones(2 * n), A_eq=np.hstack([A, -A]), b_eq=y, bounds=(0, None), method="highs")
    return found.x[:n] - found.x[n:]


def lars(A: np.ndarray, y: np.ndarray) -> np.ndarray:
    return lars_path(A, y, method="lasso", alpha_min=0)[2][:, -1]


def peers() -> dict[str, tuple[Callable[[np.ndarray, np.ndarray], Any], float]]:
    """What can be imported here, with the ratio that is asked for."""
    found: dict[str, tuple[Callable[[np.ndarray, np.ndarray], Any], float]] = {"lars_path": (lars, 2)}
    try:
        from spgl1 import spg_bp

        found["SPGL1"] = (lambda A, y: spg_bp(A, y, opt_tol=1e-9, bp_tol=1e-9, iter_lim=20_000)[0], 10)
    except ImportError:
        print("SPGL1 is not here.")
    try:
        import spams

        def by_spams(A: np.ndarray, y: np.ndarray) -> np.ndarray:
            return spams.lasso(np.asfortranarray(y[:, None]), np.asfortranarray(A), lambda1=0.0, mode=2).toarray()[:, 0]

        found["SPAMS"] = (by_spams, 2)
    except ImportError:
        print("SPAMS is not here.")
    return found | {"HiGHS": (highs, 50)}


def one_at_a_time(quick: bool) -> None:
    for m, n, k in SIZES[: 1 if quick else 3]:
        for signal in SIGNALS:
            A, x = instance(m, n, k, signal)
            y, size = A @ x, float(np.linalg.norm(x))
            result = answer(Problem(A, y), BasisPursuit())
            assert result.status is Status.OPTIMAL
            ours = seconds(lambda A=A, y=y: answer(Problem(A, y), BasisPursuit()))
            error = np.linalg.norm(result.x - x) / size
            print(f"{m} x {n}, k {k}, {signal}: error {error:.0e}, {result.certificate.road}")
            for name, (solver, bar) in peers().items():
                if name == "HiGHS" and m >= 1000:
                    continue  # minutes
                start = perf_counter()
                found = solver(A, y)
                once = perf_counter() - start
                took = once if once > 1 else seconds(lambda A=A, y=y, solver=solver: solver(A, y), 5)
                print(row(f"  error of {name} {np.linalg.norm(found - x) / size:.0e}", ours, took, name, bar))


def phase_diagram(quick: bool) -> None:
    """All cells, those where recovery fails included, on one thread; problems are drawn before the clock starts."""
    total, count, proven = 0.0, 0, 0
    with single_threaded():
        for cell in range(100):
            m = round((cell // 10 + 1) / 10 * COLUMNS)
            k = max(1, round((cell % 10 + 1) / 10 * m))
            for number in range(2 if quick else REPEATS):
                A, x = instance(m, COLUMNS, k, "signs", number)
                problem = Problem(A, A @ x)
                start = perf_counter()
                result = answer(problem, BasisPursuit())
                total += perf_counter() - start
                count, proven = count + 1, proven + (result.status is Status.OPTIMAL)
    verdict = "reached" if count / total >= BAR else "MISSED"
    print(f"phase diagram, n {COLUMNS}, one thread: {count / total:.0f} a second   bar {BAR:g}: {verdict}")
    print(f"  {proven} of {count} proven optimal")


def main() -> None:
    warnings.simplefilter("ignore")
    quick = "quick" in sys.argv
    phase_diagram(quick)
    with single_threaded():
        print("one thread")
        one_at_a_time(quick)


if __name__ == "__main__":
    main()

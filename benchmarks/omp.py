"""OMP beside SPAMS, scikit-learn and pylops in one run: single signals, a thousand signals on one matrix, and a phase grid.

    PYTHONPATH=benchmarks python benchmarks/omp.py [single|batch|grid ...]

SPAMS is used if it can be imported (``pip install spams-bin``). Every answer is compared with ours before it is timed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from _timing import row, seconds
from threadpoolctl import threadpool_limits

from sparsecs import OMP, Problem, answer, solve_each, stream

SINGLE = {"small": (256, 1024, 32), "middle": (1000, 4000, 100), "large": (2000, 20000, 100)}
SAME = 1e-6


def planted(m: int, n: int, k: int, signals: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit Gaussian columns, k-sparse Gaussian signals as columns, and what is measured of them."""
    rng = stream(0, "benchmark", m, n, k)
    A = rng.standard_normal((m, n))
    A /= np.linalg.norm(A, axis=0)
    X = np.zeros((n, signals))
    for x in X.T:
        x[rng.choice(n, k, replace=False)] = rng.standard_normal(k)
    return A, X, A @ X


def peers(A: np.ndarray, Y: np.ndarray, k: int, threads: int) -> dict[str, Callable[[], np.ndarray]]:
    """What others make of the same problem, as functions that return x, (n, p)."""
    from sklearn.linear_model import orthogonal_mp

    fortran = np.asfortranarray(A), np.asfortranarray(Y)
    found: dict[str, Callable[[], np.ndarray]] = {}
    try:
        import spams
    except ImportError:
        print("  (SPAMS is not installed)")
    else:
        found["SPAMS"] = lambda: spams.omp(fortran[1], fortran[0], L=k, eps=0.0, numThreads=threads).toarray()
    found["scikit-learn"] = lambda: orthogonal_mp(fortran[0], Y, n_nonzero_coefs=k).reshape(A.shape[1], -1)
    if Y.shape[1] == 1:
        found["pylops"] = lambda: by_pylops(A, Y[:, 0], k)
    return found


def by_pylops(A: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    from pylops import MatrixMult
    from pylops.optimization.sparsity import omp

    return omp(MatrixMult(A), y, niter_outer=k, sigma=1e-10, normalizecols=False)[0][:, None]


def agree(name: str, theirs: np.ndarray, ours: np.ndarray) -> None:
    gap = np.linalg.norm(theirs - ours) / np.linalg.norm(ours)
    if not gap <= SAME:
        print(f"  {name} gives another answer: relative distance {gap:.1e}")


def one_signal(name: str, threads: int) -> None:
    m, n, k = SINGLE[name]
    A, _, Y = planted(m, n, k)
    runs = 3 if name == "large" else 9
    for layout, matrix in (("C", A), ("Fortran", np.asfortranarray(A))):
        problem = Problem(matrix, Y[:, 0], sparsity=k)
        ours = seconds(lambda problem=problem: answer(problem, OMP()), runs)
        limit = k * seconds(lambda matrix=matrix: matrix.T @ Y[:, 0], runs)
        what = f"{m} x {n}, k {k}, {threads} thread{'s' * (threads > 1)}, {layout}"
        print(row(what, ours, limit, "k products", 1 / 1.3))
        for peer, work in peers(A, Y, k, threads).items() if layout == "C" else ():
            agree(peer, work(), answer(problem, OMP()).x[:, None])
            print(row(what, ours, seconds(work, runs), peer, 3 if peer == "scikit-learn" and name == "small" else 1))


def many_signals(k: int, threads: int) -> None:
    A, _, Y = planted(256, 1024, k, 1000)
    ours = seconds(lambda: solve_each(A, Y, OMP(), sparsity=k), 5)
    what = f"1000 signals, 256 x 1024, k {k}, {threads} thread{'s' * (threads > 1)}"
    print(row(what, ours, seconds(lambda: A.T @ Y, 5), "A.T @ Y", 0))
    for peer, work in peers(A, Y, k, threads).items():
        agree(peer, work(), solve_each(A, Y, OMP(), sparsity=k).x)
        print(row(what, ours, seconds(work, 2 if peer == "scikit-learn" else 5), peer, 20 if peer[0] == "s" else 1))


def phase_grid(threads: int) -> None:
    """One instance for each of 10 x 10 cells at n = 400, delta and rho from 0.1 to 1."""
    sizes = [(40 * d, max(1, 4 * d * r)) for d in range(1, 11) for r in range(1, 11)]
    drawn = [planted(m, 400, k) for m, k in sizes]
    problems = [Problem(A, Y[:, 0], sparsity=k) for (A, _, Y), (_, k) in zip(drawn, sizes, strict=True)]
    ours = seconds(lambda: [answer(problem, OMP()) for problem in problems], 5)
    works = [peers(A, Y, k, threads) for (A, _, Y), (_, k) in zip(drawn, sizes, strict=True)]
    print(f"phase grid, n 400, {threads} thread{'s' * (threads > 1)}: {100 / ours:.0f} recoveries a second")
    for peer in ("SPAMS", "scikit-learn"):
        if peer in works[0]:
            theirs = seconds(lambda peer=peer: [work[peer]() for work in works], 2)
            print(row(f"  {peer}: {100 / theirs:.0f} a second", ours, theirs, peer, 1))


def main() -> None:
    wanted: dict[str, list[Callable[[int], Any]]] = {
        "single": [lambda threads, name=name: one_signal(name, threads) for name in SINGLE],
        "batch": [lambda threads, k=k: many_signals(k, threads) for k in (16, 32)],
        "grid": [phase_grid],
    }
    for name in sys.argv[1:] or wanted:
        for threads in (1, 2):
            with threadpool_limits(limits=threads):
                for work in wanted[name]:
                    work(threads)


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore", message="Orthogonal matching pursuit ended prematurely")
    main()

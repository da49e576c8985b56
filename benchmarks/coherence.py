"""Coherence, Babel curve and profile of a Jacobian with 10^5 columns, and the spark, beside plain NumPy and plain enumeration."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import combinations
from time import perf_counter, process_time
from typing import Any

import numpy as np
import scipy.sparse
from _timing import row, seconds

from sparsecs import (
    Linear,
    Network,
    Tanh,
    as_operator,
    babel,
    coherence,
    coherence_profile,
    linearize,
    mean_coherence,
    spark,
    stream,
)

MEMORY = 2**28


def jacobian(width: int, outputs: int, samples: int = 100) -> Any:
    network = Network((width,), (Linear(width), Tanh(), Linear(width // 2), Tanh(), Linear(outputs)))
    inputs = stream(0, "inputs").standard_normal((samples, width))
    return linearize(network, network.init(stream(0, "theta")), inputs)


def speed() -> float:
    """Operations a second of one matrix product with m = 100, on all cores."""
    A = stream(0, "A").standard_normal((2048, 100))
    return 2 * 100 * 2048**2 / seconds(lambda: A @ A.T)


def once(what: str, work: Callable[[], Any], operations: float) -> None:
    """One run: its time, processor time, the rate against n^2 m operations, and the peak of what was allocated."""
    tracemalloc.start()
    start, used = perf_counter(), process_time()
    work()
    took, used = perf_counter() - start, process_time() - used
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(
        f"  {what:<22} {took:7.1f} s, {used:7.1f} s of cores, {operations / used / 1e9:5.1f} GFLOP/s a core, peak {peak:4.0f} MiB"
    )


def plain(A: np.ndarray) -> tuple[float, np.ndarray]:
    """Coherence and Babel curve with the whole Gram matrix."""
    unit = A / np.linalg.norm(A, axis=0)
    products = np.abs(unit.T @ unit)
    np.fill_diagonal(products, 0)
    largest = -np.sort(-products, axis=1)[:, :8]
    return float(products.max()), np.cumsum(largest, axis=1).max(axis=0)


def enumerated(A: np.ndarray, most: int) -> int:
    """The least size of a dependent set up to ``most``, by the singular values of every set."""
    for size in range(1, most + 1):
        sets = np.array(list(combinations(range(A.shape[1]), size)))
        for start in range(0, len(sets), 10**4):
            if np.linalg.svd(A.T[sets[start : start + 10**4]], compute_uv=False)[:, -1].min() < 1e-10:
                return size
    return most + 1


def main() -> None:
    print(f"A matrix product runs at {speed() / 1e9:.0f} GFLOP/s on all cores.")
    J = jacobian(258, 1)
    m, n = J.shape
    print(
        f"Jacobian {m} x {n}, {J.nbytes_dense / 2**20:.0f} MiB if formed, its Gram matrix {8e-9 * n * n:.0f} GB; memory=256 MiB:"
    )
    asked = {
        "coherence": lambda: coherence(J, MEMORY),
        "mean_coherence": lambda: mean_coherence(J, MEMORY),
        "babel(1, ..., 8)": lambda: babel(J, range(1, 9), MEMORY),
        "coherence_profile": lambda: coherence_profile(J, memory=MEMORY),
    }
    coherence_profile(np.eye(3)), babel(np.eye(3), 1)
    for name, work in asked.items():
        once(name, work, float(n) * n * m)
    small = jacobian(64, 1)
    dense = small.dense()
    mu, curve = plain(dense)
    assert abs(coherence(small) - mu) < 1e-12
    assert np.allclose(babel(small, range(1, 9)), curve)
    numpy = seconds(lambda: plain(dense), 1)
    print(
        row(f"coherence, {dense.shape[0]} x {dense.shape[1]}", seconds(lambda: coherence(small), 3), numpy, "NumPy", 4)
    )
    print(row("Babel curve to 8", seconds(lambda: babel(small, range(1, 9)), 3), numpy, "NumPy", 3))
    thin = scipy.sparse.random_array((2000, 8000), density=0.01, rng=stream(0, "sparse"), format="csc")
    as_sparse, as_dense = as_operator(thin), as_operator(thin.toarray())
    times = [seconds(lambda A=A: coherence(A), 1) for A in (as_sparse, as_dense)]
    print(row("coherence, 2000 x 8000, 1 % full", *times, "dense", 1))
    A = stream(0, "A").standard_normal((20, 40))
    A[:, 39] = A[:, [1, 5, 9, 20]] @ [1.0, -2.0, 3.0, 1.0]
    assert spark(A).lower == enumerated(A, 5) == 5
    times = seconds(lambda: spark(A), 3), seconds(lambda: enumerated(A, 5), 1)
    print(row("spark, 20 x 40, five dependent", *times, "SVDs", 10))
    for shape, given in (((20, 26), 60.0), ((20, 40), 20.0), ((64, 128), 10.0)):
        start = perf_counter()
        found = spark(stream(0, "A", *shape).standard_normal(shape), seconds=given)
        print(f"spark, Gaussian {shape[0]} x {shape[1]}: {found}, in {perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()

"""Thresholding beside NumPy, and beside the bandwidth that a scaling in place reaches with as many threads in the same run.

Bars: at 10^7 numbers in place 0.8 of that bandwidth (a soft or hard threshold reads and writes each number once, as the scaling
does), and never slower than NumPy at any size. Other packages are timed too where they are installed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter

import numpy as np
from numba import njit
from threadpoolctl import threadpool_limits

from sparsecs.core.randomness import stream
from sparsecs.kernels.block_thresholding import block_soft_threshold
from sparsecs.kernels.chunks import in_parallel, pieces
from sparsecs.kernels.thresholding import firm_threshold, hard_threshold, keep_largest, soft_threshold

SIZES = (10, 1000, 100_000, 10_000_000)
T = 1.5


@njit(nogil=True)
def _scale(x, factor):
    for i in range(x.size):
        x[i] *= factor


def scale(x: np.ndarray) -> None:
    """What the memory can do: each number read once and written once."""
    one = x.dtype.type(1)
    in_parallel(_scale, [(x[a:b], one) for a, b in pieces(x.nbytes, x.size)])


def numpy_soft(x: np.ndarray) -> np.ndarray:
    return x - np.minimum(np.maximum(x, -T), T)


def numpy_soft_in_place(x: np.ndarray) -> np.ndarray:
    return np.subtract(x, np.minimum(np.maximum(x, -T), T), out=x)


def numpy_hard(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) > T, x, 0)


def numpy_keep(x: np.ndarray, k: int) -> np.ndarray:
    out = np.zeros_like(x)
    best = np.argpartition(np.abs(x), x.size - k)[x.size - k :]
    out[best] = x[best]
    return out


def numpy_block_soft(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    norms = np.sqrt(np.bincount(labels, weights=x * x))
    return x * np.maximum(1 - T / np.maximum(norms, 1e-300), 0).astype(x.dtype)[labels]


def numpy_equal_blocks(x: np.ndarray) -> np.ndarray:
    """What NumPy does if all blocks have ten neighbours, which no label has to say."""
    blocks = x.reshape(-1, 10)
    norms = np.sqrt(np.einsum("ij,ij->i", blocks, blocks))
    return (blocks * np.maximum(1 - T / np.maximum(norms, 1e-30), 0)[:, None]).reshape(-1)


def peers() -> dict[str, Callable[[np.ndarray], object]]:
    """The soft thresholds of other packages, where they are installed."""
    found: dict[str, Callable[[np.ndarray], object]] = {}
    try:
        from skglm.utils.prox_funcs import ST_vec

        found["skglm, soft"] = lambda x: ST_vec(x, T)
    except ImportError:
        pass
    try:
        import torch

        found["torch, soft"] = lambda x: torch.nn.functional.softshrink(torch.from_numpy(x), T)
    except ImportError:
        pass
    return found


def best(works: list[Callable[[], object]], least: float = 0.25) -> list[float]:
    """The shortest time of each work, all measured by turns until ``least`` seconds are spent on each."""
    loops = []
    for work in works:
        work()
        start = perf_counter()
        work()
        loops.append(max(1, int(2e-4 / max(perf_counter() - start, 1e-9))))
    shortest, begun = [np.inf] * len(works), perf_counter()
    while perf_counter() - begun < least * len(works):
        for i, work in enumerate(works):
            start = perf_counter()
            for _ in range(loops[i]):
                work()
            shortest[i] = min(shortest[i], (perf_counter() - start) / loops[i])
    return shortest


def table(n: int, dtype: type) -> None:
    """One line a kernel: out of place against NumPy, in place against the scaling."""
    x = (stream(0, "x").standard_normal(n) * 2).astype(dtype)
    labels, k, same = np.arange(n) // 10, max(1, n // 20), x.copy()
    bars, free = np.full(n // 10, T), np.zeros(n // 10)
    cases = {
        "soft": (lambda out=None: soft_threshold(x, T, out), lambda: numpy_soft(x)),
        "hard": (lambda out=None: hard_threshold(x, T, out), lambda: numpy_hard(x)),
        "firm": (lambda out=None: firm_threshold(x, T, 3 * T, out), None),
        "keep n/20": (lambda out=None: keep_largest(x, k, out), lambda: numpy_keep(x, k)),
        "block soft": (
            lambda out=None: block_soft_threshold(x, bars, labels, out),
            lambda: numpy_block_soft(x, labels),
        ),
    }
    other = x.copy()
    in_place = {
        "soft": (lambda: soft_threshold(other, 0.0, other), lambda: numpy_soft_in_place(other)),
        "hard": (lambda: hard_threshold(other, 0.0, other), None),
        "firm": (lambda: firm_threshold(other, 0.0, 1.0, other), None),
        "keep n/20": (lambda: keep_largest(other, k, other), None),
        "block soft": (lambda: block_soft_threshold(other, free, labels, other), None),
    }
    for name, (ours, theirs) in cases.items():
        other[:] = x
        works = [ours, in_place[name][0], lambda: scale(same), theirs or ours, in_place[name][1] or theirs or ours]
        fresh, within, limit, fresh_numpy, within_numpy = best(works)
        print(
            f"  {name:<11} n {n:<9} {np.dtype(dtype).name:<8} fresh {fresh * 1e6:10.2f} us"
            + (f"  NumPy {fresh_numpy * 1e6:10.2f} ({fresh_numpy / fresh:5.1f} x)" if theirs else " " * 27)
            + f"  in place {within * 1e6:10.2f} us, NumPy {within_numpy / within:5.1f} x, of scaling {limit / within:5.2f}"
        )
    for name, work in {**peers(), "NumPy, equal blocks": numpy_equal_blocks}.items():
        (time,) = best([lambda work=work: work(x)])
        print(f"  {name}: {time * 1e6:.2f} us")


def main() -> None:
    """All sizes, with one thread and with all."""
    for threads in (1, os.cpu_count() or 1):
        with threadpool_limits(threads):
            print(f"{threads} thread(s)")
            for dtype in (np.float64, np.float32):
                for n in SIZES:
                    table(n, dtype)


if __name__ == "__main__":
    main()

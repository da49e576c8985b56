"""The exhaustive searches behind the spark: all sets of one size, or all null vectors with as many zeros as can be forced."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream
from sparsecs.core.threads import single_threaded
from sparsecs.kernels.chunks import in_parallel, threads_allowed
from sparsecs.kernels.dependent_sets import AGAIN, FINISHED, FOUND, search_sets, search_zeros

QUOTA = 2 * 10**7  # operations between two looks at the clock, some hundredths of a second
LITTLE = 20_000  # sets that are tried one by one, which needs nothing compiled
VANISHED = 1e-9  # entry of a null vector, beside unit rows of its basis, that counts as zero
ROOM = 2**29  # bytes that a search may take


def search_size(U: np.ndarray, size: int, tolerance: float, budget: Budget) -> np.ndarray | None:
    """A dependent set of ``size`` columns; None if there is none, or if ``budget.stopped`` says that the search did not end."""
    n, found = U.shape[0], []
    if math.comb(n, size) <= LITTLE:
        return _one_by_one(U, size, tolerance)
    levels = max(size - 2, 1)
    if not _fits(n * n * U.itemsize * (1 + (levels - 1) * threads_allowed()), budget):
        return None
    gram, h = _products(U)

    def tasks(take: Callable[[], int | None], over: Callable[[], bool]) -> None:
        grams, numbers = np.empty((levels, n if levels > 1 else 0, n), U.dtype), np.empty((levels, n), U.dtype)
        while (first := take()) is not None:
            state, chosen = np.zeros(1, dtype=np.int64), np.zeros(size, dtype=np.int64)
            chosen[0] = first
            answer = AGAIN
            while answer == AGAIN and not over():
                answer = search_sets(U, size, first, tolerance, gram, h, state, chosen, grams, numbers, QUOTA)
            if answer == FOUND:
                found.append(chosen)

    _all(tasks, n - size + 1, budget, found)
    return np.sort(found[0]) if found else None


def prepare(U: np.ndarray, size: int) -> None:
    """Have ``search_size`` compiled if it needs that, so that no clock is stopped by it."""
    if math.comb(U.shape[0], size) > LITTLE:
        _compiled(U.dtype.str)


@cache
def _compiled(kind: str) -> None:
    few = np.eye(3, dtype=kind)
    state, chosen = np.zeros(1, dtype=np.int64), np.zeros(3, dtype=np.int64)
    search_sets(few, 3, 0, 0.0, few, few[0], state, chosen, few[None], few[:1], 1)


def _one_by_one(U: np.ndarray, size: int, tolerance: float) -> np.ndarray | None:
    """The same for few sets, by their singular values."""
    sets = np.array(list(itertools.combinations(range(U.shape[0]), size)), dtype=int).reshape(-1, size)
    if size > U.shape[1]:
        return sets[0] if sets.size else None
    for start in range(0, len(sets), 4096):
        part = sets[start : start + 4096]
        least = np.linalg.svd(U[part], compute_uv=False)[:, -1]
        if least.min() <= tolerance:
            return part[int(least.argmin())]
    return None


def search_null_space(N: np.ndarray, budget: Budget) -> tuple[np.ndarray, bool]:
    """The support of a null vector with the fewest nonzeros, and whether rounding left no doubt; N is (n, d), d at least 3."""
    N = np.ascontiguousarray(N / np.linalg.norm(N, axis=1)[:, None])
    n, d = N.shape
    gram, h = _products(N)
    results: list[tuple[int, np.ndarray, int]] = []

    def tasks(take: Callable[[], int | None], over: Callable[[], bool]) -> None:
        grams, numbers = np.empty((d - 2, n, n), N.dtype), np.empty((d - 2, n), N.dtype)
        best, zeros, doubt = 0, np.zeros(n, dtype=bool), 0
        while (first := take()) is not None:
            state, chosen = np.zeros(3, dtype=np.int64), np.zeros(d - 1, dtype=np.int64)
            chosen[0] = first
            answer = AGAIN
            while answer != FINISHED and not over():
                answer = search_zeros(d, first, gram, h, state, chosen, grams, numbers, best, QUOTA)
                if answer == FOUND:
                    here = _zeros(N, chosen)
                    best, zeros = max((best, zeros), (int(here.sum()), here), key=lambda one: one[0])
            doubt |= int(state[1])
        results.append((best, zeros, doubt))

    _all(tasks, n - d + 2, budget, [])
    most = max(results, key=lambda one: one[0], default=(0, np.zeros(n, dtype=bool), 1))
    return np.flatnonzero(~most[1]), not any(doubt for *_, doubt in results)


def _zeros(N: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Where the null vector N c vanishes that does so on the chosen rows; nowhere if these are dependent."""
    _, lengths, directions = np.linalg.svd(N[chosen])
    if lengths[-1] <= VANISHED:
        return np.zeros(N.shape[0], dtype=bool)
    return np.abs(N @ directions[-1].conj()) <= VANISHED


def null_space_seconds(n: int, d: int) -> float:
    """About how long ``search_null_space`` takes on one core."""
    return math.comb(n, d - 2) * n * n * 5e-10


def sizes_seconds(n: int, low: float, high: float) -> float:
    """About how long ``search_size`` takes on one core for all sizes from ``low`` to below ``high``."""
    sizes = range(int(low), int(high))
    return sum(3e-10 * math.comb(n, w) + 3e-9 * math.comb(n, w - 1) + 3e-8 * math.comb(n, w - 2) for w in sizes)


def _products(U: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inner products <u_i, u_j> of the rows, and those with a random vector."""
    h = stream(0, "dependent sets").standard_normal(U.shape[1])
    return np.ascontiguousarray(U.conj() @ U.T), U @ np.asarray(h, dtype=U.dtype)


def _fits(bytes_needed: int, budget: Budget) -> bool:
    if bytes_needed > ROOM:
        budget.stop(f"a search would take {bytes_needed / 1e9:.1f} GB of memory, above {ROOM / 1e9:.1f} GB")
    return bytes_needed <= ROOM


def _all(tasks: Callable[..., None], count: int, budget: Budget, found: list[Any]) -> None:
    """Deal the first columns 0, ..., ``count`` - 1 out to the threads, until one of them has found something."""
    numbers, ended, threads = itertools.count(), threading.Event(), threads_allowed()

    def take() -> int | None:
        first = next(numbers)
        return None if over() or first >= count else first

    def over() -> bool:
        return bool(found) or ended.is_set() or budget.spent()

    try:
        with single_threaded():
            in_parallel(tasks, [(take, over)] * threads)
    finally:
        ended.set()

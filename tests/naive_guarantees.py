"""Slow twins of the figures on which theorems rest, by enumeration, and whether solvers keep what is promised."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np

from sparsecs.core.randomness import stream


def isometry(matrix: np.ndarray, q: int, unit: bool) -> tuple[float, float]:
    """L and U of order q over all supports, of unit columns or of the matrix with its longest column at length one."""
    norms = np.linalg.norm(matrix, axis=0)
    scaled = matrix / (norms if unit else norms.max())
    q = min(q, matrix.shape[1])
    least, most = np.inf, 0.0
    for support in combinations(range(matrix.shape[1]), q):
        part = scaled[:, support]
        values = np.linalg.eigvalsh(part.conj().T @ part)
        least, most = min(least, float(values[0])), max(most, float(values[-1]))
    return 1 - least, most - 1


def best_delta(matrix: np.ndarray, q: int, unit: bool) -> float:
    """δ_q of the best multiple, as a ratio of extreme eigenvalues."""
    L, U = isometry(matrix, q, unit)
    ratio = (1 + U) / (1 - L) if L < 1 - 1e-14 else np.inf
    return 1.0 if np.isinf(ratio) else (ratio - 1) / (ratio + 1)


def null_space_constant(matrix: np.ndarray, k: int) -> float:
    """The largest part of the l1 norm of a null vector on k entries: a linear program for each support and signs."""
    from scipy.optimize import linprog

    m, n = matrix.shape
    best = 0.0
    for support in combinations(range(n), k):
        for signs in product([-1, 1], repeat=k):
            if signs[0] < 0:
                continue  # h and -h
            cost = np.zeros(2 * n)
            cost[list(support)], cost[n + np.array(support)] = -np.array(signs), signs
            found = linprog(
                cost,
                A_ub=np.ones((1, 2 * n)),
                b_ub=[1.0],
                A_eq=np.hstack([matrix, -matrix]),
                b_eq=np.zeros(m),
                method="highs",
            )
            best = max(best, -float(found.fun))
    return best


def spark(matrix: np.ndarray) -> int:
    """The fewest columns that depend on each other; n + 1 if none do."""
    unit = matrix / np.linalg.norm(matrix, axis=0)
    n = matrix.shape[1]
    for size in range(1, n + 1):
        for support in combinations(range(n), size):
            if size > matrix.shape[0] or np.linalg.svd(unit[:, support], compute_uv=False)[-1] < 1e-10:
                return size
    return n + 1


def signals(n: int, k: int, rng: np.random.Generator, count: int, kind: type = float) -> list[np.ndarray]:
    """k-sparse signals on random supports: equal sizes, sizes over six decades, and Gaussian ones in turn."""
    found = []
    for turn in range(count):
        x = np.zeros(n, dtype=kind)
        support = rng.permutation(n)[:k]
        values = rng.standard_normal(k)
        if kind is complex:
            values = values + 1j * rng.standard_normal(k)
        if turn % 3 == 0:
            values = values / np.abs(values)
        if turn % 3 == 1:
            values = values / np.abs(values) * np.logspace(-3, 3, k) if k > 1 else values
        x[support] = values
        found.append(x)
    return found


def made(code: str) -> Any:
    """The solver that a verdict names, from the code that makes it."""
    import sparsecs

    return eval(code, {name: getattr(sparsecs, name) for name in sparsecs.__all__})


HADAMARD = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
TWINS = np.column_stack([np.eye(4), np.eye(4)[:, 0]])
DEAD = np.column_stack([np.eye(4), np.zeros(4)])


def simplex(m: int) -> np.ndarray:
    """m + 1 unit vectors in m dimensions with all inner products -1/m."""
    frame = np.linalg.qr(np.column_stack([np.ones(m + 1), np.eye(m + 1)[:, :m]]))[0][:, 1:].T
    return frame / np.linalg.norm(frame, axis=0)


FRAMES = {
    "spikes and signs": np.hstack([np.eye(4), HADAMARD / 2]),
    "simplex": simplex(6),
    "identity": np.eye(5),
    "tall": stream(0, "tall").standard_normal((60, 6)),
    "uneven": simplex(6) * np.linspace(1, 1.5, 7),
    "a zero column": DEAD,
    "twins": TWINS,
    "complex": np.exp(2j * np.pi * np.outer([0, 1, 3], np.arange(7)) / 7),
    "one column": np.array([[3.0], [4.0]]),
}

"""Slow twins of what the package computes, written so plainly that they are obviously right."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np


def jacobian_by_differences(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray, step: float = 1e-6) -> Any:
    """The Jacobian of a vector function at x, by central differences; right to about ``step`` squared."""
    columns = [(function(x + step * unit) - function(x - step * unit)) / (2 * step) for unit in np.eye(x.size)]
    return np.column_stack([column.ravel() for column in columns])


def jacobian_by_complex_step(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """The Jacobian of an analytic vector function at x, by steps into the complex plane; right to rounding."""
    return np.column_stack([function(x + 1e-30j * unit).imag.ravel() / 1e-30 for unit in np.eye(x.size)])


def face_splitting(delta: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Entry ((s, c), (o, i)) is delta[s, c, o] * features[s, i]."""
    samples, outputs, width = delta.shape
    inputs = features.shape[1]
    matrix = np.zeros((samples * outputs, width * inputs), dtype=np.result_type(delta, features))
    for s in range(samples):
        for c in range(outputs):
            for o in range(width):
                for i in range(inputs):
                    matrix[s * outputs + c, o * inputs + i] = delta[s, c, o] * features[s, i]
    return matrix


def column_norms(matrix: np.ndarray) -> np.ndarray:
    """Euclidean norms of the columns, by ``math.hypot``, which neither overflows nor underflows."""
    return np.array([math.hypot(*(abs(complex(entry)) for entry in column)) for column in matrix.T])


def soft(x: np.ndarray, threshold: float) -> np.ndarray:
    """Each entry moved towards zero by ``threshold``, and no further than zero."""
    return np.array([math.copysign(max(abs(v) - threshold, 0), v) for v in x.tolist()], dtype=x.dtype)


def hard(x: np.ndarray, threshold: float) -> np.ndarray:
    """Each entry that is larger than ``threshold`` in modulus, else zero."""
    return np.array([v if abs(v) > threshold else 0 for v in x.tolist()], dtype=x.dtype)


def keep_largest(x: np.ndarray, k: int) -> np.ndarray:
    """The k entries of largest modulus, of equal ones the first, else zero."""
    best = sorted(range(x.size), key=lambda i: (-abs(float(x[i])), i))[: max(k, 0)]
    return np.array([x[i] if i in best else 0 for i in range(x.size)], dtype=x.dtype)


def block_norms(x: np.ndarray, labels: np.ndarray, blocks: int) -> np.ndarray:
    """The Euclidean norm of each block."""
    return np.array([math.hypot(*x[labels == g].tolist()) if (labels == g).any() else 0.0 for g in range(blocks)])


def block_soft(x: np.ndarray, thresholds: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Each block shortened by its threshold, and no further than to zero."""
    out = np.zeros(x.size)
    for g, threshold in enumerate(thresholds):
        length = math.hypot(*x[labels == g].tolist()) if (labels == g).any() else 0.0
        if length > threshold:
            out[labels == g] = x[labels == g].astype(float) * (1 - threshold / length)
    return out.astype(x.dtype)


def first_largest(values: np.ndarray, slack: float) -> int:
    """The first position whose value is at least the largest one times 1 - slack; NaN is passed over."""
    top = max(v for v in values.tolist() if not math.isnan(v))
    return next(i for i, v in enumerate(values.tolist()) if v >= top * (1 - slack))


def alikeness(a: np.ndarray, b: np.ndarray) -> float:
    """The modulus of the cosine between two vectors that are not zero."""
    return float(abs(np.vdot(a / np.abs(a).max(), b / np.abs(b).max()))) / (
        float(np.linalg.norm(a / np.abs(a).max())) * float(np.linalg.norm(b / np.abs(b).max()))
    )


def babel(matrix: np.ndarray, s: int) -> float:
    """The largest sum of the alikenesses of one live column with s others, over all choices; s = 1 is the coherence."""
    live = [column for column in matrix.T if column.any()]
    best = 0.0
    for i, one in enumerate(live):
        others = [alikeness(one, other) for j, other in enumerate(live) if j != i]
        best = max(best, *(sum(chosen) for chosen in combinations(others, s)))
    return best


def collinear_classes(matrix: np.ndarray, bar: float = 1e-9) -> list[list[int]]:
    """Classes of live columns that are multiples of each other, by comparing all pairs; only those of two or more."""
    classes: list[list[int]] = []
    for j, column in enumerate(matrix.T):
        if column.any():
            home = [c for c in classes if _is_multiple(matrix[:, c[0]], column, bar)]
            if home:
                home[0].append(j)
            else:
                classes.append([j])
    return [found for found in classes if len(found) > 1]


def _is_multiple(a: np.ndarray, b: np.ndarray, bar: float) -> bool:
    pivot = int(np.abs(a).argmax())
    return float(np.abs(b - a * (b[pivot] / a[pivot])).max()) <= bar * float(np.abs(b).max())


def exact_rank(matrix: np.ndarray) -> int:
    """The rank of a matrix of whole numbers, by elimination in fractions."""
    rows = [[Fraction(int(entry)) for entry in row] for row in matrix.tolist()]
    rank = 0
    for column in range(len(rows[0])):
        pivot = next((r for r in range(rank, len(rows)) if rows[r][column] != 0), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for r in range(rank + 1, len(rows)):
            factor = rows[r][column] / rows[rank][column]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[rank], strict=True)]
        rank += 1
    return rank


def refit(matrix: np.ndarray, y: np.ndarray, support: Any) -> np.ndarray:
    """The vector on a support that fits y best in least squares."""
    x = np.zeros(matrix.shape[1])
    x[list(support)] = np.linalg.lstsq(matrix[:, list(support)], y, rcond=None)[0]
    return x


def best_subset(matrix: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """The vector with k nonzeros that fits y best, by trying every support."""
    fits = [refit(matrix, y, support) for support in combinations(range(matrix.shape[1]), k)]
    return min(fits, key=lambda x: float(np.linalg.norm(y - matrix @ x)))


def omp(matrix: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """Orthogonal matching pursuit with a fresh least-squares fit in every step."""
    support: list[int] = []
    x = np.zeros(matrix.shape[1])
    for _ in range(k):
        residual = y - matrix @ x
        gains = [
            -1.0 if j in support or not column.any() else abs(column @ residual) / np.linalg.norm(column)
            for j, column in enumerate(matrix.T)
        ]
        support.append(int(np.argmax(gains)))
        x = refit(matrix, y, support)
    return x


def lowest_nearby(objective: Callable[[np.ndarray], float], x: np.ndarray, rng: np.random.Generator) -> float:
    """The lowest value of an objective at many points near x and at x with some entries set to zero."""
    points = [x + scale * rng.standard_normal(x.size) for scale in np.logspace(-8, 0.5, 60) for _ in range(4)]
    points += [np.where(rng.random(x.size) < 0.3, 0, point) for point in points]
    points += [x * factor for factor in np.linspace(0, 2, 41)]
    for i in range(x.size):
        points += [np.where(np.arange(x.size) == i, value, x) for value in np.linspace(-4, 4, 33)]
    return min(objective(point) for point in points)

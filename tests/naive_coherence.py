"""Slow twins of what is said of pairs of columns and of dependent columns, so plain that they are obviously right."""

from __future__ import annotations

import math
from itertools import combinations

import naive
import numpy as np


def pairs(matrix: np.ndarray) -> dict[tuple[int, int], float]:
    """|cos| of every pair of columns that are not zero."""
    live = [j for j in range(matrix.shape[1]) if matrix[:, j].any()]
    return {(i, j): min(naive.alikeness(matrix[:, i], matrix[:, j]), 1.0) for i, j in combinations(live, 2)}


def counts(matrix: np.ndarray, edges: list[float]) -> list[int]:
    """How many pairs lie in each bin; the last one holds its right edge."""
    found = [0] * (len(edges) - 1)
    for value in pairs(matrix).values():
        for b in range(len(found)):
            last = b == len(found) - 1
            if edges[b] <= value < edges[b + 1] or (last and value == edges[-1]):
                found[b] += 1
    return found


def blocks(matrix: np.ndarray, labels: list[int], number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The largest and the mean |cos| within and between blocks, and the number of pairs; columns labelled -1 are left out."""
    values: list[list[list[float]]] = [[[] for _ in range(number)] for _ in range(number)]
    for (i, j), value in pairs(matrix).items():
        if min(labels[i], labels[j]) >= 0:
            for a, b in {(labels[i], labels[j]), (labels[j], labels[i])}:
                values[a][b].append(value)
    largest = np.array([[max(cell, default=0.0) for cell in row] for row in values])
    mean = np.array([[sum(cell) / max(len(cell), 1) for cell in row] for row in values])
    return largest, mean, np.array([[len(cell) for cell in row] for row in values])


def spark(matrix: np.ndarray) -> float:
    """The least number of dependent columns of a matrix of whole numbers, by exact elimination on every set of columns."""
    n = matrix.shape[1]
    for size in range(1, n + 1):
        if any(naive.exact_rank(matrix[:, list(chosen)]) < size for chosen in combinations(range(n), size)):
            return size
    return math.inf


def complex_spark(matrix: np.ndarray) -> float:
    """The same for complex whole numbers: A z = 0 over C is a real system of twice the size."""
    n = matrix.shape[1]
    for size in range(1, n + 1):
        for chosen in combinations(range(n), size):
            part = matrix[:, list(chosen)]
            real = np.block([[part.real, -part.imag], [part.imag, part.real]])
            if naive.exact_rank(real) < 2 * size:
                return size
    return math.inf

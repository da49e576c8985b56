"""Restricted isometry constants by looking at every support: slow, and obviously right."""

from __future__ import annotations

from itertools import combinations

import numpy as np


def extreme_eigenvalues(matrix: np.ndarray, support: tuple[int, ...] | np.ndarray) -> tuple[float, float]:
    """The least and the largest eigenvalue of the Gram matrix of some columns: squares of their singular values."""
    chosen = matrix[:, list(support)]
    values = np.linalg.svd(chosen, compute_uv=False) ** 2
    dependent = chosen.shape[1] > chosen.shape[0]
    return 0.0 if dependent else float(values[-1]), float(values[0])


def isometry_constants(matrix: np.ndarray, k: int) -> tuple[float, float]:
    """L and U of order k."""
    ends = [extreme_eigenvalues(matrix, support) for support in combinations(range(matrix.shape[1]), k)]
    return 1 - min(low for low, _ in ends), max(high for _, high in ends) - 1


def unit_columns(matrix: np.ndarray) -> np.ndarray:
    """Columns at length one, zero columns as they are."""
    lengths = np.linalg.norm(matrix, axis=0)
    return matrix / np.where(lengths > 0, lengths, 1)


def definite_everywhere(matrix: np.ndarray, k: int) -> bool:
    """Whether a Hermitian matrix is positive definite on every support of k indices."""
    return all(
        np.linalg.eigvalsh(matrix[np.ix_(support, support)])[0] > 0
        for support in combinations(range(matrix.shape[0]), k)
    )

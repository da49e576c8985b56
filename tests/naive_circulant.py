"""Slow twins of circulant matrices, of their geometry, and of products of matrices, written entry by entry."""

from __future__ import annotations

from itertools import combinations

import numpy as np


def circulant_matrix(kernels: np.ndarray, size: int) -> np.ndarray:
    """Entry ((o, t), (i, s)) is k[o, i, t - s], with the difference taken modulo the period."""
    outputs, inputs, length = kernels.shape
    matrix = np.zeros((outputs * size, inputs * size), dtype=kernels.dtype)
    for o in range(outputs):
        for i in range(inputs):
            for t in range(size):
                for s in range(size):
                    if (t - s) % size < length:
                        matrix[o * size + t, i * size + s] = kernels[o, i, (t - s) % size]
    return matrix


def zero_padded_matrix(kernel: np.ndarray, size: int) -> np.ndarray:
    """The "full" convolution of one channel of ``size`` samples, by ``numpy.convolve`` of unit vectors."""
    return np.column_stack([np.convolve(kernel, unit) for unit in np.eye(size)])


def kronecker(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Block (a, i) is left[a, i] times the right factor."""
    return np.vstack([np.hstack([entry * right for entry in row]) for row in left])


def khatri_rao(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Entry ((a, b), j) is left[a, j] * right[b, j]."""
    return np.array(
        [[left[a, j] * right[b, j] for j in range(left.shape[1])] for a in range(len(left)) for b in range(len(right))]
    )


def likeness(matrix: np.ndarray) -> np.ndarray:
    """The moduli of the cosines between the columns that are not zero, with zeros on the diagonal."""
    live = matrix[:, matrix.any(axis=0)]
    unit = live / np.linalg.norm(live, axis=0)
    return np.abs(unit.conj().T @ unit) * (1 - np.eye(live.shape[1]))


def babel(matrix: np.ndarray, s: int) -> float:
    """The largest sum of s entries of a row of the cosines."""
    return float(np.sort(likeness(matrix), axis=1)[:, -s:].sum(axis=1).max())


def isometry(matrix: np.ndarray, k: int) -> tuple[float, float]:
    """L and U of order k, over all supports of k columns."""
    spectra = [
        np.linalg.svd(matrix[:, support], compute_uv=False)[:k] if k <= len(matrix)
        else np.append(np.linalg.svd(matrix[:, support], compute_uv=False), 0)
        for support in map(list, combinations(range(matrix.shape[1]), k))
    ]  # fmt: skip
    return 1 - min(values.min() for values in spectra) ** 2, max(values.max() for values in spectra) ** 2 - 1


def spark(matrix: np.ndarray) -> int:
    """The smallest number of dependent columns; one more than there are columns if they are independent."""
    n = matrix.shape[1]
    for k in range(1, n + 1):
        for support in map(list, combinations(range(n), k)):
            if np.linalg.matrix_rank(matrix[:, support]) < k:
                return k
    return n + 1

"""The columns of an operator in units in which their squares neither overflow nor vanish, and their inner products."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sparsecs.operators.base import Operator

TILE = 512


class Columns:
    """The columns of A divided by ``divisors``: their norms, or one power of two. Eigenvalues of A come times ``unit`` squared.

    Parameters
    ----------
    operator : Operator
    normalize : bool
        Whether each column that is not zero is brought to length one.
    """

    def __init__(self, operator: Operator, normalize: bool) -> None:
        self.operator = operator
        norms = np.asarray(operator.column_norms(), dtype=np.float64)
        peak = norms.max(initial=0.0)
        self.unit = 1.0 if normalize or peak == 0 else math.ldexp(1.0, math.frexp(peak)[1])
        self.divisors = np.where(norms > 0, norms, 1.0) if normalize else np.full(norms.size, self.unit)
        self.norms = norms / self.divisors
        self.held: np.ndarray | None = None
        self.dtype = np.dtype(np.complex128 if operator.dtype.kind == "c" else np.float64)

    @property
    def n(self) -> int:
        return self.norms.size

    def chosen(self, support: np.ndarray) -> np.ndarray:
        """The columns of a support, (m, k)."""
        return self.operator.columns(support).astype(self.dtype) / self.divisors[support]

    def extremes(self, support: np.ndarray) -> tuple[float, float]:
        """The least and the largest eigenvalue of the Gram matrix on a support, as squares of singular values."""
        block = self.chosen(support)
        values = np.linalg.svd(block, compute_uv=False)
        return (0.0 if block.shape[1] > block.shape[0] else float(values[-1] ** 2)), float(values[0] ** 2)

    def products(self, part: np.ndarray) -> np.ndarray:
        """Rows ``part`` of the Gram matrix, (|part|, n)."""
        products = self.operator.rmatmat(self.chosen(part)) / self.divisors[:, None]
        return np.ascontiguousarray(products.conj().T)

    def tiles(self, memory: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The rows of the Gram matrix a few at a time, with their positions; within about ``memory`` bytes."""
        rows = max(self.n, self.operator.shape[0]) * self.dtype.itemsize * 6
        tile = max(1, min(TILE, memory // max(rows, 1)))
        for start in range(0, self.n, tile):
            part = np.arange(start, min(start + tile, self.n))
            yield part, self.products(part) if self.held is None else self.held[part]

    def gram(self) -> np.ndarray:
        """The whole Gram matrix, (n, n), exactly Hermitian; it is formed once."""
        if self.held is not None:
            return self.held
        G = np.empty((self.n, self.n), self.dtype)
        for part, rows in self.tiles(2**28):
            G[part] = rows
        G = (G + G.conj().T) / 2
        np.fill_diagonal(G, self.norms**2)
        self.held = G
        return G

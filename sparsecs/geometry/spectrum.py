"""The spectrum of an operator: its norm and its numerical rank."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.core.randomness import stream
from sparsecs.operators.base import DENSE_LIMIT
from sparsecs.operators.door import as_operator


def numerical_rank(A: Any, tolerance: float | None = None) -> int:
    """The number of singular values above ``tolerance`` times the largest one.

    A matrix that fits within a gibibyte is formed, and its singular values are exact up to rounding. A larger operator is
    judged by the eigenvalues of its m × m Gram matrix A Aᴴ, which are squares: singular values below the square root of the
    rounding unit, about 1e-8 of the largest, cannot be seen, and the rank is then a lower bound.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    tolerance : float, optional
        Relative; by default max(m, n) rounding units, or the square root of that for the Gram matrix.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import numerical_rank
    >>> numerical_rank(np.outer(np.arange(3), np.ones(4)))
    1
    """
    operator = as_operator(A)
    unit = max(operator.shape) * float(np.finfo(operator.dtype).eps)
    if operator.nbytes_dense <= DENSE_LIMIT:
        values = np.linalg.svd(operator.dense(), compute_uv=False)
    else:
        values = np.sqrt(np.maximum(np.linalg.eigvalsh(operator.gram()), 0))
        unit = unit**0.5
    bar = unit if tolerance is None else positive(tolerance, "tolerance", zero=True)
    return int(np.count_nonzero(values > bar * values.max()))


def spectral_norm(A: Any, steps: int = 24) -> float:
    """The largest singular value, a lower bound that is tight to a few digits after a few steps.

    Golub-Kahan bidiagonalisation from a fixed random start, with full reorthogonalisation; the same answer every time.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    steps : int
        Products with A and with Aᴴ, each; the bound is exact once they exceed the rank.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import spectral_norm
    >>> round(spectral_norm(np.diag([1.0, 2.0, 3.0])), 9)
    3.0
    """
    operator = as_operator(A)
    m, n = operator.shape
    steps = min(steps, m, n)
    right = np.zeros((n, steps), dtype=operator.dtype)
    image = np.zeros((m, steps), dtype=operator.dtype)
    v = operator.rmatvec(stream(0, "spectral norm").standard_normal(m).astype(operator.dtype))
    for j in range(steps):
        v = _unit(v)
        for _ in range(2):  # once more, since one pass leaves rounding
            v = v - right[:, :j] @ (right[:, :j].conj().T @ v)
        if np.linalg.norm(v) <= 32 * np.sqrt(n) * np.finfo(operator.dtype).eps:  # nothing but rounding is left
            break
        right[:, j] = _unit(v)
        image[:, j] = operator.matvec(right[:, j])
        v = operator.rmatvec(_unit(image[:, j]))
    return float(np.linalg.norm(image, 2))


def _unit(v: np.ndarray) -> np.ndarray:
    """v at length one, whatever its scale; zero if it is."""
    peak = np.abs(v).max()
    if peak == 0:
        return v
    v = v / peak
    return v / np.linalg.norm(v)

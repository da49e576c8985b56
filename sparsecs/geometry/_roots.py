r"""A root R of a covariance, R^T R = Sigma, with as few rows as its rank, by whichever road it is given.

The statistical dimension of R D knows R only up to rotations from the left, so R may be replaced by a triangular factor of
R = Q R'. Of singular matrices the rows that are nothing but rounding are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import finite
from sparsecs.operators.base import DENSE_LIMIT, Operator, vector_norms
from sparsecs.operators.door import as_operator

CHUNK = 256
LOSSY = 1e-8  # of a singular value found by its square


def reduced_root(root: Any, covariance: Any, size: int, complex_data: bool) -> tuple[np.ndarray, np.ndarray]:
    """R with as many rows as its rank, (r, n), and an orthonormal basis of its null space, (n, n − r); both real.

    Parameters
    ----------
    root, covariance : anything that ``as_operator`` takes, or None
        One of them.
    size : int
        The number of columns that are asked for.
    complex_data : bool
        Whether coordinates are complex: each is then a pair of real ones, real parts first.
    """
    name = "root" if covariance is None else "covariance"
    operator = as_operator(root if covariance is None else covariance)
    if operator.shape[1] != size or (covariance is not None and operator.shape[0] != size):
        asked = f"(any, {size})" if covariance is None else f"({size}, {size})"
        raise ValueError(
            f"{name} has shape {operator.shape} but {asked} was asked for, since x has {size} coefficients."
        )
    if covariance is None and operator.nbytes_dense <= DENSE_LIMIT:
        matrix = finite(operator.dense().astype(np.result_type(operator.dtype, np.float64)), name)
    else:
        matrix = _of_covariance(_gram(operator) if covariance is None else operator.dense())
    if complex_data:
        matrix = np.block([[matrix.real, -matrix.imag], [matrix.imag, matrix.real]])
    elif np.iscomplexobj(matrix):
        raise TypeError(f"{name} is complex, so its cone lives in complex numbers: give x as a complex array too.")
    peak = float(np.abs(matrix).max(initial=0))
    if peak == 0:
        return np.zeros((0, matrix.shape[1])), np.eye(matrix.shape[1])
    return _without_null_space(matrix / peak)


def _gram(operator: Operator) -> np.ndarray:
    """RᴴR of a root too large to form, by products."""
    n = operator.shape[1]
    if n * n * operator.dtype.itemsize > DENSE_LIMIT:
        raise MemoryError(
            f"The {n} x {n} Gram matrix of the root would take {n * n * 8 / 1e9:.1f} GB; fewer columns, please."
        )
    out = np.empty((n, n), dtype=np.result_type(operator.dtype, np.float64))
    for start in range(0, n, CHUNK):
        part = np.arange(start, min(start + CHUNK, n))
        out[:, part] = operator.rmatmat(operator.columns(part))
    return out


def _of_covariance(matrix: np.ndarray) -> np.ndarray:
    """A root of a positive semidefinite matrix; eigenvalues within rounding of zero are zero."""
    sigma = finite(matrix.astype(np.result_type(matrix.dtype, np.float64)), "covariance")
    peak = float(np.abs(sigma).max(initial=0)) or 1.0
    sigma = sigma / peak
    if np.abs(sigma - sigma.conj().T).max(initial=0) > LOSSY:
        raise ValueError("covariance must be symmetric; if it is a matrix of rows or a root, give it as root=.")
    values, vectors = np.linalg.eigh((sigma + sigma.conj().T) / 2)
    if values[0] < -LOSSY * max(values[-1], 0):
        raise ValueError(
            f"covariance must have no negative eigenvalue; one is {values[0] / values[-1]:.2g} of the largest."
        )
    live = values > 10 * values.size * np.finfo(float).eps * values[-1]
    return np.sqrt(values[live] * peak)[:, None] * vectors[:, live].conj().T


def _without_null_space(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    p, n = matrix.shape
    if p > n:
        matrix = np.asarray(np.linalg.qr(matrix, mode="r"))
    lengths = vector_norms(matrix)
    scale = np.where(lengths > 0, lengths, 1)
    unit = matrix / scale  # so that a short column is no null direction
    if matrix.shape[0] == n and lengths.all():
        values = np.linalg.eigvalsh(unit.T @ unit)
        if values[0] > 1e-6 * LOSSY * values[-1] * n:
            return _upright(np.asarray(np.linalg.qr(matrix, mode="r"))), np.zeros((n, 0))
    _, values, right = np.linalg.svd(unit, full_matrices=True)
    rank = int(np.count_nonzero(values > 10 * max(p, n) * np.finfo(float).eps * values[0]))
    null = right[rank:].T / scale[:, None]
    kept = np.asarray(np.linalg.qr((values[:rank, None] * right[:rank]) * scale, mode="r"))
    kept[:, lengths == 0] = 0.0  # what has no length gets none by rounding
    basis = np.linalg.qr(null)[0] if null.size else np.zeros((n, 0))
    return _upright(kept), basis


def _upright(triangle: np.ndarray) -> np.ndarray:
    """The triangular factor with its diagonal at least zero: then it follows from RᵀR alone."""
    signs = np.where(np.diagonal(triangle) < 0, -1.0, 1.0)
    return signs[:, None] * triangle

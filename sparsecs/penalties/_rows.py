"""What several penalties ask of an array: the sizes of its rows, the groups of its rows, and thresholds for each entry."""

from __future__ import annotations

import numpy as np

from sparsecs.kernels.block_thresholding import block_norms


def row_sizes(x: np.ndarray) -> np.ndarray:
    """The moduli of a vector, or the Euclidean norms of the rows of a matrix; an (n,) array."""
    return np.abs(x) if x.ndim == 1 else block_norms(x, np.arange(x.shape[0]), x.shape[0]).astype(x.real.dtype)


def of_rows(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """One value a row of x, shaped so that it multiplies x."""
    return values if x.ndim == 1 else values[:, None]


def bars(weights: np.ndarray, factor: float) -> np.ndarray:
    """Weights times a factor, infinite where a weight is, even if the factor is zero."""
    return np.multiply(weights, factor, out=np.full(weights.shape, np.inf), where=weights < np.inf)


def labels_of(x: np.ndarray, groups: np.ndarray | None, name: str) -> np.ndarray:
    """The groups that were given; without them each row of a matrix is one."""
    if groups is not None:
        return groups
    if x.ndim == 2:
        return np.arange(x.shape[0])
    raise ValueError(f"{name} needs the groups of the coefficients: give groups=, a label for each column.")


def group_costs(labels: np.ndarray, weights: np.ndarray | None, root_size: bool, name: str) -> np.ndarray:
    """What the norm of each group costs: its weight, times the root of its size if ``root_size``."""
    sizes = np.bincount(labels)
    costs = np.ones(sizes.size) if weights is None else weights
    if costs.size != sizes.size:
        raise ValueError(f"{name} takes one weight for each of the {sizes.size} groups; got {costs.size}.")
    return costs * np.sqrt(sizes) if root_size else costs

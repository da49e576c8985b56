"""What a method chooses from: single columns, rows of an x with several columns, or groups of them.

Every method that chooses the k strongest of something chooses blocks: a column alone, or all columns of a group. The size of
a block is the Euclidean norm of all its entries, so a group of one, or a y with one column, changes nothing.
"""

from __future__ import annotations

import numpy as np

from sparsecs.kernels.thresholding import block_norms, keep_largest


def block_sizes(values: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
    """The sizes of the blocks of an (n,) or (n, p) array: (n,), or one for each group."""
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]  # rounds like the plain array that it is
    sizes = np.abs(values) if values.ndim == 1 else np.linalg.norm(values, axis=1)
    return sizes if groups is None else block_norms(sizes, groups, int(groups.max()) + 1)


def largest_blocks(sizes: np.ndarray, k: int) -> np.ndarray:
    """The positions, at most k and in order, of the largest sizes that are not zero; of equal ones the first."""
    return np.flatnonzero(keep_largest(sizes, k))


def members_of(blocks: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
    """The columns of some blocks, in order."""
    return blocks if groups is None else np.flatnonzero(np.isin(groups, blocks))


def chosen_columns(values: np.ndarray, k: int, groups: np.ndarray | None) -> np.ndarray:
    """The columns, in order, of the k largest blocks that are not zero."""
    return members_of(largest_blocks(block_sizes(values, groups), k), groups)


def keep_chosen(values: np.ndarray, k: int, groups: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """``values`` with all but the k largest blocks set to zero, and the columns of those blocks."""
    if values.ndim == 1 and groups is None:
        kept = keep_largest(values, k)
        return kept, np.flatnonzero(kept)
    chosen = chosen_columns(values, k, groups)
    kept = np.zeros_like(values)
    kept[chosen] = values[chosen]
    return kept, chosen


def keep_blocks(values: np.ndarray, k: int, groups: np.ndarray | None) -> np.ndarray:
    """``values`` with all but the k largest blocks set to zero: the projection onto the k-sparse arrays."""
    return keep_chosen(values, k, groups)[0]

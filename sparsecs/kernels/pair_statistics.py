r"""What is gathered from tiles of moduli |<u_i, u_j>|: the s largest of each column, counts, and the largest between blocks.

Each entry of a tile off the diagonal is a new pair, which counts for its row and for its column. In a tile that begins on the
diagonal only the entries right of it are new.
"""

from __future__ import annotations

import numpy as np
from numba import njit

CELLS = 1 << 16  # of the fine counts on [0, 1]


@njit(cache=True, nogil=True, inline="always")
def _replace(heap, value):
    """Put ``value`` in place of the least, which stands first, and sink it."""
    size, at = heap.size, 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = value


@njit(cache=True, nogil=True)
def keep_largest_of_rows(tile, heaps):
    """Enter the entries of each row into its heap of the largest so far; ``heaps`` is (rows, s) and starts as zeros."""
    for i in range(tile.shape[0]):
        heap = heaps[i]
        for j in range(tile.shape[1]):
            value = min(tile[i, j], 1.0)
            if value > heap[0]:
                _replace(heap, value)


@njit(cache=True, nogil=True)
def keep_largest_of_both(tile, diagonal, row_heaps, column_heaps):
    """Enter each new pair into the heap of its row and into that of its column."""
    floors = column_heaps[:, 0].copy()  # on the diagonal a row comes after all entries that count for it as a column
    for i in range(tile.shape[0]):
        heap = row_heaps[i]
        for j in range(i + 1 if diagonal else 0, tile.shape[1]):
            value = min(tile[i, j], 1.0)
            if value > heap[0]:
                _replace(heap, value)
            if value > floors[j]:
                _replace(column_heaps[j], value)
                floors[j] = column_heaps[j, 0]


@njit(cache=True, nogil=True)
def count_values(tile, diagonal, edges, guide, cells, counts):
    """Count the new pairs by fine cells and by the bins between ``edges``; their sum and that of their squares comes back.

    ``guide`` names the bin in which each cell begins, or the first; pairs outside all bins are counted in none.
    """
    total = squares = 0.0
    last = edges.size - 2
    for i in range(tile.shape[0]):
        here = squares_here = 0.0
        for j in range(i + 1 if diagonal else 0, tile.shape[1]):
            value = min(tile[i, j], 1.0)
            here += value
            squares_here += value * value
            cell = min(int(value * CELLS), CELLS - 1)
            cells[cell] += 1
            if edges[0] <= value <= edges[last + 1]:
                found = guide[cell]
                while found < last and value >= edges[found + 1]:
                    found += 1
                counts[found] += 1
        total += here
        squares += squares_here
    return total, squares


@njit(cache=True, nogil=True)
def pool(tile, diagonal, row_labels, column_labels, largest, sums):
    """Enter each new pair into the largest and the sum of its pair of blocks; labels never fall."""
    for i in range(tile.shape[0]):
        row = row_labels[i]
        j = i + 1 if diagonal else 0
        while j < tile.shape[1]:
            label = column_labels[j]
            top = total = 0.0
            while j < tile.shape[1] and column_labels[j] == label:
                value = min(tile[i, j], 1.0)
                top = max(top, value)
                total += value
                j += 1
            largest[row, label] = max(largest[row, label], top)
            sums[row, label] += total


def guide_to(edges: np.ndarray) -> np.ndarray:
    """For each fine cell the bin that its left end lies in, or the first.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.pair_statistics import guide_to
    >>> guide_to(np.array([0.0, 0.5, 1.0]))[[0, 32767, 32768]]
    array([0, 0, 1])
    """
    starts = np.arange(CELLS) / CELLS
    return np.clip(np.searchsorted(edges, starts, side="right") - 1, 0, edges.size - 2)

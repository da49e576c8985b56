"""How alike the columns of one block are to each other and to those of other blocks: layers of a network, for example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sparsecs.core.checks import indices, quote
from sparsecs.geometry._pairs import MEMORY, Pairs
from sparsecs.kernels.pair_statistics import pool
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator
from sparsecs.operators.selected import Selected


@dataclass(frozen=True, eq=False)
class BlockCoherence:
    """The largest and the mean |cos| of columns within a block, on the diagonal, and between two blocks, off it.

    Parameters
    ----------
    names : tuple of str
        The B blocks.
    largest, mean : (B, B) array
        Symmetric, exact up to rounding; 0 where there is no pair.
    pairs : (B, B) array of int
        How many pairs of columns, zero columns left out.
    zero_columns : (B,) array of int
        How many columns of each block were left out.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import block_coherence
    >>> found = block_coherence(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]]), {"first": slice(0, 2), "second": [2]})
    >>> found.largest.round(12)
    array([[0. , 0.8],
           [0.8, 0. ]])
    >>> found.pairs
    array([[1, 2],
           [2, 0]])
    """

    names: tuple[str, ...]
    largest: np.ndarray
    mean: np.ndarray
    pairs: np.ndarray
    zero_columns: np.ndarray

    def __repr__(self) -> str:
        width = max(8, *(len(name) for name in self.names))
        lines = [
            f"{name:>{width}} " + " ".join(f"{v:.4f}" for v in row)
            for name, row in zip(self.names, self.largest, strict=True)
        ]
        return "\n".join([f"Largest |cos| within and between {len(self.names)} blocks:", *lines])


def block_coherence(A: Any, blocks: Any = None, memory: int = MEMORY) -> BlockCoherence:
    """The largest and the mean |cos| of columns within and between blocks of columns.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns in the blocks that are not zero. Columns are normalised inside.
    blocks : dict, several slices or arrays, or (n,) array of labels, optional
        A dict from names to the columns of each block: slices, positions or masks of n truth values; the same without names;
        or for each column the label of its block. By default the layers of a Jacobian. Columns in no block are left out.
    memory : int
        Bytes that may be used beside A itself.

    Raises
    ------
    ValueError
        If a column is in two blocks, there are no blocks, or fewer than two of their columns are not zero.

    Examples
    --------
    >>> from sparsecs import Linear, Network, Tanh, block_coherence, linearize, stream
    >>> network = Network((3,), (Linear(4), Tanh(), Linear(2)))
    >>> J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(5, 3)))
    >>> block_coherence(J).names
    ('0 Linear', '2 Linear')
    """
    operator = as_operator(A)
    names, labels = _labels(operator, blocks)
    order = np.argsort(labels, kind="stable")
    order = order[np.count_nonzero(labels < 0) :]
    if order.size == 0:
        raise ValueError("The blocks hold no columns.")
    inside = order.size == labels.size and (np.diff(order) > 0).all()
    B = len(names)
    pairs = Pairs(operator if inside else Selected(operator, order), memory, per_column=16)
    mine = labels[order[pairs.live]]
    found = np.zeros((pairs.threads, 2, B, B))

    def see(largest: np.ndarray, sums: np.ndarray, first: int, start: int, tile: np.ndarray) -> None:
        rows, columns = mine[first : first + tile.shape[0]], mine[start : start + tile.shape[1]]
        pool(tile, first == start, rows, columns, largest, sums)

    pairs.visit([partial(see, *one) for one in found])
    counts = np.bincount(mine, minlength=B)
    number = np.outer(counts, counts) - np.diag(counts * (counts + 1) // 2)
    largest, sums = found[:, 0].max(axis=0), found[:, 1].sum(axis=0)
    sums = sums + np.triu(sums, 1).T
    mean = np.minimum(sums / np.maximum(number, 1), 1)
    zero = np.bincount(labels[order], minlength=B) - counts
    return BlockCoherence(names, np.maximum(largest, largest.T), mean, number, zero)


def _labels(operator: Operator, blocks: Any) -> tuple[tuple[str, ...], np.ndarray]:
    """The names of the blocks, and for each column the number of its block, or -1."""
    n = operator.shape[1]
    if blocks is None:
        blocks = getattr(operator, "layer_slices", None)
        if blocks is None:
            raise ValueError(
                f"A {type(operator).__name__} has no layers; say in blocks= which columns belong together."
            )
    if isinstance(blocks, Mapping):
        return tuple(str(name) for name in blocks), _numbers(blocks.values(), n)
    listed = list(blocks) if isinstance(blocks, Iterable) else [blocks]
    if listed and all(isinstance(one, (slice, list, tuple, np.ndarray)) for one in listed):
        return tuple(_named(one, number) for number, one in enumerate(listed)), _numbers(listed, n)
    labels = np.asarray(listed)
    if labels.shape != (n,):
        raise ValueError(f"blocks has shape {labels.shape} but the operator has {n} columns: {quote(blocks)}.")
    values, numbers = np.unique(labels, return_inverse=True)
    return tuple(str(value) for value in values), numbers.reshape(n)


def _numbers(blocks: Iterable[Any], n: int) -> np.ndarray:
    labels = np.full(n, -1)
    for number, block in enumerate(blocks):
        chosen = np.arange(n)[block] if isinstance(block, slice) else indices(block, f"block {number}", n)
        if (labels[chosen] >= 0).any() or np.unique(chosen).size < chosen.size:
            raise ValueError(f"Block {number} holds a column that is already in a block; blocks share no columns.")
        labels[chosen] = number
    return labels


def _named(block: Any, number: int) -> str:
    return f"{block.start or 0}:{'' if block.stop is None else block.stop}" if isinstance(block, slice) else str(number)

"""The Jacobian of a network at one parameter vector: blocks of columns, one for each layer, never formed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from sparsecs.core.checks import indices
from sparsecs.operators.base import Operator


@dataclass(frozen=True, eq=False, repr=False)
class Jacobian(Operator):
    """Blocks side by side, J = [J_1, J_2, ...], each known by its factors.

    ``linearize(network, theta, inputs)`` makes it. Its rows run sample-major, output-minor; its columns run over the
    network's flat parameter vector. ``gram()`` is the empirical neural tangent kernel J Jᵀ.

    Parameters
    ----------
    blocks : tuple of Operator
        All with the same number of rows.
    names : tuple of str
        The layer that each block belongs to.

    Examples
    --------
    >>> from sparsecs import Linear, Network, Tanh, linearize, stream
    >>> network = Network((3,), (Linear(4), Tanh(), Linear(2)))
    >>> J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(5, 3)))
    >>> J.shape
    (10, 26)
    >>> J.layer_slices
    {'0 Linear': slice(0, 16, None), '2 Linear': slice(16, 26, None)}
    """

    blocks: tuple[Any, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        rows = {block.shape[0] for block in self.blocks}
        if len(rows) != 1 or len(self.blocks) != len(self.names):
            raise ValueError(
                f"A Jacobian needs at least one block, all with as many rows, and a name for each; got {len(self.blocks)} "
                f"blocks with {sorted(rows)} rows and {len(self.names)} names."
            )

    @cached_property
    def _edges(self) -> np.ndarray:
        return np.cumsum([0, *(block.shape[1] for block in self.blocks)])

    @property
    def shape(self) -> tuple[int, int]:
        return self.blocks[0].shape[0], int(self._edges[-1])

    @property
    def dtype(self) -> np.dtype:
        return np.result_type(*(block.dtype for block in self.blocks))

    @property
    def layer_slices(self) -> dict[str, slice]:
        """The columns of each layer."""
        edges = [int(edge) for edge in self._edges]
        return {name: slice(*pair) for name, pair in zip(self.names, pairwise(edges), strict=True)}

    def _parts(self, x: np.ndarray) -> Any:
        return zip(self.blocks, np.split(x, self._edges[1:-1]), strict=True)

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return np.sum([block.matvec(part) for block, part in self._parts(x)], axis=0)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        return np.concatenate([block.rmatvec(y) for block in self.blocks])

    def matmat(self, X: np.ndarray) -> np.ndarray:
        return np.sum([block.matmat(part) for block, part in self._parts(X)], axis=0)

    def rmatmat(self, Y: np.ndarray) -> np.ndarray:
        return np.concatenate([block.rmatmat(Y) for block in self.blocks])

    def columns(self, support: Any) -> np.ndarray:
        chosen = indices(support, "support", self.shape[1])
        out = np.empty((self.shape[0], chosen.size), dtype=self.dtype)
        owner = np.searchsorted(self._edges, chosen, side="right") - 1
        for number in np.unique(owner):
            mine = owner == number
            out[:, mine] = self.blocks[number].columns(chosen[mine] - self._edges[number])
        return out

    def column_norms(self) -> np.ndarray:
        real = np.zeros(0, dtype=self.dtype).real.dtype
        return np.concatenate([block.column_norms() for block in self.blocks]).astype(real, copy=False)

    def gram(self) -> np.ndarray:
        total = self.blocks[0].gram().astype(self.dtype, copy=False)
        for block in self.blocks[1:]:
            total += block.gram()
        return total

    @property
    def nbytes(self) -> int:
        """Bytes that the factors hold; ``nbytes_dense`` says what the dense matrix would take."""
        return sum(block.nbytes for block in self.blocks)

"""The group norm, Σ_g w_g ‖x_g‖₂: whole groups are zero or not (Yuan and Lin 2006)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.kernels.thresholding import block_norms, block_soft_threshold
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class GroupL2(Penalty):
    """The sum of the Euclidean norms of disjoint groups.

    Parameters
    ----------
    root_size : bool
        Weigh each group by the square root of its size, so that large groups are not favoured. Off by default: all
        weights are 1.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import GroupL2
    >>> GroupL2().value(np.array([3.0, 4.0, 2.0]), np.array([0, 0, 1]))
    7.0
    """

    uses_groups: ClassVar[bool] = True
    root_size: bool = False

    def _weights(self, groups: np.ndarray) -> np.ndarray:
        sizes = np.bincount(groups)
        return np.sqrt(sizes) if self.root_size else np.ones(sizes.size)

    def value(self, x: np.ndarray, groups: np.ndarray | None = None) -> float:
        weights = self._weights(_given(groups))
        return float(weights @ block_norms(x, _given(groups), weights.size))

    def prox(
        self, v: np.ndarray, step: float, groups: np.ndarray | None = None, out: np.ndarray | None = None
    ) -> np.ndarray:
        return block_soft_threshold(v, step * self._weights(_given(groups)), _given(groups), out)

    def dual_norm(self, z: np.ndarray, groups: np.ndarray | None = None) -> float:
        weights = self._weights(_given(groups))
        norms = block_norms(z, _given(groups), weights.size)
        return float(np.divide(norms, weights, out=np.zeros_like(norms), where=weights > 0).max(initial=0))


def _given(groups: np.ndarray | None) -> np.ndarray:
    if groups is None:
        raise ValueError("GroupL2 needs the groups of the coefficients: give groups=, a label for each column.")
    return groups

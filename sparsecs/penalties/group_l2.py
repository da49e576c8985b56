"""The group norm, Σ_g w_g ‖x_g‖₂: whole groups are zero or not (Yuan and Lin 2006)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.kernels.block_thresholding import block_norms, block_soft_threshold
from sparsecs.penalties._rows import bars, group_costs, labels_of
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class GroupL2(Penalty):
    """The sum of the Euclidean norms of disjoint groups; for x with several columns and no groups, of its rows.

    Parameters
    ----------
    root_size : bool
        Weigh each group by the square root of its size, so that large groups are not favoured. Off by default: all
        weights are 1.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import GroupL2
    >>> GroupL2().value(np.array([3.0, 4.0, 2.0]), groups=np.array([0, 0, 1]))
    7.0
    """

    norm: ClassVar[bool] = True
    separable: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    uses_weights: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    root_size: bool = False

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        labels = labels_of(x, groups, "GroupL2")
        costs = group_costs(labels, weights, self.root_size, "GroupL2")
        norms = block_norms(x, labels, costs.size)
        return weight * float(np.multiply(costs, norms, out=np.zeros_like(norms), where=norms != 0).sum())

    def prox(
        self,
        v: np.ndarray,
        step: float,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        out: np.ndarray | None = None,
    ) -> np.ndarray:
        labels = labels_of(v, groups, "GroupL2")
        costs = group_costs(labels, weights, self.root_size, "GroupL2")
        return block_soft_threshold(v, bars(costs, step * weight), labels, out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        labels = labels_of(z, groups, "GroupL2")
        costs = group_costs(labels, weights, self.root_size, "GroupL2")
        norms = block_norms(z, labels, costs.size)
        return float(np.divide(norms, costs, out=np.zeros_like(norms), where=costs > 0).max(initial=0))

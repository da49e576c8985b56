r"""The sparse group norm, ρ‖x‖₁ + (1 − ρ) Σ_g w_g‖x_g‖₂: few groups, and few coefficients within (Simon et al. 2013).

Its proximal map is soft thresholding of entries, then of groups. x = 0 is optimal from the λ on at which every group has
‖soft(z_g, λ ρ)‖₂ ≤ λ (1 − ρ) w_g; on the entries above λ ρ that is a quadratic equation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive, quote
from sparsecs.kernels.block_thresholding import block_norms, block_soft_threshold
from sparsecs.kernels.sparse_group import critical_weight
from sparsecs.kernels.thresholding import soft_threshold
from sparsecs.penalties._rows import group_costs, labels_of
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class SparseGroup(Penalty):
    """The sparse group norm; for x with several columns and no groups, each of its rows is a group.

    Parameters
    ----------
    ratio : float
        ρ, from 0, the group norm, to 1, the ℓ1 norm.
    root_size : bool
        Weigh each group by the square root of its size, as the authors do. Off by default: all weights are 1.

    References
    ----------
    Simon, Friedman, Hastie and Tibshirani (2013), A sparse-group lasso.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SparseGroup
    >>> SparseGroup(ratio=0.5).prox(np.array([4.0, 5.0, 0.2]), 2.0, groups=np.array([0, 0, 1]))
    array([2.4, 3.2, 0. ])
    """

    norm: ClassVar[bool] = True
    separable: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ratio: float = 0.5
    root_size: bool = False

    def __post_init__(self) -> None:
        if not positive(self.ratio, "ratio", zero=True) <= 1:
            raise ValueError(f"ratio must be between 0 and 1; got {quote(self.ratio)}.")

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        labels = labels_of(x, groups, "SparseGroup")
        costs = self._costs(labels)
        norms = block_norms(x, labels, costs.size)
        return weight * float(self.ratio * np.abs(x).sum(dtype=np.float64) + costs @ norms)

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
        labels = labels_of(v, groups, "SparseGroup")
        out = soft_threshold(v, step * weight * self.ratio, out)
        return block_soft_threshold(out, step * weight * self._costs(labels), labels, out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        labels = labels_of(z, groups, "SparseGroup")
        costs, sizes = self._costs(labels), np.abs(z)
        if z.ndim == 2:
            labels = np.repeat(labels, z.shape[1])
        return critical_weight(sizes.reshape(-1), labels, costs, float(self.ratio))

    def _costs(self, labels: np.ndarray) -> np.ndarray:
        return (1 - self.ratio) * group_costs(labels, None, self.root_size, "SparseGroup")

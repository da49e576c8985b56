"""The ℓ1 norm, ‖x‖₁ = Σ |x_i|; its proximal map is soft thresholding and its dual norm is the largest modulus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.kernels.thresholding import soft_threshold
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class L1(Penalty):
    """The ℓ1 norm.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1
    >>> L1().prox(np.array([3.0, -0.5]), 1.0)
    array([2., 0.])
    """

    def value(self, x: np.ndarray, groups: np.ndarray | None = None) -> float:
        return float(np.abs(x).sum())

    def prox(
        self, v: np.ndarray, step: float, groups: np.ndarray | None = None, out: np.ndarray | None = None
    ) -> np.ndarray:
        return soft_threshold(v, step, out)

    def dual_norm(self, z: np.ndarray, groups: np.ndarray | None = None) -> float:
        return float(np.abs(z).max(initial=0))

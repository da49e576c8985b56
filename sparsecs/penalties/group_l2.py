"""The group norm, Σ_g w_g ‖x_g‖₂: whole groups are zero or not (Yuan and Lin 2006)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.kernels.thresholding import block_norms, block_soft_threshold
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

    def _weights(self, labels: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
        sizes = np.bincount(labels)
        costs = np.ones(sizes.size) if weights is None else weights
        if costs.size != sizes.size:
            raise ValueError(f"GroupL2 takes one weight for each of the {sizes.size} groups; got {costs.size}.")
        return costs * np.sqrt(sizes) if self.root_size else costs

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        labels = _labels(x, groups)
        costs = self._weights(labels, weights)
        norms = _norms(x, labels, costs.size)
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
        labels = _labels(v, groups)
        bars = step * weight * self._weights(labels, weights)
        if v.ndim == 1 and not np.iscomplexobj(v):
            return block_soft_threshold(v, bars, labels, out)
        norms = _norms(v, labels, bars.size)
        keep = np.divide(np.maximum(norms - bars, 0), norms, out=np.zeros_like(norms), where=~(norms <= bars))
        factors = keep[labels].astype(v.real.dtype)
        return np.multiply(v, factors if v.ndim == 1 else factors[:, None], out=out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        labels = _labels(z, groups)
        costs = self._weights(labels, weights)
        norms = _norms(z, labels, costs.size)
        return float(np.divide(norms, costs, out=np.zeros_like(norms), where=costs > 0).max(initial=0))


def _norms(x: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    sizes = np.abs(x) if x.ndim == 1 else np.linalg.norm(x, axis=1)
    return block_norms(sizes, labels, count)


def _labels(x: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
    if groups is not None:
        return groups
    if x.ndim == 2:
        return np.arange(x.shape[0])
    raise ValueError("GroupL2 needs the groups of the coefficients: give groups=, a label for each column.")

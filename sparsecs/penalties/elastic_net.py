"""The elastic net, λ‖x‖₁ + ½ ridge ‖x‖²: like columns share their coefficient (Zou and Hastie 2005)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.kernels.thresholding import soft_threshold
from sparsecs.penalties._rows import bars, of_rows
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class ElasticNet(Penalty):
    """λ‖x‖₁ + ½ ridge ‖x‖², as Zou and Hastie wrote it: λ runs and the ridge stays.

    Parameters
    ----------
    ridge : float
        At least zero, relative to the squared norm of A's longest column; so it has no units, and neither scaling y nor
        scaling A changes what it does. With 0 it is the ℓ1 norm. scikit-learn's α and ``l1_ratio`` = ρ mean, for m
        measurements, λ = m α ρ and an absolute ridge of m α (1 − ρ).

    References
    ----------
    Zou and Hastie (2005), Regularization and variable selection via the elastic net.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import ElasticNet
    >>> ElasticNet(ridge=1.0).prox(np.array([3.0, -0.5]), 1.0)
    array([1., 0.])
    """

    separable: ClassVar[bool] = True
    uses_weights: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    relative: ClassVar[bool] = True
    ridge: float = 0.1

    def __post_init__(self) -> None:
        positive(self.ridge, "ridge", zero=True)

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        costs = np.abs(x)
        square = float(np.square(np.sqrt(self.ridge) * costs).sum())
        if weights is not None:
            costs = np.multiply(costs, of_rows(weights, x), out=np.zeros(x.shape), where=costs != 0)
        return weight * float(costs.sum()) + 0.5 * square

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
        bar = step * weight if weights is None else bars(weights, step * weight)
        out = soft_threshold(v, bar, out)
        return np.divide(out, out.real.dtype.type(1 + step * self.ridge), out=out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        sizes = np.abs(z)
        return float((sizes if weights is None else sizes / of_rows(weights, z)).max(initial=0))

    def limit(
        self,
        z: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        return np.inf if self.ridge > 0 else super().limit(z, weight, groups=groups, weights=weights)

    def conjugate(
        self,
        z: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        if self.ridge == 0:
            return 0.0
        bar = weight if weights is None else of_rows(bars(weights, weight), z)
        beyond = np.maximum(np.abs(z) - bar, 0) / np.sqrt(self.ridge)
        return 0.5 * float(np.square(beyond).sum())

    def scaled_to(self, length: float) -> ElasticNet:
        return dataclasses.replace(self, ridge=self.ridge * length**2)

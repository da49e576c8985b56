"""The number of nonzeros, ‖x‖₀ = #{i : x_i ≠ 0}; its proximal map is hard thresholding."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.kernels.thresholding import hard_threshold
from sparsecs.penalties._rows import bars, of_rows
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class L0(Penalty):
    """λ · ‖x‖₀: every nonzero coefficient costs λ, whatever its size.

    Parameters
    ----------
    length : float
        The norm of a column of A, as a multiple of its longest one. No value depends on it: it says from which λ on a
        proximal gradient step away from x = 0 leads nowhere, which is z²/2 for columns of norm 1.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L0
    >>> L0().value(np.array([3.0, 0.0, -0.1])), L0().prox(np.array([3.0, 0.0, -0.1]), 0.5)
    (2.0, array([3., 0., 0.]))
    """

    convex: ClassVar[bool] = False
    separable: ClassVar[bool] = True
    uses_weights: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    degree: ClassVar[int] = 0
    relative: ClassVar[bool] = True
    length: float = 1.0

    def __post_init__(self) -> None:
        positive(self.length, "length")

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        used = np.where(np.isnan(x), np.nan, x != 0)
        if weights is not None:
            used = np.multiply(used, of_rows(weights, x), out=np.zeros(x.shape), where=used != 0)
        return weight * float(used.sum())

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
        if weights is None:
            return hard_threshold(v, np.sqrt(2 * step) * np.sqrt(weight), out)
        edges = np.sqrt(2 * bars(weights, step)) * np.sqrt(weight)
        kept = np.where(np.abs(v) <= of_rows(edges, v), v.dtype.type(0), v)
        if out is None:
            return kept
        out[...] = kept
        return out

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        sizes = np.abs(z) / self.length
        if weights is not None:
            sizes = sizes / np.sqrt(of_rows(weights, z))
        top = float(sizes.max(initial=0))
        return 0.5 * top * top

    def scaled_to(self, length: float) -> L0:
        return dataclasses.replace(self, length=self.length * length)

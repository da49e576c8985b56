r"""The sorted ℓ1 norm (SLOPE), Σ w_i |x|_(i): the largest coefficient meets the largest weight (Bogdan et al. 2015)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import probability, quote
from sparsecs.kernels.sorted_l1 import falling, sorted_l1_prox
from sparsecs.penalties._rows import of_rows, row_sizes
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class SortedL1(Penalty):
    """The sorted ℓ1 norm; of an x with several columns, that of the norms of its rows.

    Parameters
    ----------
    weights : tuple of float, optional
        One for each coefficient, from the largest to the smallest. By default those of Benjamini and Hochberg,
        w_i = Φ⁻¹(1 − i q / (2 n)).
    q : float
        The share of false discoveries those weights aim at, between 0 and 1.

    References
    ----------
    Bogdan, van den Berg, Sabatti, Su and Candès (2015), SLOPE: adaptive variable selection via convex optimization.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SortedL1
    >>> SortedL1(weights=(3.0, 2.0, 1.0)).prox(np.array([1.0, -5.0, 4.5]), 1.0)
    array([ 0.  , -2.25,  2.25])
    """

    norm: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    weights: tuple[float, ...] | None = None
    q: float = 0.1

    def __post_init__(self) -> None:
        probability(self.q, "q")
        if self.weights is not None:
            if not isinstance(self.weights, tuple):
                raise TypeError(
                    f"weights must be a tuple of numbers, so that it can be hashed; got {quote(self.weights)}."
                )
            costs = np.array(self.weights, dtype=np.float64)
            if costs.size == 0 or not costs[0] > 0 or not falling(costs):
                raise ValueError(f"weights must be above zero at first and never rise; got {quote(self.weights)}.")

    def sequence(self, n: int) -> np.ndarray:
        """The weights for n coefficients, an (n,) array."""
        if self.weights is None:
            from scipy.special import ndtri

            return -ndtri(np.arange(1, n + 1) * (self.q / (2 * n)))
        if len(self.weights) != n:
            raise ValueError(f"{len(self.weights)} weights were given for {n} coefficients.")
        return np.array(self.weights, dtype=np.float64)

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        sizes = np.sort(row_sizes(x))[::-1]
        return weight * float(self.sequence(sizes.size) @ sizes)

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
        costs = self.sequence(v.shape[0]) * (step * weight)
        if v.ndim == 1:
            return sorted_l1_prox(v, costs, out)
        sizes = row_sizes(v)
        factors = np.divide(sorted_l1_prox(sizes, costs), sizes, out=np.zeros_like(sizes), where=sizes != 0)
        return np.multiply(v, of_rows(factors, v), out=out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        sizes = np.sort(row_sizes(z).astype(np.float64))[::-1]
        top = float(sizes.max(initial=0))
        if not 0 < top < np.inf:
            return top
        return top * float((np.cumsum(sizes / top) / np.cumsum(self.sequence(sizes.size))).max())

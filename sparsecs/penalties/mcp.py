r"""The minimax concave penalty: it pays less and less for larger coefficients, and nothing more beyond γλ (Zhang 2010).

P(x) = sum_i  λ|x_i| - x_i^2 / (2 γ)  for |x_i| <= γ λ,   γ λ^2 / 2  beyond
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import quote
from sparsecs.kernels.thresholding import firm_threshold
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class MCP(Penalty):
    """The minimax concave penalty, which leaves large coefficients as least squares finds them.

    Parameters
    ----------
    gamma : float
        How far it bends, for columns of norm 1: nothing is paid beyond γλ. Above 1, so that one coefficient alone has one
        minimiser; infinity makes it the ℓ1 norm. For columns of norm ℓ solvers take γ/ℓ².

    References
    ----------
    Zhang (2010), Nearly unbiased variable selection under minimax concave penalty.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import MCP
    >>> MCP(gamma=2.0).prox(np.array([0.5, 1.5, -2.5]), 1.0, weight=1.0)
    array([ 0. ,  1. , -2.5])
    """

    convex: ClassVar[bool] = False
    separable: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    relative: ClassVar[bool] = True
    gamma: float = 3.0

    def __post_init__(self) -> None:
        if not self.gamma > 0:
            raise ValueError(f"gamma must be above zero; got {quote(self.gamma)}.")

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        sizes = np.abs(x)
        far = self._far(weight)
        costs = sizes * (weight - sizes / (2 * self.gamma))
        return float(np.where(sizes > far, 0.5 * weight * far if far < np.inf else 0.0, costs).sum())

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
        return firm_threshold(v, step * weight, self._far(weight), out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        return float(np.abs(z).max(initial=0))

    def _far(self, weight: float) -> float:
        return self.gamma * weight if weight > 0 else 0.0

    def scaled_to(self, length: float) -> MCP:
        return dataclasses.replace(self, gamma=self.gamma / length**2)

r"""The smoothly clipped absolute deviation: the ℓ1 norm near zero, constant far out, a parabola between (Fan and Li 2001).

P(x) = sum_i p(x_i),    p'(x) = λ for 0 < x <= λ,    (γ λ - x) / (γ - 1) up to γ λ,    0 beyond
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive, quote
from sparsecs.kernels.thresholding import scad_threshold
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class SCAD(Penalty):
    """The smoothly clipped absolute deviation, which leaves large coefficients as least squares finds them.

    Parameters
    ----------
    gamma : float
        Nothing more is paid beyond γλ, for columns of norm 1. Above 2, so that one coefficient alone has one minimiser;
        infinity makes it the ℓ1 norm.
    length : float
        The norm of columns for which the bends stand at λ/length² and γλ/length²; solvers give that of A's longest one.

    References
    ----------
    Fan and Li (2001), Variable selection via nonconcave penalized likelihood and its oracle properties.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SCAD
    >>> SCAD(gamma=3.0).prox(np.array([0.5, 1.5, 2.5, -4.0]), 1.0, weight=1.0)
    array([ 0. ,  0.5,  2. , -4. ])
    """

    convex: ClassVar[bool] = False
    separable: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    relative: ClassVar[bool] = True
    gamma: float = 3.7
    length: float = 1.0

    def __post_init__(self) -> None:
        if not self.gamma > 2:
            raise ValueError(f"gamma must be above 2; got {quote(self.gamma)}.")
        positive(self.length, "length")

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        knee = weight / self.length**2
        sizes, far = np.abs(x), self.gamma * knee if knee > 0 else 0.0
        inner = np.minimum(sizes, knee) * weight
        bent = np.clip(sizes, knee, far) - knee  # how far into the parabola, whose slope falls from λ to 0
        share = 1 - bent / (2 * (far - knee)) if 0 < far < np.inf else 1.0
        return float((inner + weight * bent * share).sum())

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
        unit = self.length**-2
        return scad_threshold(v, weight * unit, self.gamma, step / unit, out)

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        return float(np.abs(z).max(initial=0))

    def scaled_to(self, length: float) -> SCAD:
        return dataclasses.replace(self, length=self.length * length)

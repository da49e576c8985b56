"""What the two families of bounds on restricted isometry share: L and U, and the k/m up to which they guarantee l1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import one_of, positive
from sparsecs.curves._isometry_limits import log_highest, log_lowest
from sparsecs.curves.base import SMALLEST, Curve

CONDITIONS = ("cai-zhang", "foucart-lai")
LEAST_SHARE = 1e-12  # smaller orders have constants that differ from 0 by less than can be told well


@dataclass(frozen=True)
class IsometryCurve(Curve):
    """Base of curves of bounds on the restricted isometry constants of Gaussian matrices."""

    groups: ClassVar[bool]
    condition: str = "cai-zhang"
    order: float = 2.0

    def __post_init__(self) -> None:
        one_of(self.condition, "condition", CONDITIONS)
        if self.condition == "foucart-lai" and self.order != 2:
            raise ValueError(f"The condition of Foucart and Lai speaks of order 2 (2 k columns); got {self.order}.")
        if positive(self.order, "order") < 4 / 3:
            raise ValueError(
                f"order must be at least 4/3, where the condition of Cai and Zhang begins; got {self.order}."
            )

    @property
    def limit(self) -> float:
        return _reach(self, 1.0)

    @property
    def accuracy(self) -> float:
        return 1e-13

    def L(self, delta: Any, rho: Any) -> Any:
        """The bound on L_k: every k columns, k/m = rho, have squared singular values of at least 1 − L, in the limit of large n.

        Parameters
        ----------
        delta : float or array
            m/n, above 0 and at most 1.
        rho : float or array
            k/m, at least 1e-12 and at most 1.

        Returns
        -------
        float or array
            Of the shape to which both are broadcast.
        """
        return _over_both(lambda d, r: -math.expm1(log_lowest(d, r, self.groups)), delta, rho)

    def U(self, delta: Any, rho: Any) -> Any:
        """The bound on U_k: every k columns, k/m = rho, have squared singular values of at most 1 + U, in the limit of large n.

        Parameters
        ----------
        delta : float or array
            m/n, above 0 and at most 1.
        rho : float or array
            k/m, at least 1e-12 and at most 1.

        Returns
        -------
        float or array
            Of the shape to which both are broadcast.
        """
        return _over_both(lambda d, r: math.expm1(log_highest(d, r, self.groups)), delta, rho)

    def _surplus(self, delta: float, rho: float) -> float:
        """log of (1 + U) / (1 - L) at order * rho, less the largest that the condition allows."""
        share = min(1.0, self.order * rho)
        return log_highest(delta, share, self.groups) - log_lowest(delta, share, self.groups) - self._most

    @property
    def _most(self) -> float:
        if self.condition == "foucart-lai":
            return math.log(4 * math.sqrt(2) - 3)
        bar = math.sqrt((self.order - 1) / self.order)  # on (U + L) / (2 + U - L), delta after the best scaling
        return math.log((1 + bar) / (1 - bar))

    def _rho(self, delta: float) -> float:
        return _reach(self, delta)

    def _delta(self, rho: float) -> float:
        from scipy.optimize import brentq

        if rho == self.limit:
            return 1.0
        low = math.log(SMALLEST)
        return float(np.exp(brentq(lambda log: self._surplus(math.exp(log), rho), low, 0.0, xtol=1e-15, rtol=1e-15)))


@lru_cache(maxsize=512)
def _reach(curve: IsometryCurve, delta: float) -> float:
    from scipy.optimize import brentq

    low, high = math.log(1e-9 / curve.order), math.log((1 - 1e-9) / curve.order)
    return float(np.exp(brentq(lambda log: curve._surplus(delta, math.exp(log)), low, high, xtol=1e-15, rtol=1e-15)))


def _over_both(function: Any, delta: Any, rho: Any) -> Any:
    deltas, rhos = np.broadcast_arrays(np.asarray(delta, dtype=float), np.asarray(rho, dtype=float))
    for values, name, least in ((deltas, "delta", SMALLEST), (rhos, "rho", LEAST_SHARE)):
        outside = ~((values >= least) & (values <= 1))
        if outside.any():
            raise ValueError(f"{name} must be at least {least} and at most 1; got {values[outside].flat[0]}.")
    found = [function(float(d), float(r)) for d, r in zip(deltas.ravel(), rhos.ravel(), strict=True)]
    return float(found[0]) if deltas.ndim == 0 else np.array(found).reshape(deltas.shape)

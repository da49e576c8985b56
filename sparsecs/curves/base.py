"""A curve rho(delta) in the phase plane: delta = m/n measurements an unknown, rho = k/m nonzeros a measurement."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.declaration import Declaration

SMALLEST = 1e-300  # how close to 0 delta is looked for


class Curve(Declaration, ABC):
    """Base of all curves. A member gives ``_rho`` at one delta; it rises from 0 at delta = 0 to 1 at delta = 1.

    Attributes
    ----------
    reference : str
        Where it comes from.
    predicts : str
        Which solvers, signals and matrices it speaks of.
    """

    reference: ClassVar[str]
    predicts: ClassVar[str]

    @abstractmethod
    def _rho(self, delta: float) -> float: ...

    def rho(self, delta: Any) -> Any:
        """k/m on the curve at m/n = delta.

        Parameters
        ----------
        delta : float or array
            Above 0 and at most 1.

        Returns
        -------
        float or array
            Of the same shape.
        """
        return _over(self._rho, delta, "delta")

    def delta(self, rho: Any) -> Any:
        """m/n on the curve at k/m = rho: how many measurements make that many nonzeros recoverable."""
        return _over(self._delta, rho, "rho")

    def _delta(self, rho: float) -> float:
        from scipy.optimize import brentq

        if rho == 1:
            return 1.0
        if rho < self._rho(SMALLEST):
            raise ValueError(f"rho = {rho} lies below the curve down to delta = {SMALLEST}.")
        return float(
            np.exp(brentq(lambda log: self._rho(np.exp(log)) - rho, np.log(SMALLEST), 0.0, xtol=1e-15, rtol=1e-14))
        )

    def sparsity(self, m: int, n: int) -> float:
        """k on the curve for an m × n matrix; a real number."""
        whole_number(n, "n", 1)
        whole_number(m, "m", 1, n, "The curve speaks of matrices with at most as many rows as columns.")
        return float(self.rho(m / n)) * m


def _over(function: Any, values: Any, name: str) -> Any:
    array = np.asarray(values, dtype=float)
    outside = ~((array >= SMALLEST) & (array <= 1))
    if outside.any():
        raise ValueError(
            f"{name} must be above 0 and at most 1, and at least {SMALLEST}; got {array[outside].flat[0]}."
        )
    out = np.array([function(float(value)) for value in array.ravel()]).reshape(array.shape)
    return float(out) if array.ndim == 0 else out

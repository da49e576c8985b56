"""A curve rho(delta) in the phase plane: delta = m/n measurements an unknown, rho = k/m nonzeros a measurement."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.declaration import Declaration

SMALLEST = 1e-300  # how close to 0 delta is looked for


class Curve(Declaration, ABC):
    """Base of all curves. A member gives ``_rho`` at one delta, and its facts where they are not those of the base.

    By these facts it rises strictly from 0 at delta = 0 to 1 at delta = 1. A member that does otherwise says so, with a class
    variable or a property of the same name; the laws of ``sparsecs.testing.check_curve`` are asked by what it says.

    Attributes
    ----------
    reference : str
        Where it comes from.
    predicts : str
        Which solvers, signals and matrices it speaks of.
    start : float
        rho as delta tends to 0.
    limit : float
        rho at delta = 1, the largest on the curve.
    from_delta : float
        Up to here rho is 0, and above it rises.
    rises : bool
        Strictly, above ``from_delta``; off for a curve with a flat part. None falls.
    smallest : float
        The least delta that is answered.
    accuracy : float
        The relative error of rho.
    """

    reference: ClassVar[str]
    predicts: ClassVar[str]

    @property
    def start(self) -> float:
        return 0.0

    @property
    def limit(self) -> float:
        return 1.0

    @property
    def from_delta(self) -> float:
        return 0.0

    @property
    def rises(self) -> bool:
        return True

    @property
    def smallest(self) -> float:
        return SMALLEST

    @property
    def accuracy(self) -> float:
        return 1e-14

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
        return _over(self._rho, delta, "delta", self.smallest)

    def delta(self, rho: Any) -> Any:
        """m/n on the curve at k/m = rho: how few measurements make that many nonzeros recoverable.

        Parameters
        ----------
        rho : float or array
            Above ``start`` and at most ``limit``.

        Returns
        -------
        float or array
            Of the same shape.
        """
        return _over(self._delta_within, rho, "rho", SMALLEST)

    def k(self, m: int, n: int) -> float:
        """k on the curve for an m × n matrix; a real number."""
        whole_number(n, "n", 1)
        whole_number(m, "m", 1, n, "The curve speaks of matrices with at most as many rows as columns.")
        return float(self.at(n).rho(m / n)) * m

    def at(self, n: int) -> Curve:
        """The curve for matrices with n columns: itself, unless it depends on n."""
        return self

    def _delta_within(self, rho: float) -> float:
        if rho > self.limit:
            raise ValueError(f"rho = {rho} lies above the curve, which ends at rho = {self.limit:.12g} for delta = 1.")
        if rho < self._rho(self.smallest) or rho <= self.start:
            raise ValueError(f"rho = {rho} lies below the curve down to delta = {self.smallest}.")
        return self._delta(rho)

    def _delta(self, rho: float) -> float:
        """The least delta with rho(delta) >= rho, for a rho between the ends."""
        from scipy.optimize import brentq

        if rho == self.limit and self.rises:
            return 1.0
        low, high = np.log(max(self.from_delta, self.smallest)), 0.0
        if self.rises:
            return float(np.exp(brentq(lambda log: self._rho(np.exp(log)) - rho, low, high, xtol=1e-15, rtol=1e-14)))
        while high - low > 1e-15 * max(1.0, -low):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self._rho(np.exp(middle)) >= rho else (middle, high)
        return float(np.exp(high))


def _over(function: Any, values: Any, name: str, smallest: float) -> Any:
    array = np.asarray(values, dtype=float)
    outside = ~((array >= smallest) & (array <= 1))
    if outside.any():
        raise ValueError(
            f"{name} must be above 0 and at most 1, and at least {smallest}; got {array[outside].flat[0]}."
        )
    out = np.array([function(float(value)) for value in array.ravel()]).reshape(array.shape)
    return float(out) if array.ndim == 0 else out

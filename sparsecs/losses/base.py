r"""A loss f(z) of the prediction z = A x, smooth and convex.

For a duality gap a member also gives its dual value: the largest lower bound on f(A x) + penalty that a feasible dual point
proves is -f*(-nu), where f* is the convex conjugate. For proximal Newton methods it gives its second derivative.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from sparsecs.core.declaration import Declaration


class Loss(Declaration, ABC):
    """Base of all losses.

    Attributes
    ----------
    smoothness : float
        A bound on the second derivative in z.
    scales : bool
        Whether y is a quantity with units, so that f(c z; c y) is c² f(z; y); labels of classes are not.
    """

    smoothness: ClassVar[float]
    scales: ClassVar[bool] = True

    @abstractmethod
    def value(self, prediction: np.ndarray, y: np.ndarray) -> float:
        """f(z)."""

    @abstractmethod
    def gradient(self, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The gradient of f at z, an array of the shape of y."""

    @abstractmethod
    def curvature(self, prediction: np.ndarray, y: np.ndarray, direction: np.ndarray) -> np.ndarray:
        """The second derivative of f at z, times a direction: an array of the shape of y."""

    @abstractmethod
    def dual_value(self, nu: np.ndarray, y: np.ndarray) -> float:
        """-f*(-nu): what the dual point nu proves."""

    @abstractmethod
    def dual_point(self, direction: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray:
        """The best dual point s * direction with 0 <= s <= limit, for a direction that is minus a gradient of f."""

    def accepts(self, y: np.ndarray) -> None:
        """Refuse a y that the loss has no meaning for."""

    def fitted(self, y: np.ndarray) -> Loss:
        """The same with parameters that are relative to y made absolute."""
        return self

    def rescaled(self, y_exponent: int) -> Loss:
        """The same where y is measured in units of 2^y_exponent."""
        return self

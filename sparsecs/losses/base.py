r"""A loss f(z) of the prediction z = A x, smooth and convex.

For a duality gap a member also gives its dual value: the largest lower bound on f(A x) + penalty that a feasible dual point
proves is -f*(-nu), where f* is the convex conjugate.
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
    """

    smoothness: ClassVar[float]

    @abstractmethod
    def value(self, prediction: np.ndarray, y: np.ndarray) -> float:
        """f(z)."""

    @abstractmethod
    def gradient(self, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The gradient of f at z, an (m,) array."""

    @abstractmethod
    def dual_value(self, nu: np.ndarray, y: np.ndarray) -> float:
        """-f*(-nu): what the dual point nu proves."""

    @abstractmethod
    def dual_point(self, direction: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray:
        """The best dual point s * direction with 0 <= s <= limit."""

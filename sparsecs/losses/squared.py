r"""The squared loss, f(z) = 1/2 ||z - y||^2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.losses.base import Loss


@dataclass(frozen=True)
class Squared(Loss):
    """½‖z − y‖², whose dual value is Re⟨y, ν⟩ − ½‖ν‖².

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Squared
    >>> Squared().value(np.array([3.0, 0.0]), np.array([0.0, 4.0]))
    12.5
    """

    smoothness: ClassVar[float] = 1.0

    def value(self, prediction: np.ndarray, y: np.ndarray) -> float:
        residual = prediction - y
        return 0.5 * _inner(residual, residual)

    def gradient(self, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
        return prediction - y

    def curvature(self, prediction: np.ndarray, y: np.ndarray, direction: np.ndarray) -> np.ndarray:
        return direction

    def dual_value(self, nu: np.ndarray, y: np.ndarray) -> float:
        return _inner(y, nu) - 0.5 * _inner(nu, nu)

    def dual_point(self, direction: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray:
        square = _inner(direction, direction)
        best = _inner(y, direction) / square if square > 0 else 0.0
        return direction * min(max(best, 0.0), limit)


def _inner(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.vdot(a, b).real)

r"""Huber's loss, f(z) = sum_i h(|z_i - y_i|): a parabola near, a line far out, so that single wild data pull little.

h(r) = r^2 / 2  for r <= delta,   delta r - delta^2 / 2  beyond
-f*(-nu) = Re<y, nu> - 1/2 ||nu||^2        for |nu_i| <= delta
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.losses.base import Loss


@dataclass(frozen=True)
class Huber(Loss):
    """Huber's loss, whose influence of one datum is at most δ (Huber 1964).

    Parameters
    ----------
    delta : float, optional
        δ itself, in the units of y. By default it is ``relative_delta`` times the mean modulus of y.
    relative_delta : float
        Used if ``delta`` is None.

    References
    ----------
    Huber (1964), Robust estimation of a location parameter.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Huber
    >>> Huber(delta=1.0).gradient(np.array([0.5, 9.0]), np.zeros(2))
    array([0.5, 1. ])
    """

    smoothness: ClassVar[float] = 1.0
    delta: float | None = None
    relative_delta: float = 0.2

    def __post_init__(self) -> None:
        positive(self.relative_delta, "relative_delta")
        if self.delta is not None:
            positive(self.delta, "delta")

    def value(self, prediction: np.ndarray, y: np.ndarray) -> float:
        sizes, delta = np.abs(prediction - y), self._delta(y)
        near = np.minimum(sizes, delta)
        return float((near * (sizes - 0.5 * near)).sum())

    def gradient(self, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
        residual, delta = prediction - y, self._delta(y)
        sizes = np.abs(residual)
        if not np.iscomplexobj(residual):
            return np.clip(residual, -delta, delta)
        return np.multiply(residual, delta / np.maximum(sizes, delta))

    def curvature(self, prediction: np.ndarray, y: np.ndarray, direction: np.ndarray) -> np.ndarray:
        residual, delta = prediction - y, self._delta(y)
        sizes = np.abs(residual)
        if not np.iscomplexobj(residual):
            return np.where(sizes <= delta, direction, direction.dtype.type(0))
        unit = residual / np.maximum(sizes, delta)
        across = direction - unit * (unit.conj() * direction).real  # what turns a residual beyond δ, not lengthens it
        return np.where(sizes <= delta, direction, across * (delta / np.maximum(sizes, delta)))

    def dual_value(self, nu: np.ndarray, y: np.ndarray) -> float:
        delta = self._delta(y)
        slack = 4 * float(np.finfo(np.float32).eps)  # of a direction found in single precision
        if not float(np.abs(nu).max(initial=0)) <= delta * (1 + slack):
            return -np.inf
        return _inner(y, nu) - 0.5 * _inner(nu, nu)

    def dual_point(self, direction: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray:
        square, top = _inner(direction, direction), float(np.abs(direction).max(initial=0))
        if top == 0:
            return 0 * direction
        best = _inner(y, direction) / square if square > 0 else 0.0
        return direction * min(max(best, 0.0), limit, self._delta(y) / top)

    def fitted(self, y: np.ndarray) -> Huber:
        return dataclasses.replace(self, delta=self._delta(y))

    def rescaled(self, y_exponent: int) -> Huber:
        if self.delta is None:
            return self
        return dataclasses.replace(self, delta=float(np.ldexp(self.delta, -y_exponent)))

    def _delta(self, y: np.ndarray) -> float:
        if self.delta is not None:
            return self.delta
        peak = float(np.abs(y).max(initial=0))
        if not 0 < peak < np.inf:
            return 1.0  # all data are zero: nothing to be relative to
        return self.relative_delta * peak * float((np.abs(y) / peak).mean(dtype=np.float64))


def _inner(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.vdot(a, b).real)

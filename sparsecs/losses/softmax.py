r"""The cross entropy of C classes after softmax, f(z) = sum_i [ log sum_c exp(z_ic) - <y_i, z_i> ].

    -f*(-nu) = -sum_i sum_c p_ic log p_ic        p = y - nu, each row at least zero with sum one

It is the loss of a classifier's last layer: z is (m, C), and so is y, with a single one in each row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.losses._ray import highest
from sparsecs.losses.base import Loss

ROUNDING = 64 * float(np.finfo(np.float32).eps)  # how far from zero a row of nu may sum, coming from single precision


@dataclass(frozen=True)
class Softmax(Loss):
    """Minus the log-likelihood of several classes; y is one-hot, an (m, C) array.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Softmax
    >>> Softmax().gradient(np.array([[0.0, 0.0], [0.0, 900.0]]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    array([[-0.5,  0.5],
           [-1. ,  1. ]])
    """

    smoothness: ClassVar[float] = 0.5
    scales: ClassVar[bool] = False

    def value(self, prediction: np.ndarray, y: np.ndarray) -> float:
        peaks = prediction.max(axis=1, keepdims=True)
        below = prediction - peaks
        return float((np.log(np.exp(below).sum(axis=1)) - (y * below).sum(axis=1)).sum())

    def gradient(self, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
        return _probabilities(prediction) - y

    def curvature(self, prediction: np.ndarray, y: np.ndarray, direction: np.ndarray) -> np.ndarray:
        p = _probabilities(prediction)
        return p * (direction - (p * direction).sum(axis=1, keepdims=True))

    def dual_value(self, nu: np.ndarray, y: np.ndarray) -> float:
        p = y - nu
        if not (p >= -ROUNDING).all() or not (np.abs(nu.sum(axis=1)) <= ROUNDING).all():
            return -np.inf
        logs = np.log(p, out=np.zeros_like(p), where=p > 0)
        return -float((p * logs).sum())

    def dual_point(self, direction: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray:
        falling = direction > 0  # p = y - t direction falls there as t grows
        end = float(np.min(y[falling] / direction[falling], initial=np.inf))
        off = np.abs(direction.sum(axis=1)).max(initial=0) > ROUNDING * np.abs(direction).max(initial=0)
        if off or not 0 < end < np.inf:
            return 0 * direction
        used = direction != 0
        d, start = direction[used], y[used]

        def slope(t: float) -> tuple[float, float]:
            p = np.maximum(start - t * d, 0)
            with np.errstate(divide="ignore", invalid="ignore"):
                return float(d @ np.log(p)), -float((d * (d / p)).sum())

        return highest(slope, min(limit, end)) * direction

    def accepts(self, y: np.ndarray) -> None:
        asked = "y must be one-hot for the softmax loss: an (m, C) array with a single one in each row, else zeros"
        if np.iscomplexobj(y):
            raise TypeError(f"{asked}; got {y.dtype}.")
        if y.ndim != 2:
            raise ValueError(f"{asked}; got shape {y.shape}. For labels in a vector use np.eye(C)[labels].")
        bad = np.flatnonzero(((y != 0) & (y != 1)).any(axis=1) | (y.sum(axis=1) != 1))
        if bad.size:
            raise ValueError(f"{asked}; row {bad[0]} is not.")


def _probabilities(prediction: np.ndarray) -> np.ndarray:
    e = np.exp(prediction - prediction.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

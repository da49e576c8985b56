r"""The logistic loss of two classes, f(z) = sum_i log(1 + exp(-s_i z_i)) with signs s = +1 and -1.

-f*(-nu) = -sum_i [ a_i log a_i + (1 - a_i) log(1 - a_i) ]      a = s nu, between 0 and 1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.losses._ray import highest
from sparsecs.losses.base import Loss


@dataclass(frozen=True)
class Logistic(Loss):
    """Minus the log-likelihood of two classes, labelled 0 and 1, or −1 and 1.

    The probability of class 1 is 1 / (1 + exp(−z)).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Logistic
    >>> Logistic().gradient(np.array([0.0, 800.0]), np.array([1.0, 0.0]))
    array([-0.5,  1. ])
    """

    smoothness: ClassVar[float] = 0.25
    scales: ClassVar[bool] = False

    def value(self, prediction: np.ndarray, y: np.ndarray) -> float:
        t = -_signs(y) * prediction
        return float((np.maximum(t, 0) + np.log1p(np.exp(-np.abs(t)))).sum())

    def gradient(self, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
        s = _signs(y)
        return -s * _sigmoid(-s * prediction)

    def curvature(self, prediction: np.ndarray, y: np.ndarray, direction: np.ndarray) -> np.ndarray:
        small = _sigmoid(-np.abs(prediction))  # the smaller of the two probabilities, to full precision
        return small * (1 - small) * direction

    def dual_value(self, nu: np.ndarray, y: np.ndarray) -> float:
        a = _signs(y) * nu
        if not ((a >= 0) & (a <= 1)).all():
            return -np.inf
        return float(-(_times_log(a) + _times_log(1 - a)).sum())

    def dual_point(self, direction: np.ndarray, y: np.ndarray, limit: float) -> np.ndarray:
        a = _signs(y) * direction
        top = float(a.max(initial=0))
        if not a.min(initial=0) >= 0 or top == 0:
            return 0 * direction
        a = a[a > 0]

        def slope(t: float) -> tuple[float, float]:
            p = np.minimum(t * a, 1)
            with np.errstate(divide="ignore"):
                return float(a @ (np.log1p(-p) - np.log(p))), -float((a / (t * (1 - p))).sum())

        t = highest(slope, min(limit, 1 / top))
        return np.clip(t * direction, -1, 1)

    def accepts(self, y: np.ndarray) -> None:
        _real(y)
        bad = (y != 1) & (y != 0)
        if bad.any() and not (np.abs(y) == 1).all():
            found = np.unique(y)
            shown = ", ".join(f"{label:g}" for label in found[:5]) + (", ..." if found.size > 5 else "")
            raise ValueError(f"y must hold labels 0 and 1, or −1 and 1, for the logistic loss; got {shown}.")


def _real(y: np.ndarray) -> None:
    if np.iscomplexobj(y):
        raise TypeError(f"y must hold labels 0 and 1, or −1 and 1, for the logistic loss; got {y.dtype}.")


def _signs(y: np.ndarray) -> np.ndarray:
    """+1 for label 1, −1 for the other."""
    return np.where(y > 0, y.dtype.type(1), y.dtype.type(-1))


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(−z)) without overflow, right to rounding where it is tiny too."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def _times_log(a: np.ndarray) -> np.ndarray:
    """a log a, 0 at 0."""
    return np.multiply(a, np.log(a, out=np.zeros_like(a), where=a > 0))

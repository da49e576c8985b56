"""The ℓ1 norm, Σ w_i |x_i|; its proximal map is soft thresholding and its dual norm is the largest modulus."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import quote
from sparsecs.kernels.thresholding import bounded_soft_threshold, soft_threshold
from sparsecs.penalties._rows import bars, of_rows
from sparsecs.penalties.base import Penalty


@dataclass(frozen=True)
class L1(Penalty):
    """The ℓ1 norm, where every coefficient may be held between two bounds.

    Parameters
    ----------
    lower, upper : float, optional
        lower ≤ x_i ≤ upper is demanded, with lower ≤ 0 ≤ upper; ``L1(lower=0)`` is for nonnegative signals.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import L1
    >>> L1().prox(np.array([3.0, -0.5]), 1.0)
    array([2., 0.])
    """

    norm: ClassVar[bool] = True
    separable: ClassVar[bool] = True
    uses_weights: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self) -> None:
        for name, bound in (("lower", self.lower), ("upper", self.upper)):
            if bound is not None and (isinstance(bound, bool) or not isinstance(bound, Real)):
                raise TypeError(f"{name} must be one number, or None; got {quote(bound)}.")
        low, high = self.bounds
        if not low <= 0 <= high or low == high:
            got = f"{quote(self.lower)} and {quote(self.upper)}"
            raise ValueError(f"lower <= 0 <= upper, with lower < upper, was asked for; got {got}.")

    @property
    def bounds(self) -> tuple[float, float]:
        """The bounds, infinite where there is none."""
        return -np.inf if self.lower is None else self.lower, np.inf if self.upper is None else self.upper

    @property
    def bounded(self) -> bool:
        """Whether there are bounds at all."""
        return self.lower is not None or self.upper is not None

    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        low, high = self.bounds
        if self.bounded and ((x < low) | (x > high)).any():
            return np.inf
        costs = np.abs(x)
        if weights is not None:
            costs = np.multiply(costs, of_rows(weights, x), out=np.zeros(x.shape), where=costs != 0)
        return weight * float(costs.sum())

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
        if self.bounded and weights is None:
            return bounded_soft_threshold(v, step * weight, *self._inner_bounds(v.dtype), out)
        out = soft_threshold(v, step * weight if weights is None else bars(weights, step * weight), out)
        return np.clip(out, *self._inner_bounds(out.dtype), out=out) if self.bounded else out

    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        outward = self._outward(z, self.bounds[1] > 0, self.bounds[0] < 0)
        return float((outward if weights is None else outward / of_rows(weights, z)).max(initial=0))

    def limit(
        self,
        z: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        outward = self._outward(z, self.bounds[1] == np.inf, self.bounds[0] == -np.inf)
        top = float((outward if weights is None else outward / of_rows(weights, z)).max(initial=0))
        return weight / top if top > 0 else np.inf

    def conjugate(
        self,
        z: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        if not self.bounded:
            return 0.0
        bar = weight if weights is None else of_rows(bars(weights, weight), z)
        total = 0.0
        low, high = self.bounds
        if np.isfinite(high):
            total += high * float(np.maximum(z - bar, 0).sum())
        if np.isfinite(low):
            total -= low * float(np.maximum(-z - bar, 0).sum())
        return total

    def rescaled(self, operator_exponent: int, x_exponent: int) -> L1:
        if not self.bounded:
            return self
        low, high = (None if b is None else _times(b, -x_exponent) for b in (self.lower, self.upper))
        return dataclasses.replace(self, lower=low, upper=high)

    def inside(self, x: np.ndarray) -> np.ndarray:
        """x, moved to the bounds where it is beyond them as numbers of its own precision."""
        return np.clip(x, *self._inner_bounds(x.dtype)) if self.bounded else x

    def _inner_bounds(self, dtype: np.dtype) -> tuple[float, float]:
        """The bounds, or the numbers of a precision next to them towards zero; zero for what is below its normal range."""
        bounds = np.array(self.bounds, dtype=np.float64)
        with np.errstate(over="ignore"):
            rounded = bounds.astype(dtype)
        outside = np.abs(rounded.astype(np.float64)) > np.abs(bounds)
        inner = np.where(outside, np.nextafter(rounded, dtype.type(0)), rounded)
        low, high = np.where(np.abs(inner) < np.finfo(dtype).tiny, 0, inner).tolist()
        return low, high

    def _outward(self, z: np.ndarray, up: bool, down: bool) -> np.ndarray:
        """|z|, or only its positive part if there is no way down, its negative part if there is none up."""
        if up and down:
            return np.abs(z)
        return np.maximum(z if up else -z, 0) if up or down else 0 * z


def _times(bound: float, exponent: int) -> float:
    """A bound times a power of two, which leaves zero to bounds that are zero."""
    scaled = float(np.ldexp(float(bound), exponent))
    return scaled if scaled != 0 or bound == 0 else float(np.copysign(np.nextafter(0.0, 1.0), bound))

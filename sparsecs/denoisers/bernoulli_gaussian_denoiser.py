r"""The posterior mean of a coefficient that is zero, or Gaussian at a certain rate.

    x ~ (1 - rate) delta_0 + rate N(0, scale^2),     f(r) = E[x | r]

The best there is in mean square if the signal is such, and far better than soft thresholding on most others too. What is left
open is learned by expectation maximisation (Vila and Schniter 2013):

    rate' = mean pi(r),     scale'^2 = sum pi(r) E[x^2 | r, x != 0] / sum pi(r)
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive, quote
from sparsecs.denoisers.base import Denoiser
from sparsecs.kernels.gaussian_moments import spike_and_slab, weak_threshold

UNLIKELY = (
    0.01  # a coefficient less likely than that not to be zero adds at most that part to its own mean-square error
)


@dataclass(frozen=True)
class BernoulliGaussianDenoiser(Denoiser):
    """The posterior mean of a signal that is zero or Gaussian.

    Parameters
    ----------
    rate : float, optional
        How often a coefficient is not zero, k/n; learned by default.
    scale : float, optional
        The standard deviation of a nonzero coefficient times the norm of its column; learned by default.

    References
    ----------
    Vila and Schniter, "Expectation-maximization Gaussian-mixture approximate message passing" (2013).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import BernoulliGaussianDenoiser
    >>> BernoulliGaussianDenoiser(rate=0.1, scale=3.0).denoise(np.array([9.0, 0.0]), 1.0)[0].round(3)
    array([8.1, 0. ])
    """

    sparse: ClassVar[bool] = False
    rate: float | None = None
    scale: float | None = None

    def __post_init__(self) -> None:
        if self.rate is not None and not 0 < positive(self.rate, "rate") < 1:
            raise ValueError(f"rate must be between 0 and 1; got {quote(self.rate)}.")
        if self.scale is not None:
            positive(self.scale, "scale")

    def denoise(self, r: np.ndarray, variance: float) -> tuple[np.ndarray, np.ndarray]:
        return self._posterior(r, variance)[:2]

    def negligible(self, r: np.ndarray, variance: float) -> np.ndarray:
        return self._posterior(r, variance)[2] < UNLIKELY

    def error(self, r: np.ndarray, variance: float) -> float:
        return variance * float(self.denoise(r, variance)[1].mean())  # the posterior variance, by Tweedie's formula

    def fitted(self, m: int, n: int, power: float) -> Denoiser:
        rate = self.rate
        if rate is None:
            delta = min(m / n, 0.95)
            rate = delta * weak_threshold(delta)[1]
        scale = math.sqrt(power / rate) if self.scale is None else self.scale
        return dataclasses.replace(self, rate=rate, scale=max(scale, math.sqrt(np.finfo(np.float64).tiny)))

    def learned(self, r: np.ndarray, variance: float, asked: Denoiser) -> Denoiser:
        probability = self._posterior(r, variance)[2].astype(np.float64)
        changes, total, slab = {}, float(probability.sum()), self._slab
        if getattr(asked, "rate", None) is None:
            changes["rate"] = min(max(total / r.size, 0.5 / r.size), 1 - 0.5 / r.size)
        if getattr(asked, "scale", None) is None and total > 0:
            gain = slab / (slab + variance)
            square = float(probability @ (gain * r.astype(np.float64)) ** 2) / total + gain * variance
            changes["scale"] = max(math.sqrt(square), math.sqrt(np.finfo(np.float64).tiny))
        return dataclasses.replace(self, **changes)

    def rescaled(self, exponent: int) -> Denoiser:
        if self.scale is None:
            return self
        info = np.finfo(np.float64)
        scale = min(max(float(np.ldexp(self.scale, -exponent)), math.sqrt(info.tiny)), math.sqrt(info.max) / 2)
        return dataclasses.replace(self, scale=scale)

    @property
    def _slab(self) -> float:
        return 1.0 if self.scale is None else self.scale**2

    def _posterior(self, r: np.ndarray, variance: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        least = float(np.finfo(np.float64).tiny)
        return spike_and_slab(r, max(variance, least), 0.1 if self.rate is None else self.rate, self._slab)

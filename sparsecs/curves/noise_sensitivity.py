r"""The noise sensitivity of l1-penalised least squares: how many times the noise's variance its mean-square error may become.

For y = A x + sigma g with entries of A of variance 1/m, k = rho m nonzeros of any sizes, and the best weight lambda for the worst
of them, the mean-square error an unknown tends to sigma^2 M*, with M(epsilon) the minimax risk of soft thresholding at epsilon,

    M*(delta, rho) = M(rho delta) / (1 - M(rho delta) / delta),

and to infinity from the weak threshold on, where M(rho delta) = delta (Donoho, Maleki and Montanari 2011). M is the statistical
dimension psi of ``_mean_distance``, and its tau is the threshold, in deviations of the noise that message passing sees,

    sigma_*^2 = sigma^2 (1 + M*/delta),    lambda = tau sigma_* (1 - P/delta),    P = epsilon + (1 - epsilon) P(v > tau),

P being the part of nonzeros in the estimate at the worst signal, whose nonzeros are large. On the level set M* = L,
psi(rho delta) is delta L / (delta + L): it is the weak threshold for so many measurements. With more of them k never falls, but
k/m does where L is small: the level set bends down again towards delta = 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.curves._mean_distance import MeanDistance, Point
from sparsecs.curves.base import Curve


@dataclass(frozen=True)
class NoiseSensitivity(Curve):
    """The sparsity up to which the LASSO, at its best, amplifies noise at most so many times.

    Parameters
    ----------
    level : float, optional
        M*, the mean-square error an unknown over the noise's variance a measurement, at the worst signal. By default any finite
        one will do, and the curve is the weak threshold.
    nonnegative : bool
        Whether x ≥ 0 is known, and kept to.

    References
    ----------
    Donoho, Maleki and Montanari, "The noise-sensitivity phase transition in compressed sensing" (2011).

    Examples
    --------
    >>> from sparsecs import NoiseSensitivity
    >>> curve = NoiseSensitivity()
    >>> half = 0.5 * curve.rho(0.25)
    >>> round(curve.sensitivity(0.25, half), 8), round(curve.threshold(0.25, half), 6)
    (0.39118547, 1.541399)
    >>> round(curve.weight(0.25, half, noise=0.1), 5)
    0.09625
    >>> round(NoiseSensitivity(level=1.0).rho(0.25), 4)  # where the error is that of the noise
    0.1946
    """

    reference: ClassVar[str] = "Donoho, Maleki and Montanari (2011)"
    predicts: ClassVar[str] = "the LASSO with noise on Gaussian matrices, worst amplitudes, best weight, n to infinity"
    level: float | None = None
    nonnegative: bool = False

    def __post_init__(self) -> None:
        if self.level is not None:
            positive(self.level, "level")

    @property
    def accuracy(self) -> float:
        return 1e-13

    @property
    def limit(self) -> float:
        """The largest rho on the curve: at delta = 1, but for low levels, which bend down before."""
        return 1.0 if self.level is None else _top(self)[1]

    @property
    def rises(self) -> bool:
        """Off where the level is so low that the curve bends down before delta = 1."""
        return self.level is None or _top(self)[0] == 1

    def sensitivity(self, delta: Any, rho: Any) -> Any:
        """M*, the mean-square error an unknown over the noise's variance; infinite from the weak threshold on.

        Parameters
        ----------
        delta, rho : float or array
            m/n and k/m, above 0 and at most 1.
        """
        return _both(self._sensitivity, delta, rho)

    def threshold(self, delta: Any, rho: Any) -> Any:
        """The minimax threshold of soft thresholding at k/n = rho delta, in deviations of the noise that it sees.

        Parameters
        ----------
        delta, rho : float or array
            m/n and k/m, above 0 and at most 1.
        """
        return _both(lambda d, r: self._risk(d, r).tau, delta, rho)

    def weight(self, delta: Any, rho: Any, noise: float) -> Any:
        """λ of min ½‖y − A x‖² + λ‖x‖₁ that is best for the worst signal, on columns of unit norm; below the weak threshold.

        Parameters
        ----------
        delta, rho : float or array
            m/n and k/m, above 0 and at most 1.
        noise : float
            The deviation σ of the noise in an entry of y.
        """
        positive(noise, "noise")
        return _both(lambda d, r: noise * self._weight(d, r), delta, rho)

    def _risk(self, delta: float, rho: float) -> Point:
        epsilon = rho * delta
        if epsilon == 1:
            return Point(0.0, 1.0, 1.0, 0.0, 0.0, 0.0)
        return self._law().with_support(epsilon)

    def _sensitivity(self, delta: float, rho: float) -> float:
        risk = self._risk(delta, rho).needed
        return risk / (1 - risk / delta) if risk < delta else math.inf

    def _weight(self, delta: float, rho: float) -> float:
        risk, noise = self._risk(delta, rho), 1 + self._sensitivity(delta, rho) / delta
        if math.isinf(noise):
            raise ValueError(
                f"At delta = {delta}, rho = {rho} no weight keeps the error in bounds: the weak threshold is at "
                f"rho = {NoiseSensitivity(None, self.nonnegative).rho(delta):.6g}."
            )
        found = self._law().nonzeros(risk)
        return risk.tau * math.sqrt(noise) * (1 - found / delta)

    def _rho(self, delta: float) -> float:
        aim = delta if self.level is None else delta / (1 + delta / self.level)
        if aim == 1:
            return 1.0
        return min(self._law().needing(aim).support / delta, 1.0)

    def _delta(self, rho: float) -> float:
        if self.level is None:
            return 1.0 if rho == 1 else self._law().with_share(rho).needed
        if rho == self.limit:
            return _top(self)[0]
        from scipy.optimize import brentq

        ends = math.log(self.smallest), math.log(_top(self)[0])
        return math.exp(brentq(lambda log: self._rho(math.exp(log)) / rho - 1, *ends, xtol=1e-15, rtol=1e-14))

    def _law(self) -> MeanDistance:
        return MeanDistance(1, not self.nonnegative, np.ones((3, 1)))


@lru_cache(maxsize=64)
def _top(curve: NoiseSensitivity) -> tuple[float, float]:
    """delta and rho where a level set is highest."""
    from scipy.optimize import minimize_scalar

    if curve._rho(1.0) >= curve._rho(1 - 1e-6):
        return 1.0, curve._rho(1.0)
    found = minimize_scalar(lambda d: -curve._rho(d), bounds=(1e-9, 1.0), method="bounded", options={"xatol": 1e-10})
    return float(found.x), float(-found.fun)


def _both(function: Any, delta: Any, rho: Any) -> Any:
    """A function of points of the phase plane, for numbers and arrays."""
    pairs = np.broadcast_arrays(np.asarray(delta, dtype=float), np.asarray(rho, dtype=float))
    for values, name in zip(pairs, ("delta", "rho"), strict=True):
        outside = ~((values > 0) & (values <= 1))
        if outside.any():
            raise ValueError(f"{name} must be above 0 and at most 1; got {values[outside].flat[0]}.")
    flat = [function(float(d), float(r)) for d, r in zip(pairs[0].ravel(), pairs[1].ravel(), strict=True)]
    out = np.array(flat, dtype=float).reshape(pairs[0].shape)
    return float(out) if out.ndim == 0 else out

r"""The LASSO's error on a large matrix with a given spectrum, and the sparsity up to which it stays small.

Where the right singular vectors of A point anywhere, the answer for y = A x + sigma g is distributed like soft thresholding of
x + tau z at theta, with tau and theta from the n eigenvalues c_i of A^T A (zeros included), R being given by
mean 1/(s + c) = chi and R(-chi) = 1/chi - s:

    theta = lambda / R,    chi = P(|x + tau z| > theta) / R,    tau^2 = R^(-2) d/dchi { (sigma^2 chi - E) R(-chi) },

E the mean-square error an unknown, held fixed in the derivative (Vehkapera, Kabashima and Chatterjee 2016; Gerbelot, Abbara and
Krzakala 2020). For a given tau the other two meet at one s, and tau is then the root of one equation: two bracketed roots, one
inside the other. Statements are exact as n grows; at finite n they are off by a few parts in n.

With independent entries tau^2 = sigma^2 + E / delta, and at the best weight E is the least that any threshold gives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import positive, vector
from sparsecs.curves._expected_lasso import ExpectedLasso
from sparsecs.curves._lasso_state import LassoState
from sparsecs.curves._mean_distance import MeanDistance
from sparsecs.curves._signal_parts import Parts, checked, parts_of, power_of
from sparsecs.curves._soft_error import SoftError
from sparsecs.curves._spectral_law import Eigenvalues, MarchenkoPastur, SpectralLaw
from sparsecs.curves.base import Curve


@dataclass(frozen=True)
class ReplicaLasso(Curve):
    """What the LASSO reaches in noise, for a signal of a known law on a matrix with a given spectrum.

    As a curve it speaks of matrices with independent entries: the sparsity up to which the relative error at the best weight is
    at most ``level``. Without a level there is no noise, and it is the weak threshold, where the error first is not zero.

    Parameters
    ----------
    signal : str or array
        The law of the nonzeros: "signs" (±1), "spikes" (standard normal), a sample of values, or one
        (chance, mean, deviation) for each of its parts.
    level : float, optional
        Of ‖x̂ − x‖ / ‖x‖, below 1.
    snr : float
        ‖A x‖² / ‖noise‖², for a curve with a level.

    Raises
    ------
    TypeError, ValueError
        If the law is none, or a spectrum, rate, weight or noise has no meaning.

    References
    ----------
    Vehkapera, Kabashima and Chatterjee, "Analysis of regularized LS reconstruction and random matrix ensembles in compressed
    sensing" (2016); Gerbelot, Abbara and Krzakala, "Asymptotic errors for convex penalized linear regression beyond Gaussian
    matrices" (2020).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import ReplicaLasso
    >>> found = ReplicaLasso().expected(0.05, weight=0.1, noise=0.1, delta=0.5)
    >>> round(found.relative_error, 4), round(found.recall, 4), round(found.false_alarms, 4)
    (0.2628, 1.0, 0.1751)
    >>> rows = np.repeat([1.0, 0.0], 100)  # 100 orthonormal rows of 200 entries
    >>> round(ReplicaLasso().best(0.05, noise=0.1, spectrum=rows).relative_error, 4)
    0.3311
    >>> round(ReplicaLasso(level=0.2, snr=100.0).rho(0.5), 4)
    0.2699
    """

    reference: ClassVar[str] = "Vehkapera, Kabashima and Chatterjee (2016); Gerbelot, Abbara and Krzakala (2020)"
    predicts: ClassVar[str] = "the LASSO with noise on matrices with random right singular vectors, n to infinity"
    signal: str | Parts = "signs"
    level: float | None = None
    snr: float = 100.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "signal", checked(self.signal))
        positive(self.snr, "snr")
        if self.level is not None and positive(self.level, "level") >= 1:
            raise ValueError(f"level must be below 1, which is the error of x = 0; got {self.level}.")

    @property
    def limit(self) -> float:
        return self._rho(1.0)

    @property
    def smallest(self) -> float:
        return 1e-300 if self.level is None else 1e-9

    @property
    def accuracy(self) -> float:
        return 1e-13 if self.level is None else 1e-9

    def expected(
        self, rate: float, weight: float, noise: float = 0.0, *, spectrum: Any = None, delta: float | None = None
    ) -> ExpectedLasso:
        """What is expected of the LASSO's answer.

        Parameters
        ----------
        rate : float
            k/n, above 0 and below 1.
        weight : float
            λ of min ½‖y − A x‖² + λ‖x‖₁, above 0.
        noise : float
            The deviation σ of the noise in an entry of y.
        spectrum : (n,) array, optional
            The eigenvalues of AᵀA, zeros included.
        delta : float, optional
            m/n, in place of a spectrum, for independent entries of variance 1/m.
        """
        state, unit, size = self._state(rate, noise, spectrum, delta)
        relative = positive(weight, "weight") / unit / size
        _in_reach(relative, "weight", weight, unit * size)
        return state.at_weight(relative, (unit, size))

    def best(self, rate: float, noise: float, *, spectrum: Any = None, delta: float | None = None) -> ExpectedLasso:
        """What is expected at the weight with the least mean-square error.

        Parameters
        ----------
        rate : float
            k/n, above 0 and below 1.
        noise : float
            The deviation σ of the noise in an entry of y, above 0.
        spectrum : (n,) array, optional
            The eigenvalues of AᵀA, zeros included.
        delta : float, optional
            m/n, in place of a spectrum, for independent entries of variance 1/m.
        """
        positive(noise, "noise")
        state, unit, size = self._state(rate, noise, spectrum, delta)
        return state.at_weight(state.best_weight(), (unit, size))

    def _state(self, rate: float, noise: float, spectrum: Any, delta: float | None) -> tuple[LassoState, float, float]:
        """The state in units in which the largest eigenvalue and the mean square of a nonzero are 1."""
        if not 0 < positive(rate, "rate") < 1:
            raise ValueError(f"rate is k/n, above 0 and below 1; got {rate}.")
        if (spectrum is None) == (delta is None):
            raise TypeError(
                "Give either spectrum=, the eigenvalues of AᵀA, or delta=, which is m/n for independent entries."
            )
        law, unit = _of_ratio(delta) if delta is not None else _of_spectrum(spectrum)
        peak = max(max(abs(mean), deviation) for _, mean, deviation in parts_of(self.signal))
        parts = tuple((chance, mean / peak, deviation / peak) for chance, mean, deviation in parts_of(self.signal))
        seen = positive(noise, "noise", zero=True) / math.sqrt(unit) / peak
        if noise:
            _in_reach(seen, "noise", noise, math.sqrt(unit) * peak)
        return LassoState(law, SoftError(float(rate), parts), seen), unit, peak

    def _rho(self, delta: float) -> float:
        if self.level is None:
            if delta == 1:
                return 1.0
            return min(MeanDistance(1, True, np.ones((3, 1))).needing(delta).support / delta, 1.0)
        from scipy.optimize import brentq

        def surplus(log: float) -> float:
            return self._least_error(math.exp(log), delta) - float(self.level or 0)

        if delta < 1 and surplus(0.0) <= 0:
            return 1.0
        low, high = -1.0, 0.0 if delta < 1 else -1e-12
        while surplus(low) > 0:
            low, high = 2 * low, low
            if low < -700:
                raise ValueError(
                    f"At delta = {delta} and snr = {self.snr} no sparsity keeps the error below {self.level}."
                )
        if surplus(high) <= 0:
            return math.exp(high)
        return math.exp(float(brentq(surplus, low, high, xtol=1e-14, rtol=1e-14)))

    def _delta(self, rho: float) -> float:
        from scipy.optimize import brentq

        if self.level is None or rho == self.limit:
            return super()._delta(rho)
        level = float(self.level)
        ends = math.log(self.smallest), 0.0
        log = brentq(lambda log: self._least_error(rho, math.exp(log)) - level, *ends, xtol=1e-14, rtol=1e-14)
        return math.exp(float(log))

    def _least_error(self, rho: float, delta: float) -> float:
        """The relative error of soft thresholding at its best, in the noise that goes with an error at the level."""
        from scipy.optimize import minimize_scalar

        power, rate = power_of(self.signal), min(rho * delta, 1 - 1e-12)
        tau = math.sqrt(power * rho * (1 / self.snr + float(self.level or 0) ** 2))
        law = SoftError(rate, parts_of(self.signal))
        places = np.linspace(0, math.sqrt(2 * math.log(2 / rate)) + 1, 12)  # far out the error is level: that of x = 0
        i = min(max(int(np.argmin([law.error(tau, t * tau) for t in places])), 1), places.size - 2)
        at_best = minimize_scalar(
            lambda t: law.error(tau, t * tau),
            bounds=(places[i - 1], places[i + 1]),
            method="bounded",
            options={"xatol": 1e-9},
        )
        return math.sqrt(float(at_best.fun) / (rate * power))


def _in_reach(relative: float, name: str, value: float, unit: float) -> None:
    if not 1e-60 <= relative <= 1e60:
        raise ValueError(
            f"{name} = {value} is {relative:.1e} of what the largest eigenvalue and nonzero make of it, {unit:.3g}; "
            "it must be between 1e-60 and 1e60 times that."
        )


def _of_ratio(delta: float) -> tuple[SpectralLaw, float]:
    if positive(delta, "delta") > 1e6:
        raise ValueError(f"delta = m/n is at most 1e6; got {delta}.")
    return MarchenkoPastur(float(delta)), 1.0


def _of_spectrum(spectrum: Any) -> tuple[SpectralLaw, float]:
    values = np.asarray(vector(spectrum, "spectrum"), dtype=float)
    if np.iscomplexobj(spectrum) or not values.size:
        raise ValueError("spectrum must hold the n real eigenvalues of AᵀA, the squared singular values and zeros.")
    top = float(values.max())
    if top <= 0:
        raise ValueError("spectrum has no eigenvalue above zero; a matrix of zeros says nothing of x.")
    if values.min() < -1e-9 * top:
        raise ValueError(f"spectrum must hold the eigenvalues of AᵀA, which are not negative; got {values.min()}.")
    scaled = values / top
    return Eigenvalues(scaled[scaled > 1e-15 * values.size], values.size), top

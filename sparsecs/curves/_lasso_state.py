"""The two numbers tau and theta that describe the LASSO's answer, for one spectrum, signal and noise."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sparsecs.curves._expected_lasso import ExpectedLasso
from sparsecs.curves._soft_error import SoftError
from sparsecs.curves._spectral_law import AtRidge, SpectralLaw

ENDS = -690.0, 640.0  # of log s
FAR = 1e3  # a logarithm of a ratio that settles the sign
GRID = np.geomspace(1e-6, 30.0, 16)  # best weights, in units of noise and signal


class LassoState:
    """The fixed point, in units in which the largest eigenvalue and the largest nonzero are about 1."""

    def __init__(self, law: SpectralLaw, signal: SoftError, noise: float) -> None:
        self._law, self._signal, self._noise = law, signal, noise
        self._power = signal.error(1.0, math.inf)

    def at_weight(self, weight: float, units: tuple[float, float]) -> ExpectedLasso:
        """What is expected at one weight, for eigenvalues and nonzeros that are ``units`` times as large."""
        tau, theta, ridge = self._rest(weight)
        top, size = units
        error, passes = self._signal.error(tau, theta), self._signal.passes(tau, theta)
        chance, a = self._signal.chance, ridge.active
        chosen = min(float(chance @ passes), self._law.rank)
        recall = float(chance[1:] @ passes[1:]) / self._signal.rate
        return ExpectedLasso(
            rate=self._signal.rate,
            weight=weight * top * size,
            mse=error * size**2,
            relative_error=math.sqrt(error / self._power),
            recall=min(recall, 1.0),
            false_alarms=float(passes[0]),
            active=chosen,
            prediction_error=self._seen_error(error, tau, a, ridge) * size**2 * top,
            tau=tau * size,
            theta=theta * size,
        )

    def best_weight(self) -> float:
        """The weight with the least error: on a grid first, then between its neighbours."""
        from scipy.optimize import minimize_scalar

        scale = max(self._noise, 1e-12)
        logs = np.log(scale * GRID)
        errors = [self._log_error(float(log)) for log in logs]
        i = int(np.argmin(errors))
        ends = logs[max(i - 1, 0)], logs[min(i + 1, logs.size - 1)]
        found = minimize_scalar(self._log_error, bounds=ends, method="bounded", options={"xatol": 1e-4})
        return math.exp(float(found.x))

    def _log_error(self, log_weight: float) -> float:
        tau, theta, _ = self._rest(math.exp(log_weight))
        return math.log(self._signal.error(tau, theta))

    def _seen_error(self, error: float, tau: float, a: float, ridge: AtRidge) -> float:
        """E ||A (x̂ - x)||^2 / n: the ridge's answer has the same error as that of the threshold."""
        chi = ridge.stretch * a
        pull = max(error - (a * tau) ** 2, 0.0) * _ratio(a - ridge.squares, chi * (1 - a))
        return self._noise**2 * ridge.squares + pull

    def _rest(self, weight: float) -> tuple[float, float, AtRidge]:
        from scipy.optimize import brentq

        def growth(log_tau: float) -> float:
            tau = math.exp(log_tau)
            theta, ridge = self._meeting(tau, weight)
            square = ridge.noise * self._noise**2 + ridge.error * self._signal.error(tau, theta)
            return math.log(max(square, 1e-300)) - 2 * log_tau

        low = high = 0.5 * math.log(self._noise**2 + self._power)
        while growth(low) < 0 and low > -300:
            low, high = low - 3, low
        while growth(high) > 0 and high < 300:
            low, high = high, high + 3
        log_tau = low if low == high else float(brentq(growth, low, high, xtol=1e-12, rtol=1e-12))
        return math.exp(log_tau), *self._meeting(math.exp(log_tau), weight)

    def _meeting(self, tau: float, weight: float) -> tuple[float, AtRidge]:
        """theta, and the spectrum at the s where as many coefficients pass as it has degrees of freedom."""
        from scipy.optimize import brentq

        def surplus(log_s: float) -> float:
            ridge = self._law.at(math.exp(log_s))
            passed = self._signal.log_passed(tau, weight * ridge.stretch)
            return min(max(passed - math.log(ridge.active), -FAR), FAR)

        low, high = self._around(surplus)
        log_s = high if low == high else float(brentq(surplus, low, high, xtol=1e-13, rtol=1e-13))
        ridge = self._law.at(math.exp(log_s))
        return weight * ridge.stretch, ridge

    @staticmethod
    def _around(rising: Callable[[float], float]) -> tuple[float, float]:
        """Where a rising function changes sign; the upper end twice where it is below zero throughout."""
        low, high, step = 0.0, 0.0, 2.0
        if rising(0.0) > 0:
            while rising(low) > 0 and low > ENDS[0]:
                low, high, step = max(low - step, ENDS[0]), low, 2 * step
        else:
            while rising(high) < 0 and high < ENDS[1]:
                low, high, step = high, min(high + step, ENDS[1]), 2 * step
            if rising(high) < 0:
                return high, high
        return low, high


def _ratio(upper: float, lower: float) -> float:
    return upper / lower if lower > 0 else 0.0

"""The LASSO's error on a large matrix by the textbook equations: damped iteration, sums as integrals, differences as slopes."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm


def chi_of(s: float, eigenvalues: np.ndarray) -> float:
    """mean 1 / (s + c)."""
    return float(np.mean(1 / (s + eigenvalues)))


def r_transform(chi: float, eigenvalues: np.ndarray) -> float:
    """R(-chi) = 1 / chi - s at the s with mean 1 / (s + c) = chi."""
    log_s = brentq(lambda log: np.log(chi_of(np.exp(log), eigenvalues)) - np.log(chi), -40, 40, xtol=1e-14)
    return 1 / chi - float(np.exp(log_s))


def soft(r: np.ndarray, theta: float) -> np.ndarray:
    return np.sign(r) * np.maximum(np.abs(r) - theta, 0)


def error_of_signs(rate: float, tau: float, theta: float) -> float:
    """E (soft(x + tau z) - x)^2 for x = +-1 at this rate, as a sum over a fine grid."""

    z = np.linspace(-12, 12, 8001)

    def mean(x: float) -> float:
        return float(np.sum(norm.pdf(z) * (soft(x + tau * z, theta) - x) ** 2) * (z[1] - z[0]))

    return rate * mean(1.0) + (1 - rate) * mean(0.0)


def passed_of_signs(rate: float, tau: float, theta: float) -> float:
    at_one = norm.sf((theta - 1) / tau) + norm.cdf((-theta - 1) / tau)
    return rate * at_one + (1 - rate) * 2 * norm.sf(theta / tau)


def fixed_point(rate: float, weight: float, noise: float, eigenvalues: np.ndarray) -> tuple[float, float, float]:
    """tau, theta and the error, for +-1 signals."""
    chi, tau, error = 1.0, 1.0, rate
    for _ in range(400):
        R, h = r_transform(chi, eigenvalues), 1e-2 * chi
        beside = [r_transform(chi + step * h, eigenvalues) for step in (-2, -1, 1, 2)]
        slope = float(np.dot([1, -8, 8, -1], beside)) / (12 * h)
        new_tau = np.sqrt(noise**2 * R + (noise**2 * chi - error) * slope) / R
        tau, theta = 0.5 * (tau + new_tau), weight / R
        new_error, new_chi = error_of_signs(rate, tau, theta), passed_of_signs(rate, tau, theta) / R
        moved = abs(new_error / error - 1) + abs(new_chi / chi - 1) + abs(new_tau / tau - 1)
        error, chi = new_error, np.sqrt(chi * new_chi)
        if moved < 1e-8:
            break
    return float(tau), float(theta), float(error)

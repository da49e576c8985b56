r"""The statistical dimension of the l1 descent cone, and the success probability at finite n.

With epsilon = k/n, kappa = 2 (l1) or 1 (nonnegative), tail moments A_1 = kappa (phi - tau Phi(-tau)),
A_2 = kappa ((1 + tau^2) Phi(-tau) - tau phi) and A_4 = kappa (Phi(-tau)(tau^4 + 6 tau^2 + 3) - phi (tau^3 + 5 tau)),

    psi(epsilon) = min_tau  epsilon (1 + tau^2) + (1 - epsilon) A_2,

and m > n psi(k/n) measurements are enough on a Gaussian matrix (Amelunxen, Lotz, McCoy and Tropp 2014). This is the same
curve as Donoho and Tanner's, by another road. For finite n the success probability is close to

    P = Phi( (m - n psi + c) / sqrt(n s^2) ),   s^2 = epsilon (2 + 4 tau^2) + (1 - epsilon)(A_4 - A_2^2) - 2 psi,
    c = 1/2 [4 epsilon + 4 (1 - epsilon)(A_2 - A_1^2)] / [2 epsilon + 2 (1 - epsilon) kappa Phi(-tau)],

where c corrects psi, which is an upper bound, to first order. It is an approximation: against the exact sum over faces it is
within 0.12/sqrt(n) for n >= 100 and m/n between 0.35 and 0.8, and off by up to a few hundredths outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.curves.base import Curve


@dataclass(frozen=True)
class StatisticalDimension(Curve):
    """The weak threshold of ℓ1 minimisation by convex geometry, with its finite-size law.

    Parameters
    ----------
    nonnegative : bool
        On: min 1ᵀx subject to A x = y, x ≥ 0.

    Examples
    --------
    >>> from sparsecs import StatisticalDimension
    >>> round(StatisticalDimension().rho(0.5), 8)
    0.38568967
    >>> round(StatisticalDimension().finite_sparsity(100, 200), 2)
    38.97
    >>> round(StatisticalDimension().success(38, 100, 200), 2)
    0.59
    """

    reference: ClassVar[str] = "Amelunxen, Lotz, McCoy and Tropp (2014)"
    predicts: ClassVar[str] = "basis pursuit on Gaussian matrices, any amplitudes, at finite n"
    nonnegative: bool = False

    def _rho(self, delta: float) -> float:
        from scipy.optimize import brentq

        if delta == 1:
            return 1.0

        def surplus(log_rho: float) -> float:
            return self._psi(delta * np.exp(log_rho))[0] / delta - 1

        if surplus(0.0) <= 0:  # delta is 1 to rounding
            return 1.0
        return float(np.exp(brentq(surplus, -10.0, 0.0, xtol=1e-15, rtol=1e-14)))

    def success(self, k: float, m: float, n: float) -> float:
        """The approximate probability that a random k-sparse signal is recovered from m Gaussian measurements of n unknowns."""
        from scipy.special import ndtr

        if not 0 < k <= m <= n:
            raise ValueError(f"0 < k <= m <= n was asked for; got k = {k}, m = {m}, n = {n}.")
        psi, variance, shift = self._moments(k / n)
        if m == n:
            return 1.0
        return float(ndtr((m - n * psi + shift) / np.sqrt(n * variance)))

    def finite_sparsity(self, m: int, n: int) -> float:
        """k at which the success probability of an m × n Gaussian matrix is one half; a real number."""
        from scipy.optimize import brentq

        whole_number(n, "n", 2)
        whole_number(m, "m", 1, n - 1)

        def surplus(k: float) -> float:
            psi, _, shift = self._moments(k / n)
            return m - n * psi + shift

        return float(brentq(surplus, 1e-12 * m, m, xtol=1e-10)) if surplus(m) < 0 else float(m)

    def _psi(self, epsilon: float) -> tuple[float, float]:
        """psi at epsilon = k/n, and the tau that attains it."""
        from scipy.optimize import brentq

        if epsilon >= 1:
            return 1.0, 0.0

        def slope(tau: float) -> float:
            return epsilon * tau - (1 - epsilon) * self._tails(tau)[0]

        tau = float(brentq(slope, 0.0, 40.0, xtol=1e-15, rtol=1e-14))
        return epsilon * (1 + tau**2) + (1 - epsilon) * self._tails(tau)[1], tau

    def _tails(self, tau: float) -> tuple[float, float, float, float]:
        """A_1, A_2, A_4 and kappa Phi(-tau)."""
        from scipy.special import erfcx

        kappa = 1.0 if self.nonnegative else 2.0
        phi = kappa * float(np.exp(-0.5 * tau * tau) / np.sqrt(2 * np.pi))
        tail = phi * float(np.sqrt(np.pi / 2) * erfcx(tau / np.sqrt(2)))
        second = (1 + tau**2) * tail - tau * phi
        return phi - tau * tail, second, tail * (tau**4 + 6 * tau**2 + 3) - phi * (tau**3 + 5 * tau), tail

    def _moments(self, epsilon: float) -> tuple[float, float, float]:
        """psi, s² and c at epsilon = k/n."""
        psi, tau = self._psi(epsilon)
        first, second, fourth, tail = self._tails(tau)
        variance = epsilon * (2 + 4 * tau**2) + (1 - epsilon) * (fourth - second**2) - 2 * psi
        above = 4 * epsilon + 4 * (1 - epsilon) * (second - first**2)
        return psi, variance, 0.5 * above / (2 * epsilon + 2 * (1 - epsilon) * tail)

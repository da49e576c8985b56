r"""What no method can pass, however long it computes.

Without noise, for a matrix in general position, as almost every one is (Gaussian, for example):

    all k-sparse signals have different measurements if and only if 2 k <= m (or m = n)          strong: rho = 1/2
    almost every one is the only k-sparse signal with its measurements if and only if k < m (or m = n)   weak:   rho = 1

Strong: two signals with equal measurements differ by a vector of the null space, whose vectors have more than m nonzeros, and
some have m + 1. Weak, for k < m: another support of k columns spans the measurements of a set of amplitudes of measure zero
only; for k = m every support of m columns spans all. For entries that have a density with probability rho delta and are zero
otherwise, rho = 1 is also where the error of the best method stops being in proportion to a small noise (Wu and Verdu 2012).

With noise, counting. Let snr be the mean of |A x|^2 / m over the variance of the noise. Gaussian channels carry at most
(m/2) log(1 + snr) about the support, whatever the amplitudes, and the support has log C(n, k) to tell, so that

    H(rho delta) = (delta / 2) log(1 + snr)

bounds k for exact support recovery: above it the probability of an error stays away from 0 as n grows (Fano's inequality).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import one_of, positive, quote, whole_number
from sparsecs.curves._entropy_rate import entropy_rate
from sparsecs.curves.base import Curve

LEAST_SNR = 1e-200


@dataclass(frozen=True)
class InformationLimit(Curve):
    """The most nonzeros that any method can find, from what measurements can tell.

    Without noise it is exact: below the curve the signal is determined, above it not. With noise it is a necessary condition
    only: above the curve no method finds exact supports of up to k entries, and below it nothing is promised. Where it lets
    any k up to m pass, it is 1; that is so from a delta on if snr is 3 or more.

    Parameters
    ----------
    kind : {"weak", "strong"}
        Weak: almost every signal; with noise, a random support. Strong: all signals, without noise.
    snr : float, optional
        Mean square of a measurement without noise over the variance of the noise; None: no noise.

    Raises
    ------
    ValueError
        If a name is another, or noise is asked of all signals at once.

    References
    ----------
    Donoho and Elad, "Optimally sparse representation in general (nonorthogonal) dictionaries via l1 minimization" (2003). Wu and
    Verdu, "Optimal phase transitions in compressed sensing" (2012). Cover and Thomas, "Elements of information theory" (2006).

    Examples
    --------
    >>> from sparsecs import InformationLimit
    >>> InformationLimit().k(50, 100), InformationLimit("strong").k(50, 100)
    (50.0, 25.0)
    >>> round(InformationLimit(snr=1.0).rho(0.5), 6)
    0.083385
    >>> InformationLimit(snr=1.0).measurements(10, 1000)
    156
    """

    reference: ClassVar[str] = "Donoho and Elad (2003); Wu and Verdu (2012); Fano's inequality, Cover and Thomas (2006)"
    predicts: ClassVar[str] = "any method at all, on matrices in general position"
    kind: str = "weak"
    snr: float | None = None

    def __post_init__(self) -> None:
        one_of(self.kind, "kind", ("weak", "strong"))
        if self.snr is not None:
            if positive(self.snr, "snr") < LEAST_SNR:
                raise ValueError(f"snr must be at least {LEAST_SNR}, or rho cannot be told from 0; got {self.snr}.")
            if self.kind == "strong":
                raise ValueError(
                    "With noise the bound speaks of a random support: ask for kind='weak', or for snr=None."
                )

    @property
    def start(self) -> float:
        return 0.0 if self.snr is not None else self.limit

    @property
    def limit(self) -> float:
        return self._rho(1.0)

    @property
    def rises(self) -> bool:
        return self.snr is not None and self._rate <= math.log(2)

    def measurements(self, k: int, n: int, error: float = 0.0) -> int:
        """The least m that is not excluded for k nonzeros of n, at this size and not only in the limit.

        Parameters
        ----------
        k, n : int
        error : float
            With noise: how often the support may be wrong, below 1. At 0 it must never be.

        Returns
        -------
        int
            Without noise, m is also enough. With noise it may be more than n.
        """
        whole_number(k, "k", 0, whole_number(n, "n", 1), f"There are {n} unknowns.")
        if not 0 <= positive(error, "error", zero=True) < 1:
            raise ValueError(f"error must be at least 0 and below 1; got {quote(error)}.")
        if k == 0:
            return 0
        if self.snr is None:
            return min(n, k + 1 if self.kind == "weak" else 2 * k)
        told = _log_supports(n, min(k, n // 2))
        doubt = error * told
        if error > 0:
            doubt -= error * math.log(error) + (1 - error) * math.log1p(-error)
        return max(0, math.ceil((told - doubt) / self._rate * (1 - 1e-13)))

    @property
    def _rate(self) -> float:
        assert self.snr is not None
        return 0.5 * math.log1p(self.snr)

    def _rho(self, delta: float) -> float:
        from scipy.optimize import brentq

        if self.snr is None:
            return 1.0 if self.kind == "weak" else 0.5
        most = min(1.0, 0.5 / delta)  # there the entropy is largest, or k = m
        if entropy_rate(delta, most) <= self._rate:
            return 1.0 if delta * self._rate > math.log(2) or most == 1 else most
        low = math.log(self._rate) - math.log(2 + self._rate - math.log(delta)) - 7.0
        log = brentq(
            lambda u: entropy_rate(delta, math.exp(u)) - self._rate, low, math.log(most), xtol=1e-15, rtol=1e-15
        )
        return float(np.exp(log))


def _log_supports(n: int, k: int) -> float:
    """log C(n, k); of few factors they are summed, since the gamma function of a large n hides them."""
    if k < 1000:
        return math.fsum(math.log((n - i) / (k - i)) for i in range(k))
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

r"""Where the LASSO finds the signs of a sparse signal from Gaussian measurements, at n unknowns.

    m = 2 theta k log(n - k)

is the threshold of Wainwright (2009): with many unknowns and theta = 1 for independent columns, the LASSO with a suitable lambda
has exactly the right signs above it with probability tending to 1, and below it with probability tending to 0. At finite size
and without noise the condition behind it, the irrepresentable condition, holds with the probability

    P = E[ erf(sqrt(X / 2k))^(n-k) ],      X ~ chi^2 with m - k + 1 degrees of freedom,

exactly, for independent Gaussian columns (``kernels.irrepresentable_chance``). This asks more than recovery without noise: there
the number of measurements a nonzero stays bounded as n grows, here it grows like log n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import positive, quote, whole_number
from sparsecs.curves.base import Curve
from sparsecs.kernels.irrepresentable_chance import irrepresentable_chance

LARGEST = 10**15


@dataclass(frozen=True)
class WainwrightSupport(Curve):
    """The threshold of exact sign recovery by the LASSO, with its exact law at finite size.

    The curve depends on n, and falls with it as 1 / (2 log n). ``k(m, n)`` takes its own n. At finite size the k of even chance,
    ``finite_sparsity``, lies 8 to 11 % above the curve for n from 100 to a million and m = n/2.

    Parameters
    ----------
    n : int
        Unknowns, at least 6: for fewer the curve does not reach delta = 1.
    theta : float
        1 for independent columns; columns with a covariance have other values, and two of them, for success and for failure.

    Raises
    ------
    ValueError
        If n is too small for a threshold at all m up to n.

    References
    ----------
    Wainwright, "Sharp thresholds for high-dimensional and noisy sparsity recovery using l1-constrained quadratic programming
    (Lasso)" (2009).

    Examples
    --------
    >>> from sparsecs import WainwrightSupport
    >>> curve = WainwrightSupport(n=512)
    >>> round(curve.k(100, 512), 2)
    8.04
    >>> round(curve.success(8, 100, 512), 6)
    0.666345
    >>> round(curve.finite_sparsity(100, 512), 2)
    8.86
    """

    reference: ClassVar[str] = "Wainwright (2009)"
    predicts: ClassVar[str] = "signs found by the LASSO on Gaussian matrices, amplitudes far above lambda and noise"
    n: int = 1000
    theta: float = 1.0

    def __post_init__(self) -> None:
        whole_number(self.n, "n", 6, LARGEST, "For fewer unknowns ask for success(k, m, n).")
        positive(self.theta, "theta")
        if not self._within():
            raise ValueError(
                f"With n = {self.n} and theta = {self.theta:g} no k between 0 and m solves m = 2 theta k log(n - k) for every "
                "m up to n. Give a larger n, or ask for success(k, m, n)."
            )

    @property
    def start(self) -> float:
        return 1 / (2 * self.theta * math.log(self.n))

    @property
    def limit(self) -> float:
        return self._rho(1.0)

    @property
    def accuracy(self) -> float:
        return 1e-13

    def at(self, n: int) -> WainwrightSupport:
        """The curve for matrices with n columns."""
        return replace(self, n=n)

    def success(self, k: Any, m: int, n: int) -> Any:
        """The exact probability that the signs of k nonzeros can be found from m noiseless Gaussian measurements of n unknowns.

        Parameters
        ----------
        k : int or array of int
            Between 0 and n.
        m, n : int

        Returns
        -------
        float or array
            Of the shape of k. A given support and signs; columns are independent. It is found for small enough lambda then.
        """
        whole_number(m, "m", 1)
        whole_number(n, "n", 1)
        sizes = np.asarray(k)
        wrong = ~((sizes >= 0) & (sizes <= n) & (sizes == np.floor(sizes)))
        if wrong.any():
            raise ValueError(f"k must be whole and between 0 and n = {n}; got {quote(sizes[wrong].flat[0].item())}.")
        found = np.array([irrepresentable_chance(m, n, int(size)) for size in sizes.ravel()]).reshape(sizes.shape)
        return float(found) if sizes.ndim == 0 else found

    def finite_sparsity(self, m: int, n: int) -> float:
        """k at which that probability is one half; a real number, for which whole k are joined smoothly, and at most m."""
        from scipy.optimize import brentq

        whole_number(n, "n", 2)
        whole_number(m, "m", 1, n - 1)
        if irrepresentable_chance(m, n, m) >= 0.5:
            return float(m)
        return float(brentq(lambda k: irrepresentable_chance(m, n, k) - 0.5, 1e-9, m, xtol=1e-12, rtol=1e-12))

    def _within(self) -> bool:
        """Whether k log(n - k) = n / (2 theta) has a solution, and the first is at most n."""
        low, high = 0.0, float(self.n - 1)  # the slope falls: its root is where the left side is largest
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if math.log(self.n - middle) > middle / (self.n - middle) else (low, middle)
        return 2 * self.theta * low * math.log(self.n - low) > self.n

    def _rho(self, delta: float) -> float:
        rho, last = self.start, 0.0
        while rho > last:  # Newton's steps on a concave function, from below: they rise to the root
            share = rho * delta
            logarithm = math.log(self.n) + math.log1p(-share)
            last, slope = rho, logarithm - share / (1 - share)
            rho -= (rho * logarithm - 0.5 / self.theta) / slope
        return last

    def _delta(self, rho: float) -> float:
        if rho == self.limit:
            return 1.0
        return -math.expm1(0.5 / (self.theta * rho) - math.log(self.n)) / rho

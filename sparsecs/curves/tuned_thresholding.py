r"""The recommended constants of Maleki and Donoho for iterative thresholding, tuned by experiments on Gaussian matrices.

Two-stage thresholding ("tst", of which subspace pursuit is the case alpha = beta = 1) is told how many nonzeros to look for,

    k = rho(delta) m,      rho = 0.044417 delta^2 + 0.34142 delta + 0.14844,

a fit to the sparsities at which it succeeds half the time. Iterative hard ("iht") and soft ("ist") thresholding are told a
threshold: a multiple of the deviation sigma of the correlations A^T r, that a part FAR of pure noise exceeds,

    FAR = 0.0465 delta^2 + 0.0041 delta + 0.0012  (iht),     0.11 delta^2 + 0.37 delta - 0.005  (ist),
    sigma = median |A^T r| / 0.6745,                        threshold = sigma Phi^-1(1 - FAR / 2).

For these two they give no transition as a formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import one_of, vector
from sparsecs.curves.base import Curve, _over

TARGET = (0.044417, 0.34142, 0.14844)
FALSE_ALARM = {"iht": (0.0465, 0.0041, 0.0012), "ist": (0.11, 0.37, -0.005)}
RELAXATION = {"tst": 1.0, "iht": 0.65, "ist": 0.6}
MEDIAN = 0.6745  # of |g|, g standard Gaussian, with the digits of the authors


@dataclass(frozen=True)
class TunedThresholding(Curve):
    """Maleki and Donoho's recommended settings of thresholding methods, and the sparsity that theirs for two stages aims at.

    Parameters
    ----------
    method : {"tst", "iht", "ist"}
        tst: two-stage thresholding, here as subspace pursuit; its curve is the number of nonzeros it is told to look for. iht,
        ist: iterative hard and soft thresholding; they have a false-alarm rate, a threshold and a relaxation, and no curve.

    Raises
    ------
    ValueError
        If a method is asked for what it does not have.

    References
    ----------
    Maleki and Donoho, "Optimally tuned iterative reconstruction algorithms for compressed sensing" (2010).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import TunedThresholding
    >>> round(TunedThresholding().k(100, 400), 2)  # how many nonzeros subspace pursuit should look for
    23.66
    >>> hard = TunedThresholding("iht")
    >>> round(hard.false_alarm(0.5), 6), hard.relaxation
    (0.014875, 0.65)
    >>> round(hard.threshold(np.array([0.1, -0.1, 0.1, 3.0]), 0.5), 4)
    0.3611
    """

    reference: ClassVar[str] = "Maleki and Donoho (2010)"
    predicts: ClassVar[str] = (
        "subspace pursuit on Gaussian matrices with coefficients ±1, the hardest, fitted to experiments"
    )
    method: str = "tst"

    def __post_init__(self) -> None:
        one_of(self.method, "method", tuple(RELAXATION))

    @property
    def start(self) -> float:
        return self._target(0.0)

    @property
    def limit(self) -> float:
        return self._target(1.0)

    @property
    def relaxation(self) -> float:
        """The part of each step that is taken; 1 for two-stage thresholding, which solves least squares."""
        return RELAXATION[self.method]

    def false_alarm(self, delta: Any) -> Any:
        """The part of pure noise that exceeds the threshold, for m/n = delta.

        Parameters
        ----------
        delta : float or array
            Above 0 and at most 1.

        Returns
        -------
        float or array
            Of the same shape.
        """
        return _over(self._false_alarm, delta, "delta", self.smallest)

    def threshold(self, correlations: Any, delta: float) -> float:
        """The threshold for correlations Aᵀr of the residual with columns of unit norm.

        Parameters
        ----------
        correlations : (n,) array
            Complex ones are taken by their real and imaginary parts, of which each is Gaussian.
        delta : float
            m/n.
        """
        from scipy.special import ndtri

        seen = vector(correlations, "correlations")
        if not seen.size:
            raise ValueError("correlations is empty; give Aᵀr, with one entry for each column.")
        parts = np.concatenate([seen.real, seen.imag]) if np.iscomplexobj(seen) else seen
        deviation = float(np.median(np.abs(parts))) / MEDIAN
        return deviation * float(-ndtri(self.false_alarm(delta) / 2))

    def _false_alarm(self, delta: float) -> float:
        if self.method == "tst":
            raise ValueError("Two-stage thresholding keeps k entries and has no threshold; ask it for k(m, n).")
        rate = float(np.polyval(FALSE_ALARM[self.method], delta))
        if rate <= 0:
            raise ValueError(
                f"The fit of the false-alarm rate of {self.method!r} is above 0 from delta = 0.0135 on; got delta = {delta}."
            )
        return rate

    def _rho(self, delta: float) -> float:
        return self._target(delta)

    def _target(self, delta: float) -> float:
        if self.method != "tst":
            raise ValueError(
                f"No formula is known for the transition of {self.method!r} with these settings, which depends on the "
                "coefficients too. Measure it with a sweep, or ask for 'tst'."
            )
        return float(np.polyval(TARGET, delta))

r"""The weak phase transition of Donoho and Tanner for a Gaussian matrix.

With phi and Phi the standard normal density and distribution, and z > 0 running along the curve,

    delta(z) = kappa phi(z) / (z + kappa [phi(z) - z Phi(-z)]),      rho(z) = 1 - z Phi(-z) / phi(z),

kappa = 2 for l1 minimisation and kappa = 1 for nonnegative signals (Donoho, Maleki and Montanari 2009). In the limit of
large n, below the curve almost every support and sign pattern is recovered, and above it almost none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.curves.base import Curve


@dataclass(frozen=True)
class DonohoTanner(Curve):
    """The weak threshold of ℓ1 minimisation, or of its nonnegative form.

    Parameters
    ----------
    nonnegative : bool
        Off: min ‖x‖₁ subject to A x = y (the crosspolytope). On: min 1ᵀx subject to A x = y, x ≥ 0 (the simplex).

    Examples
    --------
    >>> from sparsecs import DonohoTanner
    >>> round(DonohoTanner().rho(0.5), 8)
    0.38568967
    >>> round(DonohoTanner(nonnegative=True).rho(0.5), 8)
    0.55822769
    """

    reference: ClassVar[str] = "Donoho and Tanner (2005, 2009); parametric form of Donoho, Maleki and Montanari (2009)"
    predicts: ClassVar[str] = "basis pursuit on Gaussian matrices, any amplitudes, n to infinity"
    nonnegative: bool = False

    def _rho(self, delta: float) -> float:
        from scipy.optimize import brentq

        if delta == 1:
            return 1.0
        log_z = brentq(lambda t: np.log(self._along(np.exp(t))[0]) - np.log(delta), -80.0, 3.62, xtol=1e-15, rtol=1e-14)
        return self._along(np.exp(log_z))[1]

    def _along(self, z: float) -> tuple[float, float]:
        """(delta, rho) at the parameter z."""
        from scipy.special import erfcx

        kappa = 1.0 if self.nonnegative else 2.0
        density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
        rho = 1 - z * np.sqrt(np.pi / 2) * erfcx(z / np.sqrt(2))
        return float(kappa * density / (z + kappa * density * rho)), float(rho)

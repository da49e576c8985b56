r"""The phase transitions of Donoho and Tanner for a Gaussian matrix, n to infinity.

The weak threshold, with phi and Phi the standard normal density and distribution, and z > 0 running along the curve,

    delta / (1 - delta) = kappa phi(z) / (z [1 - kappa Phi(-z)]),      rho(z) = 1 - z Phi(-z) / phi(z),

kappa = 2 for l1 minimisation and kappa = 1 for nonnegative signals (Donoho, Maleki and Montanari 2009). The strong and the
sectional one are where the exponent of the expected number of lost faces is 0 (``_face_exponents``). For the hypercube the weak
law holds exactly at every size, for every matrix in general position with a symmetric law: rho = 2 - 1 / delta.

Which k-sparse signals a matrix recovers, for k below the curve: weak, almost all; sectional, all signs on almost every support;
strong, all. Above it: not almost all, not all signs, not all. Strong and sectional are where the expected number of lost faces
stops to vanish, so that below them the statement is proven, and above them only not by this road.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.core.checks import one_of
from sparsecs.curves._face_exponents import last, measurements, odds, parameter, threshold, vertices, weak_parameter
from sparsecs.curves.base import Curve

KINDS = ("weak", "sectional", "strong")
KAPPA = {"crosspolytope": 2, "simplex": 1, "hypercube": 0}


@dataclass(frozen=True)
class DonohoTanner(Curve):
    """A threshold of ℓ1 minimisation, of its nonnegative form, or of signals between bounds.

    Parameters
    ----------
    kind : {"weak", "sectional", "strong"}
        Weak: almost every support and signs are recovered. Sectional: all signs on almost every support. Strong: all signs on all
        supports. The simplex has one sign for a support, so that sectional is weak there.
    cone : {"crosspolytope", "simplex", "hypercube"}
        crosspolytope: min ‖x‖₁ subject to A x = y. simplex: min 1ᵀx subject to A x = y, x ≥ 0. hypercube: no other x with
        −1 ≤ x ≤ 1 (k entries inside, the others at a bound), or with x ≥ 0, has A x = y; there is a weak curve only.

    Raises
    ------
    ValueError
        If a name is another, or the curve does not exist.

    References
    ----------
    Vershik and Sporyshev (1992). Donoho, "High-dimensional centrally symmetric polytopes with neighborliness proportional to
    dimension" (2006). Donoho and Tanner, "Neighborliness of randomly projected simplices in high dimensions" (2005); "Counting
    the faces of randomly-projected hypercubes and orthants, with applications" (2010). Donoho, Maleki and Montanari,
    "Message-passing algorithms for compressed sensing" (2009).

    Examples
    --------
    >>> from sparsecs import DonohoTanner
    >>> round(DonohoTanner().rho(0.5), 8)
    0.38568967
    >>> round(DonohoTanner(cone="simplex").rho(0.5), 8)
    0.55822769
    >>> round(DonohoTanner("strong").rho(0.5), 8)
    0.08941644
    >>> DonohoTanner(cone="hypercube").rho(0.75)
    0.6666666666666666
    """

    reference: ClassVar[str] = (
        "Donoho (2006); Donoho and Tanner (2005, 2009, 2010); Donoho, Maleki and Montanari (2009)"
    )
    predicts: ClassVar[str] = "basis pursuit on Gaussian matrices, any amplitudes, n to infinity"
    kind: str = "weak"
    cone: str = "crosspolytope"

    def __post_init__(self) -> None:
        one_of(self.kind, "kind", KINDS)
        one_of(self.cone, "cone", tuple(KAPPA))
        if self.cone == "hypercube" and self.kind != "weak":
            raise ValueError(
                f"The hypercube has no {self.kind} threshold: with fewer rows than columns, at least two of its faces of any "
                f"one direction are always lost, even for k = 0. Ask for kind='weak'."
            )

    @property
    def limit(self) -> float:
        return 1.0 if self._weak else last(self._kappa, self.kind == "strong")

    @property
    def from_delta(self) -> float:
        return 0.5 if self.cone == "hypercube" else 0.0

    @property
    def accuracy(self) -> float:
        return 1e-14 if self._weak else 1e-13

    @property
    def _kappa(self) -> int:
        return KAPPA[self.cone]

    @property
    def _weak(self) -> bool:
        return self.kind == "weak" or (self.kind == "sectional" and self.cone == "simplex")

    def _rho(self, delta: float) -> float:
        if self.cone == "hypercube":
            return max(0.0, (2 * delta - 1) / delta)
        if self._weak:
            return vertices(weak_parameter(delta, self._kappa))
        return self.limit if delta == 1 else threshold(delta, self._kappa, self.kind == "strong")

    def _delta(self, rho: float) -> float:
        if rho == self.limit:
            return 1.0
        if self.cone == "hypercube":
            return 1 / (2 - rho)
        if self._weak:
            ratio = odds(parameter(rho), self._kappa)
            return ratio / (1 + ratio)
        return measurements(rho, self._kappa, self.kind == "strong")

r"""The bounds of Blanchard, Cartis and Tanner on the restricted isometry constants of a Gaussian matrix.

For A with variance 1/m, k = rho m, m = delta n and n to infinity, all k-sparse x have (1 - L) |x|^2 <= |A x|^2 <= (1 + U) |x|^2,

    delta psi_min(1 - L, rho) + H(rho delta) = 0,      U = min over nu in [rho, 1] of the solution of
    delta psi_max(1 + U, nu) + H(nu delta) = 0,

with the exponents psi of the extreme eigenvalues of a Wishart matrix and a union bound over all supports (``_isometry_limits``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sparsecs.curves._isometry_curve import IsometryCurve


@dataclass(frozen=True)
class BlanchardCartisTanner(IsometryCurve):
    """How many nonzeros ℓ1 is guaranteed to recover, all at once, by restricted isometry of Gaussian matrices.

    A lower bound on the strong threshold, and far below it: at delta = 1/2 the curve has rho = 0.0112, at best 0.0137 with
    ``order=4``, where the strong threshold is 0.0894 and the weak one 0.3857.

    Parameters
    ----------
    condition : {"cai-zhang", "foucart-lai"}
        What is asked of the constants of t k columns, t being ``order``. cai-zhang: delta < √((t − 1)/t) for the multiple of A
        for which delta is least, (U + L)/(2 + U − L). foucart-lai: (1 + U)/(1 − L) < 4√2 − 3 with t = 2.
    order : float
        t, at least 4/3; 2 in the second condition.

    Raises
    ------
    ValueError
        If a condition has another name, or an order that it does not speak of.

    References
    ----------
    Blanchard, Cartis and Tanner, "Compressed sensing: how sharp is the restricted isometry property?" (2011). Cai and Zhang,
    "Sparse representation of a polytope and recovery of sparse signals and low-rank matrices" (2014). Foucart and Lai,
    "Sparsest solutions of underdetermined linear systems via l_q-minimization for 0 < q <= 1" (2009).

    Examples
    --------
    >>> from sparsecs import BlanchardCartisTanner
    >>> curve = BlanchardCartisTanner()
    >>> round(curve.L(0.5, 0.1), 8), round(curve.U(0.5, 0.1), 8)
    (0.89239555, 2.50343907)
    >>> round(curve.rho(0.5), 6)
    0.011172
    """

    groups: ClassVar[bool] = False
    reference: ClassVar[str] = "Blanchard, Cartis and Tanner (2011); Cai and Zhang (2014); Foucart and Lai (2009)"
    predicts: ClassVar[str] = "basis pursuit on Gaussian matrices, all signals, a sufficient number of measurements"

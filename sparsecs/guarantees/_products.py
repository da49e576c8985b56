r"""What the factors of a product say of its restricted isometry constants; all columns at length one.

Khatri-Rao, column j is l_j kron r_j:  A^H A - I = (L^H L - I) o (R^H R - I), entry by entry, since all three have ones on
their diagonals; an entrywise product is a part of the Kronecker product, so  delta_q(A) <= delta_q(L) delta_q(R).

Kronecker:  q columns of it lie among (those of q of L) kron (those of q of R), whose Gram matrix has the products of the
eigenvalues:  1 - L_q(A) >= (1 - L_q(L)) (1 - L_q(R)),  1 + U_q(A) <= (1 + U_q(L)) (1 + U_q(R)).  One column of R with q of L
shows  L_q(A) >= L_q(L),  U_q(A) >= U_q(L),  and so for R.
"""

from __future__ import annotations

from collections.abc import Callable

from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.geometry.restricted_isometry import restricted_isometry
from sparsecs.operators.base import Operator
from sparsecs.operators.khatri_rao import KhatriRao
from sparsecs.operators.kronecker import Kronecker

Product = Callable[[IsometryBounds, IsometryBounds], IsometryBounds]


def product_isometry(operator: Operator, order: int, seconds: float | None = 1.0) -> IsometryBounds | None:
    """Bounds of an order for the unit columns of a product from those of its factors; None if it is no product."""
    if isinstance(operator, KhatriRao):
        rule: Product = _khatri_rao
    elif isinstance(operator, Kronecker):
        rule = _kronecker
    else:
        return None
    factors = (operator.left, operator.right)
    if any((factor.column_norms() == 0).any() for factor in factors):
        return None
    allowed = None if seconds is None else seconds / 2
    left, right = (
        restricted_isometry(factor, min(order, factor.shape[1]), normalize=True, seconds=allowed) for factor in factors
    )
    found = rule(left, right)
    return IsometryBounds(order, found.L, found.U)


def _khatri_rao(left: IsometryBounds, right: IsometryBounds) -> IsometryBounds:
    reach = left.delta.upper * right.delta.upper
    bounds = Bounds(0.0, reach, method="product of the factors' constants")
    return IsometryBounds(left.k, Bounds(0.0, min(reach, 1.0), method=bounds.method), bounds)


def _kronecker(left: IsometryBounds, right: IsometryBounds) -> IsometryBounds:
    how = "constants of the factors"
    loss = 1 - (1 - min(left.L.upper, 1.0)) * (1 - min(right.L.upper, 1.0))
    gain = (1 + left.U.upper) * (1 + right.U.upper) - 1
    low = max(left.L.lower, right.L.lower), max(left.U.lower, right.U.lower)
    return IsometryBounds(
        left.k, Bounds(low[0], max(loss, low[0]), method=how), Bounds(low[1], max(gain, low[1]), method=how)
    )

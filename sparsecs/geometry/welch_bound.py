r"""The bounds of Welch: how incoherent n unit vectors in m dimensions can be at best.

    mu^(2k) >= (n / C(m + k - 1, k) - 1) / (n - 1)        for every k = 1, 2, ...

For k = 1 this is mu >= sqrt((n - m) / (m (n - 1))), with equality for equiangular tight frames and no others; in R^m these exist
only for n <= m (m + 1) / 2, in C^m for n <= m^2. For more vectors higher orders say more.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from sparsecs.core.checks import whole_number


def welch_bound(m: int, n: int, order: int | None = 1) -> float:
    """The least coherence that n unit vectors in m dimensions can have, by Welch: a lower bound for every matrix.

    Parameters
    ----------
    m, n : int
        Rows and columns. With no more columns than rows the bound is 0.
    order : int, optional
        k of the k-th bound; None takes the best of all orders.

    Raises
    ------
    ValueError
        If one of them is below 1.

    References
    ----------
    Welch, "Lower bounds on the maximum cross correlation of signals" (1974).

    Examples
    --------
    >>> from sparsecs import welch_bound
    >>> round(welch_bound(3, 6) ** 2, 12)
    0.2
    >>> welch_bound(4, 100) < welch_bound(4, 100, order=None)
    True
    """
    m, n = whole_number(m, "m", 1), whole_number(n, "n", 1)
    if order is not None:
        return _bound(m, n, whole_number(order, "order", 1))
    best, k = 0.0, 1
    while m > 1 and comb(m + k - 1, k) < n:
        best, k = max(best, _bound(m, n, k)), k + 1
    return best if m > 1 else _bound(m, n, 1)


def _bound(m: int, n: int, k: int) -> float:
    room = comb(m + k - 1, k)
    if n <= room:
        return 0.0
    return float(Fraction(n - room, room * (n - 1))) ** (1 / (2 * k))

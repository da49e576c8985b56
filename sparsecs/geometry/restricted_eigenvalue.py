r"""The restricted eigenvalue of Bickel, Ritov and Tsybakov, and the compatibility constant of van de Geer, without 1 / sqrt(m).

    kappa(k, c) = min { ||A x||_2 / ||x_S||_2        : |S| = k, x_S != 0, ||x off S||_1 <= c ||x_S||_1 }
    phi(k, c)   = min { sqrt(k) ||A x||_2 / ||x_S||_1 : the same }

A smaller S gives larger ratios to its norm. phi / sqrt(k) <= kappa <= phi, since ||x_S||_2 <= ||x_S||_1 <= sqrt(k) ||x_S||_2.
Both have the units of A, and are zero exactly if the null space constant is at least 1 / (1 + c). Many papers divide A by
sqrt(m) first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import positive, whole_number
from sparsecs.geometry._null_space_coordinates import coordinates
from sparsecs.geometry._restricted_bounds import at_once
from sparsecs.geometry._restricted_search import CLOSE, ConeSearch, ready
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.null_space_constant import null_space_constant
from sparsecs.operators.door import as_operator

FIRST = 0.3  # of the time may go to the null space constant
EDGE = 1e-12  # a null vector this close to the border of the cone lies in it


def restricted_eigenvalue(A: Any, k: int, c: float = 1.0, seconds: float | None = 30.0) -> Bounds:
    """The restricted eigenvalue kappa(k, c), not divided by √m: exact for small k, or bounds if the search was stopped.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), used as given. For complex A the bounds are those found at once; they meet in simple cases only.
    k : int
        The size of S, at least 1; above n it is n.
    c : float
        How much of the l1 norm may lie off S, in units of that on S: 3 for the LASSO of Bickel, Ritov and Tsybakov, 1 for the
        Dantzig selector.
    seconds : float or None
        How long it may take; None: as long as it takes. Bounds hold whenever it stops.

    Returns
    -------
    Bounds
        The witness is a vector x in the cone of its k largest entries that attains the upper bound; these have Euclidean
        norm 1. The unit is the norm of the shortest column.

    Raises
    ------
    ValueError
        If k is below 1 or c is not above zero.

    References
    ----------
    Bickel, Ritov and Tsybakov, "Simultaneous analysis of Lasso and Dantzig selector" (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import restricted_eigenvalue
    >>> round(restricted_eigenvalue(np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 2.0]]), 1, c=0.5).lower, 9)
    0.353553391
    """
    return _smallest(A, k, c, seconds, 2)


def compatibility_constant(A: Any, k: int, c: float = 1.0, seconds: float | None = 30.0) -> Bounds:
    """The compatibility constant phi(k, c), not divided by √m: exact for small k, or bounds if the search was stopped.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), used as given. For complex A the bounds are those found at once.
    k : int
        The size of S, at least 1; above n it is n.
    c : float
        How much of the l1 norm may lie off S, in units of that on S.
    seconds : float or None
        How long it may take; None: as long as it takes. Bounds hold whenever it stops.

    Returns
    -------
    Bounds
        As for ``restricted_eigenvalue``; the k largest entries of the witness have l1 norm √k.

    Raises
    ------
    ValueError
        If k is below 1 or c is not above zero.

    References
    ----------
    van de Geer and Bühlmann, "On the conditions used to prove oracle results for the Lasso" (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import compatibility_constant
    >>> round(compatibility_constant(np.eye(3), 2).lower, 9)
    1.0
    """
    return _smallest(A, k, c, seconds, 1)


def _smallest(A: Any, k: int, c: float, seconds: float | None, power: int) -> Bounds:
    operator, c = as_operator(A), positive(c, "c")
    k = min(whole_number(k, "k", 1), operator.shape[1])
    ready()
    budget, norms = Budget(seconds), operator.column_norms()
    longest, shortest = float(norms.max()), float(norms.min())
    if not shortest > 0:
        x = np.eye(norms.size)[norms.argmin()]
        return Bounds(0.0, 0.0, _scaled(x, k, power), "a zero column", unit=longest or 1.0)
    matrix = operator.dense().astype(complex if operator.dtype.kind == "c" else float) / longest
    null = null_space_constant(matrix, k, seconds=None if seconds is None else FIRST * budget.left())
    if null.witness is not None and null.lower >= (1 - EDGE) / (1 + c):
        return Bounds(0.0, 0.0, _scaled(null.witness, k, power), "a null vector in the cone", unit=shortest)
    lower, method = at_once(matrix, k, c, power, coordinates(matrix).basis.size, null.upper)
    search = ConeSearch(matrix, k, c, power, shortest / longest, budget)
    with budget.watch():
        _start(search, null)
        if search.best[0] - lower > CLOSE * shortest / longest and not np.iscomplexobj(matrix):
            search.run()
    if search.lower >= lower:
        lower, method = search.lower, "search"
    factor = longest * (float(np.sqrt(k)) if power == 1 else 1.0)
    upper = float(search.best[0])
    return Bounds(
        factor * min(lower, upper), factor * upper, _scaled(search.point, k, power), method, budget.stopped, shortest
    )


def _start(search: ConeSearch, null: Bounds) -> None:
    """Upper bounds: from single columns, the least singular vectors and the null vector with the largest share."""
    n, narrow = search.A.shape[1], np.linalg.svd(search.A)[2].conj()
    starts = [*np.eye(n), *narrow[::-1][: max(4, search.k)], *([] if null.witness is None else [null.witness])]
    for x in starts:
        search.offer(x)
        if not np.iscomplexobj(search.A):
            search.descend(x)


def _scaled(x: np.ndarray, k: int, power: int) -> np.ndarray:
    """x with k largest entries of Euclidean norm 1, or of l1 norm sqrt(k)."""
    x = x / np.abs(x).max()
    size = float(np.linalg.norm(np.sort(np.abs(x))[::-1][:k], power))
    return np.asarray(x * ((float(np.sqrt(k)) if power == 1 else 1.0) / size))

"""The irrepresentable condition of the LASSO for one support and its signs."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.geometry._on_support import framed


def irrepresentable(A: Any, support: Any, signs: Any) -> float:
    """The largest ``|a_j^H A_S (A_S^H A_S)^{-1} s|`` over the columns outside the support; the condition is that it is below 1.

    It is the value of the least-squares dual, so below 1 it also proves recovery from noiseless data. Exact to rounding times
    the condition number of the support's columns at unit length. Columns are taken as given, since the LASSO penalises all
    coefficients alike: c A has the same value as A, but a column outside the support that is made c times as long counts c
    times as much, and a short column within the support raises the value. ``dual_certificate`` names the column that attains
    it.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Only the columns of the support are formed.
    support : positions, or a mask of n truth values
    signs : (k,) array
        +1 or -1, or complex numbers of modulus one, in the order of ``support``.

    Returns
    -------
    float
        Infinite if the columns of the support depend on each other; 0 if there is no column outside, or none within.

    Raises
    ------
    TypeError, ValueError
        If the support is none, names a column twice, or the signs do not fit it or have not modulus one.

    References
    ----------
    Zhao and Yu, "On model selection consistency of Lasso" (2006).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import irrepresentable
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> round(irrepresentable(A, [0, 1], [1, 1]), 12), round(irrepresentable(A, [0, 1], [1, -1]), 12)
    (1.4, 0.2)
    """
    frame, wanted = framed(A, support, signs)
    if not frame.injective:
        return float("inf")
    return float(np.abs(frame.products(frame.shortest_dual(wanted))[frame.off]).max(initial=0))

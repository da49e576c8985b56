"""Choosing one of many values in a way that rounding does not decide.

With ±1 matrices and ±1 signals many correlations are equal in exact arithmetic, and differ only by the order in which a
library happens to add. The choice here is the first position whose value is the largest up to rounding, so that the
number of threads or the memory layout does not change an answer.
"""

from __future__ import annotations

import numpy as np
from numba import njit


def first_largest(values: np.ndarray) -> int:
    """The first position whose value equals the largest one to about two thirds of the digits.

    Parameters
    ----------
    values : (n,) array
        At least zero, at least one entry; NaN is never chosen unless all are NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.selection import first_largest
    >>> first_largest(np.array([1.0, 3.0 - 1e-15, 3.0]))
    1
    """
    top = np.fmax.reduce(values)
    return int(np.argmax(values >= top * (1 - slack_of(values))))


@njit(cache=True, nogil=True)
def slack_of(values):
    """How far below the largest a value may be and still count as equal to it."""
    return np.finfo(values.dtype).eps ** (2 / 3)


@njit(cache=True, nogil=True)
def first_within(values, slack):
    """The first position whose value is the largest to within ``slack``, and the largest value; none may be NaN."""
    top = values[0]
    for j in range(values.size):
        top = max(top, values[j])
    bar = top * (1 - slack)
    for j in range(values.size):
        if values[j] >= bar:
            return j, top
    return 0, top

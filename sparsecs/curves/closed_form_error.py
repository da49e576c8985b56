"""How far the closed form of the success probability is from the exact law."""

from __future__ import annotations

import math

import numpy as np

from sparsecs.core.checks import one_of, whole_number
from sparsecs.curves.k50 import k50
from sparsecs.curves.statistical_dimension import StatisticalDimension
from sparsecs.curves.success_probability import success_probability

LARGEST = 1600  # unknowns for which the law is summed; its distance is multiplied by sqrt(n) beyond
TAIL = 1e-5


def closed_form_error(m: int, n: int, cone: str = "l1") -> float:
    """The largest distance of ``StatisticalDimension().success`` from the exact ``success_probability``, over all whole k.

    Up to n = 1600 it is measured, by taking both at every k at which the exact law is between 1e-5 and 1 - 1e-5, and the k next
    to them. Beyond, it is an estimate: the error falls like 1/sqrt(n), and that of n = 1600 with the same m/n is scaled; from
    n = 400 to 1600 that rule was right to a tenth. Measured, for l1 and for nonnegative signals::

        m/n =       .05    .1     .2     .35    .5     .65    .8     .9     .95
        l1  n = 20  .026   .017   .034   .018   .014   .006   .018   .066   .36
            50      .016   .034   .017   .014   .009   .005   .006   .023   .080
            100     .031   .025   .016   .010   .006   .003   .003   .013   .030
            400     .018   .012   .008   .005   .003   .002   .001   .006   .012
            1600    .009   .006   .004   .003   .002   .001   .001   .003   .006
        x >= 0  20  .022   .025   .020   .020   .018   .025   .067   .18    .27
            50      .015   .022   .017   .013   .010   .008   .018   .063   .20
            100     .035   .017   .014   .009   .007   .005   .007   .027   .080
            400     .017   .011   .007   .005   .003   .002   .002   .003   .016

    Parameters
    ----------
    m, n : int
        Measurements and unknowns, at least 1 and less than n.
    cone : {"l1", "nonnegative"}
        Of any sign, or not negative.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, or out of range.

    Examples
    --------
    >>> from sparsecs import StatisticalDimension, closed_form_error, success_probability
    >>> worst = closed_form_error(50, 100)
    >>> gap = StatisticalDimension().success(18, 50, 100) - success_probability(18, 50, 100)
    >>> bool(0 < abs(gap) <= worst < 0.007)
    True
    """
    one_of(cone, "cone", ("l1", "nonnegative"))
    whole_number(n, "n", 2)
    whole_number(m, "m", 1, n - 1, "With as many measurements as unknowns both are 1.")
    rows, columns = (m, n) if n <= LARGEST else (max(round(m / n * LARGEST), 1), LARGEST)
    first = max(math.floor(k50(rows, columns, cone, 1 - TAIL)), 1)
    last = min(math.ceil(k50(rows, columns, cone, TAIL)) + 1, rows)
    sizes = np.arange(first, last + 1)
    close = StatisticalDimension(nonnegative=cone == "nonnegative").success(sizes, rows, columns)
    worst = float(np.abs(close - success_probability(sizes, rows, columns, cone)).max())
    return worst * math.sqrt(columns / n)

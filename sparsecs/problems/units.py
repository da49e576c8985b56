"""A problem in units of its own, so that no method meets extreme numbers.

y is divided by the power of two next to its largest entry, which changes no digit; A too if its products with y leave the
range in which squares can be taken. Powers of two are kept as exponents, since 2^1000 times 2^1000 is no floating-point number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.scaled import Scaled
from sparsecs.problems.problem import Problem

REACH = {4: 8, 8: 100}  # by bytes of a real number: how far from 1, as a power of two, A may stay as it is


@dataclass(frozen=True)
class Units:
    """The powers of two that A and y were divided by, as exponents."""

    operator: int = 0
    y: int = 0

    def exponent(self, operator_power: int, y_power: int) -> int:
        """The exponent of a quantity that grows with these powers of A and of y."""
        return operator_power * self.operator + y_power * self.y


def standardized(problem: Problem) -> tuple[Problem, Units]:
    """The problem with entries of y up to 1 and A in a safe range, and its units.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Problem
    >>> from sparsecs.problems.units import standardized
    >>> standardized(Problem(np.eye(2), [0.0, 6e200]))[0].y.round(2), standardized(Problem(np.eye(2), [0.0, 6e200]))[1]
    (array([0.  , 0.98]), Units(operator=0, y=667))
    """
    A = problem.operator
    y_exponent = math.frexp(float(np.abs(problem.y).max()))[1]
    y = np.ldexp(problem.y, -y_exponent)
    exponent = _size(A, y)
    if abs(exponent) <= REACH[np.zeros(0, A.dtype).real.dtype.itemsize]:
        exponent = 0
    elif isinstance(A, Dense):
        A = Dense(np.ldexp(A.matrix, -exponent))
    else:
        A = Scaled(A, np.full(A.shape[1], np.ldexp(1.0, -exponent)))
    return Problem(A, y, problem.sparsity, groups=problem.groups), Units(exponent, y_exponent)


def _size(A: Operator, y: np.ndarray) -> int:
    """The exponent of the largest entry of Aᴴy, found with a smaller y if the products leave the range; 0 if all are zero."""
    for shrink in (0, 60 if y.dtype.itemsize == 4 else 600):
        image = np.abs(A.rmatvec(np.ldexp(y, -shrink)))
        peak = float(image.max(initial=0))
        if np.isfinite(peak):
            exponent = math.frexp(peak)[1] + shrink if peak > 0 else 0
            return max(-1000, min(exponent, 1000))
    return 0


def times(values: np.ndarray, exponent: int) -> np.ndarray:
    """``values`` times a power of two, exactly where the result can be held.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.problems.units import times
    >>> times(np.array([3.0]), 2)
    array([12.])
    """
    half = exponent // 2  # each half is within the range of ldexp
    return np.ldexp(np.ldexp(values, half), exponent - half)

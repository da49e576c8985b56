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


def standardized(problem: Problem, keep_y: bool = False) -> tuple[Problem, Units]:
    """The problem with entries of y up to 1 and A in a safe range, and its units; y stays as it is if ``keep_y``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Problem
    >>> from sparsecs.problems.units import standardized
    >>> standardized(Problem(np.eye(2), [0.0, 6e200]))[0].y.round(2), standardized(Problem(np.eye(2), [0.0, 6e200]))[1]
    (array([0.  , 0.98]), Units(operator=0, y=667))
    """
    y_exponent = 0 if keep_y else exponent_of(problem.y)
    y = times(problem.y, -y_exponent)
    A, exponent = safe_operator(problem.operator, y if y.ndim == 1 else y[:, np.argmax(np.abs(y).max(axis=0))])
    if A is problem.operator and y_exponent == 0:
        return problem, Units()
    noise = min(float(times(np.array(problem.noise), -y_exponent)), float(np.finfo(float).max))
    return problem.but(operator=A, y=y, noise=noise), Units(exponent, y_exponent)


def exponent_of(values: np.ndarray) -> int:
    """The exponent of the power of two above the largest entry; 0 if all are zero."""
    peak = float(np.abs(_reals(values)).max(initial=0))
    return math.frexp(peak)[1] if np.isfinite(peak) else 0


def safe_operator(A: Operator, y: np.ndarray) -> tuple[Operator, int]:
    """A, divided by a power of two if its products with y are out of the safe range, and the exponent."""
    matrix = A.at_hand
    peak = np.inf if matrix is None else float(A.column_norms().max(initial=0))
    exponent = math.frexp(peak)[1] if np.isfinite(peak) else _size(A, y)
    if abs(exponent) <= REACH[np.zeros(0, A.dtype).real.dtype.itemsize]:
        return A, 0
    if matrix is not None:
        return Dense(times(matrix, -exponent)), exponent
    return Scaled(A, np.full(A.shape[1], np.ldexp(1.0, -exponent))), exponent


def exponents_of(rows: np.ndarray) -> np.ndarray:
    """What ``exponent_of`` gives for every row of a (p, m) array."""
    peaks = np.abs(np.ascontiguousarray(rows).view(rows.real.dtype)).max(axis=1)
    return np.where(np.isfinite(peaks), np.frexp(peaks)[1], 0).astype(np.intp)


def times_each(rows: np.ndarray, exponents: np.ndarray) -> np.ndarray:
    """Every row of a (p, n) array times its own power of two."""
    parts = np.ascontiguousarray(rows).view(rows.real.dtype)
    half = exponents[:, None] // 2  # 2^half is a number where 2^exponent may be none
    one = np.ones((), parts.dtype)
    if np.abs(exponents).max(initial=0) <= 64:
        return (parts * np.ldexp(one, exponents[:, None])).view(rows.dtype)
    return np.ldexp(np.ldexp(parts, half), exponents[:, None] - half).view(rows.dtype)


def _size(A: Operator, y: np.ndarray) -> int:
    """The exponent of the largest entry of Aᴴy, found with a smaller y if the products leave the range; 0 if all are zero."""
    for shrink in (0, 60 if y.real.dtype.itemsize == 4 else 600):
        peak = float(np.abs(_reals(A.rmatvec(times(y, -shrink)))).max(initial=0))
        if np.isfinite(peak):
            exponent = math.frexp(peak)[1] + shrink if peak > 0 else 0
            return max(-1000, min(exponent, 1000))
    return 0


def _reals(values: np.ndarray) -> np.ndarray:
    """Real and imaginary parts as one real array."""
    return (
        values.view(values.real.dtype)
        if np.iscomplexobj(values) and values.flags.c_contiguous
        else (np.stack([values.real, values.imag]) if np.iscomplexobj(values) else values)
    )


def times(values: np.ndarray, exponent: int) -> np.ndarray:
    """``values`` times a power of two, exactly where the result can be held.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.problems.units import times
    >>> times(np.array([3.0]), 2)
    array([12.])
    """
    if exponent == 0:
        return values.copy()
    if np.iscomplexobj(values):
        parts = np.ascontiguousarray(values).view(values.real.dtype)
        return times(parts, exponent).view(values.dtype).reshape(values.shape)
    half = exponent // 2  # each half is within the range of ldexp
    return np.ldexp(np.ldexp(values, half), exponent - half)

"""Matrices that a method must stand: small whole numbers, Gaussian ones, signs, lost rank, zero and repeated columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.core.checks import one_of
from sparsecs.testing._drawing import (
    MOST,
    Draw,
    between,
    gaussian,
    hypothesis_strategies,
    kinds,
    lengths,
    phases,
    whole,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NAMES = ("integer", "gaussian", "signs", "low_rank")


def matrices(
    rows: Any = (1, 6),
    columns: Any = (2, 9),
    kind: str = "any",
    *,
    complex: bool | None = None,
    zero_columns: bool = True,
    repeated_columns: bool = True,
    decades: Any = 0,
    dtype: Any = None,
) -> SearchStrategy[np.ndarray]:
    """A strategy for (m, n) arrays; it shrinks to small ones with few entries that are not zero.

    Parameters
    ----------
    rows, columns : int or pair of int
        m and n, or the smallest and the largest.
    kind : {"any", "integer", "gaussian", "signs", "low_rank"}
        Whole numbers from -3 to 3; standard normal numbers; signs; a Gaussian matrix of less than full rank.
    complex : bool, optional
        By default real and complex matrices are drawn.
    zero_columns : bool
        Whether some columns may be zero. If not, none is.
    repeated_columns : bool
        Whether some columns may be multiples of others. If not, no two have one direction, and there are two rows or more.
    decades : int or pair of int
        Over how many decades the columns are spread: each is divided by a power of ten.
    dtype : float32, float64, complex64 or complex128, optional
        By default double precision.

    Raises
    ------
    TypeError, ValueError
        If sizes or kinds have no meaning, or one row is asked for with no two columns of one direction.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs.testing import matrices
    >>> @settings(max_examples=10, deadline=None)
    ... @given(matrices(rows=(2, 4), columns=5, zero_columns=False))
    ... def no_column_is_zero(A):
    ...     assert A.shape[1] == 5 and A.any(axis=0).all()
    >>> no_column_is_zero()
    """
    st = hypothesis_strategies()
    one_of(kind, "kind", ("any", *NAMES))
    (low, high), wide = between(rows, "rows"), between(columns, "columns")
    if not repeated_columns and wide[1] > 1:
        if high < 2:
            raise ValueError(
                "With one row all columns have one direction; give rows=(2, ...) or repeated_columns=True."
            )
        low = max(low, 2)
    numbers, spread = kinds(dtype, complex), between(decades, "decades", 0)

    @st.composite
    def drawn(draw: Draw) -> np.ndarray:
        shape = draw(st.integers(low, high)), draw(st.integers(*wide))
        number = draw(st.sampled_from(numbers))
        A = _entries(draw, draw(st.sampled_from(NAMES)) if kind == "any" else kind, shape, number)
        if repeated_columns and shape[1] > 1 and draw(st.booleans()):
            A = _with_repeats(draw, A)
        if not (zero_columns and repeated_columns):
            A = _mended(A, zero_columns, repeated_columns)
        if zero_columns and draw(st.booleans()):
            A = A * np.array(draw(st.lists(st.booleans(), min_size=shape[1], max_size=shape[1])))
        return np.ascontiguousarray(A * lengths(draw, shape[1], spread), dtype=number)

    return drawn()


def _entries(draw: Draw, kind: str, shape: tuple[int, int], number: np.dtype) -> np.ndarray:
    if kind == "integer":
        return whole(draw, shape, number)
    if kind == "signs":
        return phases(draw, shape[0] * shape[1], number).reshape(shape)
    if kind == "gaussian":
        return gaussian(draw, shape, number)
    most = max(min(shape) - 1, 1)
    rank = draw(hypothesis_strategies().integers(min(2, most), most))
    factors = gaussian(draw, (rank, shape[0] + shape[1]), number)
    return factors[:, : shape[0]].T @ factors[:, shape[0] :]


def _with_repeats(draw: Draw, A: np.ndarray) -> np.ndarray:
    """A with some columns replaced by multiples of others, by 1, -1, 2 or 1/2."""
    st, n = hypothesis_strategies(), A.shape[1]
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.sampled_from([1.0, -1.0, 2.0, 0.5]))
    A = A.copy()
    for copy, original, factor in draw(st.lists(pairs, min_size=1, max_size=3)):
        A[:, copy] = A[:, original] * factor
    return A


def _mended(A: np.ndarray, zero_columns: bool, repeated_columns: bool) -> np.ndarray:
    """A with each column that may not stand replaced by (1, t, 0, ...); t is so large that no small whole numbers give it."""
    A = A.copy()
    for j in range(A.shape[1]):
        zero = not A[:, j].any()
        if (zero and not zero_columns) or (not repeated_columns and not zero and _repeats(A[:, :j], A[:, j])):
            A[:, j] = 0
            A[:2, j] = (1, 2 * MOST + j)[: A.shape[0]]
    return A


def _repeats(before: np.ndarray, column: np.ndarray) -> bool:
    sizes = np.linalg.norm(before, axis=0) * np.linalg.norm(column)
    left = sizes - np.abs(before.conj().T @ column)
    return bool(((left <= 1e-5 * sizes) & (sizes > 0)).any())

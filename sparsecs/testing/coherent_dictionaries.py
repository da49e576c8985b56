"""Matrices that are hard for every method: neighbouring columns are almost the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.testing._drawing import Draw, between, gaussian, hypothesis_strategies, kinds, unit_columns

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NAMES = ("twins", "autoregressive", "waves", "powers")


def coherent_dictionaries(
    rows: Any = (2, 8), columns: Any = (3, 12), complex: bool | None = None
) -> SearchStrategy[np.ndarray]:
    """A strategy for (m, n) arrays with unit columns and a coherence of at least 0.9, and never 1.

    Near-twins; columns of which each has the same cosine with the next, as in an autoregressive process; cosines or complex
    waves with frequencies closer than m samples can tell apart; powers of numbers that lie close together (Vandermonde).

    Parameters
    ----------
    rows, columns : int or pair of int
        m and n, or the smallest and the largest; at least 2.
    complex : bool, optional
        By default real and complex matrices are drawn.

    Raises
    ------
    TypeError, ValueError
        If sizes have no meaning.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs import coherence
    >>> from sparsecs.testing import coherent_dictionaries
    >>> @settings(max_examples=10, deadline=None)
    ... @given(coherent_dictionaries(rows=4))
    ... def some_columns_are_alike(A):
    ...     assert 0.9 <= coherence(A) < 1
    >>> some_columns_are_alike()
    """
    st = hypothesis_strategies()
    high, wide, numbers = between(rows, "rows", 2), between(columns, "columns", 2), kinds(None, complex)

    @st.composite
    def drawn(draw: Draw) -> np.ndarray:
        m, n, number = draw(st.integers(*high)), draw(st.integers(*wide)), draw(st.sampled_from(numbers))
        kind = draw(st.sampled_from(NAMES))
        if kind == "waves":
            return _waves(m, n, draw(st.sampled_from([4, 8, 16])), number)
        if kind == "powers":
            return _powers(m, n, number)
        if kind == "twins":
            return _twins(draw, m, n, number)
        return _autoregressive(draw, m, n, draw(st.sampled_from([0.9, 0.95, 0.99, 0.999])), number)

    return drawn()


def _twins(draw: Draw, m: int, n: int, number: np.dtype) -> np.ndarray:
    """Gaussian columns, the second half of which lie near to the first."""
    A = unit_columns(gaussian(draw, (m, n), number))
    half = n // 2
    for j in range(half):
        angle = 10.0 ** -draw(hypothesis_strategies().integers(1, 5))
        A[:, n - half + j] = _at(A[:, j], A[:, n - half + j], np.cos(angle))
    return A


def _autoregressive(draw: Draw, m: int, n: int, rho: float, number: np.dtype) -> np.ndarray:
    """Each column has the cosine rho with the one before."""
    A = unit_columns(gaussian(draw, (m, n), number))
    for j in range(1, n):
        if m == 2 and number.kind != "c":  # in a plane it turns one way, else it would come back
            A[:, j] = -A[1, j - 1], A[0, j - 1]
        A[:, j] = _at(A[:, j - 1], A[:, j], rho * (1 + 1e-12))  # so that rounding does not bring it below
    return A


def _at(column: np.ndarray, other: np.ndarray, cosine: float) -> np.ndarray:
    """The unit vector in the plane of two unit vectors with this cosine to the first."""
    across = other - column * np.vdot(column, other)
    across /= np.linalg.norm(across)
    across -= column * np.vdot(column, across)
    return cosine * column + (1 - cosine**2) ** 0.5 * across / np.linalg.norm(across)


def _waves(m: int, n: int, finer: int, number: np.dtype) -> np.ndarray:
    """Frequencies ``finer`` times closer than those of an orthogonal transform, or closer still so that none comes twice."""
    finer = max(finer, -(-n // m))
    times = np.arange(m)[:, None] + 0.5
    frequencies = np.arange(n) / (finer * m)
    waves = np.exp(2j * np.pi * times * frequencies) if number.kind == "c" else np.cos(np.pi * times * frequencies)
    return unit_columns(waves)


def _powers(m: int, n: int, number: np.dtype) -> np.ndarray:
    """Powers of n numbers between 1 - 1/m and 1, on the real line or on a ray beside it."""
    ray = np.exp(0.7j) if number.kind == "c" else 1.0
    return unit_columns((np.linspace(1 - 1 / m, 1, n) * ray) ** np.arange(m)[:, None])

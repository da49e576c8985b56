"""Matrices that are kind to every method: bases that know nothing of each other, and columns that are almost orthogonal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.testing._drawing import Draw, between, gaussian, hypothesis_strategies, kinds, unit_columns
from sparsecs.testing._frames import fourier, hadamard

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PRIMES = (3, 5, 7, 11, 13)


def incoherent_dictionaries(rows: Any = (2, 16), complex: bool | None = None) -> SearchStrategy[np.ndarray]:
    """A strategy for (m, n) arrays with unit columns and a coherence of at most 1/sqrt(m).

    Spikes and sines, spikes and signs (for powers of two), several mutually unbiased bases (for odd primes), and at most m
    columns that are almost orthogonal, so that square and tall matrices come too.

    Parameters
    ----------
    rows : int or pair of int
        m, or the smallest and the largest.
    complex : bool, optional
        By default real and complex matrices are drawn.

    Raises
    ------
    TypeError, ValueError
        If sizes have no meaning.

    References
    ----------
    Donoho and Huo, "Uncertainty principles and ideal atomic decomposition" (2001).
    Wootters and Fields, "Optimal state-determination by mutually unbiased measurements" (1989).

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs import coherence
    >>> from sparsecs.testing import incoherent_dictionaries
    >>> @settings(max_examples=10, deadline=None)
    ... @given(incoherent_dictionaries(rows=(2, 8)))
    ... def no_columns_are_alike(A):
    ...     assert coherence(A) <= A.shape[0] ** -0.5 + 1e-12
    >>> no_columns_are_alike()
    """
    st = hypothesis_strategies()
    low, high = between(rows, "rows", 2)
    numbers = kinds(None, complex)

    @st.composite
    def drawn(draw: Draw) -> np.ndarray:
        m, number = draw(st.integers(low, high)), draw(st.sampled_from(numbers))
        makers = [lambda: _almost_orthogonal(draw, m, draw(st.integers(2, m)), number)]
        if m & (m - 1) == 0:
            makers.append(lambda: np.hstack([np.eye(m), hadamard(m) / m**0.5]).astype(number))
        if number.kind == "c":
            makers.append(lambda: np.hstack([np.eye(m), fourier(m) / m**0.5]))
        if number.kind == "c" and m in PRIMES:
            makers.append(lambda: _unbiased(m, draw(st.integers(2, m + 1))))
        return draw(st.sampled_from(makers))()

    return drawn()


def _almost_orthogonal(draw: Draw, m: int, n: int, number: np.dtype) -> np.ndarray:
    """Orthonormal columns, each moved by 1/(4 sqrt(m)): their inner products are at most 1/sqrt(m)."""
    basis = np.linalg.qr(gaussian(draw, (m, n), number))[0]
    return unit_columns(basis + unit_columns(gaussian(draw, (m, n), number)) / (4 * m**0.5))


def _unbiased(p: int, bases: int) -> np.ndarray:
    """So many of the p + 1 mutually unbiased bases for an odd prime p: chirps, exp(2 pi i (a t^2 + b t) / p), and spikes."""
    t = np.arange(p)
    chirps = [np.exp(2j * np.pi * (a * t**2 % p)[:, None] / p) * fourier(p) / p**0.5 for a in range(bases - 1)]
    return np.hstack([np.eye(p), *chirps])

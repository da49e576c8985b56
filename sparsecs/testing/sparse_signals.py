"""Signals with few nonzeros."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.core.checks import one_of
from sparsecs.testing._drawing import MOST, Draw, between, gaussian, hypothesis_strategies, kinds, lengths, phases
from sparsecs.testing.supports import supports

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NAMES = ("signs", "integer", "gaussian")


def sparse_signals(
    n: int,
    k: Any = None,
    amplitudes: str = "any",
    *,
    complex: bool | None = False,
    decades: Any = 0,
    dtype: Any = None,
) -> SearchStrategy[np.ndarray]:
    """A strategy for (n,) arrays with exactly k entries that are not zero; it shrinks to ones in the first places.

    Parameters
    ----------
    n : int
    k : int or pair of int, optional
        How many nonzeros, or the least and the most; by default from 1 to n.
    amplitudes : {"any", "signs", "integer", "gaussian"}
        Of modulus one; whole numbers up to 3 with signs; standard normal numbers. Complex ones have phases for signs.
    complex : bool or None
        None draws both.
    decades : int or pair of int
        Over how many decades the nonzeros are spread.
    dtype : float32, float64, complex64 or complex128, optional
        By default double precision.

    Raises
    ------
    TypeError, ValueError
        If sizes or kinds have no meaning.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs.testing import sparse_signals
    >>> @settings(max_examples=10, deadline=None)
    ... @given(sparse_signals(20, k=3, amplitudes="signs"))
    ... def three_signs(x):
    ...     assert sorted(abs(x))[-4:] == [0, 1, 1, 1]
    >>> three_signs()
    """
    st = hypothesis_strategies()
    one_of(amplitudes, "amplitudes", ("any", *NAMES))
    places, spread = supports(n, k), between(decades, "decades", 0)
    numbers = kinds(dtype, None if dtype is not None else complex)

    @st.composite
    def drawn(draw: Draw) -> np.ndarray:
        support, number = draw(places), draw(st.sampled_from(numbers))
        kind = draw(st.sampled_from(NAMES)) if amplitudes == "any" else amplitudes
        x = np.zeros(n, dtype=number)
        x[support] = _nonzeros(draw, kind, support.size, number) * lengths(draw, support.size, spread)
        return x

    return drawn()


def _nonzeros(draw: Draw, kind: str, size: int, number: np.dtype) -> np.ndarray:
    st = hypothesis_strategies()
    if kind == "gaussian":
        values = gaussian(draw, (size,), number)
        return np.where(values == 0, 1, values)
    signs = phases(draw, size, number)
    return signs if kind == "signs" else signs * draw(st.lists(st.integers(1, MOST), min_size=size, max_size=size))

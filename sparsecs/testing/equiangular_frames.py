"""Matrices whose geometry is known exactly: every two columns enclose one angle, the widest that there can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.testing._drawing import Draw, between, hypothesis_strategies, phases
from sparsecs.testing._frames import FRAMES, complement

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def equiangular_frames(columns: Any = (2, 32), complex: bool | None = None) -> SearchStrategy[np.ndarray]:
    """A strategy for (m, n) arrays with unit columns whose coherence is the bound of Welch; it shrinks to small simplices.

    Simplex frames, frames from conference matrices, from difference sets and from Steiner systems, and their complements;
    columns come in any order and with any signs or fourth roots of one.

    Parameters
    ----------
    columns : int or pair of int
        n, or the smallest and the largest; from 2 to 64.
    complex : bool, optional
        By default real and complex frames are drawn.

    Raises
    ------
    ValueError
        If no frame that is known here has so many columns.

    References
    ----------
    Welch, "Lower bounds on the maximum cross correlation of signals" (1974).
    Strohmer and Heath, "Grassmannian frames with applications to coding and communication" (2003).
    Fickus, Mixon and Tremain, "Steiner equiangular tight frames" (2012).

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs import coherence, welch_bound
    >>> from sparsecs.testing import equiangular_frames
    >>> @settings(max_examples=10, deadline=None)
    ... @given(equiangular_frames())
    ... def it_meets_the_bound_of_welch(A):
    ...     assert abs(coherence(A) - welch_bound(*A.shape)) < 1e-12
    >>> it_meets_the_bound_of_welch()
    """
    st = hypothesis_strategies()
    low, high = between(columns, "columns", 2)
    known = [frame for frame in FRAMES.values() if low <= frame[1] <= high and complex in (None, frame[2])]
    if not known:
        sizes = sorted({frame[1] for frame in FRAMES.values() if complex in (None, frame[2])})
        raise ValueError(f"No equiangular frame with {low} to {high} columns is known here; there are {sizes}.")
    known.sort(key=lambda frame: frame[:2])

    @st.composite
    def drawn(draw: Draw) -> np.ndarray:
        m, n, is_complex, make = draw(st.sampled_from(known))
        A = make()
        if n > m + 1 and draw(st.booleans()):
            A = complement(A)
        order = draw(st.permutations(range(n)))
        return np.ascontiguousarray(
            A[:, order] * phases(draw, n, np.dtype(np.complex128 if is_complex else np.float64))
        )

    return drawn()

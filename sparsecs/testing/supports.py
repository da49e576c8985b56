"""Sets of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.testing._drawing import Draw, between, hypothesis_strategies

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def supports(n: int, k: Any = None) -> SearchStrategy[np.ndarray]:
    """A strategy for increasing arrays of k positions among n; it shrinks to the first ones.

    Parameters
    ----------
    n : int
        How many columns there are.
    k : int or pair of int, optional
        How many are chosen, or the least and the most; by default from 1 to n.

    Raises
    ------
    TypeError, ValueError
        If k is not a whole number from 0 to n.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs.testing import supports
    >>> @settings(max_examples=10, deadline=None)
    ... @given(supports(8, k=(1, 3)))
    ... def they_are_few_and_in_order(support):
    ...     assert 1 <= support.size <= 3 and (support[1:] > support[:-1]).all()
    >>> they_are_few_and_in_order()
    """
    st = hypothesis_strategies()
    n = whole_number(n, "n", 1)
    low, high = between((1, n) if k is None else k, "k", 0)
    whole_number(high, "k", 0, n, f"There are {n} columns.")

    @st.composite
    def drawn(draw: Draw) -> np.ndarray:
        left = list(range(n))
        size = draw(st.integers(low, high))
        chosen = [left.pop(draw(st.integers(0, len(left) - 1))) for _ in range(size)]
        return np.array(sorted(chosen), dtype=np.intp)

    return drawn()

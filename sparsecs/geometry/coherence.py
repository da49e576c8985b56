r"""Coherence: how alike two columns can be.

    mu = max_{i != j} |<a_i, a_j>| / (||a_i|| ||a_j||)
    mu_1(s) = max_i  max_{|S| = s, i not in S}  sum_{j in S} |<a_i, a_j>| / (||a_i|| ||a_j||)

mu_1 is the Babel function; mu_1(1) = mu and mu_1(s) <= s mu (Tropp 2004). Both are exact up to rounding. They are found a tile
of columns at a time, each pair once, so a matrix-free operator is never formed and ``memory`` bytes are enough. For mu the
pairs are first computed in single precision; tiles that hold the largest one within what such products can be wrong by,

    |fl(<u, v>) - <u, v>| <= gamma_{m+2} ||u|| ||v||,      gamma_k = k u / (1 - k u),  u = 2^-24  (Higham 2002, §3.1)

are computed again in double precision. Zero columns have no direction and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from threading import Lock
from typing import Any, overload

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.geometry._pairs import MEMORY, TILE, Pairs
from sparsecs.kernels.chunks import threads_allowed
from sparsecs.kernels.pair_statistics import keep_largest_of_both, keep_largest_of_rows
from sparsecs.operators.door import as_operator

ONE = 1 - 2.0**-50  # from here on no pair can be more alike


def coherence(A: Any, memory: int = MEMORY) -> float:
    """The mutual coherence of the columns, between 0 and 1; zero columns are left out.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns that are not zero. Columns are normalised inside.
    memory : int
        Bytes that may be used beside A itself.

    Raises
    ------
    ValueError
        If fewer than two columns are not zero, or a product with A is not finite.
    MemoryError
        If ``memory`` is too little for a few columns.

    References
    ----------
    Donoho and Elad, "Optimally sparse representation in general (nonorthogonal) dictionaries via l1 minimization" (2003).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import coherence
    >>> round(coherence(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]])), 12)
    0.8
    """
    return _most_alike(A, memory)[0]


def coherent_pair(A: Any, memory: int = MEMORY) -> tuple[int, int]:
    """The two columns that attain the coherence, the first one first.

    Of several pairs that are alike to rounding, one.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns that are not zero.
    memory : int
        Bytes that may be used beside A itself.

    Raises
    ------
    ValueError
        If fewer than two columns are not zero.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import coherent_pair
    >>> coherent_pair(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]]))
    (1, 2)
    """
    return _most_alike(A, memory)[1]


def mean_coherence(A: Any, memory: int = MEMORY) -> float:
    """The mean of |cos| over all pairs of columns that are not zero.

    ``coherence_profile`` has it too, with the root mean square, quantiles and counts.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns that are not zero.
    memory : int
        Bytes that may be used beside A itself.

    Raises
    ------
    ValueError
        If fewer than two columns are not zero.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import mean_coherence
    >>> round(mean_coherence(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]])), 12)
    0.466666666667
    """
    pairs = Pairs(A, memory)
    sums = np.zeros(pairs.size)

    def see(first: int, start: int, tile: np.ndarray) -> None:
        here = slice(first, first + tile.shape[0])
        sums[here] += tile.sum(axis=1)
        if first == start:
            sums[here] -= tile[:, : tile.shape[0]].sum(axis=1) / 2

    pairs.visit([see] * pairs.threads)
    return float(min(sums.sum() / pairs.count, 1))


@overload
def babel(A: Any, s: int, memory: int = MEMORY) -> float: ...


@overload
def babel(A: Any, s: Iterable[int], memory: int = MEMORY) -> np.ndarray: ...


def babel(A: Any, s: Any, memory: int = MEMORY) -> Any:
    """The Babel function mu_1(s): the largest sum of s coherences of one column with others.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Columns are normalised inside; zero columns are left out.
    s : int or several
        How many other columns, at least 1 and fewer than there are columns that are not zero. Several come at the price of one.
    memory : int
        Bytes that may be used beside A itself.

    Returns
    -------
    float or array
        An array if several s were given.

    Raises
    ------
    ValueError
        If there are not that many other columns.

    References
    ----------
    Tropp, "Greed is good: algorithmic results for sparse approximation" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import babel
    >>> A = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 4.0]])
    >>> round(babel(A, 2), 12)
    1.4
    >>> babel(A, range(1, 3)).round(12)
    array([0.8, 1.4])
    """
    alone = not isinstance(s, Iterable)
    wanted = np.array([whole_number(one, "s", 1) for one in ([s] if alone else s)], dtype=int)
    operator, most = as_operator(A), int(wanted.max(initial=1))
    width = min(most, operator.shape[1])
    each_once = 8 * width * operator.shape[1] * threads_allowed() <= memory // 4
    pairs = Pairs(operator, memory, *((8 * width, 0) if each_once else (0, 16 * width)))
    whole_number(most, "s", 1, pairs.size - 1, f"{pairs.size} columns are not zero.")
    curve = _by_heaps(pairs, most) if each_once else _row_by_row(pairs, most)
    return float(curve[most - 1]) if alone else curve[wanted - 1]


def _by_heaps(pairs: Pairs, most: int) -> np.ndarray:
    """mu_1(1), ..., mu_1(most), with the largest of every column at hand; every pair is computed once."""
    heaps = np.zeros((pairs.threads, pairs.size, most))

    def enter(mine: np.ndarray, first: int, start: int, tile: np.ndarray) -> None:
        rows, columns = mine[first : first + tile.shape[0]], mine[start : start + tile.shape[1]]
        keep_largest_of_both(tile, first == start, rows, columns)

    pairs.visit([partial(enter, mine) for mine in heaps])
    return np.max(
        [
            _sums(np.concatenate(list(heaps[:, start : start + TILE]), axis=1), most)
            for start in range(0, pairs.size, TILE)
        ],
        axis=0,
    )


def _row_by_row(pairs: Pairs, most: int) -> np.ndarray:
    """The same with the largest of one tile of columns at hand; every pair is computed twice."""
    curves = np.zeros((pairs.threads, most))

    def enter(curve: np.ndarray, state: dict[str, Any], first: int, start: int, tile: np.ndarray) -> None:
        if start == 0:
            state["heaps"] = np.zeros((tile.shape[0], most))
        keep_largest_of_rows(tile, state["heaps"])
        if start + tile.shape[1] == pairs.size:
            np.maximum(curve, _sums(state["heaps"], most), out=curve)

    pairs.visit([partial(enter, curve, {}) for curve in curves], whole=True)
    return curves.max(axis=0)


def _sums(values: np.ndarray, most: int) -> np.ndarray:
    """The largest sums of 1, 2, ... values of a row."""
    values = -np.sort(-values, axis=1)[:, :most]
    return np.cumsum(values, axis=1, out=values).max(axis=0)


def _most_alike(A: Any, memory: int) -> tuple[float, tuple[int, int]]:
    """The coherence and a pair that attains it: of equally alike ones that come first, found tile by tile."""
    pairs = Pairs(A, memory, single=True)
    best = [(-1.0, 0, 0)]
    slack = _rounding(pairs) if pairs.single else 0.0
    lock = Lock()

    def see(first: int, start: int, tile: np.ndarray) -> None:
        if tile.max() + slack < best[0][0]:
            return
        if pairs.single:
            tile = pairs.exact(first, start, tile.shape)
        i, j = divmod(int(tile.argmax()), tile.shape[1])
        low, high = sorted((first + i, start + j))
        with lock:
            best[0] = max(best[0], (min(float(tile[i, j]), 1.0), -low, -high))

    pairs.visit([see] * pairs.threads, over=lambda: best[0][0] >= ONE)
    value, i, j = best[0]
    return value, (int(pairs.live[-i]), int(pairs.live[-j]))


def _rounding(pairs: Pairs) -> float:
    """How far a product of two unit columns in single precision can be from the true one."""
    terms = pairs.operator.shape[0] * (2 if pairs.kind.kind == "c" else 1) + 4
    unit = terms * 2.0**-24
    return 2 * unit / (1 - unit) if unit < 0.5 else 1.0

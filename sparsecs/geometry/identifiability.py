"""Columns that no method can tell apart: zero columns, and classes of parallel ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator

SKETCH = 8  # random rows; two different directions agree on all of them with probability zero
TILE = 512


def dead_columns(A: Any) -> np.ndarray:
    """The positions of the zero columns: weights that change no output.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import dead_columns
    >>> dead_columns(np.array([[1.0, 0.0, 2.0]]))
    array([1])
    """
    return np.flatnonzero(as_operator(A).column_norms() == 0)


def collinear_columns(A: Any, tolerance: float | None = None) -> tuple[np.ndarray, ...]:
    """Classes of parallel columns: of each, only one combination can be identified.

    Two columns are parallel when their directions differ, up to sign, by less than ``tolerance``. Columns are first sorted
    by a random sketch of a few products with Aᴴ, then compared exactly, so a large operator is not formed.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Real or complex; zero columns belong to no class.
    tolerance : float, optional
        The distance between unit vectors below which they count as one; by default 100 √m rounding units.

    Returns
    -------
    tuple of arrays
        The classes with at least two columns, each sorted, by their first column.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import collinear_columns
    >>> collinear_columns(np.array([[1.0, 0.0, -2.0, 1.0], [1.0, 1.0, -2.0, 0.0]]))
    (array([0, 2]),)
    """
    operator = as_operator(A)
    m, _ = operator.shape
    unit = 100 * np.sqrt(m) * float(np.finfo(operator.dtype).eps)
    bar = unit if tolerance is None else float(tolerance)
    norms = operator.column_norms()
    live = np.flatnonzero(norms > 0)
    rows = stream(0, "collinear columns").standard_normal((m, SKETCH)).astype(operator.dtype)
    sketch = operator.rmatmat(rows)[live].conj() / norms[live, None]
    sketch = sketch * _phase(sketch[np.arange(len(sketch)), np.abs(sketch).argmax(axis=1)])[:, None]
    classes = []
    for candidates in _runs(sketch, bar * np.sqrt(m) * 4):
        classes += _verified(operator, norms, live[candidates], bar)
    return tuple(sorted(classes, key=lambda found: int(found[0])))


def distinct_columns(A: Any, tolerance: float | None = None) -> np.ndarray:
    """One column of each direction: no zero column, and the first of each collinear class.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import distinct_columns
    >>> distinct_columns(np.array([[1.0, 0.0, -2.0, 1.0], [1.0, 0.0, -2.0, 0.0]]))
    array([0, 3])
    """
    operator = as_operator(A)
    keep = operator.column_norms() > 0
    for found in collinear_columns(operator, tolerance):
        keep[found[1:]] = False
    return np.flatnonzero(keep)


def _phase(values: np.ndarray) -> np.ndarray:
    """What turns each value to a positive real number."""
    modulus = np.abs(values)
    return np.where(modulus > 0, values.conj() / np.where(modulus > 0, modulus, 1), 1)


def _runs(sketch: np.ndarray, width: float) -> list[np.ndarray]:
    """Groups of rows that are close in the modulus of every coordinate; parallel columns always share one."""
    groups = [np.arange(len(sketch))]
    for coordinate in np.abs(sketch).T:
        split = []
        for group in groups:
            order = group[np.argsort(coordinate[group], kind="stable")]
            breaks = np.flatnonzero(np.diff(coordinate[order]) > width) + 1
            split += [part for part in np.split(order, breaks) if part.size > 1]
        groups = split
    return groups


def _verified(operator: Operator, norms: np.ndarray, candidates: np.ndarray, bar: float) -> list[np.ndarray]:
    """The classes of parallel columns among a few candidates, by their inner products."""
    rest, classes = np.sort(candidates), []
    while rest.size > 1:
        first = operator.columns(rest[:1])[:, 0] / norms[rest[0]]
        distances = np.empty(rest.size)
        for start in range(0, rest.size, TILE):
            part = rest[start : start + TILE]
            block = operator.columns(part) / norms[part]
            turned = block * _phase(first.conj() @ block)
            distances[start : start + TILE] = np.linalg.norm(turned - first[:, None], axis=0)
        same = distances <= bar
        same[0] = True
        if same.sum() > 1:
            classes.append(rest[same])
        rest = rest[~same]
    return classes

"""A problem: everything that a solver may need to know, with all checks of shape and finiteness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import columns_of, held, indices, numeric, positive, quote, whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator


@dataclass(frozen=True, eq=False, repr=False)
class Problem:
    """Find a sparse x with A x ≈ y.

    The operator's precision decides: with a float32 operator all is done in float32.

    Parameters
    ----------
    operator : anything that ``as_operator`` takes
        A, of shape (m, n).
    y : (m,) or (m, p) array
        What was measured; p columns are p measurements of signals that share one support.
    sparsity : int, optional
        k, how many nonzeros (rows that are not zero, for p columns) are looked for: between 1 and m. With groups, how many
        groups.
    truth : (n,) or (n, p) array, optional
        The signal that was planted, if there is one.
    groups : (n,) array of labels, or a sequence of index lists that cover each column once, optional
        Which columns belong together.
    noise : float
        The standard deviation of the noise in y, if it is known.
    weights : (n,) array, or one for each group, optional
        What each coefficient costs in an ℓ1 norm, or each group in a group norm: above zero; infinity keeps it at zero.

    Raises
    ------
    TypeError, ValueError
        With what was asked, what was got and what to do.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Problem
    >>> Problem(np.eye(3), [0, 2, 0], sparsity=1).shape
    (3, 3)
    """

    operator: Operator
    y: np.ndarray
    sparsity: int | None = None
    truth: np.ndarray | None = None
    groups: np.ndarray | None = None
    noise: float = 0.0
    weights: np.ndarray | None = None

    def __post_init__(self) -> None:
        operator = as_operator(self.operator)
        m, n = operator.shape
        y = columns_of(self.y, "y", m, f"the operator measures {m} values")
        kind = np.result_type(operator.dtype, y) if np.iscomplexobj(y) else operator.dtype
        self._set("operator", operator)
        self._set("y", held(y, kind, "y"))
        if self.groups is not None:
            self._set("groups", _labels(self.groups, n))
        if self.sparsity is not None:
            self._set("sparsity", self._allowed(self.sparsity))
        if self.truth is not None:
            self._set("truth", columns_of(self.truth, "truth", n, f"the operator has {n} columns"))
        if self.weights is not None:
            self._set("weights", _weights(self.weights, n, self.groups))
        self._set("noise", positive(self.noise, "noise", zero=True))

    def _allowed(self, sparsity: Any) -> int:
        m, n = self.operator.shape
        if isinstance(sparsity, float | np.floating) and float(sparsity).is_integer():
            raise TypeError(f"sparsity must be a whole number; got {quote(sparsity)}. Give int({float(sparsity)}).")
        if self.groups is not None:
            return whole_number(sparsity, "sparsity", 1, int(self.groups.max()) + 1, "With groups it counts groups.")
        k = whole_number(sparsity, "sparsity")
        why = f"No method finds more nonzeros than there are measurements ({m})." if m < n and k > m else ""
        return whole_number(k, "sparsity", 1, min(m, n), why)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<Problem: {self.operator!r}, sparsity={self.sparsity}, truth {'known' if self.truth is not None else 'unknown'}>"

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.operator.shape

    def but(self, **parts: Any) -> Problem:
        """The same with other parts, which are known to be sound: nothing is checked, so it costs nothing."""
        other = object.__new__(Problem)
        other.__dict__.update(self.__dict__, **parts)
        return other

    def nothing(self) -> np.ndarray:
        """A fresh x = 0, of shape (n,) or (n, p)."""
        return np.zeros((self.operator.shape[1], *self.y.shape[1:]), dtype=self.y.dtype)

    def error(self, x: np.ndarray) -> float:
        """The relative error ‖x − truth‖ / ‖truth‖ of an answer.

        Raises
        ------
        ValueError
            If no signal was planted.
        """
        if self.truth is None:
            raise ValueError("The problem has no truth to compare with; make it with plant() or give truth=.")
        x = columns_of(x, "x", self.truth.shape[0], f"the planted signal has {self.truth.shape[0]} entries")
        if x.shape != self.truth.shape:
            raise ValueError(
                f"x has shape {x.shape} but the planted signal has {self.truth.shape[0]} entries in {self.truth.shape}."
            )
        size = np.linalg.norm(self.truth)
        return float(np.linalg.norm(x - self.truth) / (size if size > 0 else 1))


def _labels(groups: Any, n: int) -> np.ndarray:
    """Labels 0, 1, ... of the n columns, from labels of any whole numbers or from lists of columns."""
    if not np.iterable(groups):
        raise TypeError(f"groups must be labels or lists of columns; got {quote(groups)}.")
    flat = isinstance(groups, np.ndarray) or all(np.ndim(group) == 0 for group in groups)
    if not flat:
        labels = np.full(n, -1)
        for label, group in enumerate([group for group in groups if np.size(group)]):
            chosen = indices(group, f"group {label}", n)
            if (labels[chosen] >= 0).any() or np.unique(chosen).size < chosen.size:
                raise ValueError(
                    f"Group {label} names a column twice or one that another group has; groups are disjoint."
                )
            labels[chosen] = label
        if (labels < 0).any():
            raise ValueError(f"Column {int(np.argmin(labels))} is in no group; the groups must cover all {n} columns.")
        return labels
    array = np.asarray(groups)
    if array.shape != (n,) or array.dtype.kind not in "ui":
        numeric(array, "groups")
        raise ValueError(
            f"groups must label each of the {n} columns by a whole number; got shape {array.shape}, {array.dtype}."
        )
    return np.unique(array, return_inverse=True)[1].reshape(n)


def _weights(weights: Any, n: int, groups: np.ndarray | None) -> np.ndarray:
    array = numeric(weights, "weights")
    sizes = {n} if groups is None else {n, int(groups.max()) + 1}
    if array.ndim != 1 or array.size not in sizes or array.dtype.kind != "f":
        owners = " or ".join(f"{size}" for size in sorted(sizes, reverse=True))
        raise ValueError(
            f"weights must be {owners} real numbers, one for each column or group; got shape {array.shape}."
        )
    if not (array > 0).all():
        bad = int(np.argmin(array > 0))
        raise ValueError(
            f"weights must be above zero, or infinite where x is to stay zero; weight {bad} is {array[bad]}. "
            "Columns that shall cost nothing can be projected out of A and y first."
        )
    return array.astype(np.float64)

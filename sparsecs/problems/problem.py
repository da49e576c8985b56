"""A problem: everything that a solver may need to know, with all checks of shape and finiteness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import held, indices, numeric, positive, quote, vector, whole_number
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
    y : (m,) array
        What was measured.
    sparsity : int, optional
        k, how many nonzeros are looked for: between 1 and m.
    truth : (n,) array, optional
        The signal that was planted, if there is one.
    groups : (n,) array of labels, or a sequence of index lists that cover each column once, optional
        Which columns belong together.
    noise : float
        The standard deviation of the noise in y, if it is known.

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

    def __post_init__(self) -> None:
        operator = as_operator(self.operator)
        m, n = operator.shape
        y = vector(self.y, "y", m, f"the operator measures {m} values")
        kind = np.result_type(operator.dtype, y) if np.iscomplexobj(y) else operator.dtype
        self._set("operator", operator)
        self._set("y", held(y, kind, "y"))
        if self.sparsity is not None:
            why = f"No method finds more nonzeros than there are measurements ({m})." if m < n else ""
            self._set("sparsity", whole_number(self.sparsity, "sparsity", 1, min(m, n), why))
        if self.truth is not None:
            self._set("truth", vector(self.truth, "truth", n, f"the operator has {n} columns"))
        if self.groups is not None:
            self._set("groups", _labels(self.groups, n))
        self._set("noise", positive(self.noise, "noise", zero=True))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<Problem: {self.operator!r}, sparsity={self.sparsity}, truth {'known' if self.truth is not None else 'unknown'}>"

    @property
    def shape(self) -> tuple[int, int]:
        """(m, n)."""
        return self.operator.shape

    def error(self, x: np.ndarray) -> float:
        """The relative error ‖x − truth‖ / ‖truth‖ of an answer.

        Raises
        ------
        ValueError
            If no signal was planted.
        """
        if self.truth is None:
            raise ValueError("The problem has no truth to compare with; make it with plant() or give truth=.")
        x = vector(x, "x", self.truth.size, f"the planted signal has {self.truth.size} entries")
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

r"""Restricted isometry constants: how far A is from an isometry on vectors with at most k nonzeros.

    1 - L = min over |S| = k of lambda_min(A_S^H A_S),      1 + U = max over |S| = k of lambda_max(A_S^H A_S)

To find either is NP-hard in general (Tillmann and Pfetsch 2014), so both come as bounds that say how tight they are.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import one_of, positive, whole_number
from sparsecs.geometry._isometry_gram import Columns
from sparsecs.geometry._isometry_methods import METHODS, get_ready
from sparsecs.geometry._isometry_question import Question
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.operators.door import as_operator


def restricted_isometry(
    A: Any,
    k: int,
    method: str | tuple[str, ...] = "auto",
    normalize: bool = False,
    best_scaling: bool = False,
    seconds: float | None = 30.0,
    memory: float = 2**30,
) -> IsometryBounds:
    """The restricted isometry constants L, U and delta of order k, exactly or between bounds.

    Lower bounds are attained by a support that is handed over as their witness. Upper bounds hold for all supports. Whatever
    ends a search early, what is returned is proven, and ``stopped`` says why it ended.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Its columns are used as they are: a zero column, or k above m, makes L = 1.
    k : int
        The order, between 1 and n.
    method : str or tuple of str
        Several are used one after the other. Both bounds: "exact", a local search and then a search of all supports that skips
        what cannot matter; "auto", the cheap upper bounds before that. Lower bounds: "greedy", growth and swaps from many starts;
        "random", thresholded power iterations from random supports, often loose. Upper bounds: "coherence", "babel",
        "gershgorin", "spectrum" (of all of A), "semidefinite" (a relaxation solved with cvxpy; up to 200 columns).
    normalize : bool
        Whether columns are first scaled to length one; zero columns stay zero.
    best_scaling : bool
        Whether A is first multiplied by the number that makes the proven upper bound of delta least: ``scale`` of the result.
    seconds : float or None
        When to stop; None is never. Ctrl-C stops too.
    memory : float
        Bytes. If the inner products of all columns do not fit, only bounds that need a few of them at a time are found.

    Raises
    ------
    ValueError
        If k is not between 1 and n, if a method is not known, or if squares of the columns overflow.

    References
    ----------
    Candès and Tao, "Decoding by linear programming" (2005).
    Tillmann and Pfetsch, "The computational complexity of the restricted isometry property, the nullspace property, and related
    concepts in compressed sensing" (2014).
    Dossal, Peyré and Fadili, "A numerical exploration of compressed sampling recovery" (2010), on lower bounds.
    d'Aspremont, El Ghaoui, Jordan and Lanckriet, "A direct formulation for sparse PCA using semidefinite programming" (2007).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import restricted_isometry
    >>> A = np.hstack([np.eye(4), np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2])
    >>> restricted_isometry(A, 3)
    IsometryBounds of order 3:
      L: 0.7071067812 (exact; exact search)
      U: 0.7071067812 (exact; exact search)
      delta: 0.7071067812 (exact; exact search)
    >>> restricted_isometry(A, 3, method=("greedy", "coherence")).U.upper
    1.0
    """
    operator = as_operator(A)
    n = operator.shape[1]
    k = whole_number(k, "k", 1, n, f"A has {n} columns.")
    names = [one_of(name, "method", tuple(METHODS)) for name in ([method] if isinstance(method, str) else method)]
    room = int(positive(memory, "memory"))
    if not {"auto", "exact", "greedy"}.isdisjoint(names):
        get_ready(operator.dtype)
    budget = Budget(seconds)
    question = Question(Columns(operator, normalize), k, budget, room, best_scaling)
    for name in names:
        METHODS[name](question)
    scale, square = _scale(question, best_scaling)
    return IsometryBounds(k, question.least.bounds(square), question.largest.bounds(square), scale)


def _scale(question: Question, best: bool) -> tuple[float, float]:
    """What A is multiplied by, and what eigenvalues in the units of the question are multiplied by."""
    unit = question.columns.unit
    if best:
        total = question.largest.proven - question.least.proven
        square = 2 / total if total > 0 else 1.0
        return math.sqrt(square) / unit, square
    square = unit * unit
    if not np.isfinite(square * question.largest.proven):
        raise ValueError(
            f"The squares of columns of norm up to {question.columns.norms.max() * unit:.3g} overflow, and U with them. "
            "Scale A down, or use normalize=True or best_scaling=True."
        )
    return 1.0, square

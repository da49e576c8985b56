r"""The null space constant: how much of the l1 norm of a null vector k entries can hold.

    alpha_k = max { sum of the k largest |x_i| : A x = 0, ||x||_1 = 1 }

alpha_k < 1/2 exactly if l1 minimisation recovers every x with k nonzeros from A x (the null space property). Only the null space
of A matters: rows can be combined and scaled at will, columns cannot. Finding it is NP-hard in general (Tillmann and Pfetsch).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import one_of, whole_number
from sparsecs.geometry._null_space_climb import climbed, share
from sparsecs.geometry._null_space_coordinates import Coordinates, coordinates
from sparsecs.geometry._null_space_relaxations import (
    column_bound,
    linear_relaxation,
    projected,
    semidefinite_relaxation,
)
from sparsecs.geometry._null_space_search import Search, ready
from sparsecs.geometry.bounds import Bounds
from sparsecs.operators.door import as_operator

METHODS = ("auto", "search", "local search", "linear relaxation", "semidefinite relaxation")
WIDEST = 6000  # columns: tables of one number a pair then take 2 GB in all
PAIRS = 1 / 3  # of the time may go to the values of all pairs, which make the rest of the search quick


def null_space_constant(A: Any, k: int, method: str = "auto", seconds: float | None = 30.0) -> Bounds:
    """The null space constant of order k, between 0 and 1: exact, or bounds if the search was stopped.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), real or complex, used as given: columns are not normalised.
    k : int
        The order, at least 1.
    method : str
        ``"search"``: best first among signed sets of columns, exact in the end; for real A.
        ``"local search"``: the lower bound is a local maximum, from many starts; the upper one is a cheap relaxation.
        ``"linear relaxation"``: the upper bound of Juditsky and Nemirovski, by cvxpy, for A real or complex.
        ``"semidefinite relaxation"``: that of d'Aspremont and El Ghaoui, made no worse than the linear one; slow, for real A.
        ``"auto"``: the search for real A; local search and linear relaxation for complex A.
    seconds : float or None
        How long it may take; None: as long as it takes. Bounds hold whenever it stops.

    Returns
    -------
    Bounds
        The witness is a null vector with unit l1 norm whose k largest entries sum to the lower bound; None if there is no
        null vector but zero.

    Raises
    ------
    ValueError
        If k is below 1, the method is unknown or not one for complex A, or the norms of the columns are too far apart.

    References
    ----------
    Juditsky and Nemirovski, "On verifiable sufficient conditions for sparse signal recovery via l1 minimization" (2011).
    d'Aspremont and El Ghaoui, "Testing the nullspace property using semidefinite programming" (2011).
    Tillmann and Pfetsch, "The computational complexity of the restricted isometry property, the nullspace property, and related
    concepts in compressed sensing" (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import null_space_constant
    >>> null_space_constant(np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 2.0]]), 1)
    0.5 (exact; one null vector)
    """
    whole_number(k, "k", 1)
    one_of(method, "method", METHODS)
    A = as_operator(A)
    if A.dtype.kind != "c":
        ready()
    budget = Budget(seconds)
    space = coordinates(A)
    if space.dead.size:
        return Bounds(1.0, 1.0, _unit(np.eye(space.n)[space.dead[0]]), "a zero column")
    if not space.rest.size:
        return Bounds(0.0, 0.0, None, "no null vector but zero")
    if space.rest.size == 1:
        x = _unit(space.null_vectors()[:, 0])
        return Bounds(share(x, k), share(x, k), x, "one null vector")
    if space.n > WIDEST:
        x, why = _unit(space.null_vectors(1)[:, 0]), f"{space.n} columns need tables too large; at most {WIDEST} do not"
        return Bounds(share(x, k), 1.0, x, "some null vector", stopped=why)
    if np.iscomplexobj(space.table):
        return _complex(space, k, method, budget)
    return _real(space, k, method, budget)


def _real(space: Coordinates, k: int, method: str, budget: Budget) -> Bounds:
    search = Search(space, k, budget)
    with budget.watch():
        search.singles(climbing=k > 1)
        if method in ("auto", "search") and search.upper > search.best[0] and k > 1:
            search.pairs(0.0 if k == 2 else PAIRS * budget.left())
            if search.fill():
                search.run()
        elif method == "linear relaxation":
            search.lower_to(linear_relaxation(space, k, budget))
        elif method == "semidefinite relaxation":
            search.lower_to(semidefinite_relaxation(space, k, budget))
    return _bounds(search.point * space.weights, k, search.upper, "search" if method == "auto" else method, budget)


def _complex(space: Coordinates, k: int, method: str, budget: Budget) -> Bounds:
    if method in ("search", "semidefinite relaxation"):
        raise ValueError(
            f"The {method} is for real matrices; for complex ones use 'auto', 'local search' or 'linear relaxation'."
        )
    upper, x = min(1.0, column_bound(projected(space), k)), space.null_vectors()[:, 0]
    with budget.watch():
        if method != "local search":
            upper = min(upper, linear_relaxation(space, k, budget))
        x = climbed(space, k, budget)
    name = "local search and linear relaxation" if method == "auto" else method
    return _bounds(x, k, upper, name, budget)


def _bounds(x: np.ndarray, k: int, upper: float, method: str, budget: Budget) -> Bounds:
    lower = share(_unit(x), k)
    return Bounds(lower, max(lower, upper), _unit(x), method, stopped=budget.stopped)


def _unit(x: np.ndarray) -> np.ndarray:
    """x with unit l1 norm; entries below 1e-300 of it are lost."""
    x = x / np.abs(x).max()
    return np.asarray(x / np.abs(x).sum())

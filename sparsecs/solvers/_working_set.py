r"""Working sets: the LASSO and the group LASSO on the few columns that matter, until a duality gap proves that no other does.

    c = A^H (y - A x)                                 one product with A^H: which columns are violated, and the gap
    W <- W + { j : |c_j| > lambda w_j }               the worst ones, as many as there are in use
    x_W <- argmin 1/2 ||A_W x - y||^2 + lambda sum w_j |x_j|            on inner products alone: see kernels/active_set.py

(compare Johnson and Guestrin 2015, Massias, Gramfort and Salmon 2018). lambda falls from the value at which x = 0 is the answer
to its own in a few large steps, so that the working set grows along with the support. A is used only through its columns in W
and through products with A^H. Groups are kept together; a complex coefficient is a group of two real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from sparsecs.kernels.active_groups import solve_groups
from sparsecs.kernels.active_set import solve_l1_quadratic
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Terms, proof
from sparsecs.solvers.result import Certificate

FALL = 0.46  # from one λ to the next: three of them are a decade
ROUGH = 0.1  # the relative gap with which all λ but the last are content
AIM = 0.02  # of the violation outside the working set: what is left inside
FIRST = 100  # how many columns or groups enter at once at least


class Step(NamedTuple):
    """Where the method stands: x, the residual, its correlations with all columns, and what they prove about λ."""

    x: np.ndarray
    residual: np.ndarray
    correlations: np.ndarray
    weight: float
    proof: Certificate
    stuck: bool


class WorkingSet:
    """The columns in use, their inner products, and the problem on them.

    Parameters
    ----------
    problem : Problem
    costs : (q,) array
        The weight of each unit: of each column, or of each group.
    labels : (n,) integer array or None
        The unit of each column; None if each column is one.
    bounds : tuple of float
        Between which every coefficient is to be; only where each unit is one real column.
    """

    def __init__(
        self, problem: Problem, costs: np.ndarray, labels: np.ndarray | None, bounds: tuple[float, float]
    ) -> None:
        n = problem.shape[1]
        self.problem, self.costs, self.bounds = problem, costs, bounds
        self.parts = 2 if np.iscomplexobj(problem.y) else 1
        self.labels = np.arange(n) if labels is None else labels
        self.order = np.argsort(self.labels, kind="stable")
        self.edges = np.concatenate([[0], np.cumsum(np.bincount(self.labels, minlength=costs.size))])
        self.single = self.parts == 1 and labels is None
        self.units = np.zeros(0, dtype=np.intp)
        self.columns = np.zeros(0, dtype=np.intp)
        self.room = np.zeros((problem.shape[0] * self.parts, 0), order="F")
        self.gram = np.zeros((0, 0))

    def scores(self, correlations: np.ndarray) -> np.ndarray:
        """How large λ would have to be for each unit to be zero, a (q,) array."""
        sizes = np.abs(correlations)
        if self.bounds[0] == 0:
            sizes = np.maximum(correlations, 0)
        elif self.bounds[1] == 0:
            sizes = np.maximum(-correlations, 0)
        if not self.single:
            sizes = np.sqrt(np.bincount(self.labels, weights=sizes**2, minlength=self.costs.size))
        return sizes / self.costs

    def admit(self, units: np.ndarray) -> None:
        """Take in more units."""
        columns = np.concatenate([self.order[self.edges[u] : self.edges[u + 1]] for u in units])
        fresh = real_columns(self.problem.operator.columns(columns).astype(self.problem.y.dtype, copy=False))
        old, size = self.size, self.size + fresh.shape[1]
        if size > self.room.shape[1]:
            self.room = _with_room(self.room, (self.room.shape[0], max(size, 2 * old)), old)
        self.room[:, old:size] = fresh
        if self.single:
            if size > self.gram.shape[0]:
                self.gram = _with_room(self.gram, (max(size, 2 * old),) * 2, old).T  # symmetric: rows are columns
            self.gram[:old, old:size] = self.matrix.T @ fresh
            self.gram[old:size, :old] = self.gram[:old, old:size].T
            self.gram[old:size, old:size] = fresh.T @ fresh
        self.units, self.columns = np.concatenate([self.units, units]), np.concatenate([self.columns, columns])

    @property
    def size(self) -> int:
        """How many real columns there are."""
        return self.columns.size * self.parts

    @property
    def matrix(self) -> np.ndarray:
        """The columns in use, real, in Fortran order."""
        return self.room[:, : self.size]

    def retain(self, kept: np.ndarray) -> None:
        """Drop the units that are not ``kept``, a mask."""
        rows = np.flatnonzero(np.repeat(kept, np.diff(self.edges)[self.units] * self.parts))
        self.room[:, : rows.size] = self.room[:, rows]
        if self.single:
            self.gram[: rows.size, : rows.size] = self.gram[np.ix_(rows, rows)]
        self.units, self.columns = self.units[kept], self.columns[rows[:: self.parts] // self.parts]

    def minimize(
        self, x: np.ndarray, r: np.ndarray, correlations: np.ndarray, weight: float, rounds: int, accuracy: float
    ) -> bool:
        """Change x, which is zero elsewhere, on the working set; whether it is optimal there."""
        if self.units.size == 0:
            return True
        own = np.ascontiguousarray(x[self.columns]).view(np.float64)
        price = weight * self.costs[self.units]
        if self.single:
            c = correlations[self.columns]
            done = solve_l1_quadratic(self.gram, own, c, price, self.bounds, rounds, accuracy)
        else:
            edges = np.concatenate([[0], np.cumsum(np.diff(self.edges)[self.units] * self.parts)])
            done = solve_groups(self.matrix, r.copy().view(np.float64), own, edges, price, rounds, accuracy)
        x[self.columns] = own.view(x.dtype)
        return done

    def image(self, x: np.ndarray) -> np.ndarray:
        """A x, an (m,) array, for an x that is zero off the working set."""
        return (self.matrix @ np.ascontiguousarray(x[self.columns]).view(np.float64)).view(x.dtype)


def _with_room(array: np.ndarray, shape: tuple[int, int], used: int) -> np.ndarray:
    """The used columns, and no more rows than there are, in a larger array in Fortran order."""
    larger = np.empty(shape, order="F")
    rows = min(array.shape[0], used) if shape[0] != array.shape[0] else shape[0]
    larger[:rows, :used] = array[:rows, :used]
    return larger


def real_columns(columns: np.ndarray) -> np.ndarray:
    """Columns in double precision, contiguous; two real ones for each complex one, which multiply its two parts."""
    if not np.iscomplexobj(columns):
        return np.asfortranarray(columns, dtype=np.float64)
    rows = np.repeat(columns.T.astype(np.complex128), 2, axis=0)
    rows[1::2] *= 1j
    return rows.view(np.float64).T


def units_of(problem: Problem, terms: Terms) -> WorkingSet:
    """An empty working set for an ℓ1 norm or a group norm."""
    n, penalty = problem.shape[1], terms.penalty
    if isinstance(penalty, L1):
        costs = np.ones(n) if problem.weights is None else problem.weights
        return WorkingSet(problem, costs, None if not np.iscomplexobj(problem.y) else np.arange(n), penalty.bounds)
    if not isinstance(penalty, GroupL2) or problem.groups is None:
        raise TypeError(f"Working sets are for L1() and GroupL2() with groups; got {penalty}.")
    sizes = np.bincount(problem.groups)
    costs = np.ones(sizes.size) if problem.weights is None else problem.weights
    costs = costs * np.sqrt(sizes) if penalty.root_size else costs
    return WorkingSet(problem, costs, problem.groups, (-np.inf, np.inf))


def descend(
    problem: Problem,
    terms: Terms,
    tolerance: float,
    working: WorkingSet,
    x: np.ndarray,
    c: np.ndarray,
    before: float = 0.0,
) -> Iterator[Step]:
    """The steps from x, with correlations c, to the answer; they go on until nobody asks for more.

    If x answers a λ not much larger, ``before``, then the method goes to its own λ at once, and takes in what would be
    violated if correlations changed as fast as λ does (the strong rule of Tibshirani et al. 2012).
    """
    wide = np.result_type(problem.y, np.float64)
    x, y = x.astype(wide), problem.y.astype(wide)
    scores = working.scores(c)
    weight = terms.weight if before else max(terms.weight, FALL * float(scores.max(initial=0)))
    bar = max(2 * weight - before, 0.5 * weight) if before else weight
    idle, best, residual = 0, np.inf, y - working.image(x)
    while True:
        last = weight == terms.weight
        fresh = violated(working, scores, x, weight, min(bar, weight))
        if fresh.size:
            working.admit(fresh)
        outside = float(scores[fresh].max(initial=0)) / weight - 1  # no use in more accuracy inside than outside
        goal = 0.3 * tolerance if before else min(max(AIM * outside, 0.3 * tolerance), 0.1)
        done = working.minimize(x, residual, c, weight, 30 if last else 3, goal)
        residual = y - working.image(x)
        c = problem.operator.rmatvec(residual.astype(problem.y.dtype)).astype(wide)
        scores = working.scores(c)
        at_target = proof(problem, terms, x, y - residual, residual, c, road(working, before > 0))
        idle = 0 if not last or at_target.gap < 0.9 * best else idle + 1
        best, bar = min(best, at_target.gap) if last else np.inf, np.inf
        yield Step(x.copy(), residual, c, weight, at_target, idle >= (3 if done else 10))
        while weight > terms.weight and _gap(problem, terms, weight, x, residual, c) <= ROUGH:
            weight = max(terms.weight, FALL * weight)


def road(working: WorkingSet, warm: bool) -> str:
    start = "warm start" if warm else "falling weights"
    return f"{start}, coordinate descent and Newton steps on a working set of {working.columns.size} columns"


def violated(working: WorkingSet, scores: np.ndarray, x: np.ndarray, weight: float, bar: float) -> np.ndarray:
    """The units to take in, those with scores above ``bar``, after those that are of no use are dropped."""
    used = np.zeros(working.costs.size, dtype=bool)
    used[working.labels[np.flatnonzero(x)]] = True
    kept = used[working.units] | (scores[working.units] > 0.8 * weight)
    if np.count_nonzero(kept) < 0.7 * kept.size:
        working.retain(kept)
    outside = scores.copy()
    outside[working.units] = 0
    fresh = np.flatnonzero(outside > bar)
    most = max(FIRST, used.size // 100, int(np.count_nonzero(used)) // 2)
    if fresh.size > most:
        fresh = fresh[np.argpartition(-outside[fresh], most)[:most]]
    return np.sort(fresh)


def _gap(problem: Problem, terms: Terms, weight: float, x: Any, residual: Any, c: Any) -> float:
    """The relative gap for another λ."""
    return proof(problem, terms._replace(weight=weight), x, problem.y - residual, residual, c, "").relative_gap

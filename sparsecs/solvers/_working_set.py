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

from sparsecs.kernels.active_groups import solve_group_quadratic
from sparsecs.kernels.active_set import solve_l1_quadratic
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Terms, proof
from sparsecs.solvers.result import Certificate

FALL = 0.46  # from one lambda to the next: three of them are a decade
ROUGH = 0.03  # the relative gap with which all lambdas but the last are content
FIRST = 50  # how many columns or groups enter at once at least


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
        self.matrix = np.zeros((problem.shape[0] * self.parts, 0), order="F")
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
        fresh = real_columns(self.problem.operator.columns(columns))
        old, size = self.gram.shape[0], self.gram.shape[0] + fresh.shape[1]
        gram = np.empty((size, size))
        gram[:old, :old] = self.gram
        gram[:old, old:] = self.matrix.T @ fresh
        gram[old:, :old] = gram[:old, old:].T
        gram[old:, old:] = fresh.T @ fresh
        self.gram = gram
        self.matrix = np.concatenate([self.matrix.T, fresh.T]).T
        self.units, self.columns = np.concatenate([self.units, units]), np.concatenate([self.columns, columns])

    def retain(self, kept: np.ndarray) -> None:
        """Drop the units that are not ``kept``, a mask."""
        rows = np.repeat(kept, np.diff(self.edges)[self.units] * self.parts)
        self.matrix = np.asfortranarray(self.matrix[:, rows])
        self.gram = np.ascontiguousarray(self.gram[np.ix_(rows, rows)])
        self.units, self.columns = self.units[kept], self.columns[rows[:: self.parts]]

    def minimize(self, x: np.ndarray, correlations: np.ndarray, weight: float, rounds: int) -> bool:
        """Change x, which is zero elsewhere, on the working set; whether it is optimal there."""
        own = np.ascontiguousarray(x[self.columns]).view(np.float64)
        c = np.ascontiguousarray(correlations[self.columns]).view(np.float64)
        price = weight * self.costs[self.units]
        if self.single:
            done = solve_l1_quadratic(self.gram, own, c, price, self.bounds, rounds)
        else:
            edges = np.concatenate([[0], np.cumsum(np.diff(self.edges)[self.units] * self.parts)])
            blocks = [self.gram[a:b, a:b] for a, b in zip(edges[:-1], edges[1:], strict=True)]
            steep = np.array([float(np.linalg.eigvalsh(block)[-1]) for block in blocks])
            done = solve_group_quadratic(self.gram, own, c, edges, price, np.maximum(steep, 0), rounds)
        x[self.columns] = own.view(x.dtype)
        return done

    def image(self, x: np.ndarray) -> np.ndarray:
        """A x, an (m,) array, for an x that is zero off the working set."""
        return (self.matrix @ np.ascontiguousarray(x[self.columns]).view(np.float64)).view(x.dtype)


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
    labels = problem.groups
    sizes = np.bincount(labels)
    costs = np.ones(sizes.size) if problem.weights is None else problem.weights
    return WorkingSet(problem, costs * np.sqrt(sizes) if penalty.root_size else costs, labels, (-np.inf, np.inf))


def descend(
    problem: Problem, terms: Terms, tolerance: float, working: WorkingSet, x: np.ndarray, c: np.ndarray, warm: bool
) -> Iterator[Step]:
    """The steps from x, with correlations c, to the answer; it ends when the gap at λ is at most ``tolerance``.

    With ``warm`` it goes to λ at once: x answers a λ that is not much larger.
    """
    wide = np.result_type(problem.y, np.float64)
    x, y = x.astype(wide), problem.y.astype(wide)
    scores = working.scores(c)
    weight = terms.weight if warm else max(terms.weight, FALL * float(scores.max(initial=0)))
    idle, best = 0, np.inf
    while True:
        last = weight == terms.weight
        fresh = violated(working, scores, x, weight)
        if fresh.size:
            working.admit(fresh)
        done = working.minimize(x, c, weight, 30 if last else 3)
        residual = y - working.image(x)
        c = problem.operator.rmatvec(residual.astype(problem.y.dtype)).astype(wide)
        scores = working.scores(c)
        at_target = proof(problem, terms, x, y - residual, residual, c, road(working, warm))
        idle = 0 if not last or at_target.gap < 0.9 * best else idle + 1
        best = min(best, at_target.gap) if last else np.inf
        yield Step(x.copy(), residual, c, weight, at_target, idle >= 3 + 7 * (not done))
        while weight > terms.weight and _gap(problem, terms, weight, x, residual, c) <= ROUGH:
            weight = max(terms.weight, FALL * weight)


def road(working: WorkingSet, warm: bool) -> str:
    start = "warm start" if warm else "falling weights"
    return f"{start}, coordinate descent and Newton steps on a working set of {working.columns.size} columns"


def violated(working: WorkingSet, scores: np.ndarray, x: np.ndarray, weight: float) -> np.ndarray:
    """The units to take in, after those that are of no use are dropped."""
    used = np.zeros(working.costs.size, dtype=bool)
    used[working.labels[np.flatnonzero(x)]] = True
    kept = used[working.units] | (scores[working.units] > 0.8 * weight)
    if np.count_nonzero(kept) < 0.7 * kept.size:
        working.retain(kept)
    outside = scores.copy()
    outside[working.units] = 0
    fresh = np.flatnonzero(outside > weight)
    most = max(FIRST, np.count_nonzero(used) // 2)
    if fresh.size > most:
        fresh = fresh[np.argpartition(-outside[fresh], most)[:most]]
    return np.sort(fresh)


def _gap(problem: Problem, terms: Terms, weight: float, x: Any, residual: Any, c: Any) -> float:
    """The relative gap for another λ."""
    return proof(problem, terms._replace(weight=weight), x, problem.y - residual, residual, c, "").relative_gap

r"""Convex problems of this package in the words of cvxpy.

All is stated in u, the coefficients of columns at unit length, x = E u; columns that are zero, or whose weight is infinite, take
no part. The objective is divided by its value at x = 0, so that the tolerances of Clarabel mean something.
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from sparsecs.penalties.base import Penalty
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers._cvxpy_terms import LOSSES, PENALTIES
from sparsecs.solvers._penalized import Terms
from sparsecs.solvers._program import CORRELATIONS, MISFIT, Program

TIGHT = [{"tol_gap_abs": t, "tol_gap_rel": t, "tol_feas": t} for t in (1e-12, 1e-9)]
SIMPLEX = {"method": "highs", "primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Found(NamedTuple):
    """What cvxpy answers: x, a dual direction where the problem has a constraint, and by which program."""

    x: np.ndarray
    direction: np.ndarray | None
    road: str


class Stage:
    """The variable u and what is made of it.

    Parameters
    ----------
    problem : Problem
    """

    def __init__(self, problem: Problem) -> None:
        import cvxpy as cp
        import scipy.sparse

        A, wide = problem.operator, np.result_type(problem.y, np.float64)
        norms = A.column_norms().astype(np.float64)
        n = norms.size
        costs = np.ones(n) if problem.weights is None else problem.weights
        if costs.size != n:
            costs = costs[problem.groups]
        self.live = np.flatnonzero((norms >= np.finfo(problem.y.dtype).tiny) & (costs < np.inf))
        self.inverse, self.costs = 1 / norms[self.live], costs[self.live]
        self.y = problem.y.astype(wide)
        self.B = A.columns(self.live).astype(wide) * self.inverse
        if self.live.size == 0:  # cvxpy 1.4 has no variables without entries: a column of zeros in their place
            self.live, self.inverse, self.costs = np.zeros(1, dtype=np.intp), np.ones(1), np.ones(1)
            self.B = np.zeros((self.y.shape[0], 1), wide)
        self.u = cp.Variable((self.live.size, *self.y.shape[1:]), complex=np.iscomplexobj(self.y))
        places = (self.inverse, (self.live, np.arange(self.live.size)))
        self.x = scipy.sparse.csr_array(places, shape=(n, self.live.size)) @ self.u
        self.n = n
        self._limits: L1 | None = None

    def value(self) -> np.ndarray | None:
        """x as it was found, (n,) or (n, p)."""
        if self.u.value is None or not np.isfinite(self.u.value).all():
            return None
        x = np.zeros((self.n, *self.y.shape[1:]), self.y.dtype)
        scale = self.inverse if self.y.ndim == 1 else self.inverse[:, None]
        x[self.live] = self.u.value * scale
        return x if self._limits is None else self._limits.inside(x)

    def bounds(self, penalty: Penalty) -> list[Any]:
        """The bounds that a penalty sets, if it does."""
        self._limits = penalty if isinstance(penalty, L1) and penalty.bounded else None
        if self._limits is None:
            return []
        low, high = self._limits.bounds
        scale = 1 / self.inverse if self.y.ndim == 1 else 1 / self.inverse[:, None]
        below = [] if low == -np.inf else [self.u >= low * scale]
        return below + ([] if high == np.inf else [self.u <= high * scale])


def penalized(problem: Problem, terms: Terms) -> Found | None:
    """The minimiser of loss + λ · penalty; None if none was found."""
    import cvxpy as cp

    for term, words in ((terms.loss, LOSSES), (terms.penalty, PENALTIES)):
        if type(term).__name__ not in words:
            raise TypeError(f"Reference has no words of cvxpy for {term}; it has them for {', '.join(words)}.")
    stage = Stage(problem)
    loss = LOSSES[type(terms.loss).__name__](cp, terms.loss, stage.B @ stage.u, stage.y)
    penalty = PENALTIES[type(terms.penalty).__name__](cp, terms.penalty, stage.x, terms.weight, problem)
    unit = terms.loss.value(np.zeros_like(stage.y), stage.y) or 1.0
    road = _solved(cp.Problem(cp.Minimize((loss + penalty) / unit), stage.bounds(terms.penalty)), False)
    x = stage.value()
    return None if x is None else Found(x, None, road)


def constrained(problem: Problem, program: Program) -> Found | None:
    """The answer to a program with the least ℓ1 norm, and its dual direction; None if there is none."""
    import cvxpy as cp

    stage, (penalty, condition, level) = Stage(problem), program
    cost = cp.sum(cp.multiply(stage.costs * stage.inverse, cp.abs(stage.u)))
    linear = not np.iscomplexobj(stage.y) and (condition == CORRELATIONS or (condition == MISFIT and level == 0))
    rest = None if linear else cp.Variable(stage.y.shape, complex=np.iscomplexobj(stage.y))
    explained = stage.B @ stage.u if rest is None else stage.B @ stage.u + rest
    rules = [explained == stage.y]
    if condition == CORRELATIONS:
        seen, edges = stage.B.T @ (stage.y - stage.B @ stage.u), level * stage.costs * stage.inverse
        rules = [seen <= edges, seen >= -edges]
    elif condition == MISFIT and rest is not None:
        rules.append(cp.norm(rest, 2) <= level)
    elif rest is not None:
        cost = cp.norm(rest, 2) + level * cost
    road = _solved(cp.Problem(cp.Minimize(cost), rules + stage.bounds(penalty)), linear)
    x = stage.value()
    if x is None or rules[0].dual_value is None:
        return None
    if condition == CORRELATIONS:
        mu = np.zeros(stage.n)
        mu[stage.live] = (rules[0].dual_value - rules[1].dual_value) * stage.inverse
        return Found(x, mu, road)
    nu = np.asarray(rules[0].dual_value)
    return Found(x, nu if np.vdot(stage.y, nu).real >= 0 else -nu, road)


def _solved(program: Any, linear: bool) -> str:
    """Solve, with tolerances as tight as can be met, and say by what."""
    import cvxpy as cp

    tries: list[dict[str, Any]] = [{"solver": cp.SCIPY, "scipy_options": SIMPLEX}] if linear else []
    tries += [{"solver": cp.CLARABEL, **tight} for tight in TIGHT]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that an answer may be inaccurate; the certificate says by how much
        for setting in tries:
            try:
                program.solve(**setting)
            except (cp.SolverError, ValueError, ArithmeticError):
                continue
            if program.status in (cp.OPTIMAL, cp.OPTIMAL_INACCURATE):
                break
            if program.status in (cp.INFEASIBLE, cp.INFEASIBLE_INACCURATE):
                return ""
    return "cvxpy with HiGHS" if setting["solver"] == cp.SCIPY else "cvxpy with Clarabel"

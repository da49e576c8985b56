r"""The LASSO or the group LASSO for many λ, each answer the start of the next, each with its proof.

    lambda_1 > lambda_2 > ...,      x(lambda_i) from x(lambda_{i-1})

The working set and its inner products are kept from one λ to the next, and signs change so little that most λ take one
factorisation and one product with Aᴴ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import positive, quote, vector, whole_number
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import standardized, times
from sparsecs.solvers._by_working_sets import ByWorkingSets
from sparsecs.solvers._penalized import Terms, proof
from sparsecs.solvers._working_set import descend, units_of
from sparsecs.solvers.lasso import Lasso
from sparsecs.solvers.solve import the_solver


@dataclass(frozen=True, eq=False)
class LassoPath:
    """The answers along a path.

    Attributes
    ----------
    weights : (p,) array
        λ, falling.
    coefficients : (n, p) array
        One answer a column.
    gaps : (p,) array
        The proven relative duality gap of each answer.
    steps : (p,) array of int
        How many products with Aᴴ each took.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Lasso, lasso_path
    >>> lasso_path(np.eye(2), [4.0, 2.0], Lasso(), at=[4.0, 3.0, 1.0])
    <LassoPath: 3 weights from 4 to 1, 0 to 2 of 2 nonzero, relative gaps to ...>
    """

    weights: np.ndarray
    coefficients: np.ndarray
    gaps: np.ndarray
    steps: np.ndarray

    def __repr__(self) -> str:
        used = np.count_nonzero(self.coefficients, axis=0)
        return (
            f"<LassoPath: {self.weights.size} weights from {self.weights[0]:.3g} to {self.weights[-1]:.3g}, "
            f"{used[0]} to {used[-1]} of {self.coefficients.shape[0]} nonzero, relative gaps to {self.gaps.max():.1e}>"
        )


def lasso_path(
    A: Any,
    y: Any,
    solver: ByWorkingSets | str = Lasso(),  # noqa: B008 - a frozen value
    *,
    points: int = 100,
    smallest: float = 0.01,
    at: Any = None,
    groups: Any = None,
    weights: Any = None,
) -> LassoPath:
    """The answers for a falling sequence of λ, warm-started, each with a duality gap of at most ``solver.tolerance``.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    y : (m,) array
    solver : Lasso or GroupLasso, or its name, optional
        Whose bounds and tolerance hold; its own weight does not.
    points : int
        How many λ, in geometric progression from the smallest λ whose answer is zero.
    smallest : float
        The last λ as a part of the first.
    at : array, optional
        The λ themselves, in falling order, instead of ``points`` and ``smallest``; scikit-learn's alpha is weight / m.
    groups, weights : optional
        As in ``solve``.

    Returns
    -------
    LassoPath

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit or numbers make no sense.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Lasso, lasso_path
    >>> path = lasso_path(np.eye(2), [4.0, 2.0], Lasso(), at=[4.0, 3.0, 1.0])
    >>> path.coefficients
    array([[0., 1., 3.],
           [0., 0., 1.]])
    """
    solver = on_working_sets(solver)
    problem = Problem(A, y, groups=groups, weights=weights)
    solver.accepts(problem)
    values = None if at is None else _falling(at)
    whole_number(points, "points", 1)
    if not 0 < positive(smallest, "smallest") < 1:
        raise ValueError(f"smallest must be between 0 and 1; got {smallest}.")
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        scaled, units = standardized(problem)
        method = solver.rescaled(units)
        c = scaled.operator.rmatvec(scaled.y)
        if values is None:
            top = method.penalty.dual_norm(c, groups=scaled.groups, weights=scaled.weights)
            own = top * np.geomspace(1, smallest, points)
        else:
            own = times(values, -units.exponent(1, 1))
        found = list(_walk(method, scaled, own, c))
        columns = np.stack([x for x, _, _ in found], axis=1).astype(problem.y.dtype)
        coefficients = times(columns, units.exponent(-1, 1))
        if not np.isfinite(coefficients).all():
            raise ValueError(f"The answers are too large for {coefficients.dtype}. Scale y down or A up.")
        return LassoPath(
            times(own, units.exponent(1, 1)) if values is None else values,
            coefficients,
            np.array([gap for _, gap, _ in found]),
            np.array([steps for _, _, steps in found]),
        )


def on_working_sets(solver: Any) -> ByWorkingSets:
    """Lasso or GroupLasso, by value or by name."""
    method = the_solver(solver) if isinstance(solver, str) else solver
    if not isinstance(method, ByWorkingSets):
        raise TypeError(f"solver must be Lasso or GroupLasso, such as Lasso(), or its name; got {quote(solver)}.")
    return method


def _walk(method: Any, problem: Problem, values: np.ndarray, c: np.ndarray) -> Iterator[tuple[np.ndarray, float, int]]:
    """For each λ: x, its gap, and how many steps it took."""
    wide = np.result_type(c, np.float64)
    floor, x, c, residual = method._gap_floor(problem), problem.nothing().astype(wide), c.astype(wide), problem.y
    working = units_of(problem, Terms(method.loss, method.penalty, 1.0))
    before = float(working.scores(c).max(initial=0))
    longest = float(problem.operator.column_norms().max(initial=0))
    dead = not problem.y.any() or method._unseen(problem, c, longest)
    for weight in values:
        terms, count = Terms(method.loss, method.penalty, float(weight)), 0
        if dead or (weight >= before and not x.any()):
            gap = proof(problem, terms, x, problem.y - residual, residual, c, "").relative_gap
        else:
            start = before if before < 2 * weight else 0.0
            for step in descend(problem, terms, floor, working, x, c, start):
                x, residual, c, gap, count = (
                    step.x,
                    step.residual,
                    step.correlations,
                    step.proof.relative_gap,
                    count + 1,
                )
                if gap <= floor or step.stuck or count >= method.max_iterations:
                    break
            before = weight
        yield x, gap, count


def _falling(at: Any) -> np.ndarray:
    values = vector(at, "at").astype(np.float64)
    if values.size == 0 or not (values > 0).all() or not (np.diff(values) <= 0).all():
        raise ValueError("at must hold weights above zero in falling order.")
    return values

r"""Cross-validation of lambda: the answers along a path, judged on measurements that they have not seen.

    error_k(lambda) = 1/|F_k| ||A_k x_k(lambda) - y_k||^2,     x_k from the measurements outside fold F_k

The penalised problem of a part of the measurements takes the same part of lambda, so that the loss and the penalty keep their
balance. The smallest mean error decides, or the largest lambda whose mean error is within one standard error of it, which gives
fewer nonzeros (Hastie, Tibshirani and Friedman 2009, section 7.10).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.randomness import stream
from sparsecs.operators.base import Operator
from sparsecs.problems.problem import Problem
from sparsecs.solvers._by_working_sets import ByWorkingSets
from sparsecs.solvers.lasso import Lasso
from sparsecs.solvers.lasso_path import lasso_path, on_working_sets
from sparsecs.solvers.result import Result
from sparsecs.solvers.solve import answer


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """What cross-validation found.

    Attributes
    ----------
    weights : (p,) array
        λ, falling.
    mean, error : (p,) arrays
        The mean over folds of the mean squared error on unseen measurements, and its standard error.
    best : float
        The λ with the smallest mean. If it is the last, a smaller one may be better still.
    sparse : float
        The largest λ whose mean is within one standard error of the smallest.
    result : Result
        The answer of all measurements at ``best``, or at ``sparse`` if that was asked for.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Lasso, cross_validate, stream
    >>> A = stream(0, "A").standard_normal((60, 20))
    >>> cross_validate(A, A[:, 3] + 0.1 * stream(0, "noise").standard_normal(60), Lasso(), folds=3).mean.shape
    (100,)
    """

    weights: np.ndarray
    mean: np.ndarray
    error: np.ndarray
    best: float
    sparse: float
    result: Result

    def __repr__(self) -> str:
        at_end = self.weights.size > 1 and self.best == self.weights[-1]
        note = " (at the end of the path; lower smallest=)" if at_end else ""
        return f"<CrossValidation: best weight {self.best:.4g}{note}, within one standard error {self.sparse:.4g}, {self.result}>"


def cross_validate(
    A: Any,
    y: Any,
    solver: ByWorkingSets | str = Lasso(),  # noqa: B008 - a frozen value
    *,
    folds: int = 5,
    points: int = 100,
    smallest: float = 0.01,
    at: Any = None,
    sparse: bool = False,
    seed: int = 0,
    groups: Any = None,
    weights: Any = None,
) -> CrossValidation:
    """What cross-validation says of every λ on the path, and the answer for the one that it chooses.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        (m, n).
    y : (m,) array
    solver : Lasso or GroupLasso, or its name, optional
        Whose bounds and tolerance hold; its own weight does not.
    folds : int
        From 2 to m.
    points, smallest, at : optional
        The λ of all m measurements, as in ``lasso_path``; scikit-learn's alpha is weight / m. A fold whose training part has
        m_train of them is answered at λ · m_train / m.
    sparse : bool
        Whether ``result`` is at the larger λ, of one standard error.
    seed : int
        Of the folds, which are drawn from ``stream(seed, "folds")``.
    groups, weights : optional
        As in ``solve``.

    Returns
    -------
    CrossValidation

    Raises
    ------
    TypeError, ValueError
        If shapes do not fit or numbers make no sense.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Lasso, cross_validate, stream
    >>> A = stream(0, "A").standard_normal((60, 20))
    >>> found = cross_validate(A, A[:, 3] + 0.1 * stream(0, "noise").standard_normal(60), Lasso(), sparse=True)
    >>> found.result.support, found.best <= found.sparse
    (array([3]), True)
    """
    solver = on_working_sets(solver)
    problem = Problem(A, y, groups=groups, weights=weights)
    m = problem.shape[0]
    whole_number(folds, "folds", 2, m)
    own = {"groups": groups, "weights": weights}
    if at is None:
        solver.accepts(problem)
        c = problem.operator.rmatvec(problem.y)
        top = solver.penalty.dual_norm(c, groups=problem.groups, weights=problem.weights)
        if not top > 0:
            raise ValueError("No column of A correlates with y, so there is no λ to choose; every answer is zero.")
        at = top * np.geomspace(1, smallest, points)
    values = np.asarray(at, dtype=np.float64)
    parts = np.array_split(stream(seed, "folds").permutation(m), folds)
    errors = np.array([_unseen_error(problem, solver, np.sort(part), values, own) for part in parts])
    mean, error = errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(folds)
    best = int(np.argmin(mean))
    few = int(np.argmax(mean <= mean[best] + error[best]))
    chosen = float(values[few if sparse else best])
    result = answer(problem, dataclasses.replace(solver, weight=chosen))
    return CrossValidation(values, mean, error, float(values[best]), float(values[few]), result)


def _unseen_error(
    problem: Problem, solver: ByWorkingSets, hidden: np.ndarray, values: np.ndarray, own: dict[str, Any]
) -> np.ndarray:
    """The mean squared error on the hidden measurements, one for each λ."""
    m = problem.shape[0]
    seen = np.setdiff1d(np.arange(m), hidden)
    path = lasso_path(_rows(problem.operator, seen), problem.y[seen], solver, at=values * (seen.size / m), **own)
    support = np.flatnonzero(path.coefficients.any(axis=1))
    image = problem.operator.columns(support)[hidden] @ path.coefficients[support]
    return (np.abs(image - problem.y[hidden, None]) ** 2).mean(axis=0).astype(np.float64)


def _rows(A: Operator, chosen: np.ndarray) -> Any:
    """Some rows of A: an array where there is one."""
    matrix = A.at_hand
    return _Rows(A, chosen) if matrix is None else matrix[chosen]


@dataclass(frozen=True, eq=False, repr=False)
class _Rows(Operator):
    """Some rows of an operator."""

    operator: Operator
    chosen: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        return self.chosen.size, self.operator.shape[1]

    @property
    def dtype(self) -> np.dtype:
        return self.operator.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        return self.operator.matvec(x)[self.chosen]

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        full = np.zeros(self.operator.shape[0], dtype=y.dtype)
        full[self.chosen] = y
        return self.operator.rmatvec(full)

    def columns(self, support: Any) -> np.ndarray:
        return self.operator.columns(support)[self.chosen]

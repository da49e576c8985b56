"""Solvers as estimators of scikit-learn, for its pipelines, searches and cross-validation.

    from sparsecs.estimators import SparseClassifier, SparseRegressor

This module needs scikit-learn, and nothing else in the package imports it. Where an intercept is wanted, the columns of X are
centred, without making a sparse X dense.
"""

from __future__ import annotations

import dataclasses
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import indices
from sparsecs.losses.base import Loss
from sparsecs.losses.logistic import Logistic
from sparsecs.losses.softmax import Softmax
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers.proximal_gradient import ProximalGradient
from sparsecs.solvers.result import Result, Status
from sparsecs.solvers.solve import solve, the_solver
from sparsecs.solvers.solve_each import solve_each

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError("Estimators need scikit-learn. Install it with: pip install 'sparsecs[learn]'") from error

UNFINISHED = (Status.LIMIT, Status.DIVERGED, Status.UNCERTAIN)
CHEAP = (
    1e-3  # what an intercept costs a classifier, as a part of what a coefficient costs: a penalty has no zero weights
)


class SparseRegressor(RegressorMixin, BaseEstimator):
    """A linear model with few coefficients, found by any solver.

    Parameters
    ----------
    solver : Solver, str or None
        ``ProximalGradient()``, the LASSO at a hundredth of its largest weight, by default.
    sparsity : int, optional
        k, for the solvers that need it.
    groups : (n_features,) array of labels or sequence of index lists, optional
    fit_intercept : bool

    Attributes
    ----------
    coef_ : (n_features,) or (n_targets, n_features) array
    intercept_ : float or (n_targets,) array
    result_ : Result or Results
        For several targets, one result if the solver has a joint form: then they share their features.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OMP, stream
    >>> from sparsecs.estimators import SparseRegressor
    >>> X = stream(0, "X").standard_normal((50, 20))
    >>> model = SparseRegressor(OMP(), sparsity=1).fit(X, 3 * X[:, 7] + 1)
    >>> model.coef_.nonzero()[0], round(float(model.intercept_), 6)
    (array([7]), 1.0)
    """

    def __init__(
        self, solver: Any = None, *, sparsity: int | None = None, groups: Any = None, fit_intercept: bool = True
    ) -> None:
        self.solver, self.sparsity, self.groups, self.fit_intercept = solver, sparsity, groups, fit_intercept

    def fit(self, X: Any, y: Any) -> SparseRegressor:
        """Learn the coefficients from an (n_samples, n_features) array and (n_samples,) or (n_samples, n_targets) values."""
        X, y = _validated(self, X, y=y, multi_output=True, y_numeric=True)
        solver, y = the_solver(ProximalGradient() if self.solver is None else self.solver), y.astype(X.dtype)
        means, level = _means(X, self.fit_intercept), y.mean(axis=0) if self.fit_intercept else 0 * y[0]
        A, own = _Centred(as_operator(X), means), {"sparsity": self.sparsity, "groups": self.groups}
        together = y.ndim == 1 or solver.joint
        self.result_ = (solve if together else solve_each)(A, y - level, solver, **own)
        _warn(self.result_)
        self.coef_ = self.result_.x.T.copy()
        self.intercept_ = level - self.coef_ @ means
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The values that the model gives to the rows of X."""
        check_is_fitted(self)
        return _validated(self, X) @ self.coef_.T + self.intercept_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = tags.target_tags.multi_output = True
        return tags


class SparseClassifier(ClassifierMixin, BaseEstimator):
    """A logistic or softmax model with few coefficients.

    Parameters
    ----------
    solver : Solver or None
        One for loss + λ · penalty, whose loss is then the logistic one for two classes and softmax for more:
        ``ProximalGradient(L1())`` by default; with ``GroupL2()`` the classes share their features. Where ``weight`` is None,
        λ is ``relative_weight`` times the smallest one with which only the intercept is left.
    groups : (n_features,) array of labels or sequence of index lists, optional
    fit_intercept : bool
        The penalty on it is a thousandth of that on a coefficient.

    Attributes
    ----------
    classes_ : (n_classes,) array
    coef_ : (1, n_features) or (n_classes, n_features) array
    intercept_ : (1,) or (n_classes,) array
    result_ : Result

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import stream
    >>> from sparsecs.estimators import SparseClassifier
    >>> X = stream(0, "X").standard_normal((200, 20))
    >>> model = SparseClassifier().fit(X, np.where(X[:, 7] > 0, "up", "down"))
    >>> int(abs(model.coef_).argmax()), model.predict(X[:1] * 0 + 1)
    (7, array(['up'], dtype='<U4'))
    """

    def __init__(self, solver: Any = None, *, groups: Any = None, fit_intercept: bool = True) -> None:
        self.solver, self.groups, self.fit_intercept = solver, groups, fit_intercept

    def fit(self, X: Any, y: Any) -> SparseClassifier:
        """Learn the coefficients from an (n_samples, n_features) array and (n_samples,) labels."""
        X, y = _validated(self, X, y=y)
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if self.classes_.size < 2:
            raise ValueError(f"y holds one class only, {self.classes_[0]!r}; a classifier needs at least two.")
        many = self.classes_.size > 2
        target = np.eye(self.classes_.size, dtype=X.dtype)[codes] if many else codes.astype(X.dtype)
        means = _means(X, self.fit_intercept)
        spread = float(np.sqrt(np.mean(_Centred(as_operator(X), means).column_norms() ** 2) / X.shape[0])) or 1.0
        A = _Centred(as_operator(X), means, spread if self.fit_intercept else 0.0)
        solver = self._solver(Softmax() if many else Logistic())
        groups = None if self.groups is None else Problem(as_operator(X), target, groups=self.groups).groups
        if groups is None and solver.penalty.uses_groups and not many:
            groups = np.arange(X.shape[1])  # with one column of coefficients, each is a group
        if solver.weight is None:
            solver = dataclasses.replace(solver, weight=solver.relative_weight * self._top(solver, A, target, groups))
        costs = None
        if self.fit_intercept:
            costs = np.ones(1 + (X.shape[1] if groups is None else int(groups.max()) + 1))
            costs[-1] = CHEAP
            groups = None if groups is None else np.append(groups, groups.max() + 1)
        self.result_ = solve(A, target, solver, groups=groups, weights=costs)
        _warn(self.result_)
        found = np.atleast_2d(self.result_.x.T)
        self.coef_ = found[:, : X.shape[1]].copy()
        self.intercept_ = (found[:, -1] * spread if self.fit_intercept else np.zeros(len(found))) - self.coef_ @ means
        return self

    def _solver(self, loss: Loss) -> Any:
        solver: Any = the_solver(ProximalGradient(L1()) if self.solver is None else self.solver)
        if not {"loss", "weight", "penalty"} <= {field.name for field in dataclasses.fields(solver)}:
            raise ValueError(f"A classifier needs a solver with a loss, such as ProximalGradient(L1()); got {solver}.")
        return dataclasses.replace(solver, loss=loss)

    def _top(self, solver: Any, A: _Centred, target: np.ndarray, groups: np.ndarray | None) -> float:
        """The smallest λ with which only the intercept is left."""
        level = np.zeros(target.shape[1:])
        if self.fit_intercept:
            share = target.mean(axis=0)
            level = np.log(share) if target.ndim == 2 else np.log(share / (1 - share))
        slope = -solver.loss.gradient(np.zeros_like(target) + level.astype(target.dtype), target)
        top = solver.penalty.dual_norm((A.H @ slope)[: A.means.size], groups=groups)
        return float(top) or 1.0

    def decision_function(self, X: Any) -> np.ndarray:
        """(n_samples,) log odds of the second class, or (n_samples, n_classes) scores."""
        check_is_fitted(self)
        scores = _validated(self, X) @ self.coef_.T + self.intercept_
        return scores[:, 0] if self.classes_.size == 2 else scores

    def predict(self, X: Any) -> np.ndarray:
        """The most likely class of each row of X."""
        scores = self.decision_function(X)
        return self.classes_[(scores > 0).astype(int) if scores.ndim == 1 else scores.argmax(axis=1)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """(n_samples, n_classes) probabilities."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            scores = np.stack([0 * scores, scores], axis=1)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


@dataclass(frozen=True, eq=False, repr=False)
class _Centred(Operator):
    """X with its column means taken off, and one more column, of a constant, if that is not zero."""

    operator: Operator
    means: np.ndarray
    constant: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        m, n = self.operator.shape
        return m, n + (self.constant > 0)

    @property
    def dtype(self) -> np.dtype:
        return self.operator.dtype

    def matvec(self, x: np.ndarray) -> np.ndarray:
        own = x[: self.means.size]
        return self.operator.matvec(own) + self._level(x, own)

    def rmatvec(self, y: np.ndarray) -> np.ndarray:
        total = y.sum()
        found = self.operator.rmatvec(y) - self.means * total
        return np.append(found, y.dtype.type(self.constant) * total) if self.constant else found

    def matmat(self, X: np.ndarray) -> np.ndarray:
        own = X[: self.means.size]
        return self.operator.matmat(own) + self._level(X, own)

    def _level(self, x: np.ndarray, own: np.ndarray) -> Any:
        shift = -(self.means @ own)
        return shift + x.dtype.type(self.constant) * x[-1] if self.constant else shift

    def columns(self, support: Any) -> np.ndarray:
        chosen = indices(support, "support", self.shape[1])
        out = np.full((self.shape[0], chosen.size), self.constant, dtype=self.dtype)
        inside = chosen < self.means.size
        out[:, inside] = self.operator.columns(chosen[inside]) - self.means[chosen[inside]]
        return out


def _means(X: Any, wanted: bool) -> np.ndarray:
    return np.asarray(X.mean(axis=0)).ravel().astype(X.dtype) if wanted else np.zeros(X.shape[1], dtype=X.dtype)


def _validated(estimator: Any, X: Any, **asked: Any) -> Any:
    """Input as scikit-learn checks it, and the number and names of features remembered."""
    asked |= {"accept_sparse": ("csr", "csc"), "dtype": (np.float64, np.float32), "reset": "y" in asked}
    return validate_data(estimator, X, **asked)


def _warn(result: Any) -> None:
    for one in [result] if isinstance(result, Result) else result:
        if one.status in UNFINISHED:
            warnings.warn(one.status.value, ConvergenceWarning, stacklevel=3)
            return

"""Estimators keep scikit-learn's contract, and find what the solvers behind them find."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from rooms import python
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from sparsecs import AMP, L1, OMP, GroupL2, ProximalGradient, stream
from sparsecs.estimators import SparseClassifier, SparseRegressor

SKIPPED = {"check_array_api_input"}  # asks for an environment in which SciPy takes arrays of other libraries
ESTIMATORS = [
    SparseRegressor(),
    SparseRegressor("OMP", sparsity=1),
    SparseClassifier(),
    SparseClassifier(ProximalGradient(GroupL2())),
]
NAMES = ["LASSO", "OMP", "l1 classifier", "grouped classifier"]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=NAMES)
def test_the_checks_of_scikit_learn_pass(estimator: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of scikit-learn's own, about checks that mean other estimators
        outcomes = check_estimator(estimator, on_skip=None, on_fail=None)
    said = {one["check_name"]: f"{one['status']}: {one['exception']}" for one in outcomes if one["status"] != "passed"}
    assert len(outcomes) > 40
    assert {name: words for name, words in said.items() if name not in SKIPPED} == {}


def test_the_lasso_is_that_of_scikit_learn() -> None:
    rng = stream(0, "lasso")
    X = rng.standard_normal((60, 30)) + 2
    y = X[:, :3] @ [3.0, -2.0, 1.0] + 5 + 0.1 * rng.standard_normal(60)
    ours = SparseRegressor(ProximalGradient(L1(), weight=60 * 0.1)).fit(X, y)
    theirs = Lasso(alpha=0.1, tol=1e-12, max_iter=100_000).fit(X, y)  # its λ is over the number of samples
    assert np.allclose(ours.coef_, theirs.coef_, atol=1e-6)
    assert ours.intercept_ == pytest.approx(theirs.intercept_, rel=1e-6)
    assert np.allclose(ours.predict(X), theirs.predict(X), atol=1e-6)


def test_the_logistic_model_is_that_of_scikit_learn() -> None:
    rng = stream(0, "logistic")
    X = rng.standard_normal((200, 10)) + 1
    y = np.where(X[:, 0] - X[:, 1] + 0.5 * rng.standard_normal(200) > 0.3, "yes", "no")
    ours = SparseClassifier(ProximalGradient(L1(), weight=2.0)).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # how the ℓ1 penalty is asked for changes with its release
        theirs = LogisticRegression(penalty="l1", C=0.5, solver="saga", tol=1e-9, max_iter=100_000).fit(X, y)
    assert np.allclose(ours.coef_, theirs.coef_, atol=1e-3)  # our intercept costs a thousandth of a coefficient
    assert np.allclose(ours.intercept_, theirs.intercept_, atol=3e-3)
    assert (ours.predict(X) == theirs.predict(X)).mean() > 0.99


def test_a_regressor_with_omp_finds_the_planted_columns_through_an_intercept() -> None:
    X = stream(0, "X").standard_normal((80, 40)) + 10
    coefficients = np.zeros(40)
    coefficients[[3, 17]] = 2.0, -1.0
    model = SparseRegressor(OMP(), sparsity=2).fit(X, X @ coefficients + 7)
    assert np.allclose(model.coef_, coefficients)
    assert model.intercept_ == pytest.approx(7)


@pytest.mark.parametrize("kind", [scipy.sparse.csr_array, scipy.sparse.csc_matrix])
def test_a_sparse_x_is_centred_without_being_made_dense(kind: type) -> None:
    X = scipy.sparse.random_array((80, 30), density=0.2, rng=stream(0, "X")).tocsr()
    y = X[:, [4]].toarray()[:, 0] * 3 + 1
    labels = y > 1.2
    for model, target in ((SparseRegressor(OMP(), sparsity=1), y), (SparseClassifier(), labels)):
        dense, sparse = clone(model).fit(X.toarray(), target), clone(model).fit(kind(X), target)
        assert np.allclose(dense.coef_, sparse.coef_, atol=1e-6)
        assert np.allclose(dense.intercept_, sparse.intercept_, atol=1e-6)
        assert np.array_equal(dense.predict(X.toarray()) > 0.5, sparse.predict(kind(X)) > 0.5)


def test_several_targets_share_their_features_where_the_solver_has_a_joint_form() -> None:
    X = stream(0, "X").standard_normal((50, 20))
    Y = np.stack([X[:, 2] - X[:, 5], 2 * X[:, 5] + 1], axis=1)
    joint = SparseRegressor(OMP(), sparsity=2).fit(X, Y)
    assert joint.coef_.shape == (2, 20)
    assert np.array_equal(joint.coef_.any(axis=0).nonzero()[0], [2, 5])
    assert np.allclose(joint.predict(X), Y)
    apart = SparseRegressor(AMP()).fit(X, Y)
    assert np.allclose(apart.predict(X), Y, atol=1e-5)


def test_digits_are_told_apart_in_a_pipeline_and_a_search() -> None:
    X, y = load_digits(n_class=3, return_X_y=True)
    solvers = [ProximalGradient(GroupL2(), relative_weight=share, tolerance=1e-4) for share in (0.5, 0.05)]
    search = GridSearchCV(
        make_pipeline(StandardScaler(), SparseClassifier()), {"sparseclassifier__solver": solvers}, cv=3
    )
    search.fit(X[::2], y[::2])
    assert search.score(X[1::2], y[1::2]) > 0.95
    chosen = search.best_estimator_[-1]
    assert np.count_nonzero(chosen.coef_.any(axis=0)) < 50
    assert np.allclose(chosen.predict_proba(X[:5]).sum(axis=1), 1)


def test_what_cannot_be_used_is_refused_in_words() -> None:
    X, y = stream(0, "X").standard_normal((20, 5)), np.arange(20.0)
    with pytest.raises(ValueError, match="IHT needs the number of nonzeros"):
        SparseRegressor("IHT").fit(X, y)
    with pytest.raises(ValueError, match="solver with a loss"):
        SparseClassifier(OMP()).fit(X, y > 10)
    with pytest.raises(ValueError, match="one class only"):
        SparseClassifier().fit(X, 0 * y)


def test_an_unfinished_answer_is_warned_of() -> None:
    X, y = stream(0, "X").standard_normal((20, 30)), stream(0, "y").standard_normal(20)
    with pytest.warns(ConvergenceWarning, match="iteration limit"):
        SparseRegressor(ProximalGradient(relative_weight=1e-3, max_iterations=2)).fit(X, y)


def test_the_package_does_not_import_its_estimators() -> None:
    run = python("-c", "import sys, sparsecs; print('sklearn' in sys.modules, 'sparsecs.estimators' in sys.modules)")
    assert run.stdout.split() == ["False", "False"]

"""The LASSO and the group LASSO by working sets beside slow twins, cvxpy and ProximalGradient; their paths; cross-validation."""

from __future__ import annotations

import cvxpy as cp
import naive_lasso
import numpy as np
import pytest
import scipy.sparse
from scipy.sparse.linalg import aslinearoperator

from sparsecs import (
    L1,
    MCP,
    CoordinateDescent,
    ElasticNet,
    GroupL2,
    GroupLasso,
    Lasso,
    ProximalGradient,
    SortedL1,
    Status,
    cross_validate,
    lasso_path,
    solve,
    stream,
)

TIGHT = {"tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}
seeds = pytest.mark.parametrize("seed", range(3))
parts = pytest.mark.parametrize("part", [0.5, 0.1, 0.01])


def draw(seed: int, m: int = 40, n: int = 120, correlation: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(seed, "lasso", m, n)
    A = rng.standard_normal((m, n))
    for j in range(1, n if correlation else 0):
        A[:, j] = correlation * A[:, j - 1] + np.sqrt(1 - correlation**2) * A[:, j]
    x = np.zeros(n)
    x[:: n // 8] = rng.standard_normal(x[:: n // 8].size)
    return A, A @ x + 0.3 * rng.standard_normal(m)


def top(A: np.ndarray, y: np.ndarray) -> float:
    return float(np.abs(A.conj().T @ y).max())


@seeds
@parts
@pytest.mark.parametrize("correlation", [0.0, 0.9, 0.999])
def test_the_lasso_meets_its_optimality_conditions(seed: int, part: float, correlation: float) -> None:
    A, y = draw(seed, correlation=correlation)
    weight = part * top(A, y)
    result = solve(A, y, Lasso(weight=weight))
    assert result.status is Status.OPTIMAL
    assert naive_lasso.violation(A, y, result.x, np.full(120, weight), -np.inf, np.inf) <= 1e-6
    assert naive_lasso.gap(A, y, result.x, weight) <= 1e-10
    assert result.certificate.relative_gap == pytest.approx(naive_lasso.gap(A, y, result.x, weight), abs=1e-13)
    assert "Newton" in result.certificate.road


@seeds
@parts
def test_the_lasso_is_that_of_cvxpy_and_of_proximal_gradient(seed: int, part: float) -> None:
    A, y = draw(seed)
    weight = part * top(A, y)
    own = solve(A, y, Lasso(weight=weight))
    x = cp.Variable(120)
    unit = 0.5 * float(y @ y)
    objective = (0.5 * cp.sum_squares(A @ x - y) + weight * cp.norm1(x)) / unit
    lowest = unit * float(cp.Problem(cp.Minimize(objective)).solve(solver=cp.CLARABEL, **TIGHT))
    assert own.certificate.primal == pytest.approx(lowest, rel=1e-8, abs=0)
    other = solve(A, y, ProximalGradient(L1(), weight=weight))
    assert own.certificate.primal == pytest.approx(other.certificate.primal, rel=1e-9, abs=0)


@seeds
@pytest.mark.parametrize("limits", [(0, None), (None, 0), (-0.05, 0.1)])
def test_bounds_hold_and_the_answer_is_that_of_the_slow_twin(seed: int, limits: tuple) -> None:
    A, y = draw(seed, 30, 20)
    weight = 0.05 * top(A, y)
    low, high = (-np.inf if limits[0] is None else limits[0], np.inf if limits[1] is None else limits[1])
    for c in (1.0, 1e-100):  # bounds have the units of x
        method = Lasso(weight=weight * c, lower=limits[0], upper=limits[1])
        if c != 1:
            method = Lasso(weight=weight * c**2, lower=limits[0], upper=limits[1])
        result = solve(c * A, c * y, method)
        assert result.status is Status.OPTIMAL
        assert ((low <= result.x) & (result.x <= high)).all()
        expected = naive_lasso.lasso(A, y, np.full(20, weight), low, high)
        assert np.allclose(result.x, expected, rtol=0, atol=1e-10)


@seeds
def test_weights_are_columns_divided_by_them_and_an_infinite_one_is_zero(seed: int) -> None:
    A, y = draw(seed)
    weights = stream(seed, "weights").uniform(0.2, 5, 120)
    weight = 0.05 * top(A / weights, y)
    own = solve(A, y, Lasso(weight=weight), weights=weights)
    assert np.allclose(own.x * weights, solve(A / weights, y, Lasso(weight=weight)).x, rtol=0, atol=1e-9)
    weights[own.support[:3]] = np.inf
    without = solve(A, y, Lasso(weight=weight), weights=weights)
    assert without.status is Status.OPTIMAL
    assert not without.x[own.support[:3]].any()
    kept = np.isfinite(weights)
    assert np.allclose(without.x[kept], solve(A[:, kept], y, Lasso(weight=weight), weights=weights[kept]).x, atol=1e-9)


def test_at_and_above_the_largest_weight_zero_is_the_answer_at_once() -> None:
    A, y = draw(0)
    for weight in (top(A, y), 2 * top(A, y)):
        result = solve(A, y, Lasso(weight=weight))
        assert (result.status, result.iterations) == (Status.ZERO, 1)
        assert not result.x.any()


@seeds
@pytest.mark.parametrize("correlation", [0.0, 0.9])
def test_near_saturation_the_answer_is_exact(seed: int, correlation: float) -> None:
    A, y = draw(seed, 60, 600, correlation)
    result = solve(A, y, Lasso(relative_weight=1e-4))
    assert result.status is Status.OPTIMAL
    assert result.support.size >= 50
    assert naive_lasso.gap(A, y, result.x, 1e-4 * top(A, y)) <= 1e-10


@seeds
def test_twin_and_parallel_columns_are_no_trouble(seed: int) -> None:
    A, y = draw(seed)
    wide = np.hstack([A, A, -A, 2 * A[:, :30], A[:, :30] + A[:, 30:60], np.zeros((40, 3))])
    for part in (0.1, 0.01, 0.001):
        weight = part * top(wide, y)
        result = solve(wide, y, Lasso(weight=weight))
        assert result.status is Status.OPTIMAL
        assert naive_lasso.gap(wide, y, result.x, weight) <= 1e-10


def test_the_forms_of_a_matrix_have_one_answer() -> None:
    A, y = draw(0)
    A[np.abs(A) < 0.5] = 0
    first = solve(A, y, Lasso()).x
    for form in (np.asfortranarray(A), scipy.sparse.csc_array(A), aslinearoperator(A), np.repeat(A, 2, axis=1)[:, ::2]):
        assert np.allclose(solve(form, y, Lasso()).x, first, rtol=0, atol=1e-11)


@seeds
@parts
def test_groups_of_one_are_the_lasso_and_groups_are_those_of_the_slow_twin(seed: int, part: float) -> None:
    A, y = draw(seed, 25, 30)
    weight = part * top(A, y)
    single = solve(A, y, GroupLasso(weight=weight), groups=np.arange(30))
    assert single.status is Status.OPTIMAL
    assert np.allclose(single.x, solve(A, y, Lasso(weight=weight)).x, rtol=0, atol=1e-7)
    labels = np.repeat(np.arange(9), [1, 5, 2, 6, 3, 4, 2, 5, 2])
    costs = stream(seed, "costs").uniform(0.5, 2, 9)
    for root in (False, True):
        result = solve(A, y, GroupLasso(weight=weight, root_size=root), groups=labels, weights=costs)
        prices = weight * costs * (np.sqrt(np.bincount(labels)) if root else 1)
        expected = naive_lasso.group_lasso(A, y, labels, prices)
        assert result.status is Status.OPTIMAL
        assert np.allclose(result.x, expected, rtol=0, atol=1e-5 * np.abs(expected).max() + 1e-12)
        other = solve(A, y, ProximalGradient(GroupL2(root), weight=weight), groups=labels, weights=costs)
        assert result.certificate.primal == pytest.approx(other.certificate.primal, rel=1e-9, abs=0)


@seeds
@parts
def test_complex_data_are_groups_of_two_parts(seed: int, part: float) -> None:
    A, y = draw(seed)[0] + 1j * draw(seed + 50)[0], draw(seed)[1] + 1j * draw(seed + 50)[1]
    weight = part * top(A, y)
    result = solve(A, y, Lasso(weight=weight))
    assert result.status is Status.OPTIMAL
    c = A.conj().T @ (y - A @ result.x)
    on = result.support
    assert np.abs(c).max() <= weight * (1 + 1e-5)
    assert np.allclose(c[on], weight * result.x[on] / np.abs(result.x[on]), rtol=0, atol=1e-4 * weight)
    with pytest.raises(TypeError, match="Bounds have no meaning"):
        solve(A, y, Lasso(lower=0))


@pytest.mark.parametrize("correlation", [0.0, 0.9])
def test_every_answer_on_a_path_is_proven_and_that_of_the_solver(correlation: float) -> None:
    A, y = draw(0, 40, 200, correlation)
    path = lasso_path(A, y, Lasso(), points=30)
    assert path.weights[0] == pytest.approx(top(A, y), rel=1e-14)
    assert path.weights[-1] == pytest.approx(0.01 * top(A, y), rel=1e-14)
    assert not path.coefficients[:, 0].any()
    assert path.gaps.max() <= 1e-10
    for weight, x in zip(path.weights[1:], path.coefficients.T[1:], strict=True):
        assert naive_lasso.gap(A, y, x, weight) <= 1.1e-10
    for i in (5, 15, 29):
        assert np.allclose(path.coefficients[:, i], solve(A, y, Lasso(weight=path.weights[i])).x, rtol=0, atol=1e-5)


def test_a_path_has_no_units_and_takes_groups_bounds_and_given_weights() -> None:
    A, y = draw(0)
    first = lasso_path(A, y, Lasso(), points=10)
    scaled = lasso_path(1e-120 * A, 1e150 * y, Lasso(), points=10)
    assert np.allclose(scaled.coefficients * 1e-120 / 1e150, first.coefficients, rtol=0, atol=1e-8)
    with pytest.raises(ValueError, match="too large"):
        lasso_path(1e-200 * A, 1e150 * y, Lasso(), points=10)
    positive = lasso_path(A, y, Lasso(lower=0), points=10)
    assert (positive.coefficients >= 0).all()
    assert positive.gaps.max() <= 1e-10
    labels = np.arange(120) // 4
    grouped = lasso_path(A, y, GroupLasso(), points=10, groups=labels)
    assert grouped.gaps.max() <= 1e-10
    at = lasso_path(A, y, Lasso(), at=[2 * top(A, y), 0.3 * top(A, y), 0.01 * top(A, y)])
    assert at.gaps.max() <= 1e-10
    assert not at.coefficients[:, 0].any()
    assert not lasso_path(A, 0 * y, Lasso(), at=[1.0, 0.5]).coefficients.any()
    for wrong in ([1.0, 2.0], [1.0, 0.0], []):
        with pytest.raises(ValueError, match="falling"):
            lasso_path(A, y, Lasso(), at=wrong)


def test_cross_validation_is_that_of_the_slow_twin() -> None:
    A, y = draw(0, 30, 12)
    found = cross_validate(A, y, Lasso(), folds=3, points=5, smallest=0.05, seed=7)
    errors = []
    for hidden in np.array_split(stream(7, "folds").permutation(30), 3):
        seen = np.setdiff1d(np.arange(30), hidden)
        part = seen.size / 30
        fits = [naive_lasso.lasso(A[seen], y[seen], np.full(12, weight * part)) for weight in found.weights]
        errors.append([np.mean((A[hidden] @ x - y[hidden]) ** 2) for x in fits])
    mean, error = np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1) / np.sqrt(3)
    assert np.allclose(found.mean, mean, rtol=1e-7)
    assert np.allclose(found.error, error, rtol=1e-6)
    assert found.best == found.weights[np.argmin(mean)]
    allowed = mean.min() + error[np.argmin(mean)]
    assert found.sparse == found.weights[mean <= allowed].max()
    assert np.allclose(found.result.x, solve(A, y, Lasso(weight=found.best)).x, rtol=0, atol=1e-12)
    again = cross_validate(aslinearoperator(A), y, Lasso(), folds=3, points=5, smallest=0.05, seed=7, sparse=True)
    assert np.allclose(again.mean, mean, rtol=1e-7)
    assert np.allclose(again.result.x, solve(A, y, Lasso(weight=found.sparse)).x, rtol=0, atol=1e-9)
    with pytest.raises(ValueError, match="folds"):
        cross_validate(A, y, Lasso(), folds=31)


@seeds
@pytest.mark.parametrize("penalty", [L1(), L1(lower=0), ElasticNet(), GroupL2()], ids=repr)
def test_block_coordinate_descent_is_proximal_gradient(seed: int, penalty: L1 | ElasticNet | GroupL2) -> None:
    A, y = draw(seed)
    groups = np.arange(120) // 3 if penalty.uses_groups else None
    own = solve(A, y, CoordinateDescent(penalty, relative_weight=0.1), groups=groups)
    other = solve(A, y, ProximalGradient(penalty, relative_weight=0.1), groups=groups)
    assert own.status is Status.OPTIMAL
    assert own.certificate.primal == pytest.approx(other.certificate.primal, rel=1e-9, abs=0)


def test_block_coordinate_descent_takes_what_bends_and_refuses_what_is_no_sum() -> None:
    A, y = draw(0)
    result = solve(A, y, CoordinateDescent(MCP(), relative_weight=0.2))
    assert result.status is Status.STATIONARY
    assert result.certificate is None
    with pytest.raises(ValueError, match="separable = True"):
        solve(A, y, CoordinateDescent(SortedL1()))

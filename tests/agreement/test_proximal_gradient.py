"""The penalised problems with the squared loss beside cvxpy and scikit-learn, and beside each other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import cvxpy as cp
import numpy as np
import pytest
from sklearn.linear_model import ElasticNet as SkElasticNet
from sklearn.linear_model import Lasso

from sparsecs import (
    ADMM,
    L0,
    L1,
    MCP,
    SCAD,
    ElasticNet,
    GroupL2,
    Huber,
    Logistic,
    Loss,
    Penalty,
    Problem,
    ProximalGradient,
    ProximalNewton,
    Squared,
    Status,
    solve,
)

TIGHT = {"tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}  # tighter, and it doubts its own answers
LABELS = np.array([4, 0, 0, 2, 2, 2, 2, 7, 7, 0, 1, 1, 4, 4, 4, 5, 5, 5, 5, 5, 9, 9, 9, 9, 8, 8, 8, 1, 1, 1])
GROUPS = [np.flatnonzero(label == LABELS) for label in np.unique(LABELS)]
relative_weights = pytest.mark.parametrize("part", [0.5, 0.1, 0.02])
seeds = pytest.mark.parametrize("seed", range(3))


def draw(seed: int, m: int = 20, n: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, n)) * rng.uniform(0.2, 3, n)
    return A, A[:, :4] @ np.array([1.0, -2.0, 0.5, 3.0]) + 0.3 * rng.standard_normal(m)


def lowest(A: np.ndarray, y: np.ndarray, weight: float, penalty: Callable[[cp.Variable], cp.Expression]) -> float:
    """The least objective, by Clarabel; in units of the value at zero, so that its tolerances mean something."""
    unit = 0.5 * y @ y
    x = cp.Variable(A.shape[1])
    objective = (0.5 * cp.sum_squares(A @ x - y) + weight * penalty(x)) / unit
    return unit * float(cp.Problem(cp.Minimize(objective)).solve(solver=cp.CLARABEL, **TIGHT))


def at(A: np.ndarray, y: np.ndarray, x: np.ndarray, charge: float) -> float:
    return float(0.5 * np.sum((A @ x - y) ** 2) + charge)


@seeds
@relative_weights
def test_the_lasso_is_that_of_an_interior_point_solver(seed: int, part: float) -> None:
    A, y = draw(seed)
    weight = part * float(np.abs(A.T @ y).max())
    result = solve(A, y, ProximalGradient(L1(), weight=weight))
    assert result.status is Status.OPTIMAL
    own = at(A, y, result.x, weight * np.abs(result.x).sum())
    assert own == pytest.approx(lowest(A, y, weight, cp.norm1), rel=1e-8, abs=0)


@seeds
@relative_weights
@pytest.mark.parametrize("root_size", [False, True])
def test_the_group_lasso_is_that_of_an_interior_point_solver(seed: int, part: float, root_size: bool) -> None:
    A, y = draw(seed)
    weights = np.array([g.size for g in GROUPS]) ** (0.5 if root_size else 0.0)
    weight = part * max(float(np.linalg.norm(A[:, g].T @ y)) / w for w, g in zip(weights, GROUPS, strict=True))
    result = solve(A, y, ProximalGradient(GroupL2(root_size=root_size), weight=weight), groups=LABELS)
    assert result.status is Status.OPTIMAL
    charge = sum(w * float(np.linalg.norm(result.x[g])) for w, g in zip(weights, GROUPS, strict=True))

    def penalty(x: cp.Variable) -> cp.Expression:
        return sum(w * cp.norm2(x[g]) for w, g in zip(weights, GROUPS, strict=True))

    assert at(A, y, result.x, weight * charge) == pytest.approx(lowest(A, y, weight, penalty), rel=1e-8, abs=0)


@seeds
@relative_weights
def test_the_lasso_is_that_of_coordinate_descent(seed: int, part: float) -> None:
    A, y = draw(seed, m=40)  # more rows than columns: the answer is unique
    weight = part * float(np.abs(A.T @ y).max())
    own = solve(A, y, ProximalGradient(L1(), weight=weight, tolerance=1e-13)).x
    # scikit-learn divides the loss by the number of rows, so its alpha is weight / m
    theirs = Lasso(alpha=weight / 40, fit_intercept=False, tol=1e-13, max_iter=100_000).fit(A, y).coef_
    assert np.abs(own - theirs).max() <= 1e-6 * np.abs(theirs).max()
    assert (np.flatnonzero(own) == np.flatnonzero(theirs)).all()


@seeds
@relative_weights
def test_the_default_weight_is_a_part_of_the_least_one_that_gives_zero(seed: int, part: float) -> None:
    A, y = draw(seed)
    relative = solve(A, y, ProximalGradient(relative_weight=part))
    absolute = solve(A, y, ProximalGradient(weight=part * float(np.abs(A.T @ y).max())))
    assert np.allclose(relative.x, absolute.x, rtol=0, atol=1e-9 * np.abs(absolute.x).max())


@pytest.mark.parametrize("penalty", [L1(), GroupL2(), GroupL2(root_size=True)], ids=repr)
@seeds
def test_the_reported_gap_is_the_gap_between_a_primal_and_a_feasible_dual_point(penalty: object, seed: int) -> None:
    A, y = draw(seed)
    groups = LABELS if isinstance(penalty, GroupL2) else None
    weight = 0.05 * penalty.dual_norm(
        A.T @ y, groups=None if groups is None else np.unique(LABELS, return_inverse=True)[1]
    )
    result = solve(A, y, ProximalGradient(penalty, weight=weight), groups=groups)
    nu = result.certificate.dual_point
    if groups is None:
        charge, top = np.abs(result.x).sum(), np.abs(A.T @ nu).max()
    else:
        weights = np.array([g.size for g in GROUPS]) ** (0.5 if penalty.root_size else 0.0)
        charge = sum(w * np.linalg.norm(result.x[g]) for w, g in zip(weights, GROUPS, strict=True))
        top = max(np.linalg.norm(A[:, g].T @ nu) / w for w, g in zip(weights, GROUPS, strict=True))
    primal, dual = at(A, y, result.x, weight * charge), float(y @ nu - 0.5 * nu @ nu)
    assert top <= weight * (1 + 1e-12)
    assert result.certificate.gap == pytest.approx(primal - dual, abs=1e-13 * primal)
    assert -1e-13 * primal <= primal - dual <= 1e-10 * primal


def test_columns_with_one_large_part_in_common_do_no_harm_in_single_precision() -> None:
    rng = np.random.default_rng(5)
    common = rng.standard_normal((40, 1))
    A = (common + 1e-5 * rng.standard_normal((40, 80))).astype(np.float32)
    y = rng.standard_normal(40)
    y -= common[:, 0] * (common[:, 0] @ y) / (common[:, 0] @ common[:, 0])
    result = solve(A, y, ProximalGradient(relative_weight=0.01))
    assert np.isfinite(result.x).all()
    assert np.isfinite(result.certificate.gap)


def test_a_group_without_columns_changes_nothing() -> None:
    A, y = draw(0)
    groups = [list(g) for g in GROUPS]
    method = ProximalGradient(GroupL2(root_size=True), relative_weight=0.1)
    with_empty = solve(A, y, method, groups=[*groups[:3], [], *groups[3:]])
    assert np.allclose(with_empty.x, solve(A, y, method, groups=groups).x, rtol=0, atol=1e-10)


general = pytest.mark.parametrize("cls", [ProximalGradient, ADMM, ProximalNewton], ids=lambda cls: cls.__name__)


@general
@pytest.mark.parametrize("bounds", [(0.0, None), (-0.5, 1.0)])
def test_bounds_on_coefficients_are_those_of_an_interior_point_solver(cls: type, bounds: tuple) -> None:
    A, y = draw(3)
    low, high = bounds
    weight = 0.05 * float((A.T @ y).max())
    result = solve(A, y, cls(L1(lower=low, upper=high), weight=weight))
    assert result.status is Status.OPTIMAL
    x = cp.Variable(30)
    held = [x >= low] + ([] if high is None else [x <= high])
    unit = 0.5 * y @ y
    program = cp.Problem(cp.Minimize((0.5 * cp.sum_squares(A @ x - y) + weight * cp.norm1(x)) / unit), held)
    own = at(A, y, result.x, weight * np.abs(result.x).sum())
    assert own == pytest.approx(unit * float(program.solve(solver=cp.CLARABEL, **TIGHT)), rel=1e-8, abs=0)
    assert result.x.min() >= low
    assert high is None or result.x.max() <= high


@general
@pytest.mark.parametrize("part", [0.1, 0.02])
def test_the_elastic_net_is_that_of_coordinate_descent(cls: type, part: float) -> None:
    A, y = draw(1, m=40)
    weight = part * float(np.abs(A.T @ y).max())
    ridge = 0.05 * float(np.linalg.norm(A, axis=0).max()) ** 2
    own = solve(A, y, cls(ElasticNet(ridge=0.05), weight=weight, tolerance=1e-13)).x
    alpha = (weight + ridge) / 40  # scikit-learn's penalty: alpha * l1_ratio ‖x‖₁ + alpha * (1 − l1_ratio) / 2 ‖x‖²
    theirs = SkElasticNet(alpha, l1_ratio=weight / (weight + ridge), fit_intercept=False, tol=1e-13, max_iter=100_000)
    assert np.abs(own - theirs.fit(A, y).coef_).max() <= 1e-6 * np.abs(own).max()


@general
@pytest.mark.parametrize("penalty", [L1(), GroupL2()], ids=repr)
def test_weights_and_columns_over_ten_decades_are_one_thing(cls: type, penalty: Penalty) -> None:
    A, y = draw(2)
    groups = np.arange(30) // 2 if penalty.uses_groups else None
    decades = 10.0 ** np.random.default_rng(0).permutation(np.linspace(-5, 5, 15))
    lengths = np.repeat(decades, 2)
    weights = decades if penalty.uses_groups else lengths
    plain = solve(A, y, cls(penalty, relative_weight=0.1), groups=groups)
    uneven = solve(A * lengths, y, cls(penalty, relative_weight=0.1), groups=groups, weights=weights)
    assert uneven.status is Status.OPTIMAL
    assert uneven.certificate.relative_gap <= 1e-10
    assert np.abs(uneven.x * lengths - plain.x).max() <= 1e-6 * np.abs(plain.x).max()


@pytest.mark.parametrize("accelerated", [True, False])
def test_steps_with_and_without_momentum_come_to_one_end(accelerated: bool) -> None:
    A, y = draw(0)
    other = solve(A, y, ProximalGradient(relative_weight=0.1, accelerated=accelerated, tolerance=1e-13))
    assert np.abs(other.x - solve(A, y, ProximalGradient(relative_weight=0.1)).x).max() <= 1e-6 * np.abs(other.x).max()


@pytest.mark.parametrize("loss", [Squared(), Logistic(), Huber()], ids=repr)
@pytest.mark.parametrize("penalty", [L0(), MCP(), SCAD()], ids=repr)
def test_where_nothing_is_convex_the_objective_never_rises_and_the_end_is_a_fixed_point(
    penalty: Penalty, loss: Loss
) -> None:
    A, y = draw(4)
    A = A / np.linalg.norm(A, axis=0)
    y = y if loss.scales else np.sign(y)
    method = ProximalGradient(penalty, relative_weight=0.1, loss=loss)
    own, weight, fitted = method.terms(Problem(A, y)).penalty, method.terms(Problem(A, y)).weight, loss.fitted(y)
    values = [fitted.value(0 * y, y)]
    for iterate in islice(method.iterates(Problem(A, y)), 2000):
        values.append(fitted.value(A @ iterate.x, y) + own.value(iterate.x, weight))
        if iterate.status is not None:
            break
    assert iterate.status is Status.STATIONARY
    assert (np.diff(values) <= 1e-12 * values[0]).all()
    length = 1 / (loss.smoothness * np.linalg.norm(A, 2) ** 2)
    step = own.prox(iterate.x - length * (A.T @ fitted.gradient(A @ iterate.x, y)), length, weight)
    assert np.abs(step - iterate.x).max() <= 1e-8 * np.abs(iterate.x).max()


@general
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_data_that_no_column_sees_are_answered_by_zero(cls: type, dtype: type) -> None:
    A, y = draw(0, 40, 10)
    for _ in range(2):  # once more, since one pass leaves rounding of the part that goes
        y = y - A @ np.linalg.lstsq(A, y, rcond=None)[0]
    result = solve(A.astype(dtype), y.astype(dtype), cls())
    assert result.status is Status.ZERO
    assert not result.x.any()


@pytest.mark.parametrize("cls", [ADMM, ProximalNewton], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("penalty", [L0(), MCP(), SCAD()], ids=repr)
def test_what_a_method_has_no_form_for_is_refused_in_words(cls: type, penalty: Penalty) -> None:
    with pytest.raises(ValueError, match=f"cannot be solved by {cls.__name__}: it must be convex"):
        cls(penalty)

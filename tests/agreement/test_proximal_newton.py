"""Losses that bend, by every general solver, beside cvxpy and beside formulas written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cvxpy as cp
import naive_objectives
import numpy as np
import pytest

from sparsecs import (
    ADMM,
    L1,
    ElasticNet,
    GroupL2,
    Huber,
    Logistic,
    Loss,
    Penalty,
    ProximalGradient,
    ProximalNewton,
    Softmax,
    SparseGroup,
    Squared,
    Status,
    solve,
)

TIGHT = {"tol_gap_abs": 1e-9, "tol_gap_rel": 1e-9, "tol_feas": 1e-9}
general = pytest.mark.parametrize("cls", [ProximalGradient, ADMM, ProximalNewton], ids=lambda cls: cls.__name__)
parts = pytest.mark.parametrize("part", [0.5, 0.05])
PAIRS = np.arange(30) // 2


def draw(seed: int, m: int = 40, n: int = 30) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((m, n)) * rng.uniform(0.3, 2, n)
    return A, A[:, :4] @ np.array([1.0, -2.0, 0.5, 3.0]) + rng.standard_normal(m)


def classes(seed: int, count: int = 3) -> tuple[np.ndarray, np.ndarray]:
    A, _ = draw(seed)
    scores = A[:, :count] + 0.5 * np.random.default_rng(seed).standard_normal((40, count))
    return A, np.eye(count)[scores.argmax(axis=1)]


def lowest(objective: cp.Expression, unit: float) -> float:
    return unit * float(cp.Problem(cp.Minimize(objective / unit)).solve(solver=cp.CLARABEL, **TIGHT))


@general
@parts
def test_the_sparse_logistic_regression_is_that_of_an_interior_point_solver(cls: type, part: float) -> None:
    A, y = draw(0)
    signs = np.sign(y)
    weight = part * float(np.abs(A.T @ signs).max()) / 2
    result = solve(A, signs, cls(loss=Logistic(), relative_weight=part))
    x = cp.Variable(30)
    best = lowest(cp.sum(cp.logistic(-cp.multiply(signs, A @ x))) + weight * cp.norm1(x), 40.0)
    own = float(np.logaddexp(0, -signs * (A @ result.x)).sum() + weight * np.abs(result.x).sum())
    assert result.status is Status.OPTIMAL
    assert own == pytest.approx(best, rel=1e-8, abs=0)
    assert own == pytest.approx(result.certificate.primal, rel=1e-12)


@general
@parts
def test_the_robust_group_lasso_is_that_of_an_interior_point_solver(cls: type, part: float) -> None:
    A, y = draw(1)
    y[:4] += 50
    result = solve(A, y, cls(GroupL2(), loss=Huber(delta=1.0), relative_weight=part), groups=PAIRS)
    start = A.T @ np.clip(y, -1, 1)
    weight = part * float(np.hypot(start[::2], start[1::2]).max())
    x = cp.Variable(30)
    charge = sum(cp.norm2(x[2 * g : 2 * g + 2]) for g in range(15))
    best = lowest(0.5 * cp.sum(cp.huber(A @ x - y, 1.0)) + weight * charge, 200.0)
    sizes = np.abs(A @ result.x - y)
    own = float(np.where(sizes <= 1, sizes**2 / 2, sizes - 0.5).sum())
    own += weight * float(np.hypot(result.x[::2], result.x[1::2]).sum())
    assert result.status is Status.OPTIMAL
    assert own == pytest.approx(best, rel=1e-7, abs=0)
    assert own == pytest.approx(result.certificate.primal, rel=1e-12)


@general
@parts
@pytest.mark.parametrize("rows", [False, True], ids=["entries", "rows"])
def test_sparse_softmax_regression_is_that_of_an_interior_point_solver(cls: type, part: float, rows: bool) -> None:
    A, Y = classes(0)
    result = solve(A, Y, cls(GroupL2() if rows else L1(), loss=Softmax(), relative_weight=part))
    start = A.T @ (Y - 1 / 3)
    weight = part * float((np.linalg.norm(start, axis=1) if rows else np.abs(start)).max())

    def charge(X: np.ndarray) -> float:
        return float((np.linalg.norm(X, axis=1) if rows else np.abs(X)).sum())

    X = cp.Variable((30, 3))
    scores = A @ X
    misfit = sum(cp.log_sum_exp(scores[i]) - scores[i] @ Y[i] for i in range(40))
    best = lowest(misfit + weight * (cp.mixed_norm(X, 2, 1) if rows else cp.sum(cp.abs(X))), 40.0)
    own = naive_objectives.misfit(Softmax(), A @ result.x, Y) + weight * charge(result.x)
    assert result.status is Status.OPTIMAL
    assert own == pytest.approx(best, rel=1e-7, abs=0)
    proof, nu = result.certificate, result.certificate.dual_point
    image = A.T @ nu
    assert (np.linalg.norm(image, axis=1) if rows else np.abs(image)).max() <= weight * (1 + 1e-12)
    assert naive_objectives.misfit_bound(Softmax(), nu, Y) == pytest.approx(proof.dual, rel=1e-10)
    assert own == pytest.approx(proof.primal, rel=1e-12)


@general
@pytest.mark.parametrize("penalty", [L1(), ElasticNet(), GroupL2(), SparseGroup()], ids=repr)
@pytest.mark.parametrize("c", [3.0, 1e-6, 1e60])
def test_labels_have_no_units_and_a_weight_has_those_of_a(cls: type, penalty: Penalty, c: float) -> None:
    A, y = draw(2)
    labels, groups = (y > 0).astype(float), PAIRS if penalty.uses_groups else None
    first = solve(A, labels, cls(penalty, loss=Logistic(), weight=1.0), groups=groups)
    scaled = solve(c * A, labels, cls(penalty, loss=Logistic(), weight=c), groups=groups)
    signed = solve(A, 2 * labels - 1, cls(penalty, loss=Logistic(), weight=1.0), groups=groups)
    assert first.x.any()
    assert first.status is scaled.status is signed.status is Status.OPTIMAL
    assert np.abs(scaled.x * c - first.x).max() <= 1e-6 * np.abs(first.x).max()
    assert np.array_equal(signed.x, first.x)
    assert scaled.certificate.primal == pytest.approx(first.certificate.primal, rel=1e-9)
    assert np.abs(scaled.certificate.dual_point - first.certificate.dual_point).max() <= 1e-4
    assert np.abs(scaled.residual - first.residual).max() <= 1e-6


@general
@pytest.mark.parametrize("c", [1e-120, 1e-8, 1e100])
def test_the_bend_of_huber_has_the_units_of_y(cls: type, c: float) -> None:
    A, y = draw(3)
    first = solve(A, y, cls(loss=Huber(delta=0.5), weight=2.0))
    scaled = solve(A, c * y, cls(loss=Huber(delta=0.5 * c), weight=2.0 * c))
    assert first.status is scaled.status is Status.OPTIMAL
    assert np.abs(scaled.x / c - first.x).max() <= 1e-6 * np.abs(first.x).max()


@general
def test_the_complex_huber_loss_is_answered_with_a_proof(cls: type) -> None:
    rng = np.random.default_rng(0)
    A = rng.standard_normal((30, 40)) + 1j * rng.standard_normal((30, 40))
    y = A[:, :3] @ np.array([1, 2j, -1 - 1j]) + np.where(np.arange(30) < 3, 40j, 0)
    result = solve(A, y, cls(loss=Huber(delta=1.0), relative_weight=0.05))
    sizes = np.abs(A @ result.x - y)
    start = y * np.minimum(1, 1 / np.abs(y))
    weight = 0.05 * float(np.abs(A.conj().T @ start).max())
    own = float(np.where(sizes <= 1, sizes**2 / 2, sizes - 0.5).sum()) + weight * float(np.abs(result.x).sum())
    nu = result.certificate.dual_point
    assert result.status is Status.OPTIMAL
    assert own == pytest.approx(result.certificate.primal, rel=1e-12)
    assert np.abs(nu).max() <= 1 + 1e-12
    assert np.abs(A.conj().T @ nu).max() <= weight * (1 + 1e-12)
    assert np.vdot(y, nu).real - 0.5 * np.vdot(nu, nu).real == pytest.approx(result.certificate.dual, rel=1e-10)


@general
@pytest.mark.parametrize("loss", [Logistic(), Huber()], ids=repr)
def test_single_precision_stays_single_with_every_loss(cls: type, loss: Loss) -> None:
    A, y = draw(4)
    y = y if loss.scales else np.sign(y)
    single = solve(A.astype(np.float32), y.astype(np.float32), cls(loss=loss, relative_weight=0.1))
    double = solve(A, y, cls(loss=loss, relative_weight=0.1))
    assert single.x.dtype == single.residual.dtype == np.float32
    assert single.status is Status.OPTIMAL
    assert np.abs(single.x - double.x).max() <= 1e-2 * np.abs(double.x).max()


@general
@pytest.mark.parametrize(
    ("loss", "y", "words"),
    [
        (Logistic(), lambda y: y, "labels 0 and 1"),
        (Softmax(), np.sign, "one-hot"),
        (Softmax(), lambda y: np.stack([y, y], axis=1), "one-hot"),
    ],
)
def test_data_without_meaning_for_a_loss_are_refused(
    cls: type, loss: Loss, y: Callable[[np.ndarray], Any], words: str
) -> None:
    A, measured = draw(5)
    with pytest.raises(ValueError, match=words):
        solve(A, y(measured), cls(loss=loss))


@pytest.mark.parametrize("loss", [Squared(), Logistic()], ids=repr)
def test_proximal_newton_needs_few_steps(loss: Loss) -> None:
    A, y = draw(6, 300, 600)
    y = y if loss.scales else np.sign(y)
    for part, most in ((0.5, 8), (0.1, 12)):
        result = solve(A, y, ProximalNewton(loss=loss, relative_weight=part))
        assert result.status is Status.OPTIMAL
        assert result.iterations <= most

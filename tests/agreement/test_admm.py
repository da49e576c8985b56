"""ADMM in all its forms: any first rho, with and without a factored matrix, with and without Newton's method at the end."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

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
    Softmax,
    Squared,
    Status,
    solve,
)
from sparsecs.core.randomness import stream
from sparsecs.operators.door import as_operator
from sparsecs.solvers import _newton, _splitting
from sparsecs.solvers._splitting import Ridge, loss_prox

LOSSES = pytest.mark.parametrize("loss", [Squared(), Logistic(), Huber()], ids=repr)


def draw(m: int = 30, n: int = 50) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(0, "admm", m, n)
    A = rng.standard_normal((m, n))
    return A, A[:, :4] @ np.array([1.0, -2.0, 0.5, 3.0]) + 0.3 * rng.standard_normal(m)


def data(loss: Loss, y: np.ndarray) -> np.ndarray:
    return y if loss.scales else np.sign(y)


@LOSSES
@pytest.mark.parametrize("penalty", [L1(), GroupL2(), ElasticNet()], ids=repr)
def test_the_method_alone_comes_to_the_same_end(loss: Loss, penalty: Penalty, monkeypatch: pytest.MonkeyPatch) -> None:
    A, y = draw()
    groups = np.arange(50) // 2 if penalty.uses_groups else None
    best = solve(A, data(loss, y), ProximalGradient(penalty, loss=loss, relative_weight=0.1), groups=groups)
    monkeypatch.setattr(_newton.Finish, "__call__", lambda *_: None)
    alone = solve(A, data(loss, y), ADMM(penalty, loss=loss, relative_weight=0.1, tolerance=1e-8), groups=groups)
    assert alone.status is Status.OPTIMAL
    assert alone.certificate.road == "ADMM"
    assert alone.certificate.primal == pytest.approx(best.certificate.primal, rel=2e-8)


@LOSSES
@pytest.mark.parametrize("rho", [1e-4, 1.0, 1e3])
def test_the_first_rho_does_not_decide(loss: Loss, rho: float) -> None:
    A, y = draw()
    result = solve(A, data(loss, y), ADMM(loss=loss, rho=rho, relative_weight=0.1))
    assert result.status is Status.OPTIMAL
    assert result.iterations <= 1000


@LOSSES
@pytest.mark.parametrize("shape", [(30, 50), (50, 30)])
def test_conjugate_gradients_stand_in_where_no_matrix_is_factored(
    loss: Loss, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    A, y = draw(*shape)
    factored = solve(A, data(loss, y), ADMM(loss=loss, relative_weight=0.1))
    monkeypatch.setattr(_splitting, "LARGEST", 0)
    free = solve(scipy.sparse.linalg.aslinearoperator(A), data(loss, y), ADMM(loss=loss, relative_weight=0.1))
    assert free.status is Status.OPTIMAL
    assert np.abs(free.x - factored.x).max() <= 1e-6 * np.abs(factored.x).max()


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("shape", [(6, 9), (9, 6)])
@pytest.mark.parametrize("largest", [0, 100])
def test_the_ridge_solves_its_equations(
    kind: type, shape: tuple[int, int], largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_splitting, "LARGEST", largest)
    rng = stream(0, "ridge")
    A = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(kind) if kind is complex else None
    A = rng.standard_normal(shape) if A is None else A
    ridge = Ridge(as_operator(A))
    for rho in (0.3, 0.3, 7.0):
        for b in (rng.standard_normal(shape[1]).astype(kind), rng.standard_normal((shape[1], 2)).astype(kind)):
            x = ridge.solve(b, rho, 0 * b)
            assert np.abs(rho * x + A.conj().T @ (A @ x) - b).max() <= 1e-10 * np.abs(b).max()


@pytest.mark.parametrize("rho", [1e-6, 1.0, 1e6])
def test_the_proximal_map_of_a_loss_is_where_its_gradient_says(rho: float) -> None:
    rng = stream(0, "prox of losses")
    labels = (rng.random(40) < 0.5).astype(float)
    for loss, y, a in (
        (Squared(), rng.standard_normal(40), rng.standard_normal(40)),
        (Logistic(), labels, 30 * rng.standard_normal(40)),
        (Huber(delta=0.5), rng.standard_normal(40), 3 * rng.standard_normal(40)),
        (Softmax(), np.eye(4)[rng.integers(0, 4, 40)], 9 * rng.standard_normal((40, 4))),
        (Huber(delta=0.5), rng.standard_normal(40) + 0j, 3 * rng.standard_normal(40) * np.exp(1j * np.arange(40))),
    ):
        v = loss_prox(loss, a, y, rho, np.zeros_like(a))
        pull = loss.gradient(v, y) + rho * (v - a)
        assert np.abs(pull).max() <= 1e-10 * (1 + rho) * np.abs(a).max()

"""The two second derivatives that Newton's method on the coefficients in use is made of, beside plain differences."""

from __future__ import annotations

from typing import Any

import naive
import numpy as np
import pytest

from sparsecs import (
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
    Softmax,
    SortedL1,
    SparseGroup,
    Squared,
    Status,
    solve,
)
from sparsecs.core.randomness import stream
from sparsecs.solvers._composite import Composite
from sparsecs.solvers._newton import as_reals, hessian, prox_derivative, reals_as, rows_in_use
from sparsecs.solvers._penalized import Terms

PENALTIES = [L1(), L1(lower=-0.1), ElasticNet(), GroupL2(), SparseGroup(), SortedL1(), L0(), MCP(), SCAD()]
every = pytest.mark.parametrize("penalty", PENALTIES, ids=repr)


def data(kind: str, m: int = 12, n: int = 10) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(0, "newton", kind)
    A, y = rng.standard_normal((m, n)), rng.standard_normal((m, 3) if kind == "columns" else m)
    if kind == "complex":
        return A + 1j * rng.standard_normal((m, n)), y + 1j * rng.standard_normal(m)
    return A, y


LOSSES: list[tuple[Loss, str]] = [
    (Squared(), "plain"),
    (Squared(), "columns"),
    (Squared(), "complex"),
    (Logistic(), "plain"),
    (Huber(delta=0.7), "plain"),
    (Huber(delta=0.7), "complex"),
    (Softmax(), "columns"),
]


@pytest.mark.parametrize(("loss", "kind"), LOSSES, ids=lambda value: str(value))
def test_the_second_derivative_of_a_loss_is_the_derivative_of_its_slope(loss: Loss, kind: str) -> None:
    A, y = data(kind)
    if not loss.scales:
        y = np.eye(3)[y.argmax(axis=1)] if y.ndim == 2 else np.sign(y)
    x = stream(1, "newton").standard_normal(as_reals(np.zeros((10, *y.shape[1:]), dtype=y.dtype)).size)
    like = np.zeros((10, *y.shape[1:]), dtype=y.dtype)

    def slope(reals: np.ndarray) -> np.ndarray:
        return as_reals(A.conj().T @ loss.gradient(A @ reals_as(reals, like), y))

    found = hessian(loss, A, A @ reals_as(x, like), y)
    assert np.allclose(found, naive.jacobian_by_differences(slope, x), rtol=1e-5, atol=1e-5)
    assert np.allclose(found, found.T)


@every
@pytest.mark.parametrize("kind", ["plain", "columns", "complex"])
def test_the_derivative_of_a_proximal_map_is_that_of_differences_one_by_one(penalty: Penalty, kind: str) -> None:
    if kind == "complex" and (not penalty.complex_data or getattr(penalty, "bounded", False)):
        pytest.skip("it is real")
    A, y = data(kind)
    groups = np.array([0, 0, 1, 2, 2, 2, 1, 3, 3, 0]) if penalty.uses_groups else None
    task = Composite(Problem(A, y, groups=groups), Terms(Squared(), penalty, 0.3))
    v = (
        2
        * stream(2, "newton").standard_normal((*task.problem.nothing().shape, 2))
        @ (np.array([1, 1j]) if kind == "complex" else np.array([1, 1]))
    )
    if isinstance(penalty, SortedL1) and kind == "plain":
        v[:4] = [2.0, 1.999, -2.001, 1.9995]  # these end tied
    p = task.prox(v, 0.5)
    rows = rows_in_use(p, p)
    assert 2 < rows.size <= 10

    def moved(reals: np.ndarray) -> np.ndarray:
        place = v.copy()
        place[rows] = reals_as(reals, v[rows])
        return as_reals(task.prox(place, 0.5)[rows])

    slow = naive.jacobian_by_differences(moved, as_reals(v[rows]))
    assert np.allclose(prox_derivative(task, v, p, rows, 0.5), slow, rtol=1e-5, atol=1e-5)


@every
@pytest.mark.parametrize("kind", ["plain", "columns", "complex"])
def test_newton_steps_end_what_steps_have_begun(penalty: Penalty, kind: str) -> None:
    if kind == "complex" and (not penalty.complex_data or getattr(penalty, "bounded", False)):
        pytest.skip("it is real")
    A, y = data(kind, 30, 40)
    asked: dict[str, Any] = {"groups": np.arange(40) // 2 if penalty.uses_groups else None}
    result = solve(A, y, ProximalGradient(penalty, relative_weight=0.2, tolerance=1e-13), **asked)
    assert result.status is (Status.OPTIMAL if penalty.convex else Status.STATIONARY)
    assert result.iterations <= (150 if penalty.convex else 600)


def test_on_a_matrix_of_lost_rank_coefficients_leave_one_by_one() -> None:
    A = stream(0, "A").standard_normal((20, 4)) @ stream(0, "B").standard_normal((4, 30))
    for seed in range(3):
        result = solve(A, stream(seed, "y").standard_normal(20), ProximalGradient(relative_weight=0.01))
        assert result.status is Status.OPTIMAL
        assert result.support.size <= 4
        assert result.iterations <= 300

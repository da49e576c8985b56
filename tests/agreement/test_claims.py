"""What is said of an answer is true: of zero, of solved, and of a proof; each of these was once said wrongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sparsecs import (
    ADMM,
    IRLS,
    L1,
    OLS,
    OMP,
    BasisPursuit,
    CoordinateDescent,
    HomotopyPath,
    Huber,
    Lasso,
    ProximalGradient,
    ProximalNewton,
    ReweightedL1,
    Status,
    solve,
    solve_each,
    stream,
)

GENERAL = [ProximalGradient, ADMM, ProximalNewton, CoordinateDescent]


@pytest.mark.parametrize("cls", GENERAL)
def test_a_nonnegative_answer_is_zero_only_where_no_column_points_towards_y(cls: type) -> None:
    towards = solve(np.eye(2), [1.0, 2.0], cls(penalty=L1(lower=0), weight=0.1))
    assert towards.status is Status.OPTIMAL
    assert np.allclose(towards.x, [0.9, 1.9], atol=1e-6)
    away = solve(np.eye(2), [-1.0, -2.0], cls(penalty=L1(lower=0), weight=0.1))
    assert away.status is Status.ZERO
    part = solve(np.eye(2), [1.0, 1.0], cls(penalty=L1(lower=0), relative_weight=0.5))
    assert np.allclose(part.x, [0.5, 0.5], atol=1e-6)


@pytest.mark.parametrize("cls", [ProximalGradient, ADMM, CoordinateDescent, Lasso, HomotopyPath])
def test_a_short_column_beside_a_long_one_is_not_taken_for_rounding(cls: type) -> None:
    A, y = np.diag([1e7, 1]).astype(np.float32), np.array([0, 1], np.float32)
    assert np.allclose(solve(A, y, cls(weight=0.01)).x, [0, 0.99], atol=1e-4)


@pytest.mark.parametrize("solver", [OMP(), OLS()])
def test_solved_is_said_only_of_a_residual_that_is_small_when_computed_anew(solver: OMP | OLS) -> None:
    rng = stream(0, "near twins")
    said = set()
    for part in (1e-4, 1e-5, 1e-6):
        A = np.array([[1, 1], [1, 1 + part]], np.float32)
        for y in rng.random((20, 2)).astype(np.float32):
            for result in (solve(A, y, solver), *solve_each(A, np.stack([y, 2 * y], axis=1), solver)):
                said.add(result.status)
                misfit = np.linalg.norm(result.residual) / np.linalg.norm(y)
                assert result.status is not Status.SOLVED or misfit <= 1e-4
    assert Status.UNCERTAIN in said


@dataclass(frozen=True)
class Liar(L1):
    """An ℓ1 norm with half of its dual norm."""

    def dual_norm(self, z: np.ndarray, **own: object) -> float:
        return super().dual_norm(z) / 2

    def limit(self, z: np.ndarray, weight: float = 1.0, **own: object) -> float:
        return 2 * super().limit(z, weight)


def test_a_dual_value_above_the_primal_one_proves_nothing() -> None:
    A = stream(0, "A").standard_normal((20, 40))
    result = solve(A, A[:, 0] - A[:, 3], ProximalGradient(Liar(), weight=2.0, max_iterations=500))
    assert result.status is not Status.OPTIMAL


def test_the_loss_does_not_change_the_side() -> None:
    result = solve(np.eye(2), [1.0, 2.0], ProximalGradient(L1(lower=0), loss=Huber(delta=10.0), weight=0.1))
    assert np.allclose(result.x, [0.9, 1.9], atol=1e-6)


@pytest.mark.parametrize("solver", [BasisPursuit(), IRLS(), ReweightedL1()])
def test_in_single_precision_the_rounding_of_y_is_no_part_of_the_support(
    solver: BasisPursuit | IRLS | ReweightedL1,
) -> None:
    rng = stream(0, "single")
    A, x = rng.standard_normal((60, 120)).astype(np.float32), np.zeros(120, np.float32)
    x[[3, 50, 51, 90]] = 1, -2, 1.5, 1
    result = solve(A, A @ x, solver)
    assert result.status.reached
    assert result.support.tolist() == [3, 50, 51, 90]

"""The compiled passes, the active-set Newton methods and the blocked factorisation beside slow twins."""

from __future__ import annotations

from itertools import pairwise

import naive_lasso
import numpy as np
import pytest

from sparsecs.core.randomness import stream
from sparsecs.kernels.active_groups import _by_columns, _by_rows, solve_groups
from sparsecs.kernels.active_set import solve_l1_quadratic
from sparsecs.kernels.cholesky import BLOCK, factor, half_solved, solved
from sparsecs.kernels.coordinate_descent import group_passes, l1_passes

FREE = (-np.inf, np.inf)
seeds = pytest.mark.parametrize("seed", range(4))
bounds = pytest.mark.parametrize("limits", [FREE, (0.0, np.inf), (-np.inf, 0.0), (-0.3, 0.2)])


def draw(seed: int, m: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(seed, "kernels", m, n)
    A = rng.standard_normal((m, n)) * rng.uniform(0.3, 3, n)
    return A, A[:, :3] @ np.array([1.0, -2.0, 0.5]) + 0.3 * rng.standard_normal(m)


@seeds
@bounds
def test_passes_of_coordinate_descent_are_those_of_the_slow_twin(seed: int, limits: tuple[float, float]) -> None:
    A, y = draw(seed, 12, 18)
    A[:, 5] = 0
    prices = stream(seed, "prices").uniform(0.5, 2, 18)
    for count in (1, 3):
        G, x, c = A.T @ A, np.zeros(18), A.T @ y
        l1_passes(G, x, c, prices, limits, count)
        expected = naive_lasso.lasso(A, y, prices, *limits, passes=count)
        assert np.allclose(x, expected, rtol=0, atol=1e-13)
        assert np.allclose(c, A.T @ (y - A @ x), rtol=0, atol=1e-11)


@seeds
@bounds
@pytest.mark.parametrize(("m", "n"), [(30, 12), (12, 30), (60, 150)])
def test_the_active_set_method_meets_the_optimality_conditions(
    seed: int, limits: tuple[float, float], m: int, n: int
) -> None:
    A, y = draw(seed, m, n)
    for part in (0.5, 0.05, 0.002):
        prices = part * np.abs(A.T @ y).max() * stream(seed, "prices").uniform(0.5, 2, n)
        G, x, c = A.T @ A, np.zeros(n), A.T @ y
        assert solve_l1_quadratic(G, x, c, prices, limits, 100)
        assert naive_lasso.violation(A, y, x, prices, *limits) <= 1e-9
        assert ((limits[0] <= x) & (x <= limits[1])).all()


@seeds
def test_the_active_set_method_finds_the_best_pattern_of_signs(seed: int) -> None:
    A, y = draw(seed, 9, 6)
    prices = 0.1 * np.abs(A.T @ y).max() * np.ones(6)
    G, x, c = A.T @ A, np.zeros(6), A.T @ y
    assert solve_l1_quadratic(G, x, c, prices, FREE, 50)
    assert np.allclose(x, naive_lasso.lasso_by_signs(A, y, prices), rtol=0, atol=1e-11)


def test_the_active_set_method_walks_off_a_wrong_start() -> None:
    A, y = draw(0, 40, 60)
    x = 5 * stream(0, "start").standard_normal(60)  # more nonzeros than rows, most of them with wrong signs
    c = A.T @ (y - A @ x)
    prices = np.full(60, 0.05 * np.abs(A.T @ y).max())
    assert solve_l1_quadratic(A.T @ A, x, c, prices, FREE, 100)
    assert naive_lasso.violation(A, y, x, prices, *FREE) <= 1e-9


@pytest.mark.parametrize("kind", ["twins", "sums", "low rank"])
def test_columns_that_depend_on_each_other_are_no_trouble(kind: str) -> None:
    A, y = draw(1, 20, 15)
    A = {
        "twins": np.hstack([A, A, -2 * A[:, :5]]),
        "sums": np.hstack([A, A[:, :5] + A[:, 5:10], A[:, :5] - A[:, 10:]]),
        "low rank": np.hstack([A, A @ stream(1, "mix").standard_normal((15, 20))]),
    }[kind]
    n = A.shape[1]
    prices = np.full(n, 0.003 * np.abs(A.T @ y).max())
    x, c = stream(1, "start").standard_normal(n), np.zeros(n)
    c[:] = A.T @ (y - A @ x)
    solve_l1_quadratic(A.T @ A, x, c, prices, FREE, 200)
    assert naive_lasso.violation(A, y, x, prices, *FREE) <= 1e-6


def split(sizes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([[0], np.cumsum(sizes)]), np.repeat(np.arange(len(sizes)), sizes)


def inner(B: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    blocks = [B[:, a:b].T @ B[:, a:b] for a, b in pairwise(edges)]
    return np.concatenate([block.ravel() for block in blocks]), np.array([np.linalg.norm(block, 2) for block in blocks])


@seeds
def test_a_pass_over_groups_lowers_the_objective_and_keeps_the_residual(seed: int) -> None:
    edges, labels = split([3, 1, 4, 2, 5])
    A, y = draw(seed, 10, 15)
    B, x, r = np.asfortranarray(A), np.zeros(15), y.copy()
    prices = 0.1 * np.abs(A.T @ y).max() * np.ones(5)

    def objective() -> float:
        return 0.5 * float(r @ r) + sum(p * float(np.linalg.norm(x[labels == g])) for g, p in enumerate(prices))

    values = [objective()]
    for _ in range(30):
        group_passes(B, r, x, edges, prices, inner(B, edges)[1], inner(B, edges)[0], 1)
        values.append(objective())
    assert (np.diff(values) <= 1e-13 * values[0]).all()
    assert values[-1] < values[0]
    assert np.allclose(r, y - A @ x, rtol=0, atol=1e-12)


@seeds
@pytest.mark.parametrize("m", [10, 40])
def test_the_newton_method_for_groups_is_the_slow_twin(seed: int, m: int) -> None:
    edges, labels = split([3, 1, 4, 2, 5])
    A, y = draw(seed, m, 15)
    for part in (0.3, 0.05):
        prices = part * np.abs(A.T @ y).max() * stream(seed, "prices").uniform(0.5, 2, 5)
        x, r = np.zeros(15), y.copy()
        assert solve_groups(np.asfortranarray(A), r, x, edges, prices, 100)
        expected = naive_lasso.group_lasso(A, y, labels, prices)
        cost = [
            0.5 * np.sum((A @ z - y) ** 2) + sum(p * np.linalg.norm(z[labels == g]) for g, p in enumerate(prices))
            for z in (x, expected)
        ]
        assert cost[0] <= cost[1] * (1 + 1e-13)
        assert np.allclose(x, expected, rtol=0, atol=1e-6)


def test_the_two_ways_to_a_newton_step_are_one() -> None:
    rng = stream(0, "two ways")
    group = np.repeat(np.arange(10), [3, 1, 4, 2, 5, 3, 3, 3, 3, 3])
    B, u = np.asfortranarray(rng.standard_normal((20, group.size))), rng.standard_normal(group.size)
    u /= np.sqrt(np.bincount(group, weights=u**2))[group]
    bend, b = rng.uniform(0.1, 2, 10)[group], rng.standard_normal(group.size)
    assert np.allclose(_by_rows(B, u, bend, group, b), _by_columns(B, u, bend, group, b), rtol=0, atol=1e-11)


@pytest.mark.parametrize("k", [1, 5, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7, 5 * BLOCK])
def test_the_factorisation_solves(k: int) -> None:
    rng = stream(0, "factor", k)
    B = rng.standard_normal((k + 20, k)) * np.logspace(-5, 5, k)
    H, b = B.T @ B, rng.standard_normal((k, 3))
    found = factor(H)
    L = np.tril(found.lower)
    unit = 1 / np.sqrt(H.diagonal())
    assert np.allclose(unit[:, None] * (L @ L.T) * unit, unit[:, None] * H * unit, rtol=0, atol=1e-12)
    for right in (b, b[:, 0]):
        for matrix, d in ((L, half_solved(found, right)), (L.T, half_solved(found, right, transposed=True))):
            assert (np.abs(matrix @ d - right) <= 1e-12 * (np.abs(matrix) @ np.abs(d) + np.abs(right))).all()
    d = solved(found, b[:, 0])
    assert (np.abs(H @ d - b[:, 0]) <= 1e-11 * (np.abs(H) @ np.abs(d) + np.abs(b[:, 0]))).all()


def test_a_singular_matrix_is_raised_and_nonsense_is_refused() -> None:
    B = stream(0, "singular").standard_normal((5, 9))
    found = factor(B.T @ B)
    assert found is not None
    assert np.isfinite(found.lower).all()
    assert factor(-np.eye(3)) is None
    assert factor(np.full((2, 2), np.nan)) is None

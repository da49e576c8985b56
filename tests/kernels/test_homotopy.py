"""The compiled path on known inner products, its Cholesky factor, and one step of the interior-point method."""

from __future__ import annotations

import naive_paths
import numpy as np
import pytest

from sparsecs.kernels.homotopy import follow_path, grow, shrink, solve_factored
from sparsecs.kernels.interior_point import newton_moves, newton_weights, to_vertex
from sparsecs.kernels.simplex import descend


def factor(A: np.ndarray, columns: list[int]) -> np.ndarray:
    """The factor of the inner products of some columns, grown one by one."""
    L = np.zeros((A.shape[1], A.shape[1]))
    for size, j in enumerate(columns):
        row = np.append(A[:, columns[:size]].T @ A[:, j], 0.0)
        assert grow(L, size, row, float(A[:, j] @ A[:, j]))
    return L


def test_a_factor_grows_shrinks_and_solves() -> None:
    A = np.random.default_rng(0).standard_normal((12, 8))
    for gone in range(8):
        L, left = factor(A, list(range(8))), [j for j in range(8) if j != gone]
        shrink(L, 8, gone)
        gram = A[:, left].T @ A[:, left]
        corner = np.tril(L[:7, :7])
        assert np.abs(corner @ corner.T - gram).max() <= 1e-13
        z = np.empty(7)
        solve_factored(L, 7, np.arange(7.0), z)
        assert np.abs(gram @ z - np.arange(7.0)).max() <= 1e-12


def test_a_dependent_column_is_refused() -> None:
    A = np.random.default_rng(0).standard_normal((12, 3))
    L = factor(np.hstack([A, A[:, :1]]), [0, 1, 2])
    third = A @ [1.0, -2.0, 0.5]
    assert not grow(L, 3, np.append(A.T @ third, 0.0), float(third @ third))


@pytest.mark.parametrize("seed", range(6))
def test_the_path_passes_through_the_answers_of_the_lasso(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, y = rng.standard_normal((9, 6)), rng.standard_normal(9)
    c = A.T @ y
    for share in (0.7, 0.3, 0.1, 0.01):
        room = (np.zeros((6, 6)), np.zeros(6, dtype=np.int64), *np.zeros((3, 6)))
        stop = share * float(np.abs(c).max())
        level, size = follow_path(A.T @ A, c.copy(), float(np.abs(c).max()), stop, 6, *room, 0)
        x = np.zeros(6)
        x[room[1][:size]] = room[3][:size]
        assert level == pytest.approx(stop, rel=1e-12)
        assert np.abs(x - naive_paths.lasso(A, y, stop)).max() <= 1e-10


def test_a_path_goes_on_where_it_stopped() -> None:
    rng = np.random.default_rng(0)
    A, y = rng.standard_normal((20, 12)), rng.standard_normal(20)
    c, gram = A.T @ y, A.T @ A
    top = float(np.abs(c).max())
    once = (np.zeros((12, 12)), np.zeros(12, dtype=np.int64), *np.zeros((3, 12)))
    _, size = follow_path(gram, c.copy(), top, 0.05 * top, 12, *once, 0)
    twice = (np.zeros((12, 12)), np.zeros(12, dtype=np.int64), *np.zeros((3, 12)))
    level, part = follow_path(gram, c.copy(), top, 0.4 * top, 12, *twice, 0)
    used = twice[1][:part]
    level, again = follow_path(gram, c - gram[:, used] @ twice[3][:part], level, 0.05 * top, 12, *twice, part)
    assert (again, level) == (size, 0.05 * top)
    assert np.array_equal(once[1][:size], twice[1][:size])
    assert np.abs(once[3][:size] - twice[3][:size]).max() <= 1e-12


@pytest.mark.parametrize("seed", range(5))
def test_an_interior_step_solves_the_linearised_equations(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, target = 7, 0.3
    p, s, f, z = (rng.uniform(0.5, 2, (2, n)) for _ in range(4))
    f[:, ::2], z[:, ::2] = np.inf, 0.0
    p[1, 1], bend = 0.0, 0.1 * rng.standard_normal((2, 2, n))
    D, h, dv = np.empty(n), np.empty(n), rng.standard_normal(n)
    dp, ds, dz = np.zeros((3, 2, n))
    newton_weights(p, s, f, z, target, *bend, D, h)
    primal, dual = newton_moves(p, s, f, z, target, *bend, dv, dp, ds, dz)
    live, capped = p > 0, (p > 0) & (f < np.inf)
    assert np.abs((dp[0] - dp[1]) - (h + D * dv)).max() <= 1e-12
    assert np.abs(s * dp + p * ds - (target - bend[0] - p * s))[live].max() <= 1e-12
    f = np.where(capped, f, 1.0)
    assert np.abs(f * dz - z * dp - (target - bend[1] - f * z))[capped].max() <= 1e-12
    assert np.abs(ds[0] + dv - dz[0]).max() <= 1e-12
    assert np.abs((ds[1] - dv - dz[1]) * live[1]).max() <= 1e-12
    for step, pairs in ((primal, ((p, dp), (f, -dp * capped))), (dual, ((s, ds), (z, dz)))):
        assert 0 < step <= 1
        assert all((array + step * move)[live].min() >= -1e-12 for array, move in pairs)


def test_a_vertex_keeps_the_combination_and_loses_the_dependence() -> None:
    rng = np.random.default_rng(0)
    basis, table = rng.standard_normal((10, 4)), rng.standard_normal((4, 9))
    columns = np.hstack([basis, basis @ table])
    amounts = rng.uniform(0.5, 2, 13)
    y = columns @ amounts
    basic, other = amounts[:4].copy(), amounts[4:].copy()
    holds = to_vertex(table.copy(), basic, other)
    assert (basic >= 0).all()
    assert not other.any()
    assert len(set(holds.tolist())) == 4
    assert np.abs(columns[:, holds] @ basic - y).max() <= 1e-10


@pytest.mark.parametrize("kind", ["gaussian", "signs"])
def test_the_simplex_method_descends_to_the_least_l1_norm(kind: str) -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        A = rng.standard_normal((8, 20)) if kind == "gaussian" else rng.choice([-1.0, 1.0], (8, 20))
        y, basic = rng.standard_normal(8), np.arange(8)
        if np.linalg.matrix_rank(A[:, :8]) < 8:
            continue
        other, T = np.arange(8, 20), np.linalg.solve(A[:, :8], A[:, 8:])
        x = np.linalg.solve(A[:, :8], y)
        assert descend(T, x, basic, other, 100)
        assert sorted([*basic, *other]) == list(range(20))
        assert np.abs(A[:, basic] @ x - y).max() <= 1e-10
        assert np.abs(A[:, basic] @ T - A[:, other]).max() <= 1e-10
        assert np.abs(x).sum() == pytest.approx(naive_paths.smallest_l1(A, y), rel=1e-9)


def test_one_pivot_goes_to_the_lowest_point_of_its_edge() -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        T, x = rng.standard_normal((8, 12)), rng.standard_normal(8)
        before, after, basic, other = T.copy(), x.copy(), np.arange(8), np.arange(8, 20)
        assert not descend(T, after, basic, other, 1)
        (came,) = set(basic.tolist()) - set(range(8))
        edge = before[:, came - 8]
        lowest = min(np.abs(x - t * edge).sum() + abs(t) for t in x / edge)
        assert np.abs(after).sum() == pytest.approx(lowest, rel=1e-12)
        assert lowest < np.abs(x).sum()

"""Orthogonal matching pursuit beside loops of full refits, beside scikit-learn, and beside itself on other roads."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from naive_greedy import block_pursuit
from sklearn.linear_model import orthogonal_mp

from sparsecs import OMP, Problem, Status, solve, solve_each


def refit_loop(A: np.ndarray, y: np.ndarray, k: int) -> tuple[list[int], np.ndarray]:
    """The columns in the order of their choice, and the last fit: nothing is updated, all is computed anew."""
    norms = np.linalg.norm(A, axis=0)
    order: list[int] = []
    x, residual = np.zeros(A.shape[1]), y
    for _ in range(k):
        alike = np.abs(A.T @ residual) / np.where(norms > 0, norms, np.inf)
        alike[order] = 0
        order.append(int(np.flatnonzero(alike >= alike.max() * (1 - 1e-9))[0]))  # the first of equal ones
        x = np.zeros(A.shape[1])
        unit = A[:, order] / norms[order]
        x[order] = np.linalg.lstsq(unit, y, rcond=None)[0] / norms[order]
        residual = y - A @ x
    return order, x


def gaussian(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n))


def ten_decades(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n)) * 10.0 ** rng.uniform(-5, 5, n)


def alike_columns(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, 1)) + 0.1 * rng.standard_normal((m, n))


def some_zero_columns(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n)) * (rng.random(n) < 0.7)


def signs(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.choice([-1.0, 1.0], (m, n))


ENSEMBLES = [gaussian, ten_decades, alike_columns, some_zero_columns, signs]


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=lambda ensemble: ensemble.__name__)
@pytest.mark.parametrize("seed", range(60))
def test_every_step_is_that_of_a_loop_of_full_refits(ensemble: object, seed: int) -> None:
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(4, 25)), int(rng.integers(10, 50))
    A, y = ensemble(rng, m, n), rng.standard_normal(m)
    k = min(m, n // 2) - 1
    order, x = refit_loop(A, y, k)
    iterates = list(OMP().iterates(Problem(A, y, sparsity=k)))
    norms = np.linalg.norm(A, axis=0)
    for size, iterate in enumerate(iterates, 1):
        assert sorted(np.flatnonzero(iterate.x)) == sorted(order[:size])
    assert len(iterates) == k
    assert np.abs((iterates[-1].x - x) * norms).max() <= 1e-9 * np.abs(x * norms).max()
    assert np.abs(iterates[-1].residual - (y - A @ x)).max() <= 1e-10 * np.linalg.norm(y)


@pytest.mark.parametrize("seed", range(20))
def test_easy_problems_are_answered_as_by_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((50, 100))
    A /= np.linalg.norm(A, axis=0)
    x = np.zeros(100)
    x[rng.choice(100, 5, replace=False)] = rng.choice([-1.0, 1.0], 5) * rng.uniform(1, 3, 5)
    y = A @ x + 0.01 * rng.standard_normal(50)
    theirs = orthogonal_mp(A, y, n_nonzero_coefs=5)
    own = solve(A, y, OMP(), sparsity=5).x
    assert (np.flatnonzero(own) == np.flatnonzero(theirs)).all()
    assert np.abs(own - theirs).max() <= 1e-12


def test_a_coefficient_that_is_small_beside_the_others_does_not_end_the_search() -> None:
    result = solve(np.diag([1.0, 1e12, 1e12, 1e12]), np.ones(4), OMP())
    assert np.allclose(result.x, [1, 1e-12, 1e-12, 1e-12], rtol=1e-12, atol=0)
    assert result.status is Status.SOLVED


def test_the_number_of_steps_is_the_sparsity_when_that_is_given() -> None:
    rng = np.random.default_rng(0)
    result = solve(rng.standard_normal((20, 40)), rng.standard_normal(20), OMP(max_iterations=5), sparsity=10)
    assert result.support.size == 10
    assert result.status is Status.ALL_CHOSEN


def last(problem: Problem) -> tuple[np.ndarray, Status, int]:
    """Where the generator ends, in the way of the loop that drives it."""
    solver, count = OMP(), 0
    for iterate in solver.iterates(problem):
        count += 1
        status = iterate.status or solver.stop(problem, None, iterate)
        if status:
            return iterate.x, status, count
    return iterate.x, Status.STALLED if count < solver.limit(problem) else Status.LIMIT, count


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=lambda ensemble: ensemble.__name__)
@pytest.mark.parametrize("k", [1, 7, 19, 30, None])
def test_all_steps_at_once_end_where_the_steps_one_by_one_end(ensemble: object, k: int | None) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        A = ensemble(rng, 30, 600)
        for y in (rng.standard_normal(30), A[:, 5] * 2, rng.choice([-1.0, 1.0], 30)):
            problem = Problem(A, y, sparsity=k)
            x, status, count = last(problem)
            iterate, said, steps = OMP().at_once(problem)
            assert (said, steps) == (status, count)
            assert (np.flatnonzero(iterate.x) == np.flatnonzero(x)).all()
            norms = np.linalg.norm(A, axis=0)
            assert (
                np.abs((iterate.x - x) * norms).max() <= 1e-7 * np.abs(x * norms).max()
            )  # up to k = m: fits of any condition


def test_a_matrix_without_rank_ends_in_the_same_words_on_both_roads() -> None:
    rng = np.random.default_rng(0)
    A = rng.standard_normal((40, 6)) @ rng.standard_normal((6, 500))
    problem = Problem(A, rng.standard_normal(40), sparsity=20)
    x, status, count = last(problem)
    iterate, said, steps = OMP().at_once(problem)
    assert (said, steps) == (status, count) == (Status.DEPENDENT, 7)
    assert (np.flatnonzero(iterate.x) == np.flatnonzero(x)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [60, 700])
def test_many_signals_are_answered_as_one_by_one(n: int, dtype: type) -> None:
    rng = np.random.default_rng(n)
    A = (ten_decades(rng, 40, n) if dtype is np.float64 else rng.standard_normal((40, n))).astype(dtype)
    X = np.zeros((n, 30))
    for column in X.T:
        column[rng.choice(n, 5, replace=False)] = rng.standard_normal(5)
    norms = np.linalg.norm(A, axis=0)
    Y = A @ (X / norms[:, None])
    Y[:, ::3] += 0.1 * np.linalg.norm(Y, axis=0)[::3] / 6 * rng.standard_normal((40, 10))
    Y[:, 4] = 0
    Y *= 10.0 ** rng.integers(-8, 8, 30)
    for k in (1, 5, 20):
        for one, y in zip(solve_each(A, Y.astype(dtype), OMP(), sparsity=k), Y.T, strict=True):
            alone = solve(A, y.astype(dtype), OMP(), sparsity=k)
            assert (one.status, one.iterations) == (alone.status, alone.iterations)
            assert (one.support == alone.support).all()
            size = np.abs(alone.x * norms).max()
            assert np.abs((one.x - alone.x) * norms).max() <= (1e-9 if dtype is np.float64 else 1e-3) * size


def complex_noise(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


FORMS = {
    "groups": (lambda rng: rng.standard_normal((30, 60)), (30,), np.arange(60) % 20),
    "uneven groups": (lambda rng: ten_decades(rng, 30, 60), (30,), np.repeat([2, 0, 1, 3, 4], [1, 9, 20, 25, 5])),
    "joint": (lambda rng: ten_decades(rng, 30, 60), (30, 4), None),
    "joint groups": (lambda rng: rng.standard_normal((30, 60)), (30, 3), np.arange(60) // 2),
    "complex": (lambda rng: complex_noise(rng, 30, 60), (30,), None),
    "complex joint groups": (lambda rng: complex_noise(rng, 30, 60), (30, 2), np.arange(60) // 3),
}


@pytest.mark.parametrize("form", FORMS)
def test_blocks_joint_signals_and_complex_numbers_follow_their_slow_twin(form: str) -> None:
    ensemble, shape, groups = FORMS[form]
    for seed in range(5):
        rng = np.random.default_rng(seed)
        A = ensemble(rng)
        y = complex_noise(rng, *shape) if "complex" in form else rng.standard_normal(shape)
        norms = np.linalg.norm(A, axis=0)
        for k in (1, 2, 3 if groups is not None else 9):
            order, expected = block_pursuit(A, y, k, groups)
            for matrix in (A, scipy.sparse.csr_array(A)):
                result = solve(matrix, y, OMP(), sparsity=k, groups=groups)
                kept = np.isin(np.arange(60) if groups is None else groups, order)
                if kept.sum() < 30:
                    assert (result.support == np.flatnonzero(kept)).all()
                    gap = np.abs(((result.x - expected).T * norms).T).max()
                    assert gap <= 1e-9 * np.abs((expected.T * norms).T).max()
                    assert result.status is Status.ALL_CHOSEN
                assert np.linalg.norm(result.residual - (y - A @ expected)) <= 1e-9 * np.linalg.norm(y)


def test_groups_of_one_and_a_single_column_change_no_digit() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        A, y = ten_decades(rng, 25, 50), rng.standard_normal(25)
        plain = [iterate.x for iterate in OMP().iterates(Problem(A, y, sparsity=12))]
        single = [iterate.x for iterate in OMP().iterates(Problem(A, y, sparsity=12, groups=np.arange(50)))]
        column = [iterate.x[:, 0] for iterate in OMP().iterates(Problem(A, y[:, None], sparsity=12))]
        assert len(plain) == len(single) == len(column) == 12
        for one, other, third in zip(plain, single, column, strict=True):
            assert np.array_equal(one, other)
            assert np.allclose(one, third, rtol=1e-12, atol=0)


def test_blocks_joint_and_complex_signals_that_are_easy_are_recovered() -> None:
    rng = np.random.default_rng(0)
    A, C = rng.standard_normal((60, 120)), complex_noise(rng, 60, 120)
    groups = rng.permutation(np.arange(120) // 4)
    in_blocks, joint, in_complex = np.zeros(120), np.zeros((120, 5)), np.zeros(120, dtype=complex)
    in_blocks[np.isin(groups, [3, 8, 20])] = rng.standard_normal(12)
    joint[rng.choice(120, 15, replace=False)] = rng.standard_normal((15, 5))
    in_complex[rng.choice(120, 8, replace=False)] = complex_noise(rng, 8)
    for matrix, x, extra in ((A, in_blocks, {"groups": groups, "sparsity": 3}), (A, joint, {}), (C, in_complex, {})):
        result = solve(matrix, matrix @ x, OMP(), **extra)
        assert result.status is Status.SOLVED
        assert result.x.shape == x.shape
        assert np.linalg.norm(result.x - x) <= 1e-12 * np.linalg.norm(x)
        assert result.support.size == np.count_nonzero(x.reshape(120, -1).any(axis=1))


@pytest.mark.parametrize("c", [1e-200, 1e-8, 1e8, 1e200])
def test_a_unit_of_the_whole_problem_means_nothing_to_blocks_and_joint_signals(c: float) -> None:
    rng = np.random.default_rng(0)
    A, Y, groups = rng.standard_normal((20, 40)), rng.standard_normal((20, 3)), np.arange(40) // 4
    for extra in ({"groups": groups, "sparsity": 3}, {"sparsity": 6}):
        first = solve(A, Y, OMP(), **extra)
        for scaled, factor in ((solve(c * A, Y, OMP(), **extra), c), (solve(A, c * Y, OMP(), **extra), 1 / c)):
            assert (scaled.support == first.support).all()
            assert np.abs(scaled.x * factor - first.x).max() <= 1e-9 * np.abs(first.x).max()


@pytest.mark.parametrize("lengths", [1.0, "ten decades"])
def test_ties_are_decided_alike_on_every_road(lengths: object) -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        A = rng.choice([-1.0, 1.0], (24, 400))
        A[:, 200:300] = -A[:, 100:200]
        if lengths != 1.0:
            A = A * 2.0 ** rng.integers(-17, 17, 400)
        y = rng.choice([-1.0, 1.0], 24)
        problem = Problem(A, y, sparsity=18)
        expected = np.flatnonzero(refit_loop(A, y, 18)[1])
        roads = [
            last(problem)[0],
            OMP().at_once(problem)[0].x,
            OMP().at_once(Problem(np.asfortranarray(A), y, sparsity=18))[0].x,
            solve(scipy.sparse.csc_array(A), y, OMP(), sparsity=18).x,
            solve_each(A, np.stack([y] * 30, axis=1), OMP(), sparsity=18)[3].x,
        ]
        for x in roads:
            assert (np.flatnonzero(x) == expected).all()

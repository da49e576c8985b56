"""What holds for every pursuit with a form for groups: a group of one is a column, and groups have no names, order or sign."""

from __future__ import annotations

import numpy as np
import pytest
from laws.solver_cases import FOUND, distance, planted

from sparsecs.core.randomness import stream
from sparsecs.solvers.base import Solver
from sparsecs.solvers.iht import IHT
from sparsecs.solvers.result import Result, Status
from sparsecs.solvers.solve import solve

GROUPED = {name: cls for name, cls in FOUND.items() if cls().uses_groups and cls().exact}
solvers = pytest.mark.parametrize("cls", GROUPED.values(), ids=list(GROUPED))
PAIRS = np.arange(80) // 2
SAME = 1e-9


def noisy(seed: int = 0, size: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """A and a y that no sparse x explains."""
    A, _, y = planted(seed=seed)
    return A, y + size * stream(seed, "noise").standard_normal(y.size)


def uneven(seed: int) -> np.ndarray:
    """Groups of one to seven columns, in no order."""
    labels = np.repeat(np.arange(20), [1, 7, 2, 4, 6] * 4)
    return stream(seed, "labels").permutation(labels)


def ask(cls: type[Solver], A: np.ndarray, y: np.ndarray, k: int, groups: object) -> Result:
    return solve(A, y, cls(max_iterations=500), sparsity=k, groups=groups)


@solvers
@pytest.mark.parametrize("seed", range(5))
def test_two_planted_groups_are_found(cls: type[Solver], seed: int) -> None:
    A, x, y = planted(seed=seed)
    result = solve(A, y, cls(), sparsity=2, groups=PAIRS)
    assert result.status is Status.SOLVED
    assert np.array_equal(result.support, np.flatnonzero(x))
    assert distance(result.x, x) <= 10 * cls().tolerance


@solvers
@pytest.mark.parametrize("seed", range(3))
def test_planted_groups_of_many_sizes_are_found(cls: type[Solver], seed: int) -> None:
    A, groups = planted(seed=seed)[0], uneven(seed)
    x = np.where(np.isin(groups, [4, 7]), stream(seed, "x").uniform(1, 2, 80), 0)  # six columns and two
    result = solve(A, A @ x, cls(), sparsity=2, groups=groups)
    assert result.status is Status.SOLVED
    assert distance(result.x, x) <= 10 * cls().tolerance


@solvers
@pytest.mark.parametrize("k", [1, 4, 12])
def test_groups_of_one_are_columns(cls: type[Solver], k: int) -> None:
    A, y = noisy()
    for groups in (np.arange(80), [[j] for j in range(80)]):
        plain, single = solve(A, y, cls(max_iterations=500), sparsity=k), ask(cls, A, y, k, groups)
        assert np.array_equal(single.x, plain.x)
        assert (single.status, single.iterations) == (plain.status, plain.iterations)


@solvers
@pytest.mark.parametrize("k", [1, 3, 9])
def test_no_more_groups_are_used_than_asked_for(cls: type[Solver], k: int) -> None:
    A, y = noisy()
    for groups in (PAIRS, uneven(0)):
        result = ask(cls, A, y, k, groups)
        assert 1 <= np.unique(groups[result.support]).size <= k
        assert distance(result.residual, y - A @ result.x) <= 1e-12


@solvers
def test_the_names_of_groups_mean_nothing(cls: type[Solver]) -> None:
    A, y = noisy()
    first = ask(cls, A, y, 3, PAIRS).x
    for groups in (1000 - PAIRS, [[j, j + 1] for j in range(0, 80, 2)], [[j + 1, j] for j in range(78, -1, -2)]):
        assert distance(ask(cls, A, y, 3, groups).x, first) <= SAME


@solvers
def test_the_order_and_the_signs_of_columns_pass_through(cls: type[Solver]) -> None:
    A, y = noisy()
    order, signs = stream(0, "order").permutation(80), stream(0, "signs").choice([-1.0, 1.0], 80)
    for groups in (PAIRS, uneven(0)):
        first, other = ask(cls, A, y, 3, groups), ask(cls, (A * signs)[:, order], y, 3, groups[order])
        assert other.status == first.status
        assert distance(other.x, (first.x * signs)[order]) <= SAME


@solvers
@pytest.mark.parametrize("c", [1e-290, 1e-8, -3.0, 1e160])
def test_groups_have_no_units(cls: type[Solver], c: float) -> None:
    A, y = noisy()
    first, more, less = (ask(cls, a * A, b * y, 3, uneven(0)) for a, b in ((1, 1), (1, c), (c, 1)))
    assert more.status == less.status == first.status
    assert distance(more.x / c, first.x) <= SAME
    assert distance(less.x * c, first.x) <= SAME


@solvers
def test_zero_and_twin_columns_in_groups_are_no_trouble(cls: type[Solver]) -> None:
    A, y = noisy()
    A[:, [0, 10, 11]], A[:, 21] = 0, A[:, 20]  # part of a group, a whole group, and twins in one group
    for k in (1, 5, 40):
        result = ask(cls, A, y, k, PAIRS)
        assert np.isfinite(result.x).all()
        assert not result.x[[0, 10, 11]].any()
        assert np.linalg.norm(y - A @ result.x - result.residual) <= 1e-12 * np.linalg.norm(y)
        assert result.status is Status.DIVERGED or np.linalg.norm(result.residual) <= np.linalg.norm(y)


@solvers
def test_a_group_with_more_columns_than_rows_is_answered(cls: type[Solver]) -> None:
    A, _, y = planted(20, 80, 4)
    for groups, k in ((np.zeros(80, dtype=int), 1), (np.arange(80) // 40, 1), (np.arange(80) // 40, 2)):
        result = ask(cls, A, y, k, groups)
        assert np.isfinite(result.x).all()
        assert result.status is Status.DIVERGED or np.linalg.norm(result.residual) < np.linalg.norm(y)
        if cls is not IHT:  # its step is fixed
            assert result.status is not Status.DIVERGED


@solvers
def test_groups_in_single_precision_stay_single(cls: type[Solver]) -> None:
    A, x, y = planted(dtype=np.float32)
    result = solve(A, y, cls(), sparsity=2, groups=PAIRS)
    assert result.x.dtype == result.residual.dtype == np.float32
    assert distance(result.x, x) <= 1e-4

"""What celer, skglm and scikit-learn assert of the LASSO and the group LASSO."""

from __future__ import annotations

import numpy as np
import pytest

from sparsecs import L1, GroupL2, ProximalGradient, Status, solve

LABELS = np.repeat(np.arange(6), [1, 2, 3, 4, 5, 15])
seeds = pytest.mark.parametrize("seed", range(4))


def draw(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((20, 30)), rng.standard_normal(20)


def largest(A: np.ndarray, y: np.ndarray, root_size: bool) -> float:
    """The least weight at which all groups are zero."""
    sizes = np.bincount(LABELS) ** (0.5 if root_size else 0.0)
    return max(float(np.linalg.norm(A[:, g == LABELS].T @ y)) / sizes[g] for g in range(6))


@seeds
def test_above_the_largest_useful_weight_the_lasso_is_zero_at_once(seed: int) -> None:
    A, y = draw(seed)
    result = solve(A, y, ProximalGradient(L1(), weight=1.0000001 * float(np.abs(A.T @ y).max())))
    assert not result.x.any()
    assert result.iterations == 1
    assert result.status is Status.ZERO
    assert result.certificate.relative_gap <= 1e-15


@seeds
def test_below_the_largest_useful_weight_the_lasso_is_not_zero(seed: int) -> None:
    A, y = draw(seed)
    correlations = np.abs(A.T @ y)
    result = solve(A, y, ProximalGradient(L1(), weight=0.999 * float(correlations.max())))
    assert result.support.tolist() == [int(correlations.argmax())]


@seeds
@pytest.mark.parametrize("root_size", [False, True])
def test_groups_leave_zero_just_below_the_largest_useful_weight(seed: int, root_size: bool) -> None:
    A, y = draw(seed)
    top = largest(A, y, root_size)
    above, below = (
        solve(A, y, ProximalGradient(GroupL2(root_size=root_size), weight=part * top), groups=LABELS)
        for part in (1.0000001, 0.999)
    )
    assert not above.x.any()
    assert above.iterations == 1
    assert np.unique(LABELS[below.support]).size == 1


@seeds
def test_a_group_is_zero_as_a_whole_or_not_at_all(seed: int) -> None:
    A, y = draw(seed)
    x = solve(A, y, ProximalGradient(GroupL2(), relative_weight=0.4), groups=LABELS).x
    active = [bool(x[g == LABELS].any()) for g in range(6)]
    assert any(active)
    assert not all(active)
    for g in range(6):
        assert x[g == LABELS].all() == active[g]


@seeds
@pytest.mark.parametrize("root_size", [False, True])
def test_groups_of_one_are_the_lasso(seed: int, root_size: bool) -> None:
    A, y = draw(seed)
    order = np.random.default_rng(seed).permutation(30)
    plain = solve(A, y, ProximalGradient(L1(), relative_weight=0.1, tolerance=1e-12))
    grouped = solve(A, y, ProximalGradient(GroupL2(root_size), relative_weight=0.1, tolerance=1e-12), groups=order)
    assert np.abs(plain.x - grouped.x).max() <= 1e-6 * np.abs(plain.x).max()
    assert grouped.certificate.primal == pytest.approx(plain.certificate.primal, rel=1e-11)


@seeds
@pytest.mark.parametrize("part", [0.5, 0.1, 0.01])
def test_the_answer_meets_the_conditions_of_optimality(seed: int, part: float) -> None:
    A, y = draw(seed)
    weight = part * float(np.abs(A.T @ y).max())
    result = solve(A, y, ProximalGradient(L1(), weight=weight, tolerance=1e-12))
    slopes = A.T @ (y - A @ result.x) / weight
    assert np.abs(slopes).max() <= 1 + 1e-4
    assert np.abs(slopes[result.support] - np.sign(result.x[result.support])).max() <= 1e-4


@seeds
def test_one_column_is_shrunk_by_the_weight_over_its_squared_norm(seed: int) -> None:
    A, y = draw(seed)
    column = A[:, :1]
    square, inner = float(column[:, 0] @ column[:, 0]), float(column[:, 0] @ y)
    result = solve(column, y, ProximalGradient(L1(), weight=0.3 * abs(inner)))
    assert result.x[0] == pytest.approx(0.7 * inner / square, rel=1e-6)

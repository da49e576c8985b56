"""Projections onto the simplex and the l1 ball, the prox of the sorted l1 norm, and the dual norm of the sparse group norm."""

from __future__ import annotations

import naive_prox
import numpy as np
import pytest

from sparsecs.core.randomness import stream
from sparsecs.kernels.projections import project_l1_ball, project_simplex
from sparsecs.kernels.sorted_l1 import sorted_l1_prox
from sparsecs.kernels.sparse_group import critical_weight

MIXED, RISING = np.arange(17) % 4, np.arange(17) // 5


def numbers(kind: type, name: str = "x") -> np.ndarray:
    x = 1.5 * stream(0, "numbers", name).standard_normal(17)
    x[::6] = 0
    return x.astype(kind)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_projection_onto_the_simplex_is_the_nearest_point(kind: type) -> None:
    for radius, draw in ((1e-3, "x"), (1.0, "another"), (50.0, "third")):
        x = numbers(kind, name=draw)
        found = project_simplex(x, radius)
        assert np.allclose(
            found, naive_prox.simplex(x.astype(float), radius), rtol=1e-5, atol=4e-7 if kind is np.float32 else 1e-15
        )
        assert found.sum() == pytest.approx(radius, rel=16 * float(np.finfo(kind).eps))
        assert project_simplex(x, radius, x) is x
        assert np.array_equal(x, found)
    assert np.isnan(project_simplex(np.array([1.0, np.nan]))).all()
    assert not project_simplex(np.array([1.0, 2.0]), 0.0).any()


def test_projections_lose_no_digits_where_the_radius_is_tiny_or_numbers_are_extreme() -> None:
    assert project_l1_ball(np.array([1e16, 1.0, 1e16 - 2]), 1.0).tolist() == [1, 0, 0]
    assert project_simplex(np.array([1e16 + 2, 1e16]), 4.0).tolist() == [3, 1]
    for size in (1e-300, 1e300):
        x = numbers(np.float64)
        assert np.allclose(project_l1_ball(x * size, 2.5 * size) / size, project_l1_ball(x, 2.5), rtol=1e-13)
    assert not project_l1_ball(np.ones(3), 0.0).any()


def test_projections_are_exact_on_the_hard_orders() -> None:
    for x in (np.arange(40.0), np.arange(40.0)[::-1], np.ones(40), np.r_[np.ones(20), 2 * np.ones(20)]):
        for radius in (0.5, 7.0, 300.0):
            assert np.allclose(project_simplex(x, radius), naive_prox.simplex(x, radius), atol=1e-13)


def test_slope_ties_and_equal_numbers_share() -> None:
    assert sorted_l1_prox(np.array([2.0, -2.0, 2.0]), np.array([3.0, 1.0, 0.5])).tolist() == [0.5, -0.5, 0.5]
    assert sorted_l1_prox(np.array([5.0, 1.0]), np.zeros(2)).tolist() == [5, 1]


def test_the_critical_weight_is_where_the_last_group_goes() -> None:
    sizes, costs = np.abs(numbers(np.float64)), np.array([0.7, 0.2, 1.0, 0.5])
    for labels in (MIXED, RISING):
        for ratio in (0.0, 0.3, 0.9, 1.0):
            t = critical_weight(sizes, labels, costs * (1 - ratio), ratio)
            for factor, gone in ((1 + 1e-9, True), (1 - 1e-9, False)):
                rest = naive_prox.soft(sizes, factor * t * ratio)
                lengths = np.array([naive_prox.length(rest[labels == g]) for g in range(4)])
                assert (lengths <= factor * t * costs * (1 - ratio)).all() == gone

"""Every penalty is a norm, its proximal map is the minimiser, and its dual norm is dual to it."""

from __future__ import annotations

import itertools

import naive
import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.penalties.l1 import L1

GROUPS = np.array([0, 0, 1, 2, 2, 2, 1, 3])
VARIANTS = {"GroupL2": [GroupL2(), GroupL2(root_size=True)]}
PENALTIES = [p for name, cls in members("sparsecs.penalties", Penalty).items() for p in VARIANTS.get(name, [cls()])]
every = pytest.mark.parametrize("penalty", PENALTIES, ids=repr)
convex = pytest.mark.parametrize("penalty", [p for p in PENALTIES if p.convex], ids=repr)
STEPS = (0.05, 0.7, 2.0)


def draws(count: int, name: str) -> list[np.ndarray]:
    """Vectors, some of them with zeros."""
    rng = stream(0, "vectors", name)
    vectors = rng.standard_normal((count, GROUPS.size)) * 1.5
    vectors[::3, [0, 3, 7]] = 0
    return list(vectors)


@every
def test_the_proximal_map_gives_the_minimiser(penalty: Penalty) -> None:
    for v, step in itertools.product(draws(3, "v"), STEPS):

        def objective(x: np.ndarray, v: np.ndarray = v, step: float = step) -> float:
            return 0.5 * float((x - v) @ (x - v)) + step * penalty.value(x, groups=GROUPS)

        best = penalty.prox(v, step, groups=GROUPS)
        assert objective(best) <= naive.lowest_nearby(objective, best, stream(0, "nearby")) + 1e-14


@convex
def test_the_proximal_map_is_firmly_non_expansive(penalty: Penalty) -> None:
    for (u, v), step in itertools.product(itertools.pairwise(draws(12, "pairs")), STEPS):
        apart = penalty.prox(u, step, groups=GROUPS) - penalty.prox(v, step, groups=GROUPS)
        assert apart @ apart <= apart @ (u - v) + 1e-14


@every
def test_a_step_of_zero_changes_nothing_and_a_long_one_gives_exact_zeros(penalty: Penalty) -> None:
    for v in draws(3, "v"):
        assert np.array_equal(penalty.prox(v, 0.0, groups=GROUPS), v)
        assert not penalty.prox(v, penalty.dual_norm(v, groups=GROUPS) * (1 + 1e-12), groups=GROUPS).any()
        assert penalty.prox(v, penalty.dual_norm(v, groups=GROUPS) * (1 - 1e-6), groups=GROUPS).any()


@convex
def test_its_value_is_a_norm(penalty: Penalty) -> None:
    assert penalty.value(np.zeros(GROUPS.size), groups=GROUPS) == 0
    for u, v in itertools.pairwise(draws(12, "pairs")):
        a, b = penalty.value(u, groups=GROUPS), penalty.value(v, groups=GROUPS)
        assert a > 0
        assert penalty.value(-2.5 * u, groups=GROUPS) == pytest.approx(2.5 * a, rel=1e-14)
        assert penalty.value(u + v, groups=GROUPS) <= (a + b) * (1 + 1e-14)
    for unit in np.eye(GROUPS.size):
        assert penalty.value(unit, groups=GROUPS) > 0


@convex
def test_the_dual_norm_bounds_every_product_and_the_bound_is_attained(penalty: Penalty) -> None:
    for z, x in itertools.product(draws(4, "z"), draws(6, "x")):
        assert z @ x <= penalty.dual_norm(z, groups=GROUPS) * penalty.value(x, groups=GROUPS) * (1 + 1e-14)
    for v, step in itertools.product(draws(6, "v"), (0.05, 0.3)):
        x = penalty.prox(v, step, groups=GROUPS)  # v - x is then a normal of the dual ball at which x attains the bound
        z = v - x
        assert x.any()
        assert z @ x == pytest.approx(penalty.dual_norm(z, groups=GROUPS) * penalty.value(x, groups=GROUPS), rel=1e-12)


@convex
def test_what_the_proximal_map_takes_away_is_the_projection_onto_the_dual_ball(penalty: Penalty) -> None:
    for v, step in itertools.product(draws(6, "v"), STEPS):
        projection = v - penalty.prox(v, step, groups=GROUPS)
        assert penalty.dual_norm(projection, groups=GROUPS) <= step * (1 + 1e-13)
        for u in draws(30, "ball"):
            inside = u * step / penalty.dual_norm(u, groups=GROUPS)
            assert (v - projection) @ (inside - projection) <= 1e-13


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_work_in_place_gives_what_work_out_of_place_gives(penalty: Penalty, dtype: type) -> None:
    for v, step in itertools.product(draws(3, "v"), STEPS):
        v = v.astype(dtype)
        before, other, within = v.copy(), np.full_like(v, np.nan), v.copy()
        fresh = penalty.prox(v, step, groups=GROUPS)
        assert fresh.dtype == dtype
        assert np.array_equal(v, before)
        assert not np.shares_memory(fresh, v)
        assert penalty.prox(v, step, groups=GROUPS, out=other) is other
        assert penalty.prox(within, step, groups=GROUPS, out=within) is within
        assert np.array_equal(fresh, other)
        assert np.array_equal(fresh, within)


@every
@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_nothing_depends_on_the_size_of_the_numbers(penalty: Penalty, size: float) -> None:
    for v in draws(3, "v"):
        for of in (penalty.value, penalty.dual_norm):
            assert of(v * size, groups=GROUPS) == pytest.approx(of(v, groups=GROUPS) * size, rel=1e-13, abs=0)
        assert np.allclose(
            penalty.prox(v * size, 0.3 * size, groups=GROUPS) / size, penalty.prox(v, 0.3, groups=GROUPS), rtol=1e-12
        )


@every
def test_numbers_that_are_not_numbers_are_seen(penalty: Penalty) -> None:
    v = np.arange(1.0, 9.0)
    v[4] = np.nan
    assert np.isnan(penalty.prox(v, 0.1, groups=GROUPS)[4])
    assert np.isnan(penalty.value(v, groups=GROUPS))
    assert np.isnan(penalty.dual_norm(v, groups=GROUPS))


def test_groups_of_one_coefficient_make_the_l1_norm() -> None:
    alone = np.arange(8)
    for v, step, root_size in itertools.product(draws(4, "v"), STEPS, (False, True)):
        group = GroupL2(root_size=root_size)
        assert np.allclose(group.prox(v, step, groups=alone), L1().prox(v, step), rtol=1e-14, atol=1e-15)
        assert group.value(v, groups=alone) == pytest.approx(L1().value(v), rel=1e-14)
        assert group.dual_norm(v, groups=alone) == pytest.approx(L1().dual_norm(v), rel=1e-14)


def test_one_group_of_all_coefficients_makes_the_euclidean_norm() -> None:
    v, together = np.array([3.0, 0.0, 4.0]), np.zeros(3, dtype=int)
    assert GroupL2().value(v, groups=together) == pytest.approx(5)
    assert GroupL2(root_size=True).value(v, groups=together) == pytest.approx(5 * 3**0.5)
    assert np.allclose(GroupL2().prox(v, 1.0, groups=together), v * 0.8)


@pytest.mark.parametrize("penalty", [p for p in PENALTIES if p.uses_groups], ids=repr)
def test_a_group_without_members_weighs_nothing(penalty: Penalty) -> None:
    v, gap, none = draws(2, "v")[1], GROUPS * 2, GROUPS
    assert penalty.value(v, groups=gap) == pytest.approx(penalty.value(v, groups=none))
    assert penalty.dual_norm(v, groups=gap) == pytest.approx(penalty.dual_norm(v, groups=none))
    assert np.allclose(penalty.prox(v, 0.3, groups=gap), penalty.prox(v, 0.3, groups=none))


@pytest.mark.parametrize("penalty", [p for p in PENALTIES if p.uses_groups], ids=repr)
def test_a_penalty_on_groups_asks_for_them(penalty: Penalty) -> None:
    v = np.ones(3)
    for ask in (lambda: penalty.value(v), lambda: penalty.prox(v, 1.0), lambda: penalty.dual_norm(v)):
        with pytest.raises(ValueError, match="groups="):
            ask()

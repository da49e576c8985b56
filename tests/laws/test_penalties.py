"""Every penalty is what it says: its proximal map is the minimiser, its conjugate is conjugate, its units are its units."""

from __future__ import annotations

import itertools

import naive
import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.elastic_net import ElasticNet
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.penalties.l1 import L1
from sparsecs.penalties.mcp import MCP
from sparsecs.penalties.scad import SCAD
from sparsecs.penalties.sorted_l1 import SortedL1
from sparsecs.penalties.sparse_group import SparseGroup

GROUPS = np.array([0, 0, 1, 2, 2, 2, 1, 3])
FALLING = (2.0, 1.5, 1.5, 1.0, 0.5, 0.25, 0.0, 0.0)
VARIANTS: dict[str, list[Penalty]] = {
    "L1": [L1(), L1(lower=0.0), L1(lower=-0.5, upper=1.25)],
    "ElasticNet": [ElasticNet(), ElasticNet(ridge=0.0), ElasticNet(ridge=3.0)],
    "GroupL2": [GroupL2(), GroupL2(root_size=True)],
    "MCP": [MCP(), MCP(gamma=1.2)],
    "SCAD": [SCAD(), SCAD(gamma=2.1, length=1.5)],
    "SortedL1": [SortedL1(), SortedL1(weights=FALLING), SortedL1(q=0.9)],
    "SparseGroup": [
        SparseGroup(),
        SparseGroup(ratio=0.2, root_size=True),
        SparseGroup(ratio=0.0),
        SparseGroup(ratio=1.0),
    ],
}
PENALTIES = [p for name, cls in members("sparsecs.penalties", Penalty).items() for p in VARIANTS.get(name, [cls()])]
BOUNDED = [p for p in PENALTIES if isinstance(p, L1) and p.bounded]
STEPS, WEIGHTS = (0.05, 0.7, 2.0), (0.3, 1.0)


def over(penalties: list[Penalty]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("penalty", penalties, ids=repr)


every, convex = over(PENALTIES), over([p for p in PENALTIES if p.convex])
norms = over([p for p in PENALTIES if p.norm and p not in BOUNDED])


def draws(count: int, name: str) -> list[np.ndarray]:
    """Vectors, some of them with zeros."""
    rng = stream(0, "vectors", name)
    vectors = rng.standard_normal((count, GROUPS.size)) * 1.5
    vectors[::3, [0, 3, 7]] = 0
    return list(vectors)


def rotated(v: np.ndarray) -> np.ndarray:
    """Complex numbers with the moduli of v."""
    return v * np.exp(1j * stream(0, "phases").uniform(0, 7, v.size))


def inner(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.vdot(a, b).real)


@every
def test_the_proximal_map_gives_the_minimiser(penalty: Penalty) -> None:
    for v, step, weight in itertools.product(draws(3, "v"), STEPS, WEIGHTS):

        def objective(x: np.ndarray, v: np.ndarray = v, step: float = step, weight: float = weight) -> float:
            return 0.5 * float((x - v) @ (x - v)) + step * penalty.value(x, weight, groups=GROUPS)

        best = penalty.prox(v, step, weight, groups=GROUPS)
        assert objective(best) <= naive.lowest_nearby(objective, best, stream(0, "nearby")) + 1e-14


@over([p for p in PENALTIES if p.separable and not p.uses_groups])
@pytest.mark.parametrize("step", [0.05, 0.7, 2.0, 5.0])
def test_no_point_of_a_line_is_better(penalty: Penalty, step: float) -> None:
    for size in np.linspace(-5, 5, 21):
        v = np.array([size])
        grid = np.concatenate([np.linspace(-5, 5, 2001), v])
        costs = [0.5 * (r - size) ** 2 + step * penalty.value(np.array([r]), 0.8) for r in grid]
        x = penalty.prox(v, step, 0.8)
        assert 0.5 * float(x[0] - size) ** 2 + step * penalty.value(x, 0.8) <= min(costs) + 1e-14


@convex
def test_the_proximal_map_is_firmly_non_expansive(penalty: Penalty) -> None:
    for (u, v), step in itertools.product(itertools.pairwise(draws(12, "pairs")), STEPS):
        apart = penalty.prox(u, step, groups=GROUPS) - penalty.prox(v, step, groups=GROUPS)
        assert apart @ apart <= apart @ (u - v) + 1e-14


@every
def test_a_step_of_zero_changes_nothing(penalty: Penalty) -> None:
    for v in draws(3, "v"):
        inside = np.clip(v, *penalty.bounds) if isinstance(penalty, L1) else v
        assert np.array_equal(penalty.prox(inside, 0.0, groups=GROUPS), inside)


@every
def test_from_the_critical_weight_on_zero_stays_zero(penalty: Penalty) -> None:
    for v in draws(3, "v"):
        top = penalty.dual_norm(v, groups=GROUPS)
        assert not penalty.prox(v, 1.0, top * (1 + 1e-12), groups=GROUPS).any()
        assert penalty.prox(v, 1.0, top * (1 - 1e-6), groups=GROUPS).any()


@norms
def test_its_value_is_a_norm(penalty: Penalty) -> None:
    assert penalty.value(np.zeros(GROUPS.size), groups=GROUPS) == 0
    for u, v in itertools.pairwise(draws(12, "pairs")):
        a, b = penalty.value(u, groups=GROUPS), penalty.value(v, groups=GROUPS)
        assert a > 0
        assert penalty.value(-2.5 * u, groups=GROUPS) == pytest.approx(2.5 * a, rel=1e-14)
        assert penalty.value(u, 2.5, groups=GROUPS) == pytest.approx(2.5 * a, rel=1e-14)
        assert penalty.value(u + v, groups=GROUPS) <= (a + b) * (1 + 1e-14)
    for unit in np.eye(GROUPS.size):
        assert penalty.value(unit, groups=GROUPS) > 0


@norms
def test_the_dual_norm_bounds_every_product_and_the_bound_is_attained(penalty: Penalty) -> None:
    for z, x in itertools.product(draws(4, "z"), draws(6, "x")):
        assert z @ x <= penalty.dual_norm(z, groups=GROUPS) * penalty.value(x, groups=GROUPS) * (1 + 1e-14)
    for v, step in itertools.product(draws(6, "v"), (0.05, 0.3)):
        x = penalty.prox(v, step, groups=GROUPS)  # v - x is then a normal of the dual ball at which x attains the bound
        z = v - x
        assert x.any()
        assert z @ x == pytest.approx(penalty.dual_norm(z, groups=GROUPS) * penalty.value(x, groups=GROUPS), rel=1e-12)


@norms
def test_what_the_proximal_map_takes_away_is_the_projection_onto_the_dual_ball(penalty: Penalty) -> None:
    for v, step in itertools.product(draws(6, "v"), STEPS):
        projection = v - penalty.prox(v, step, groups=GROUPS)
        assert penalty.dual_norm(projection, groups=GROUPS) <= step * (1 + 1e-13)
        for u in draws(30, "ball"):
            inside = u * step / penalty.dual_norm(u, groups=GROUPS)
            assert (v - projection) @ (inside - projection) <= 1e-13


@convex
def test_its_conjugate_bounds_and_is_attained_where_the_proximal_map_says(penalty: Penalty) -> None:
    points = [penalty.prox(x, 0.1, groups=GROUPS) for x in draws(8, "x")]
    for v, step, weight in itertools.product(draws(6, "v"), STEPS, WEIGHTS):
        x = penalty.prox(v, step, weight, groups=GROUPS)
        z = (v - x) / step
        assert penalty.limit(z, weight, groups=GROUPS) >= 1 - 1e-13
        conjugate = penalty.conjugate(z, weight, groups=GROUPS)
        assert conjugate + penalty.value(x, weight, groups=GROUPS) == pytest.approx(z @ x, rel=1e-12, abs=1e-13)
        for other in points:
            assert z @ other <= conjugate + penalty.value(other, weight, groups=GROUPS) + 1e-12


@convex
def test_beyond_the_limit_no_number_bounds_the_product(penalty: Penalty) -> None:
    for z in draws(4, "z"):
        end = penalty.limit(z, groups=GROUPS)
        if end < np.inf:
            x = penalty.prox(z, (1 - 1e-9) / end, groups=GROUPS)  # the last direction to go to zero
            gains = [size * float(1.001 * end * z @ x) - penalty.value(size * x, groups=GROUPS) for size in (1e9, 1e12)]
            assert 0 < gains[0] < gains[1] / 999


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_work_in_place_gives_what_work_out_of_place_gives(penalty: Penalty, dtype: type) -> None:
    if np.issubdtype(dtype, np.complexfloating) and (not penalty.complex_data or penalty in BOUNDED):
        pytest.skip("real only")
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


@norms
@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_norms_do_not_depend_on_the_size_of_the_numbers(penalty: Penalty, size: float) -> None:
    for v in draws(3, "v"):
        for of in (penalty.value, penalty.dual_norm):
            assert of(v * size, groups=GROUPS) == pytest.approx(of(v, groups=GROUPS) * size, rel=1e-13, abs=0)
        assert np.allclose(
            penalty.prox(v * size, 0.3 * size, groups=GROUPS) / size, penalty.prox(v, 0.3, groups=GROUPS), rtol=1e-12
        )


@every
@pytest.mark.parametrize(("a", "b"), [(20, -7), (-33, 60), (0, 40)])
def test_units_mean_nothing(penalty: Penalty, a: int, b: int) -> None:
    """A in units of 2^a and y in units of 2^b: x has 2^(b − a), the objective 2^(2 b), a gradient in x 2^(a + b)."""
    here, there = penalty.scaled_to(0.7), penalty.rescaled(a, b - a).scaled_to(0.7 * 2.0**-a)
    weight = 0.8
    weight_there = weight * 2.0 ** -(a * penalty.degree + b * (2 - penalty.degree))
    for v, step in itertools.product(draws(3, "v"), STEPS):
        x, x_there = here.prox(v, step, weight, groups=GROUPS), v * 2.0 ** (a - b)
        moved = there.prox(x_there, step * 4.0**a, weight_there, groups=GROUPS)
        assert np.allclose(moved * 2.0 ** (b - a), x, rtol=1e-13, atol=1e-15)
        value = there.value(x * 2.0 ** (a - b), weight_there, groups=GROUPS)
        assert value * 4.0**b == pytest.approx(here.value(x, weight, groups=GROUPS), rel=1e-13)
        top = there.dual_norm(v * 2.0 ** -(a + b), groups=GROUPS)
        assert top * weight / weight_there == pytest.approx(here.dual_norm(v, groups=GROUPS), rel=1e-13)


@every
def test_numbers_that_are_not_numbers_are_seen(penalty: Penalty) -> None:
    v = np.arange(1.0, 9.0)
    v[4] = np.nan
    assert np.isnan(penalty.prox(v, 0.1, groups=GROUPS)[4])
    assert np.isnan(penalty.dual_norm(v, groups=GROUPS))
    if penalty not in BOUNDED:  # others of these coefficients are out of bounds
        assert np.isnan(penalty.value(v, groups=GROUPS))


@over([p for p in PENALTIES if p.complex_data and p not in BOUNDED])
def test_of_complex_numbers_moduli_shrink_and_phases_stay(penalty: Penalty) -> None:
    for v, step in itertools.product(draws(3, "v"), STEPS):
        z = rotated(v)
        turn = np.divide(z, v, out=np.zeros_like(z), where=v != 0)
        assert np.allclose(
            penalty.prox(z, step, groups=GROUPS), turn * penalty.prox(v, step, groups=GROUPS), atol=1e-14
        )
        for of in (penalty.value, penalty.dual_norm):
            assert of(z, groups=GROUPS) == pytest.approx(of(v, groups=GROUPS), rel=1e-13)
        assert isinstance(penalty.value(z, groups=GROUPS), float)


@over([p for p in PENALTIES if p not in BOUNDED])
def test_of_several_columns_rows_are_the_groups_and_entries_the_coefficients(penalty: Penalty) -> None:
    X, own = stream(0, "columns").standard_normal((6, 3)), {}
    if isinstance(penalty, SortedL1):
        penalty = SortedL1(weights=FALLING[:6])
        flat = np.linalg.norm(X, axis=1)
        assert np.allclose(penalty.prox(X, 0.4), X * (penalty.prox(flat, 0.4) / flat)[:, None], rtol=1e-13)
        assert penalty.value(X) == pytest.approx(penalty.value(flat))
        assert penalty.dual_norm(X) == pytest.approx(penalty.dual_norm(flat))
        return
    if penalty.uses_groups:
        own = {"groups": np.repeat(np.arange(6), 3)}
        if penalty.root_size:  # a group of 3 coefficients, not of 1 row
            return
    assert np.allclose(penalty.prox(X, 0.4).ravel(), penalty.prox(X.ravel(), 0.4, **own), rtol=1e-13)
    for of in (penalty.value, penalty.dual_norm):
        assert of(X) == pytest.approx(of(X.ravel(), **own), rel=1e-13)


@over([p for p in PENALTIES if p.uses_weights and not p.uses_groups])
def test_weights_multiply_lambda_one_by_one(penalty: Penalty) -> None:
    w = np.exp(stream(0, "weights").standard_normal(8))
    for v, step in itertools.product(draws(3, "v"), STEPS):
        x = penalty.prox(v, step, 0.6, weights=w)
        alone = [penalty.prox(v[i : i + 1], step, 0.6 * w[i])[0] for i in range(8)]
        assert np.allclose(x, alone, rtol=1e-14, atol=1e-15)
        alone = [penalty.value(x[i : i + 1], 0.6 * w[i]) for i in range(8)]
        assert penalty.value(x, 0.6, weights=w) == pytest.approx(sum(alone), rel=1e-13)
        alone = [penalty.dual_norm(v[i : i + 1]) / w[i] for i in range(8)]
        assert penalty.dual_norm(v, weights=w) == pytest.approx(max(alone), rel=1e-13)
        if penalty.convex:
            z = (v - x) / step
            alone = [penalty.conjugate(z[i : i + 1], 0.6 * w[i]) for i in range(8)]
            assert penalty.conjugate(z, 0.6, weights=w) == pytest.approx(sum(alone), rel=1e-12, abs=1e-14)


@over([p for p in PENALTIES if p.uses_weights])
def test_an_infinite_weight_forbids_its_coefficients(penalty: Penalty) -> None:
    w = np.ones(4 if penalty.uses_groups else 8)
    w[0] = np.inf
    out = GROUPS == 0 if penalty.uses_groups else np.arange(8) == 0
    for v, step in itertools.product(draws(2, "v"), (0.0, 0.4)):
        x = penalty.prox(v, step, groups=GROUPS, weights=w)
        assert not x[out].any()
        assert np.isfinite(x).all()
        assert np.isfinite(penalty.value(x, groups=GROUPS, weights=w))
        assert np.isfinite(penalty.dual_norm(v, groups=GROUPS, weights=w))


@over([p for p in PENALTIES if p.uses_groups])
def test_a_group_without_members_weighs_nothing(penalty: Penalty) -> None:
    v, gap, none = draws(2, "v")[1], GROUPS * 2, GROUPS
    assert penalty.value(v, groups=gap) == pytest.approx(penalty.value(v, groups=none))
    assert penalty.dual_norm(v, groups=gap) == pytest.approx(penalty.dual_norm(v, groups=none))
    assert np.allclose(penalty.prox(v, 0.3, groups=gap), penalty.prox(v, 0.3, groups=none))


@over([p for p in PENALTIES if p.uses_groups])
def test_a_penalty_on_groups_asks_for_them(penalty: Penalty) -> None:
    v = np.ones(3)
    for ask in (lambda: penalty.value(v), lambda: penalty.prox(v, 1.0), lambda: penalty.dual_norm(v)):
        with pytest.raises(ValueError, match="groups="):
            ask()

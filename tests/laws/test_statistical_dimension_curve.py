"""The statistical dimension as a curve: weights, groups and finite sizes beside slow twins, draws and exact integrals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_state_evolution import distance_draws, mean_distance
from scipy.special import ndtr

from sparsecs import L1, GroupL2, StatisticalDimension, rebuild, statistical_dimension
from sparsecs.curves._norm_tails import tails
from sparsecs.testing import check_curve

UNIFORM = ((0.5, 0.3, 0.3), (1.0, 0.7, 0.7))
KNOWN = ((0.5, 0.2, 0.8), (1.0, 0.8, 0.2))
ENDS = (1e-250, 1e-6, 1e-3, 0.2, 0.5, 0.9, 1 - 1e-6, 1 - 1e-12)


@pytest.mark.parametrize(
    "curve", [StatisticalDimension(group=B) for B in (2, 5, 1000)] + [StatisticalDimension(weights=UNIFORM)], ids=repr
)
def test_groups_and_even_weights_keep_the_laws_of_curves(curve: StatisticalDimension) -> None:
    check_curve(curve)


@pytest.mark.parametrize(
    ("B", "signed", "classes"),
    [
        (1, True, [(1.0, 1.0, 1.0)]),
        (1, False, [(1.0, 1.0, 1.0)]),
        (2, True, [(1.0, 1.0, 1.0)]),
        (7, True, [(1.0, 1.0, 1.0)]),
        (1, True, list(KNOWN)),
        (1, False, list(UNIFORM)),
        (3, True, list(KNOWN)),
    ],
)
def test_it_is_the_least_mean_distance(B: int, signed: bool, classes: list[tuple[float, float, float]]) -> None:
    curve = StatisticalDimension(nonnegative=not signed, group=B, weights=None if len(classes) == 1 else tuple(classes))
    for e in (0.02, 0.2):
        needed = mean_distance(e, B, classes, signed)
        assert curve.rho(needed) == pytest.approx(e / needed, rel=1e-7)


def test_groups_of_four_and_of_many_have_their_values() -> None:
    assert StatisticalDimension(group=4).rho(0.5) == pytest.approx(0.510160, abs=5e-7)
    for delta in (0.1, 0.5, 0.9, 0.999):
        gaps = [(1 - math.sqrt(1 - delta)) / delta - StatisticalDimension(group=10**p).rho(delta) for p in (5, 7, 9)]
        assert gaps[0] > gaps[1] > gaps[2] > 0  # about 1 / B
        assert gaps[2] < 1e-7
    rises = [StatisticalDimension(group=B).rho(0.5) for B in (1, 2, 3, 4, 8, 100, 10**4)]
    assert (np.diff(rises) > 0).all()


@pytest.mark.parametrize("B", [2, 6])
def test_groups_need_what_their_descent_cone_measures(B: int) -> None:
    curve = StatisticalDimension(group=B)
    x = np.zeros(1200)
    x[:240] = 1
    cone = statistical_dimension(GroupL2(), x, groups=np.repeat(np.arange(1200 // B), B), method="exact")
    assert curve.finite_sparsity(round(cone.value), 1200) == pytest.approx(240, abs=0.5)
    point = curve._law().with_support(240 / 1200)
    assert 1200 * point.needed - point.below == pytest.approx(cone.value, abs=0.02)


def test_weights_need_what_their_descent_cone_measures() -> None:
    n, k = 1000, 100
    x, weights = np.zeros(n), np.repeat([0.5, 1.0], [200, 800])
    x[:80] = 1
    x[200:220] = 1
    cone = statistical_dimension(L1(), x, weights=weights, method="exact")
    point = StatisticalDimension(weights=KNOWN)._law().with_support(k / n)
    assert n * point.needed - point.below == pytest.approx(cone.value, abs=0.02)


@pytest.mark.parametrize(("B", "k", "n"), [(1, 20, 100), (4, 40, 200)])
def test_the_variance_is_that_of_the_distance(B: int, k: int, n: int) -> None:
    draws = 3000
    found = distance_draws(k, n, B, draws)
    point = StatisticalDimension(group=B)._law().with_support(k / n)
    assert n * point.needed - point.below == pytest.approx(found.mean(), abs=4 * found.std() / math.sqrt(draws))
    variance = n * (point.variance + 2 * point.needed)
    # a sample variance is off by sqrt(2 / draws) of itself, and the law by a few per cent at these sizes
    assert found.var() == pytest.approx(variance, rel=0.05 + 4 * math.sqrt(2 / draws))


def test_equal_weights_are_no_weights_and_only_their_ratios_count() -> None:
    plain = StatisticalDimension()
    for weights in (((3.0, 1.0, 1.0),), ((2.0, 0.4, 0.4), (2.0, 0.6, 0.6))):
        same = StatisticalDimension(weights=weights)
        for delta in ENDS:
            assert same.rho(delta) == pytest.approx(plain.rho(delta), rel=1e-12)
        assert same.success(30, 80, 200) == pytest.approx(plain.success(30, 80, 200), rel=1e-10)
    big = StatisticalDimension(weights=tuple((7 * w, p, s) for w, p, s in KNOWN))
    assert big.rho(0.3) == pytest.approx(StatisticalDimension(weights=KNOWN).rho(0.3), rel=1e-12)
    assert rebuild(big.describe()) == big


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 100), st.floats(0.05, 0.9), st.floats(0.05, 0.95), st.floats(0.02, 0.98))
def test_a_curve_with_weights_ends_where_a_class_is_full(w: float, p: float, s: float, part: float) -> None:
    curve = StatisticalDimension(weights=((w, p, s), (1.0, 1 - p, 1 - s)))
    last = curve._last()
    if last is None:
        return
    assert last.support * max(s / p, (1 - s) / (1 - p)) == pytest.approx(1, rel=1e-9)
    assert curve.rho(last.needed) == pytest.approx(curve.limit, rel=1e-9)
    rho = part * curve.limit
    assert curve.rho(curve.delta(rho)) == pytest.approx(rho, rel=1e-9)
    if last.needed < 0.999:
        with pytest.raises(ValueError, match="fills a class"):
            curve.rho(0.5 * (1 + last.needed))
    with pytest.raises(ValueError, match="above the curve"):
        curve.delta(0.5 * (1 + curve.limit))
    k = curve.finite_sparsity(round(0.6 * 500 * last.needed) + 1, 500)
    assert 0 < k <= 500 * last.support * (1 + 1e-9)


def test_complex_data_are_groups_of_two_at_twice_the_sizes() -> None:
    curve = StatisticalDimension(group=2)
    k, m, n = 40, 100, 200
    x = np.zeros((n, 2))
    x[:k, 0] = 1
    exact = statistical_dimension(GroupL2(), x.ravel(), groups=np.repeat(np.arange(n), 2), method="exact").value
    point = curve._law().with_support(k / n)
    assert 2 * n * point.needed - point.below == pytest.approx(exact, abs=0.02)
    assert curve.k(m, n) == pytest.approx(curve.k(2 * m, 2 * n) / 2, rel=1e-12)


def test_success_takes_arrays_and_small_and_large_sizes() -> None:
    curve = StatisticalDimension(group=4)
    k = np.array([[40.0, 44.0], [48.0, 60.0]])
    assert np.array_equal(curve.success(k, 100, 200), [[curve.success(float(a), 100, 200) for a in row] for row in k])
    for law in (StatisticalDimension(), StatisticalDimension(nonnegative=True), curve):
        for m, n in ((1, 2), (1, 3), (2, 3), (1, 2000), (1000, 2000), (1999, 2000)):
            middle = law.finite_sparsity(m, n)
            assert 0 < middle <= m
            if middle < m:
                assert law.success(middle, m, n) == pytest.approx(0.5, abs=1e-7)


@pytest.mark.parametrize("B", [1, 2, 3, 50])
def test_tails_of_norms_are_those_of_a_fine_sum(B: int) -> None:
    for t in (0.0, 0.7, math.sqrt(B), math.sqrt(B) + 3):
        x = np.linspace(t, math.sqrt(B) + 16, 2_000_001)
        logs = (B - 1) * np.log(np.maximum(x, 1e-300)) - x**2 / 2 - (B / 2 - 1) * math.log(2) - math.lgamma(B / 2)
        density = np.exp(logs) * (x[1] - x[0])
        density[[0, -1]] /= 2
        expected = [float(density @ (x - t) ** j) for j in (0, 1, 2, 4)]
        assert tails(t, B)[:4] == pytest.approx(expected, rel=1e-9)
        assert tails(t, B).inside == pytest.approx(B - expected[2] - t * expected[1], abs=1e-8 * B)
    one = tails(1.3, 1)
    assert one.chance == pytest.approx(2 * ndtr(-1.3), rel=1e-14)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"group": 0}, "group must be between 1"),
        ({"group": 2, "nonnegative": True}, "Groups have no sign"),
        ({"weights": ((1.0, 0.5, 0.5),)}, "must add to 1"),
        ({"weights": ((0.0, 0.5, 0.5), (1.0, 0.5, 0.5))}, "take it from m"),
        ({"weights": ((1.0, 0.0, 0.5), (1.0, 1.0, 0.5))}, "above zero"),
        ({"weights": ((1.0, 0.5, math.nan), (1.0, 0.5, 0.5))}, "finite"),
        ({"weights": ((1.0, 0.5), (1.0, 0.5))}, "one \\(weight, part"),
    ],
)
def test_bad_descriptions_are_refused_in_words(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StatisticalDimension(**fields)
    with pytest.raises(TypeError, match="one \\(weight, part"):
        StatisticalDimension(weights=0.5)

"""What single penalties promise: where one is another, where it bends, what it refuses."""

from __future__ import annotations

import itertools

import naive_prox
import numpy as np
import pytest
from laws.test_penalties import GROUPS, STEPS, WEIGHTS, draws

from sparsecs.penalties.base import Penalty
from sparsecs.penalties.elastic_net import ElasticNet
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.penalties.l0 import L0
from sparsecs.penalties.l1 import L1
from sparsecs.penalties.mcp import MCP
from sparsecs.penalties.scad import SCAD
from sparsecs.penalties.sorted_l1 import SortedL1
from sparsecs.penalties.sparse_group import SparseGroup


@pytest.mark.parametrize(
    ("special", "plain"),
    [
        (MCP(gamma=np.inf), L1()),
        (SCAD(gamma=np.inf), L1()),
        (ElasticNet(ridge=0.0), L1()),
        (SortedL1(weights=(1.0,) * 8), L1()),
        (SparseGroup(ratio=1.0), L1()),
        (SparseGroup(ratio=0.0), GroupL2()),
        (SparseGroup(ratio=0.0, root_size=True), GroupL2(root_size=True)),
    ],
    ids=repr,
)
def test_at_the_end_of_its_range_it_is_another(special: Penalty, plain: Penalty) -> None:
    for v, step, weight in itertools.product(draws(4, "v"), STEPS, (0.0, *WEIGHTS)):
        expected = plain.prox(v, step, weight, groups=GROUPS)
        assert np.allclose(special.prox(v, step, weight, groups=GROUPS), expected, rtol=1e-14, atol=1e-15)
        assert special.value(v, weight, groups=GROUPS) == pytest.approx(
            plain.value(v, weight, groups=GROUPS), rel=1e-14
        )
        assert special.dual_norm(v, groups=GROUPS) == pytest.approx(plain.dual_norm(v, groups=GROUPS), rel=1e-14)


def test_the_values_that_bend_are_those_of_their_slopes() -> None:
    for r, gamma in itertools.product(np.linspace(0, 5, 41), (2.1, 3.7)):
        assert MCP(gamma=gamma).value(np.array([-r]), 0.8) == pytest.approx(
            naive_prox.mcp_cost(r, 0.8, gamma), abs=1e-15
        )
        assert SCAD(gamma=gamma).value(np.array([-r]), 0.8) == pytest.approx(
            naive_prox.scad_cost(r, 0.8, gamma), abs=1e-15
        )


def test_slope_gives_the_largest_weight_to_the_largest_coefficient() -> None:
    x = np.array([0.5, -3.0, 1.0, 0.0, 2.0, -2.0])
    weights = np.array([2.0, 1.5, 1.5, 1.0, 0.25, 0.0])
    assert SortedL1(weights=tuple(weights)).value(x) == pytest.approx(naive_prox.sorted_l1_value(x, weights))


def test_the_weights_of_benjamini_and_hochberg() -> None:
    from statistics import NormalDist

    expected = [NormalDist().inv_cdf(1 - i * 0.2 / 20) for i in range(1, 11)]
    assert np.allclose(SortedL1(q=0.2).sequence(10), expected, rtol=1e-12)


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


@pytest.mark.parametrize("penalty", [L1(lower=0.0), L1(lower=-0.5, upper=1.25)], ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bounds_are_kept_and_what_lies_outside_costs_infinity(penalty: L1, dtype: type) -> None:
    v = np.array([-9, -0.2, 0.2, 9], dtype=dtype)
    penalty = L1(*(bound * 0.77 if np.isfinite(bound) else None for bound in penalty.bounds))
    low, high = penalty.bounds
    x = penalty.prox(v, 0.1)
    assert x.dtype == dtype
    assert x.max() == pytest.approx(min(high, 8.9), rel=1e-7)
    assert np.isfinite(penalty.value(x.astype(float)))
    assert penalty.value(np.array([low - 0.01 if np.isfinite(low) else high + 0.01])) == np.inf


@pytest.mark.parametrize(
    "make",
    [
        lambda: L0(length=0.0),
        lambda: ElasticNet(ridge=-1.0),
        lambda: MCP(gamma=0.0),
        lambda: MCP(gamma=float("nan")),
        lambda: SCAD(gamma=2.0),
        lambda: SortedL1(weights=(1.0, 2.0)),
        lambda: SortedL1(weights=(0.0, 0.0)),
        lambda: SortedL1(q=1.0),
        lambda: SortedL1(weights=(1.0, 0.5)).prox(np.ones(3), 1.0),
        lambda: SparseGroup(ratio=1.5),
        lambda: L1(lower=1.0),
    ],
)
def test_parameters_that_make_no_penalty_are_refused(make) -> None:
    with pytest.raises(ValueError, match=r"got|given"):
        make()

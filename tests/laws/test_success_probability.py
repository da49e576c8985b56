"""Laws of the exact success probability: order, limits, sums over faces (Euler, Wendel), and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsecs import (
    block_success_probability,
    closed_form_error,
    k50,
    strong_failure_bound,
    strong_sparsity,
    success_probability,
)
from sparsecs.curves._face_volumes import log_sum, log_volumes
from sparsecs.curves.success_probability import CONES

POLYTOPES = ("l1", "nonnegative", "simplex")
cones = st.sampled_from(CONES)


@st.composite
def shapes(draw, most=90):
    n = draw(st.integers(2, most))
    return draw(st.integers(1, n - 1)), n


@settings(max_examples=40, deadline=None)
@given(shapes(), cones)
def test_it_falls_with_k_and_lies_between_0_and_1_and_so_does_its_complement(shape, cone):
    m, n = shape
    k = np.arange(n + 1)
    good, bad = success_probability(k, m, n, cone), success_probability(k, m, n, cone, failure=True)
    assert ((good >= 0) & (good <= 1)).all()
    assert ((bad >= 0) & (bad <= 1)).all()
    assert np.abs(good + bad - 1).max() < 1e-12
    assert (good[1:] <= good[:-1] * (1 + 1e-12)).all()
    assert (bad[1:] >= bad[:-1] * (1 - 1e-12)).all()
    if not (cone == "simplex" and m == n - 1):
        assert (good[m + 1 :] == 0).all()
    if cone in POLYTOPES:
        assert good[0] == 1
        assert good[m] > 0
    else:
        assert good[m] == 0


@settings(max_examples=40, deadline=None)
@given(shapes(), cones, st.data())
def test_another_measurement_helps(shape, cone, data):
    m, n = shape
    k = data.draw(st.integers(0, m))
    fewer, more = (success_probability(k, rows, n, cone, failure=True) for rows in (m, m + 1))
    assert more <= fewer * (1 + 1e-12)
    assert success_probability(k, n, n, cone) == 1


@settings(max_examples=40, deadline=None)
@given(shapes(), st.sampled_from(POLYTOPES), st.data())
def test_the_sums_below_and_above_add_to_one_for_odd_and_even_codimension(shape, cone, data):
    m, n = shape
    k = np.array([data.draw(st.integers(1, m))])
    if cone == "simplex" and m == n - 1:
        return
    below, above = (np.exp(log_sum(k, m, n, cone, np.array([up])))[0] for up in (False, True))
    assert below + above == pytest.approx(1, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(0, 40), st.sampled_from(POLYTOPES))
def test_all_volumes_add_to_one_and_those_of_even_dimension_to_one_half(k, others, cone):
    n = k + others + 1
    j = np.arange(k - 1, n + 1)
    volumes = np.exp(log_volumes(np.full(j.shape, k), j, n, cone))
    assert volumes.sum() == pytest.approx(1, abs=1e-12)
    assert volumes[::2].sum() == pytest.approx(0.5, abs=1e-12)


def faces(m, n, cone):
    """The expected number of faces of a random polytope in m dimensions, by how many columns they hold: 1, 2, ..., m."""
    k = np.arange(1, m + 1)
    supports = np.array([math.comb(n, few) for few in k], dtype=float)
    kept = supports * success_probability(k, m, n, cone)
    return kept * 2.0**k if cone == "l1" else kept


@pytest.mark.parametrize("n", [4, 7, 12])
@pytest.mark.parametrize("m", [1, 2, 3, 6])
def test_numbers_of_faces_obey_euler(m, n):
    """The sum of (-1)^dimension is 1 - (-1)^m for any polytope. With the origin as one more vertex, a face is a support that is
    kept by the nonnegative law, or one that is kept by the orthant's and the origin beside it."""
    if m >= n:
        return
    signs, euler = (-1.0) ** np.arange(m), 1 - (-1) ** m
    assert faces(m, n, "l1") @ signs == pytest.approx(euler, abs=1e-9)
    if m < n - 1:
        assert faces(m, n, "simplex") @ signs == pytest.approx(euler, abs=1e-9)
    k = np.arange(m)
    beside = [math.comb(n, few) for few in k] * success_probability(k, m, n, "orthant")
    assert (faces(m, n, "nonnegative") + beside) @ signs == pytest.approx(euler, abs=1e-9)
    zonotope = [2.0 ** (n - few) * math.comb(n, few) for few in k] * success_probability(k, m, n, "box")
    assert zonotope @ signs == pytest.approx(euler, abs=1e-8)


@pytest.mark.parametrize("n", [3, 5, 40, 900])
def test_on_a_line_two_ends_are_kept(n):
    assert success_probability(1, 1, n) == pytest.approx(1 / n, rel=1e-11)
    assert success_probability(1, 1, n, "simplex") == pytest.approx(2 / n, rel=1e-11)
    assert success_probability(1, 1, n, "nonnegative") == pytest.approx((2 - 2.0 ** (1 - n)) / n, rel=1e-11)
    assert success_probability(0, 1, n, "orthant") == pytest.approx(2.0 ** (1 - n), rel=1e-11)


def test_three_unknowns_are_exact():
    """In the plane a projected octahedron has as many edges as vertices."""
    assert success_probability(1, 2, 3) == pytest.approx(2 / math.pi * math.acos(1 / 3), rel=1e-14)
    assert 12 * success_probability(2, 2, 3) == pytest.approx(6 * success_probability(1, 2, 3), rel=1e-13)
    assert success_probability([0, 1, 2, 3], 3, 3).tolist() == [1, 1, 1, 1]


@settings(max_examples=30, deadline=None)
@given(shapes(60), cones, st.sampled_from([0.5, 0.05, 0.99]))
def test_k50_never_falls_with_m_and_the_law_crosses_the_level_there(shape, cone, level):
    m, n = shape
    at = k50(m, n, cone, level)
    assert 0 <= at <= (n if cone == "simplex" else m)
    assert k50(m + 1, n, cone, level) >= at - 1e-9
    assert k50(m, n, cone, min(level * 1.1, 0.999)) <= at + 1e-9
    near = 1e-9
    if success_probability(0, m, n, cone) >= level + near:
        assert success_probability(math.floor(at + near), m, n, cone) >= level - near
    if math.floor(at) + 1 <= m:
        assert success_probability(math.floor(at) + 1, m, n, cone) <= level + near


@settings(max_examples=20, deadline=None)
@given(shapes(24), cones, st.integers(1, 4), st.data())
def test_blocks_fail_more_often_than_one_and_one_block_is_the_law(shape, cone, blocks, data):
    m, n = shape
    k = data.draw(st.integers(0, n))
    assert block_success_probability(k, m, n, 1, cone) == pytest.approx(success_probability(k, m, n, cone), rel=1e-11)
    for split in ("random", "equal"):
        good = block_success_probability(k, m, n, blocks, cone, split)
        bad = block_success_probability(k, m, n, blocks, cone, split, failure=True)
        assert good + bad == pytest.approx(1, abs=1e-11)
    even = block_success_probability(k - k % blocks, m, n, blocks, cone, "equal")
    assert even == pytest.approx(success_probability(k // blocks, m, n, cone) ** blocks, rel=1e-10)


@settings(max_examples=20, deadline=None)
@given(shapes(60), st.sampled_from(POLYTOPES))
def test_the_strong_bound_is_above_the_chance_of_any_one_signal(shape, cone):
    m, n = shape
    k = np.arange(m + 1)
    bound = strong_failure_bound(k, m, n, cone)
    assert (bound >= success_probability(k, m, n, cone, failure=True)).all()
    assert (bound <= 1).all()
    most = strong_sparsity(m, n, cone, 0.3)
    assert strong_failure_bound(most, m, n, cone) <= 0.3


def test_small_probabilities_of_both_kinds_keep_their_digits():
    assert 0 < success_probability(10, 100, 200, failure=True) < 1e-18
    assert 0 < success_probability(399, 400, 800) < 1e-100
    lost = block_success_probability(8, 100, 200, 4, failure=True)
    assert 0 < lost < 1e-22
    assert lost < 4 * success_probability(8, 100, 200, failure=True)


def test_arrays_keep_their_shape_and_numbers_come_as_numbers():
    assert isinstance(success_probability(np.int64(3), 5, 9), float)
    assert isinstance(success_probability(np.array(3), 5, 9), float)
    assert success_probability(np.ones((2, 3), dtype=int), 5, 9).shape == (2, 3)
    assert success_probability([], 5, 9).shape == (0,)
    assert block_success_probability([[1, 2]], 5, 9, 2).shape == (1, 2)
    assert success_probability(range(4), 5, 9).shape == (4,)


@pytest.mark.parametrize(
    ("sizes", "error", "words"),
    [
        ((3.5, 5, 9), TypeError, "k must be a whole number"),
        (([1.0, 2.0], 5, 9), TypeError, "k must hold whole numbers"),
        ((True, 5, 9), TypeError, "truth value"),
        ((-1, 5, 9), ValueError, "k must be between 0 and 9"),
        (([1, 10], 5, 9), ValueError, "k must be between 0 and 9"),
        ((1, 10, 9), ValueError, "m must be between 1 and 9"),
        ((1, 0, 9), ValueError, "m must be between 1 and 9"),
        ((1, 5.5, 9), TypeError, "m must be a whole number"),
        ((1, 5, 10**7), ValueError, "StatisticalDimension"),
        ((float("nan"), 5, 9), TypeError, "k must be a whole number"),
        ((1, 5, 9, "cube"), ValueError, "cone must be one of 'l1', 'nonnegative', 'simplex', 'box', 'orthant'"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(sizes, error, words):
    with pytest.raises(error, match=words):
        success_probability(*sizes)


def test_the_other_verbs_refuse_too():
    with pytest.raises(ValueError, match="level must be between 0 and 1"):
        k50(5, 9, level=1.0)
    with pytest.raises(ValueError, match="m must be between 1 and 9"):
        k50(10, 9)
    with pytest.raises(TypeError, match="m must be a whole number"):
        k50(2.5, 9)
    with pytest.raises(ValueError, match="cone must be one of 'l1', 'nonnegative', 'simplex'"):
        strong_failure_bound(1, 5, 9, "box")
    with pytest.raises(ValueError, match="k must be between 0 and 18"):
        block_success_probability(19, 5, 9, 2)
    with pytest.raises(ValueError, match="split must be one of"):
        block_success_probability(1, 5, 9, 2, split="even")
    with pytest.raises(ValueError, match="m must be between 1 and 8"):
        closed_form_error(9, 9)

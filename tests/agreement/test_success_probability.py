"""The exact law against a slow twin, against 40-digit arithmetic, against linear programs, and against what others counted."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from agreement.exact_probability import found, found_nonnegative, lost
from naive_angles import chance, exceeds, external, internal, kept, split_chance

from sparsecs import (
    StatisticalDimension,
    block_success_probability,
    closed_form_error,
    k50,
    stream,
    strong_failure_bound,
    strong_sparsity,
    success_probability,
)
from sparsecs.curves.success_probability import CONES
from sparsecs.kernels.polytope_angles import log_exceeds, log_external, log_internal

# cone, k, m, n, P, 1 - P by mpmath at 40 digits: the same integrals with fifty times the nodes, all volumes down to 1e-24.
DIGITS = [
    ("l1", 1, 1, 2, 0.5, 0.5),
    ("l1", 1, 2, 3, 0.78365310406121454, 0.21634689593878546),
    ("l1", 2, 4, 8, 0.515706514040334894, 0.484293485959665106),
    ("l1", 3, 5, 10, 0.312450248060664582, 0.687549751939335418),
    ("l1", 3, 4, 9, 0.147850810870266974, 0.852149189129733026),
    ("l1", 5, 20, 41, 0.951121936831071231, 0.0488780631689287692),
    ("l1", 20, 20, 40, 3.96358512714862313e-8, 0.999999960364148729),
    ("l1", 1, 30, 60, 0.999999999999968452, 3.15476798006363182e-14),
    ("l1", 15, 100, 201, 0.999999999982106221, 1.78910603475209477e-11),
    ("l1", 38, 100, 200, 0.590205311314311695, 0.409794688685688307),
    ("l1", 150, 400, 800, 0.701620902496103633, 0.298379097503896367),
    ("l1", 386, 1000, 2000, 0.504075702023731634, 0.495924297976268366),
    ("nonnegative", 60, 100, 200, 0.26689216757603661, 0.73310783242396339),
    ("simplex", 90, 100, 201, 1.51668501083642408e-11, 0.99999999998483315),
    ("nonnegative", 2, 4, 8, 0.832279538463590326, 0.167720461536409674),
    ("nonnegative", 5, 20, 41, 0.999073741433432475, 0.000926258566567524578),
    ("nonnegative", 20, 20, 40, 0.0000832337976801598803, 0.99991676620231984),
    ("nonnegative", 1, 30, 60, 0.999999999999999998, 1.58182831711272973e-18),
    ("simplex", 1, 2, 4, 0.912260171954089095, 0.0877398280459109053),
    ("simplex", 2, 4, 8, 0.844453010536463411, 0.155546989463536589),
    ("simplex", 3, 7, 12, 0.946068398544312952, 0.0539316014556870475),
    ("simplex", 5, 20, 41, 0.999073968451554296, 0.000926031548445704389),
    ("simplex", 19, 20, 41, 0.000634797407930965038, 0.999365202592069035),
    ("simplex", 1, 30, 60, 0.999999999999999998, 1.58177657035619651e-18),
]
SHAPES = [(1, 1, 2), (1, 2, 3), (3, 5, 10), (3, 5, 9), (4, 8, 15), (2, 9, 11), (6, 6, 11), (5, 12, 20)]


@pytest.mark.parametrize(("cone", "k", "m", "n", "good", "bad"), DIGITS)
def test_both_tails_agree_with_arithmetic_of_forty_digits(cone, k, m, n, good, bad):
    assert success_probability(k, m, n, cone) == pytest.approx(good, rel=1e-12)
    assert success_probability(k, m, n, cone, failure=True) == pytest.approx(bad, rel=1e-12)


@pytest.mark.parametrize("cone", CONES)
@pytest.mark.parametrize(("k", "m", "n"), SHAPES)
def test_the_slow_twin_agrees(cone, k, m, n):
    assert success_probability(k, m, n, cone) == pytest.approx(chance(k, m, n, cone), abs=1e-11)


@pytest.mark.parametrize(("k", "size"), [(1, 1), (1, 2), (1, 5), (2, 9), (5, 6), (7, 20), (1, 12)])
def test_each_angle_agrees_with_its_real_integral(k, size):
    one = np.array([k]), np.array([size])
    assert math.exp(log_internal(one[0], one[1] - k)[0]) == pytest.approx(internal(k, size), abs=1e-13)
    assert math.exp(log_exceeds(one[0], one[1] - k)[0]) == pytest.approx(exceeds(k, size - k), abs=1e-11)
    for cone in ("l1", "nonnegative", "simplex"):
        for n in (size, size + 1, 3 * size + 2):
            fast = log_external(one[1], np.array([n]), cone == "l1", cone == "simplex")[0]
            assert math.exp(fast) == pytest.approx(external(size, n, cone), rel=1e-12)


def test_the_published_values():
    assert success_probability(1, 2, 3) == pytest.approx(2 / math.pi * math.acos(1 / 3), rel=1e-13)
    assert success_probability(2, 4, 8) == pytest.approx(0.5157065140, abs=5e-11)
    assert success_probability(1, 2, 4, "nonnegative") == pytest.approx(7 / 8, rel=1e-13)
    assert success_probability(2, 4, 8, "box") == pytest.approx(0.1875, rel=1e-13)


@pytest.mark.parametrize(
    ("k", "m", "n"), [(20, 100, 200), (38, 100, 200), (60, 100, 200), (31, 101, 208), (150, 400, 800)]
)
def test_another_quadrature_agrees_at_full_size(k, m, n):
    assert success_probability(k, m, n) == pytest.approx(found(k, m, n), rel=1e-11)
    assert success_probability(k, m, n, "nonnegative") == pytest.approx(found_nonnegative(k, m, n), rel=1e-11)
    if (n - m) % 2 == 0:
        assert success_probability(k, m, n, failure=True) == pytest.approx(lost(k, m, n), rel=1e-11)


@pytest.mark.parametrize(
    ("cone", "draws"), [("simplex", 160), ("nonnegative", 60), ("orthant", 60), ("box", 40), ("l1", 40)]
)
def test_linear_programs_on_drawn_matrices_keep_as_many(cone, draws):
    k, m, n = 3, 7, 12
    hits = sum(kept(k, stream(5, cone, number).standard_normal((m, n)), cone) for number in range(draws))
    expected = success_probability(k, m, n, cone)
    assert 0.3 < expected < 0.96
    assert abs(hits - draws * expected) <= 4 * math.sqrt(draws * expected * (1 - expected))


@pytest.mark.parametrize("split", ["random", "equal"])
def test_blocks_one_by_one_give_the_same(split):
    n, m, blocks, k = 4, 3, 3, 6

    def law(few):
        return success_probability(few, m, n)

    expected = split_chance(k, n, blocks, law) if split == "random" else law(2) ** 3
    assert block_success_probability(k, m, n, blocks, split=split) == pytest.approx(expected, rel=1e-12)
    lost_part = block_success_probability(k, m, n, blocks, split=split, failure=True)
    assert lost_part == pytest.approx(1 - expected, rel=1e-11)


def test_of_all_small_supports_the_bound_speaks_truly():
    """How often one of the columns alone is lost, by drawing: no more often than the bound says, nor much less."""
    m, n, draws = 3, 5, 80
    failures = 0
    for number in range(draws):
        A = stream(6, "all", number).standard_normal((m, n))
        failures += not all(kept(1, np.roll(A, -column, axis=1), "nonnegative") for column in range(n))
    bound = strong_failure_bound(1, m, n, "nonnegative")
    assert bound == pytest.approx(n * success_probability(1, m, n, "nonnegative", failure=True), rel=1e-12)
    assert 0.05 < bound < 0.5
    assert bound / 8 < failures / draws <= bound + 4 * math.sqrt(bound * (1 - bound) / draws)


@pytest.mark.parametrize("cone", ["l1", "nonnegative", "simplex"])
@pytest.mark.parametrize("k", [0, 1, 2, 5])
def test_the_strong_bound_is_the_number_of_faces_times_the_chance_to_lose_one(cone, k):
    faces = math.comb(100, k) * (2**k if cone == "l1" else 1)
    expected = faces * success_probability(k, 60, 100, cone, failure=True)
    assert strong_failure_bound(k, 60, 100, cone) == pytest.approx(min(expected, 1), rel=1e-11)


def test_beyond_the_largest_sum_the_error_of_the_closed_form_is_scaled():
    assert closed_form_error(8000, 16000) == pytest.approx(closed_form_error(800, 1600) / math.sqrt(10), rel=1e-12)
    assert closed_form_error(800, 1600) == pytest.approx(closed_form_error(200, 400) / 2, rel=0.1)


@pytest.mark.parametrize("cone", ["l1", "nonnegative", "simplex"])
def test_the_strong_sparsity_is_the_last_below_its_level(cone):
    k = strong_sparsity(60, 100, cone)
    assert strong_failure_bound(k, 60, 100, cone) <= 0.01 < strong_failure_bound(k + 1, 60, 100, cone)
    bounds = strong_failure_bound(np.arange(0, k + 3), 60, 100, cone)
    assert (np.diff(bounds) >= 0).all()


@pytest.mark.parametrize(("m", "n"), [(50, 100), (20, 200), (180, 200)])
def test_the_error_of_the_closed_form_is_the_largest_there_is(m, n):
    sizes = np.arange(1, m + 1)
    gap = np.abs(StatisticalDimension().success(sizes, m, n) - success_probability(sizes, m, n)).max()
    assert closed_form_error(m, n) == pytest.approx(gap, abs=1e-12)


def test_every_k_of_a_large_matrix_takes_less_than_ten_seconds_on_a_busy_machine():
    """A second when it is quiet; a form that is a hundred times slower is noticed."""
    start = time.perf_counter()
    values = success_probability(np.arange(801), 401, 800)
    assert time.perf_counter() - start < 10
    assert values[0] == 1
    assert (values[402:] == 0).all()
    assert (np.diff(values) <= 0).all()


def test_two_thousand_unknowns_keep_their_digits():
    """The two sums are found apart and add to one."""
    from sparsecs.curves._face_volumes import log_sum

    k = np.array([3, 200, 370, 386, 400, 700])
    both = [np.exp(log_sum(k, 1000, 2000, "l1", np.full(k.shape, up))) for up in (True, False)]
    assert np.abs(sum(both) - 1).max() < 1e-11
    assert k50(1000, 2000) == pytest.approx(386.1453995, abs=1e-6)


@pytest.mark.parametrize(
    ("m", "n"), [(1, 10**6), (20, 20_000), (10**5 - 10, 10**5), (10**6 - 1, 10**6), (3000, 10_000)]
)
def test_the_ends_of_the_plane_keep_theirs_too(m, n):
    """The two sums at the transition, where both are short."""
    from sparsecs.curves._face_volumes import log_sum

    k = np.array([max(math.floor(k50(m, n)), 1)])
    both = [np.exp(log_sum(k, m, n, "l1", np.array([up])))[0] for up in (True, False)]
    assert sum(both) == pytest.approx(1, abs=1e-10)
    assert abs(both[1] - 0.5) < 0.5
    assert success_probability(k, m, n)[0] == pytest.approx(both[1], rel=1e-10)

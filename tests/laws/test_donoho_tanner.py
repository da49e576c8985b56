"""Strong and sectional thresholds beside their definition, beside exact sums over faces, and beside one another."""

from __future__ import annotations

import math

import numpy as np
import pytest
from agreement.exact_probability import lost
from naive_thresholds import face_threshold, most_lost
from scipy.stats import binom

from sparsecs import DonohoTanner

COMBINATIONS = [("strong", "crosspolytope"), ("sectional", "crosspolytope"), ("strong", "simplex")]
every = pytest.mark.parametrize(("kind", "cone"), COMBINATIONS)
EXACT = {  # the sum of the exponents at nu = delta, each at its own stationary point, in arithmetic of 340 digits
    (1e-300, "strong", "crosspolytope"): 2.65501836679292616e-4,
    (1e-300, "sectional", "crosspolytope"): 6.94881824931401272e-4,
    (1e-300, "strong", "simplex"): 2.65767761593547488e-4,
    (1e-6, "strong", "crosspolytope"): 0.0118815750646945133,
    (1e-6, "sectional", "crosspolytope"): 0.0279892628380999929,
    (1e-6, "strong", "simplex"): 0.0124440127348694815,
    (0.5, "strong", "crosspolytope"): 0.0894164418172063281,
    (0.5, "sectional", "crosspolytope"): 0.190221546848523023,
    (0.5, "strong", "simplex"): 0.133456543559513442,
    (1 - 1e-6, "strong", "crosspolytope"): 0.16857867644972036,
    (1 - 1e-6, "sectional", "crosspolytope"): 0.351983653902134718,
    (1 - 1e-6, "strong", "simplex"): 0.371073070233066581,
}
DELTAS = np.concatenate([np.logspace(-6, -2, 9), np.linspace(0.05, 0.95, 19), 1 - np.logspace(-2, -6, 5)])


@pytest.mark.parametrize(("delta", "kind", "cone"), EXACT)
def test_it_is_right_to_almost_all_digits(delta: float, kind: str, cone: str) -> None:
    curve, rho = DonohoTanner(kind, cone), EXACT[delta, kind, cone]
    assert curve.rho(delta) == pytest.approx(rho, rel=curve.accuracy)


@every
@pytest.mark.parametrize("delta", [1e-6, 0.003, 0.07, 0.37, 0.5, 0.62, 0.88, 0.995, 1 - 1e-6])
def test_it_is_where_the_exponent_of_lost_faces_comes_to_zero(kind: str, cone: str, delta: float) -> None:
    slow = face_threshold(delta, cone == "crosspolytope", kind == "strong")
    assert DonohoTanner(kind, cone).rho(delta) == pytest.approx(slow, abs=2e-9)


@every
@pytest.mark.parametrize("delta", [0.001, 0.2, 0.5, 0.9])
def test_most_faces_are_lost_in_those_of_the_least_dimension(kind: str, cone: str, delta: float) -> None:
    rho = DonohoTanner(kind, cone).rho(delta)
    exponent, at = most_lost(rho, delta, cone == "crosspolytope", kind == "strong")
    assert at == delta
    assert exponent == pytest.approx(0, abs=1e-12)
    assert most_lost(1.01 * rho, delta, cone == "crosspolytope", kind == "strong")[0] > 0


def test_the_exponent_of_the_weak_faces_is_zero_at_the_weak_threshold_and_nowhere_above() -> None:
    for cone in ("crosspolytope", "simplex"):
        rho = DonohoTanner(cone=cone).rho(0.4)
        exponents = [most_lost(part * rho, 0.4, cone == "crosspolytope", False)[0] for part in (0.9, 1.0)]
        per_support = rho * 0.4 * math.log(2) if cone == "crosspolytope" else 0.0
        assert exponents[0] - 0.9 * per_support < -1e-4
        assert exponents[1] - per_support == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("kind", ["strong", "sectional"])
def test_sums_over_faces_at_finite_size_tend_to_it(kind: str) -> None:
    """The k at which one face is lost on average: the gap to the curve halves when n doubles."""
    gaps = [_one_face_lost(n // 2, n, kind == "strong") / (n // 2) - DonohoTanner(kind).rho(0.5) for n in (40, 80, 160)]
    ratios = np.divide(gaps[1:], gaps[:-1])
    assert (ratios > 0.45).all()
    assert (ratios < 0.6).all()
    assert gaps[-1] < 0.02


def _one_face_lost(m: int, n: int, strong: bool) -> float:
    def expected(k: int) -> float:
        """log of 2^k (1 - P), and of the number of supports."""
        supports = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        return math.log(lost(k, m, n)) + k * math.log(2) + strong * supports

    k, below = 1, expected(1)
    while (above := expected(k + 1)) < 0:
        k, below = k + 1, above
    return k - below / (above - below)


def test_more_is_asked_of_the_matrix_from_weak_to_strong_and_less_for_nonnegative_signals() -> None:
    rho = {
        pair: DonohoTanner(*pair).rho(DELTAS)
        for pair in [*COMBINATIONS, ("weak", "crosspolytope"), ("weak", "simplex")]
    }
    cross = [rho[kind, "crosspolytope"] for kind in ("strong", "sectional", "weak")]
    assert (cross[0] < cross[1]).all()
    assert (cross[1] < cross[2]).all()
    assert (rho["strong", "simplex"] < rho["weak", "simplex"]).all()
    for kind in ("strong", "weak"):
        assert (rho[kind, "simplex"] > rho[kind, "crosspolytope"]).all()


def test_a_nonnegative_signal_has_one_sign_so_that_sectional_is_weak() -> None:
    assert np.array_equal(DonohoTanner("sectional", "simplex").rho(DELTAS), DonohoTanner("weak", "simplex").rho(DELTAS))


@every
def test_few_measurements_leave_one_over_a_multiple_of_their_logarithm(kind: str, cone: str) -> None:
    """Strong: 1 / (2 e log(1/delta)) in first order; sectional and weak: 1 / (2 log(1/delta))."""
    expected = 1 / (2 * (math.e if kind == "strong" else 1) * 300 * math.log(10))
    assert DonohoTanner(kind, cone).rho(1e-300) == pytest.approx(expected, rel=0.05)


def test_the_hypercube_has_an_even_bet_on_the_curve_at_every_size() -> None:
    """P = Prob(Bin(n - k - 1, 1/2) >= n - m), exactly, so that k = 2 m - n - 1 or so is the median."""
    curve = DonohoTanner(cone="hypercube")
    for m, n in ((75, 100), (800, 1000), (9, 10)):
        k = curve.k(m, n)
        assert k == pytest.approx(2 * m - n, rel=1e-12)
        assert binom.sf(n - m - 1, n - round(k) - 1, 0.5) <= 0.5 <= binom.sf(n - m - 1, n - round(k) + 1, 0.5)
    assert (curve.rho(np.array([1e-300, 0.1, 0.5])) == 0).all()
    assert curve.delta(1e-12) == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("kind", ["strong", "sectional"])
def test_the_hypercube_has_a_weak_threshold_only(kind: str) -> None:
    with pytest.raises(ValueError, match=f"no {kind} threshold.*kind='weak'"):
        DonohoTanner(kind, "hypercube")


def test_other_names_are_refused() -> None:
    with pytest.raises(ValueError, match="kind must be one of 'weak', 'sectional', 'strong'; got True"):
        DonohoTanner(True)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cone must be one of 'crosspolytope', 'simplex', 'hypercube'"):
        DonohoTanner(cone="l1")

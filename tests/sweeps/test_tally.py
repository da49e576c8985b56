"""Tallies add, and their intervals are Wilson's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from sparsecs import Tally

tallies = st.integers(0, 500).flatmap(lambda trials: st.builds(Tally, st.just(trials), st.integers(0, trials)))


@given(tallies, tallies, tallies)
def test_tallies_add_in_any_order_and_grouping(a: Tally, b: Tally, c: Tally) -> None:
    assert (a + b) + c == a + (b + c) == (c + b) + a
    assert a + Tally() == a
    assert (a + b).trials == a.trials + b.trials
    assert (a + b).successes == a.successes + b.successes


def test_sum_starts_from_an_empty_tally() -> None:
    assert sum([Tally(3, 1), Tally(4, 4)], Tally()) == Tally(7, 5)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(("trials", "successes"), [(1, 0), (1, 1), (10, 3), (20, 20), (1000, 0), (10**6, 499_999)])
def test_the_interval_solves_wilsons_equation(trials: int, successes: int, confidence: float) -> None:
    from scipy.special import ndtri

    low, high = Tally(trials, successes).interval(confidence)
    z, rate = ndtri(0.5 + confidence / 2), successes / trials
    for end, boundary in ((low, 0.0), (high, 1.0)):
        distance = abs(rate - end) - z * math.sqrt(end * (1 - end) / trials)
        assert abs(distance) < 1e-12 or end == boundary == rate


@given(tallies.filter(lambda tally: tally.trials > 0), st.floats(0.01, 0.999))
def test_the_interval_is_that_of_scipy(tally: Tally, confidence: float) -> None:
    wilson = binomtest(tally.successes, tally.trials).proportion_ci(confidence, method="wilson")
    assert np.allclose(tally.interval(confidence), wilson, rtol=0, atol=1e-12)


@given(tallies)
def test_the_interval_contains_the_rate_and_lies_between_nought_and_one(tally: Tally) -> None:
    low, high = tally.interval()
    assert 0 <= low <= high <= 1
    if tally.trials:
        assert low <= tally.rate <= high


def test_the_ends_are_exact_where_nothing_or_everything_succeeded() -> None:
    assert Tally(7, 0).interval()[0] == 0.0
    assert Tally(7, 7).interval()[1] == 1.0
    assert Tally(7, 0).interval()[1] < 1.0


@pytest.mark.parametrize("trials", [1, 5, 40])
def test_more_successes_raise_both_ends(trials: int) -> None:
    ends = np.array([Tally(trials, hits).interval() for hits in range(trials + 1)])
    assert (np.diff(ends, axis=0) > 0).all()
    low, high = ends.T
    assert np.allclose(low, 1 - high[::-1], rtol=0, atol=1e-14), "failures are successes of the other side"


def test_more_trials_and_less_confidence_narrow_it() -> None:
    widths = [np.diff(Tally(4 * n, n).interval())[0] for n in (1, 10, 100, 1000)]
    assert widths == sorted(widths, reverse=True)
    by_confidence = [np.diff(Tally(40, 10).interval(c))[0] for c in (0.5, 0.9, 0.95, 0.99)]
    assert by_confidence == sorted(by_confidence)


@pytest.mark.parametrize(("trials", "chance"), [(20, 0.5), (50, 0.1), (100, 0.9)])
def test_it_covers_the_truth_about_as_often_as_it_says(trials: int, chance: float) -> None:
    ends = [Tally(trials, hits).interval() for hits in range(trials + 1)]
    inside = [low <= chance <= high for low, high in ends]
    coverage = binom.pmf(np.arange(trials + 1), trials, chance) @ inside
    assert 0.92 < coverage < 0.98


def test_without_trials_nothing_is_known() -> None:
    assert math.isnan(Tally().rate)
    assert Tally().interval() == (0.0, 1.0)


@pytest.mark.parametrize(
    ("counts", "kind", "message"),
    [
        ((-1, 0), ValueError, r"^trials must be at least 0; got -1\.$"),
        ((3, 4), ValueError, r"^successes must be between 0 and 3; got 4\.$"),
        ((3, -1), ValueError, r"^successes must be between 0 and 3; got -1\.$"),
        ((3.0, 1), TypeError, r"^trials must be a whole number; got 3\.0\.$"),
        ((3, True), TypeError, r"^successes must be a whole number; got the truth value True\.$"),
    ],
)
def test_impossible_counts_are_refused(counts: tuple, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        Tally(*counts)


@pytest.mark.parametrize("confidence", [95, 1.0, 0.0, -0.5, float("nan")])
def test_a_confidence_that_is_no_probability_is_refused(confidence: Any) -> None:
    with pytest.raises(ValueError, match=r"confidence must .*; got "):
        Tally(10, 5).interval(confidence)
